package plantext

import (
	"slices"
	"strconv"
	"strings"
)

// join makes one proposal of what is promised twice with the same number, as in
// a headline and below it, and numbers the proposals in the order of the text.
func (rd *reader) join() {
	type key struct {
		value float64
		unit  string // of a milestone the deed
		kind  ValueKind
	}
	seen := map[key][]int{}
	out := []Target{}
	for _, t := range rd.out.Targets {
		k := key{unit: t.stage(), kind: t.ValueKind}
		if t.Value != nil {
			k = key{*t.BaseValue, t.BaseUnit, Level}
		} else if t.ValueKind != Milestone {
			k.unit = t.IndicatorPhrase
		}
		if n := same(out, seen[k], t); n >= 0 {
			out[n].merge(t)
			continue
		}
		if len(seen[k]) < maxSame {
			seen[k] = append(seen[k], len(out))
		}
		out = append(out, t)
	}
	for i := range out {
		out[i].ID = "t" + strconv.Itoa(i+1)
	}
	rd.out.Targets = out
}

// maxSame bounds how many proposals of one number are compared.
const maxSame = 20

// same is the index of the proposal that says what t says, or -1.
func same(out []Target, among []int, t Target) int {
	for _, n := range among {
		o := out[n]
		share := 60
		if t.BaseValue != nil && o.headline() != t.headline() && *t.BaseValue >= leastTelling {
			share = 1
		}
		if alike(core(o.IndicatorPhrase), core(t.IndicatorPhrase), share) && o.Deadline == t.Deadline && o.stage() == t.stage() {
			return n
		}
	}
	return -1
}

// core is a phrase without the verbs that it begins with: 新增停车位 and 新增学位 have
// nothing in common.
func core(phrase string) string {
	if rest := strings.TrimPrefix(phrase, startOf(phrase, imperatives)); len([]rune(rest)) > 1 {
		return rest
	}
	return phrase
}

// stage is the deed that a milestone promises, and of a number whether works are
// to begin or to end: 开工15个 and 完工15个 are two promises.
func (t *Target) stage() string {
	text := t.Quote
	if i := slices.IndexFunc(t.Reasons, func(r Reason) bool { return r.Code == "deed" }); i >= 0 {
		text = t.Reasons[i].Words
	}
	switch {
	case deedIn(text, startingDeeds) != "":
		return "begin"
	case deedIn(text, endingDeeds) != "":
		return "end"
	case t.ValueKind == Milestone:
		return text
	}
	return ""
}

// leastTelling is from where a number is so seldom met by chance that a
// headline and a sentence with it are of the same promise when they share a word.
const leastTelling = 12

// headline says that a proposal stands in a headline.
func (t *Target) headline() bool {
	return slices.ContainsFunc(t.Reasons, func(r Reason) bool { return r.Code == "headline" })
}

// alike says that two phrases name the same: of the pairs of characters of the
// shorter, at least so many percent are in the longer.
func alike(a, b string, percent int) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < 2 {
		return false
	}
	pairs := map[[2]rune]bool{}
	for i := 1; i < len(y); i++ {
		pairs[[2]rune{y[i-1], y[i]}] = true
	}
	hits := 0
	for i := 1; i < len(x); i++ {
		if pairs[[2]rune{x[i-1], x[i]}] {
			hits++
		}
	}
	return hits > 0 && hits*100 >= (len(x)-1)*percent
}

// merge takes a repetition; the fuller of the two becomes the proposal.
func (t *Target) merge(again Target) {
	if again.Confidence > t.Confidence+0.05 || len(again.IndicatorPhrase) > len(t.IndicatorPhrase) && again.Confidence >= t.Confidence-0.05 {
		again.Repeats = append(append(again.Repeats, t.Repeats...), t.Span)
		*t = again
		return
	}
	t.Repeats = append(t.Repeats, again.Span)
}
