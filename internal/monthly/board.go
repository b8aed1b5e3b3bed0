package monthly

import (
	"context"
	"strings"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
)

var (
	columnTarget      = city.Text{ZH: "目标", EN: "Target"}
	columnOwner       = city.Text{ZH: "责任单位", EN: "Owner"}
	columnPromise     = city.Text{ZH: "承诺", EN: "Promise"}
	columnActual      = city.Text{ZH: "进展", EN: "Progress"}
	columnPercent     = city.Text{ZH: "完成（%）", EN: "Done (%)"}
	columnLight       = city.Text{ZH: "灯号", EN: "Light"}
	columnProbability = city.Text{ZH: "兑现概率（%）", EN: "Probability (%)"}
	noTargets         = city.Text{ZH: "%d年没有列入计划的目标。", EN: "There are no targets of %d."}
	boardCounts       = city.Text{ZH: "共%d项目标：", EN: "%d targets: "}
	countOf           = city.Text{ZH: "%s%d项", EN: "%[2]d %[1]s"}
	whyTitle          = city.Text{ZH: "需要关注的目标：", EN: "Targets that need attention:"}
	doneOn            = city.Text{ZH: "已于%s完成", EN: "done on %s"}
	expectedOn        = city.Text{ZH: "预计%s完成", EN: "expected on %s"}
	remarkProbability = city.Text{ZH: "兑现概率为按期兑现承诺的概率；填报的目标没有概率。", EN: "Probability of keeping the promise by its deadline; what is reported by hand has none."}
)

// statesInOrder is the order in which a sentence counts states.
var statesInOrder = []analysis.State{analysis.StateMet, analysis.StateOnPace, analysis.StateAtRisk, analysis.StateWillMiss, analysis.StateMissed, analysis.StateNoData}

// targets writes the board: how many stand how, each target, and why those are
// behind that are.
func (b *building) targets(ctx context.Context, r *city.ReportTargets) error {
	board, err := b.plans(ctx)
	if err != nil {
		return err
	}
	var list []*analysis.TargetStatus
	if board != nil {
		for i := range board.Targets {
			if t := &board.Targets[i]; r.Owner == "" || t.Owner.Name == r.Owner {
				list = append(list, t)
			}
		}
	}
	if len(list) == 0 {
		b.sentence(noTargets, b.month.From.Year)
		return nil
	}
	out := b.newTable(r.Title.In(b.lang))
	out.Columns = append(out.Columns, b.boardColumns(r.Owner == "")...)
	reasons := []Block{}
	for _, t := range list {
		note, err := b.targetNote(ctx, t)
		if err != nil {
			return err
		}
		out.Rows = append(out.Rows, b.boardRow(t, note, r.Owner == ""))
		if r.Why && (t.State == analysis.StateAtRisk || t.State == analysis.StateWillMiss || t.State == analysis.StateMissed) {
			runs := []Run{plainRun(t.Target.Title.In(b.lang) + b.bracketed(t.Owner.Title.In(b.lang)) + say(b.lang, colon)), figureRun(b.reason(t), note)}
			reasons = append(reasons, Block{Kind: BlockParagraph, Runs: marked(runs, say(b.lang, fullStop))})
		}
	}
	out.Remarks = append(out.Remarks, say(b.lang, remarkProbability))
	b.counts(list)
	b.place(out)
	if len(reasons) > 0 {
		b.sentence(whyTitle)
	}
	for _, p := range reasons {
		b.add(p)
	}
	return nil
}

// counts says how many targets stand how.
func (b *building) counts(list []*analysis.TargetStatus) {
	counted := map[analysis.State]int{}
	for _, t := range list {
		counted[t.State]++
	}
	text := ""
	for _, s := range statesInOrder {
		if counted[s] == 0 {
			continue
		}
		if text != "" {
			text += say(b.lang, separator)
		}
		text += say(b.lang, countOf, states[s].In(b.lang), counted[s])
	}
	b.add(Block{Kind: BlockParagraph, Runs: []Run{figureRun(say(b.lang, boardCounts, len(list)) + text + say(b.lang, fullStop))}})
}

func (b *building) boardColumns(owners bool) []Column {
	out := []Column{{Title: say(b.lang, columnTarget), Wide: true}}
	if owners {
		out = append(out, Column{Title: say(b.lang, columnOwner)})
	}
	return append(out, Column{Title: say(b.lang, columnPromise)}, Column{Title: say(b.lang, columnActual)}, Column{Title: say(b.lang, columnPercent), Numeric: true},
		Column{Title: say(b.lang, columnLight)}, Column{Title: say(b.lang, columnProbability), Numeric: true})
}

func (b *building) boardRow(t *analysis.TargetStatus, note int, owners bool) Row {
	name := textCell(t.Target.Title.In(b.lang))
	name.Notes = []int{note}
	cells := []Cell{name}
	if owners {
		cells = append(cells, textCell(t.Owner.Title.In(b.lang)))
	}
	probability := numberCell(nil, 0)
	if t.Probability != nil {
		probability = numberCell(ptr(*t.Probability*100), 0)
		probability.Text = strings.TrimSuffix(b.probability(t), "%")
	}
	return Row{Cells: append(cells, textCell(b.promised(t)), textCell(b.standing(t)), numberCell(t.Progress, percentDecimals),
		textCell(lights[t.Light].In(b.lang)+b.bracketed(states[t.State].In(b.lang))), probability)}
}

// promised is the promise as the board prints it, or the day by which it is due.
func (b *building) promised(t *analysis.TargetStatus) string {
	if t.Promise == "" {
		return say(b.lang, dueBy, day(b.lang, t.Deadline))
	}
	if declared, err := b.city.Target(t.Target.Name); err == nil && declared.Kind == city.TargetRelative && t.Value != nil {
		if rel, err := b.city.Indicator(declared.Relative); err == nil {
			return b.relative(t, rel)
		}
	}
	return withUnitAfter(b.lang, t.Promise, t.Unit.Title)
}

// relative words a promise that is set against another indicator.
func (b *building) relative(t *analysis.TargetStatus, to *city.Indicator) string {
	sign, _, _ := strings.Cut(t.Promise, " ")
	text := sign + " " + to.Title.In(b.lang)
	switch {
	case *t.Value > 0:
		text += " + " + b.promise(t)
	case *t.Value < 0:
		text += " " + b.promise(t)
	}
	return text
}

// standing is what was reached, or what was reported.
func (b *building) standing(t *analysis.TargetStatus) string {
	if t.Actual != nil {
		return withUnit(b.lang, t.Display, t.Unit.Title)
	}
	if t.Reported != nil && t.Reported.Last != nil {
		switch l := t.Reported.Last; {
		case !l.DoneOn.IsZero():
			return say(b.lang, doneOn, day(b.lang, l.DoneOn))
		case !l.ExpectedOn.IsZero():
			return say(b.lang, expectedOn, day(b.lang, l.ExpectedOn))
		}
	}
	return markNone
}

func numberCell(v *float64, decimals int) Cell {
	if v == nil {
		return textCell(markNone)
	}
	return Cell{Text: grouped(city.Figure(*v, decimals)), Value: v, Decimals: decimals, Notes: []int{}}
}
