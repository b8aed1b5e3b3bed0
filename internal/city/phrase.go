package city

import (
	"slices"
	"strconv"
	"strings"
)

// Verb says what a placeholder stands for.
type Verb string

// The verbs of placeholders.
const (
	VerbYear     Verb = "year"     // {year}
	VerbMonth    Verb = "month"    // {month}: 10
	VerbPeriod   Verb = "period"   // {period}: 2024年10月
	VerbValue    Verb = "value"    // {value INDICATOR}: in the indicator's own window
	VerbCurrent  Verb = "current"  // {current INDICATOR}: of the month alone
	VerbPrevious Verb = "previous" // {previous INDICATOR}: the year before
	VerbYoY      Verb = "yoy"      // {yoy INDICATOR}: 增长5.2%
	VerbMoM      Verb = "mom"      // {mom INDICATOR}: the month alone on the month before
	VerbTop      Verb = "top"      // {top INDICATOR DIMENSION N}: the best members
	VerbBottom   Verb = "bottom"   // {bottom INDICATOR DIMENSION N}
	VerbTarget   Verb = "target"   // {target TARGET ASPECT}; an indicator stands for its target of the year
)

// TargetAspects are what {target} may tell of a target.
func TargetAspects() []string {
	return []string{"actual", "promise", "progress", "state", "probability", "lag", "forecast", "needed", "deadline", "reason", "gap"}
}

// Phrase is a piece of a text: words as they are, or a placeholder.
type Phrase struct {
	Literal string
	Verb    Verb        // "" for a literal
	Name    string      // indicator, or target
	Aspect  string      // of a target; the dimension of top and bottom
	Count   int         // of top and bottom
	Where   []Condition // narrows the indicator
	Words   []string    // for more, for less and for the same, in place of the usual ones
}

// mostMembers bounds the members that one placeholder lists.
const mostMembers = 20

// ParsePhrases cuts a text at its placeholders:
//
//	{VERB NAME [ASPECT] [N] [field=value]... [| up | down | same]}
func ParsePhrases(text string) ([]Phrase, error) {
	var out []Phrase
	for text != "" {
		literal, rest, found := strings.Cut(text, "{")
		if strings.Contains(literal, "}") {
			return nil, Errorf(CodeInvalid, "a } stands without a { before it").WithHint("write {value INDICATOR}")
		}
		if literal != "" {
			out = append(out, Phrase{Literal: literal})
		}
		if !found {
			break
		}
		inner, after, closed := strings.Cut(rest, "}")
		if !closed || strings.Contains(inner, "{") {
			return nil, Errorf(CodeInvalid, "the placeholder %q has no end", "{"+firstRunes(rest, 30)).WithHint("close it with }")
		}
		p, err := parsePlaceholder(inner)
		if err != nil {
			return nil, err
		}
		out, text = append(out, p), after
	}
	return out, nil
}

func firstRunes(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

func parsePlaceholder(inner string) (Phrase, error) {
	parts := strings.Split(inner, "|")
	words := strings.Fields(parts[0])
	if len(words) == 0 {
		return Phrase{}, Errorf(CodeInvalid, "a placeholder is empty").WithHint("write {value INDICATOR}")
	}
	p := Phrase{Verb: Verb(words[0])}
	for _, w := range parts[1:] {
		p.Words = append(p.Words, strings.TrimSpace(w))
	}
	if len(p.Words) > 0 && (len(p.Words) != 3 || !p.takesWords(words)) {
		return p, Errorf(CodeInvalid, "{%s}: words after | are for yoy, mom and target lag, three of them", inner).WithHint("write {yoy INDICATOR | up | down | level}")
	}
	return p, p.arguments(inner, words[1:])
}

// takesWords says whether the placeholder tells a direction.
func (p Phrase) takesWords(words []string) bool {
	return p.Verb == VerbYoY || p.Verb == VerbMoM || p.Verb == VerbTarget && words[len(words)-1] == "lag"
}

// arguments reads what follows the verb.
func (p *Phrase) arguments(inner string, args []string) error {
	bad := func(hint string) error {
		return Errorf(CodeInvalid, "{%s} is not a placeholder", inner).WithHint("%s", hint)
	}
	for len(args) > 0 && strings.Contains(args[len(args)-1], "=") {
		field, value, _ := strings.Cut(args[len(args)-1], "=")
		p.Where = append([]Condition{{Field: field, Values: []string{value}}}, p.Where...)
		args = args[:len(args)-1]
	}
	if len(p.Where) > 0 && !p.Verb.ofIndicator() {
		return bad("conditions narrow the value of an indicator")
	}
	if len(args) > 0 {
		p.Name, args = args[0], args[1:]
	}
	switch p.Verb {
	case VerbYear, VerbMonth, VerbPeriod:
		if p.Name != "" {
			return bad("write {" + string(p.Verb) + "}")
		}
		return nil
	case VerbValue, VerbCurrent, VerbPrevious, VerbYoY, VerbMoM:
		if p.Name == "" || len(args) > 0 {
			return bad("write {" + string(p.Verb) + " INDICATOR}")
		}
		return nil
	case VerbTop, VerbBottom:
		return p.members(args, bad)
	case VerbTarget:
		if len(args) != 1 || !slices.Contains(TargetAspects(), args[0]) {
			return bad("write {target TARGET ASPECT}, the aspect being one of " + strings.Join(TargetAspects(), ", "))
		}
		p.Aspect = args[0]
		return nil
	}
	return bad("begin it with one of year, month, period, value, current, previous, yoy, mom, top, bottom, target")
}

// members reads the dimension and how many members are listed, 3 by default.
func (p *Phrase) members(args []string, bad func(string) error) error {
	const hint = "write {top INDICATOR DIMENSION N}, N from 1 to 20"
	if len(args) == 0 || len(args) > 2 {
		return bad(hint)
	}
	p.Aspect, p.Count = args[0], 3
	if len(args) == 2 {
		n, err := strconv.Atoi(args[1])
		if err != nil || n < 1 || n > mostMembers {
			return bad(hint)
		}
		p.Count = n
	}
	return nil
}

// ofIndicator says that the verb tells something of an indicator.
func (v Verb) ofIndicator() bool {
	switch v {
	case VerbValue, VerbCurrent, VerbPrevious, VerbYoY, VerbMoM, VerbTop, VerbBottom:
		return true
	}
	return false
}

// OfIndicator says that the phrase is a figure of an indicator.
func (p Phrase) OfIndicator() bool { return p.Verb.ofIndicator() }
