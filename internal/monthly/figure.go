package monthly

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
)

// percentUnit is the unit of percentages, which packs declare by this name.
const percentUnit = "percent"

// percentDecimals of growths.
const percentDecimals = 1

// runs writes phrases, each placeholder with its figure and note.
func (b *building) runs(ctx context.Context, phrases []city.Phrase) ([]Run, error) {
	out := []Run{}
	for _, p := range phrases {
		switch p.Verb {
		case "":
			out = append(out, plainRun(p.Literal))
		case city.VerbYear:
			out = append(out, plainRun(strconv.Itoa(b.month.From.Year)))
		case city.VerbMonth:
			out = append(out, plainRun(b.monthWord()))
		case city.VerbPeriod:
			out = append(out, plainRun(b.periodWord()))
		case city.VerbTarget:
			more, err := b.targetRuns(ctx, p)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
		default:
			more, err := b.figureRuns(ctx, p)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
		}
	}
	return marked(out, say(b.lang, fullStop)), nil
}

// marked decides behind which figures the notes are printed: where several
// figures of one sentence have the same source, behind the last of them.
func marked(runs []Run, stop string) []Run {
	next := -1 // the figure before which no other comes
	for i := len(runs) - 1; i >= 0; i-- {
		r := &runs[i]
		switch {
		case r.Figure && len(r.Notes) > 0:
			r.Mark = next < 0 || !slices.Equal(r.Notes, runs[next].Notes)
			next = i
		case !r.Figure && strings.Contains(r.Text, stop):
			next = -1
		}
	}
	return runs
}

func (b *building) monthWord() string {
	if b.lang == "en" {
		return b.month.From.Month.String()
	}
	return strconv.Itoa(int(b.month.From.Month))
}

func (b *building) periodWord() string {
	if b.lang == "en" {
		return b.month.From.Month.String() + " " + strconv.Itoa(b.month.From.Year)
	}
	return strconv.Itoa(b.month.From.Year) + "年" + b.monthWord() + "月"
}

// figureRuns writes a placeholder of an indicator.
func (b *building) figureRuns(ctx context.Context, p city.Phrase) ([]Run, error) {
	q := analysis.Question{Indicator: p.Name, Where: p.Where, Against: []city.Against{city.AgainstYear}}
	switch p.Verb {
	case city.VerbCurrent:
		q.Window = city.WindowPeriod
	case city.VerbMoM:
		q.Window, q.Against = b.monthAlone(p.Name), []city.Against{city.AgainstPeriod}
	case city.VerbTop, city.VerbBottom:
		q.By = []string{p.Aspect}
	}
	a, err := b.ask(ctx, q)
	if err != nil {
		return nil, err
	}
	note := b.notes.answer(a)
	if p.Verb == city.VerbTop || p.Verb == city.VerbBottom {
		return b.members(p, a, note), nil
	}
	if len(a.Rows) == 0 {
		return []Run{figureRun(say(b.lang, figureNoData), note)}, nil
	}
	return []Run{figureRun(b.figure(p, a, &a.Rows[0]), note)}, nil
}

// monthAlone is the window in which a month is compared with the one before: a
// running total is taken apart, a stock stays one.
func (b *building) monthAlone(indicator string) city.Window {
	ind, err := b.city.Indicator(indicator)
	if err == nil && ind.Window == city.WindowYear {
		return city.WindowPeriod
	}
	return ""
}

func (b *building) figure(p city.Phrase, a *analysis.Answer, r *analysis.Row) string {
	switch p.Verb {
	case city.VerbYoY:
		return b.change(a, r, r.Previous, either(p.Words, pick(a, wordsYear, wordsYearPt)))
	case city.VerbMoM:
		return b.change(a, r, r.Before, either(p.Words, pick(a, wordsMonth, wordsMonthPt)))
	case city.VerbPrevious:
		if r.Previous == nil {
			return say(b.lang, notCompared)
		}
		return withUnit(b.lang, city.Figure(*r.Previous, a.Decimals), a.Unit.Title)
	}
	return b.value(r, a.Unit.Title)
}

// value writes the figure of a row, or says in words why there is none.
func (b *building) value(r *analysis.Row, unit city.Text) string {
	if r.Value == nil {
		return b.without(r.Status)
	}
	text := withUnit(b.lang, r.Display, unit)
	if r.Status == analysis.StatusProvisional {
		return say(b.lang, figureProvisional, text)
	}
	return text
}

// without says why there is no figure.
func (b *building) without(s analysis.Status) string {
	switch s {
	case analysis.StatusSuppressed:
		return say(b.lang, figureWithheld)
	case analysis.StatusNotValid:
		return say(b.lang, figureNotValid)
	}
	return say(b.lang, figureNoData)
}

func pick(a *analysis.Answer, growth, points [3]city.Text) [3]city.Text {
	if a.Unit.Name == percentUnit {
		return points
	}
	return growth
}

// either takes the words of the template, or else the usual ones.
func either(words []string, usual [3]city.Text) [3]city.Text {
	if len(words) != 3 {
		return usual
	}
	var out [3]city.Text
	for i, w := range words {
		out[i] = city.Text{ZH: w, EN: w}
	}
	return out
}

// change says how a value stands to an earlier one: a growth in percent, of a
// percentage the difference in points. Only what is valid is compared.
func (b *building) change(a *analysis.Answer, r *analysis.Row, earlier *float64, words [3]city.Text) string {
	if r.Value == nil || earlier == nil || r.Status != analysis.StatusValid {
		return say(b.lang, notCompared)
	}
	if a.Unit.Name == percentUnit {
		return b.direction(*r.Value-*earlier, max(a.Decimals, percentDecimals), say(b.lang, wordPoints), words)
	}
	if *earlier <= 0 {
		return say(b.lang, notCompared)
	}
	return b.direction((*r.Value / *earlier - 1)*100, percentDecimals, "%", words)
}

// direction words a difference by its sign, as it is printed: what rounds to
// nothing is level.
func (b *building) direction(v float64, decimals int, unit string, words [3]city.Text) string {
	shown := city.Figure(math.Abs(v), decimals)
	if strings.Trim(shown, "0.") == "" {
		return words[2].In(b.lang)
	}
	word := words[0]
	if v < 0 {
		word = words[1]
	}
	gap := ""
	if b.lang == "en" {
		gap = " "
	}
	return word.In(b.lang) + gap + grouped(shown) + unit
}

// members lists the best or the last members of a dimension with their figures.
func (b *building) members(p city.Phrase, a *analysis.Answer, note int) []Run {
	rows := slices.DeleteFunc(slices.Clone(a.Rows), func(r analysis.Row) bool { return r.Status != analysis.StatusValid || r.Value == nil })
	if len(rows) == 0 {
		return []Run{figureRun(say(b.lang, figureNoData), note)}
	}
	sign := -1
	if (a.Better == city.BetterLower) != (p.Verb == city.VerbBottom) {
		sign = 1
	}
	slices.SortStableFunc(rows, func(x, y analysis.Row) int { return sign * cmp.Compare(*x.Value, *y.Value) })
	var out []Run
	rows = rows[:min(len(rows), p.Count)]
	for i, r := range rows {
		sep := say(b.lang, separator)
		if i == 0 {
			sep = ""
		}
		out = append(out, plainRun(sep+r.Labels[p.Aspect].In(b.lang)), figureRun(b.bracketed(withUnit(b.lang, r.Display, a.Unit.Title)), note))
	}
	return out
}

func (b *building) bracketed(text string) string {
	if b.lang == "en" {
		return " (" + text + ")"
	}
	return "（" + text + "）"
}
