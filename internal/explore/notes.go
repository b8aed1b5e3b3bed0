package explore

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
)

// notes are the sentences that belong under the table. It counts what is
// withheld on the way.
func (a *asking) notes() []city.Text {
	t := a.table
	statuses := map[analysis.Status]int{}
	for _, r := range t.Rows {
		for _, c := range r.Cells {
			statuses[c.Status]++
		}
	}
	t.Suppressed = statuses[analysis.StatusSuppressed]
	var out []city.Text
	add := func(when bool, zh, en string, args ...any) {
		if when {
			out = append(out, city.Text{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)})
		}
	}
	if len(t.Rows) == 0 {
		out = append(out, city.Text{ZH: "所问时期没有数据", EN: "there are no rows for what was asked" + a.available()})
	}
	add(t.Truncated, "共%d行，仅显示前%d行；导出文件可得更多", "%d rows, of which the first %d are shown; a file holds more", t.TotalRows, len(t.Rows))
	add(t.Suppressed > 0, "%d个数值因涉及不足%d人的分组而不予显示", "%d figures are withheld, because groups of fewer than %d persons could be told from them", t.Suppressed, t.MinGroup)
	add(statuses[analysis.StatusProvisional] > 0, "带“暂定”的数值尚不完整，不参加排名和比较", "provisional figures are not complete: they are not ranked and not compared")
	add(a.overlapping(), "去重计数的同一对象可计入多个分组，各组之和可大于合计，占比之和可大于100%%", "what is counted once may count in several groups, so that the groups may sum to more than the total, and shares to more than 100 %%")
	for _, m := range a.plan.measures {
		title := m.indicator.Title
		add(m.accumulates() && a.plan.grain != city.GrainYear, "%[1]s自1月1日起累计计算", "%[2]s is taken since 1 January", title.ZH, title.EN)
		add(m.accumulates() && m.comparesPeriods(), "%[1]s的环比按当期数计算", "%[2]s: of the period and the one before, the figures of the periods themselves are compared", title.ZH, title.EN)
	}
	for _, cut := range a.plan.cut() {
		add(true, "%[1]s只含%[2]s至%[3]s", "%[1]s holds only %[2]s to %[3]s", a.plan.grain.Label(cut.From), cut.From, cut.To)
	}
	for _, s := range t.Sources {
		add(s.Simulated, "%[1]s为模拟数据", "%[2]s holds simulated data", s.Title.ZH, s.Title.EN)
		add(s.Fraction < 1, "%[1]s为%.2[2]g%%抽样，总量已按比例放大", "%[3]s is a sample of %.2[2]g %%, from which totals are expanded", s.Title.ZH, s.Fraction*100, s.Title.EN)
	}
	return out
}

// cut lists what is asked of the periods of which not all days are.
func (p *plan) cut() []city.Span {
	if p.period.IsZero() || p.grain == city.GrainAll || p.grain == city.GrainDay {
		return nil
	}
	var out []city.Span
	for _, day := range slices.Compact([]city.Date{p.grain.Start(p.period.From), p.grain.Start(p.period.To)}) {
		whole, asked := p.grain.Span(day), p.grain.Span(day)
		if asked.From.Before(p.period.From) {
			asked.From = p.period.From
		}
		if asked.To.After(p.period.To) {
			asked.To = p.period.To
		}
		if asked != whole {
			out = append(out, asked)
		}
	}
	return out
}

// available says from when to when there are data, when there are any.
func (a *asking) available() string {
	var list []string
	for _, s := range a.table.Sources {
		if !s.CompleteTo.IsZero() {
			list = append(list, s.Dataset+" is complete to "+s.CompleteTo.String())
		}
	}
	if len(list) == 0 {
		return ": nothing was delivered yet"
	}
	return ": " + strings.Join(list, ", ")
}

// overlapping says that the parts of some measure may hold the same persons.
func (a *asking) overlapping() bool {
	return slices.ContainsFunc(a.plan.measures, func(m measure) bool {
		return len(a.plan.by) > 0 && (a.plan.question.Totals || slices.Contains(m.show, ShowShare)) && Parts(m.indicator.Measure) && !m.indicator.Measure.Additive()
	})
}
