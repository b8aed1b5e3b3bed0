package monthly

import (
	"context"
	"regexp"
	"strconv"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/plan"
)

// plans gives the board of the report's year; nil when no plan is of that year.
func (b *building) plans(ctx context.Context) (*analysis.Board, error) {
	if b.board != nil {
		return b.board, nil
	}
	board, err := b.Answers.Board(ctx, b.who, b.month.From.Year)
	if city.CodeOf(err) == city.CodeNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	b.board = board
	if b.month.To.Before(board.Today.MonthStart()) {
		b.notice(noticeJudged, day(b.lang, board.Today))
	}
	return board, nil
}

// find gives a target by its name, or the one of the whole city that stands for
// an indicator in the report's year.
func (b *building) find(ctx context.Context, name string) (*analysis.TargetStatus, error) {
	board, err := b.plans(ctx)
	if err != nil || board == nil {
		return nil, err
	}
	var found *analysis.TargetStatus
	for i := range board.Targets {
		t := &board.Targets[i]
		switch {
		case t.Target.Name == name:
			return t, nil
		case t.Indicator != nil && t.Indicator.Name == name && (found == nil || found.Region != nil && t.Region == nil):
			found = t
		}
	}
	return found, nil
}

// targetNote is the source of what is told of a target: the text that promised
// it, and the data that it is judged by.
func (b *building) targetNote(ctx context.Context, t *analysis.TargetStatus) (int, error) {
	declared, err := b.city.Target(t.Target.Name)
	if err != nil {
		return 0, err
	}
	doc, err := b.city.Document(declared.Document)
	if err != nil {
		return 0, err
	}
	title := t.Target.Title.In(b.lang)
	if t.Indicator == nil {
		text := say(b.lang, noteReported, title, doc.Title.In(b.lang), doc.Publisher, day(b.lang, doc.Published), t.Owner.Title.In(b.lang))
		if t.Simulated {
			text += say(b.lang, noteSimulated)
		}
		return b.notes.add(Note{Text: text + say(b.lang, fullStop), CompleteTo: t.CompleteTo, Simulated: t.Simulated}), nil
	}
	a, err := b.ask(ctx, analysis.Question{Indicator: t.Indicator.Name})
	if err != nil {
		return 0, err
	}
	b.notes.incomplete(a.Source)
	text := say(b.lang, noteTarget, title, doc.Title.In(b.lang), doc.Publisher, day(b.lang, doc.Published), day(b.lang, t.CompleteTo))
	text += say(b.lang, semicolon) + b.notes.words(a.Indicator.Title.In(b.lang), a.Source, a.Definition.Version)
	return b.notes.add(Note{Text: text, Indicator: t.Indicator.Name, Dataset: a.Source.Dataset, SnapshotID: a.Source.SnapshotID,
		CompleteTo: a.Source.CompleteTo, Version: a.Definition.Version, Simulated: a.Source.Simulated}), nil
}

// targetRuns writes a placeholder of a target.
func (b *building) targetRuns(ctx context.Context, p city.Phrase) ([]Run, error) {
	t, err := b.find(ctx, p.Name)
	if err != nil {
		return nil, err
	}
	if t == nil {
		return []Run{plainRun(say(b.lang, noTarget))}, nil
	}
	note, err := b.targetNote(ctx, t)
	if err != nil {
		return nil, err
	}
	text := ""
	if p.Aspect == "gap" {
		if text, err = b.gap(ctx, t); err != nil {
			return nil, err
		}
	} else {
		text = b.aspect(t, p)
	}
	if text == "" {
		text = say(b.lang, notToSay)
	}
	return []Run{figureRun(text, note)}, nil
}

// aspect writes one thing about a target; "" where it cannot be said.
func (b *building) aspect(t *analysis.TargetStatus, p city.Phrase) string {
	switch p.Aspect {
	case "actual":
		return b.actual(t)
	case "promise":
		return b.promise(t)
	case "progress":
		return percent(t.Progress, percentDecimals)
	case "state":
		return states[t.State].In(b.lang)
	case "probability":
		return b.probability(t)
	case "lag":
		if t.Lag == nil {
			return ""
		}
		return b.direction(-*t.Lag, percentDecimals, say(b.lang, wordPoints), either(p.Words, wordsPace))
	case "forecast":
		return b.forecast(t)
	case "needed":
		return b.needed(t)
	case "deadline":
		return day(b.lang, t.Deadline)
	case "reason":
		return b.reason(t)
	}
	return ""
}

// isoDay is a day as the sentences of the board write it.
var isoDay = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)

// reason is the sentence of the board, its days written as in documents.
func (b *building) reason(t *analysis.TargetStatus) string {
	return isoDay.ReplaceAllStringFunc(t.Reason.In(b.lang), func(text string) string {
		d, err := city.ParseDate(text)
		if err != nil {
			return text
		}
		return day(b.lang, d)
	})
}

func (b *building) actual(t *analysis.TargetStatus) string {
	if t.Actual == nil {
		return ""
	}
	return withUnit(b.lang, t.Display, t.Unit.Title)
}

// promise is the promised number without its comparator, with the decimals that
// it was declared with.
func (b *building) promise(t *analysis.TargetStatus) string {
	if t.Value == nil {
		return ""
	}
	return withUnit(b.lang, strconv.FormatFloat(*t.Value, 'f', -1, 64), t.Unit.Title)
}

// almostCertain is the probability from which a whole percentage would read as
// certain.
const almostCertain = 0.995

// probability is in whole percent, and never certain while it is a forecast.
func (b *building) probability(t *analysis.TargetStatus) string {
	if t.Probability == nil {
		return ""
	}
	switch p := *t.Probability; {
	case p < 1 && p >= almostCertain:
		return ">99%"
	case p > 0 && p < 1-almostCertain:
		return "<1%"
	}
	return percent(ptr(*t.Probability*100), 0)
}

func (b *building) forecast(t *analysis.TargetStatus) string {
	f := t.Forecast
	if f == nil {
		return ""
	}
	fig := func(v float64) string { return withUnit(b.lang, city.Figure(v, t.Decimals), t.Unit.Title) }
	return say(b.lang, forecastWords, fig(f.Value), city.Figure(f.Level*100, 0), fig(f.Low), fig(f.High))
}

func (b *building) needed(t *analysis.TargetStatus) string {
	n := t.Needed
	if n == nil {
		return ""
	}
	words := neededMean
	if n.Per == plan.RateMonth {
		words = neededMonth
	}
	return say(b.lang, words, withUnit(b.lang, n.Display, t.Unit.Title), withUnit(b.lang, n.RecentDisplay, t.Unit.Title))
}

// gapMembers is how many members a sentence names as the reason for a gap.
const gapMembers = 3

// gap names the districts, or else the kinds, that hold a target back most.
func (b *building) gap(ctx context.Context, t *analysis.TargetStatus) (string, error) {
	d, err := b.Answers.Target(ctx, b.who, t.Target.Name)
	if err != nil {
		return "", err
	}
	for _, c := range d.Contributions {
		if c.Dimension == "month" {
			continue
		}
		text, listed := "", 0
		for _, it := range c.Items {
			if listed == gapMembers || it.Value == "" || !behind(t.Comparator, it.Gap) || city.Figure(it.Gap, t.Decimals) == city.Figure(0, t.Decimals) {
				break
			}
			if listed > 0 {
				text += say(b.lang, separator)
			}
			sign := "+"
			if it.Gap < 0 {
				sign = ""
			}
			text += it.Label.In(b.lang) + b.bracketed(sign+withUnit(b.lang, city.Figure(it.Gap, t.Decimals), t.Unit.Title))
			listed++
		}
		if listed == 0 {
			return say(b.lang, gapNone, c.Title.In(b.lang)), nil
		}
		return say(b.lang, gapWords, c.Title.In(b.lang), text), nil
	}
	return "", nil
}

// behind says whether a gap, actual less expected, is to the promise's
// disadvantage.
func behind(c city.Comparator, gap float64) bool {
	if c == city.AtMost || c == city.Below {
		return gap > 0
	}
	return gap < 0
}

func percent(v *float64, decimals int) string {
	if v == nil {
		return ""
	}
	return city.Figure(*v, decimals) + "%"
}

func ptr(v float64) *float64 { return &v }
