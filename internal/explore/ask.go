package explore

import (
	"context"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// asking is a plan under way.
type asking struct {
	service *Service
	who     policy.Principal
	plan    *plan
	table   *Table
	rows    map[string]*line
}

// line is a row of the table with the answers that its cells come from.
type line struct {
	Row
	set  string                // of rows that it was asked with
	base map[int]*analysis.Row // by measure
}

// part is a set of rows that is asked for with one question for each measure.
type part struct {
	kind    RowKind
	by      []string
	where   []city.Condition
	periods []string // of which the rows are kept; all when empty
}

// parts lists the cells and, when they are asked for, their totals.
func (a *asking) parts() []part {
	by := a.plan.by
	out := []part{{kind: RowCell, by: by}}
	if !a.plan.question.Totals {
		return out
	}
	for n := len(by) - 1; n >= 0; n-- {
		kind := RowSubtotal
		if n == 0 {
			kind = RowTotal
		}
		out = append(out, part{kind: kind, by: by[:n]})
	}
	return out
}

func (a *asking) fill(ctx context.Context) error {
	if a.plan.period.IsZero() {
		return a.describe(ctx)
	}
	for _, p := range a.parts() {
		if err := a.part(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// describe asks for what explains the measures when there are no rows.
func (a *asking) describe(ctx context.Context) error {
	for _, m := range a.plan.measures {
		if _, err := a.ask(ctx, m, part{}, analysis.Question{}); err != nil {
			return err
		}
	}
	return nil
}

// part fills the rows of a part with all measures.
func (a *asking) part(ctx context.Context, p part) error {
	for _, m := range a.plan.measures {
		if err := a.measure(ctx, m, p); err != nil {
			return err
		}
		if len(a.rows) > FileRows {
			return impossible("the table would have more than %d rows", FileRows).WithHint("leave out a dimension, narrow the rows, or ask for a shorter period")
		}
	}
	return nil
}

// measure fills the cells of one measure.
func (a *asking) measure(ctx context.Context, m measure, p part) error {
	base, err := a.ask(ctx, m, p, analysis.Question{Against: m.against()})
	if err != nil {
		return err
	}
	for i := range base.Rows {
		if l := a.line(m, p, &base.Rows[i]); l != nil {
			l.base[m.index] = &base.Rows[i]
			for _, show := range m.show {
				if c, ok := derived(m, show, &base.Rows[i]); ok {
					l.Cells[m.key(show)] = c
				}
			}
		}
	}
	for _, show := range m.show {
		if err := a.asked(ctx, m, p, show); err != nil {
			return err
		}
	}
	return nil
}

// asked fills the columns that need a question of their own.
func (a *asking) asked(ctx context.Context, m measure, p part, show Show) error {
	column := func(q analysis.Question, cell func(*analysis.Row) Cell) error {
		ans, err := a.ask(ctx, m, p, q)
		if err != nil {
			return err
		}
		for i := range ans.Rows {
			if l := a.line(m, p, &ans.Rows[i]); l != nil {
				l.Cells[m.key(show)] = cell(&ans.Rows[i])
			}
		}
		return nil
	}
	switch show {
	case ShowYTD:
		return column(analysis.Question{Window: city.WindowYear, Against: []city.Against{}}, valueCell)
	case ShowRolling:
		return column(analysis.Question{Rolling: m.rolling, Against: []city.Against{}}, valueCell)
	case ShowMoM, ShowMoMDiff, ShowBefore:
		if !m.accumulates() {
			return nil
		}
		q := analysis.Question{Window: city.WindowPeriod, Against: []city.Against{city.AgainstPeriod}}
		return column(q, func(r *analysis.Row) Cell {
			c, _ := derived(m, show, r)
			return c
		})
	case ShowShare:
		whole, err := a.ask(ctx, m, part{}, analysis.Question{Against: m.against()})
		if err != nil {
			return err
		}
		a.shares(m, whole)
	}
	return nil
}

// comparesPeriods says whether a column is about the period before.
func (m measure) comparesPeriods() bool {
	return slices.ContainsFunc(m.show, func(s Show) bool { return s == ShowMoM || s == ShowMoMDiff || s == ShowBefore })
}

// beside gives the columns that stand in the answer that the values come from.
func (m measure) beside(shows ...Show) []Show {
	if m.accumulates() {
		return nil
	}
	return shows
}

// ask asks package analysis; q says what differs from the plan.
func (a *asking) ask(ctx context.Context, m measure, p part, q analysis.Question) (*analysis.Answer, error) {
	q.Indicator, q.Grain, q.AsOf = m.indicator.Name, a.plan.grain, a.plan.asOf
	if q.Period.IsZero() {
		q.Period = a.plan.period
	}
	for _, name := range p.by {
		q.By = append(q.By, m.fields[name])
	}
	for _, w := range slices.Concat(a.plan.where, p.where) {
		w.Field = m.fields[w.Field]
		q.Where = append(q.Where, w)
	}
	ans, err := a.service.Answers.Query(ctx, a.who, q)
	if err != nil {
		return nil, err
	}
	a.table.note(ans)
	return ans, nil
}

// line finds or makes the row of the table that a row of an answer belongs to;
// nil when the part does not keep it.
func (a *asking) line(m measure, p part, r *analysis.Row) *line {
	if len(p.periods) > 0 && !slices.Contains(p.periods, r.Period) {
		return nil
	}
	set := string(p.kind) + "\x00" + strings.Join(p.by, "\x00")
	name := []string{set, r.Period}
	for _, d := range p.by {
		name = append(name, r.Dimensions[m.fields[d]])
	}
	key := strings.Join(name, "\x01")
	if l, ok := a.rows[key]; ok {
		return l
	}
	l := &line{set: set, base: map[int]*analysis.Row{}, Row: Row{Kind: p.kind, Dims: map[string]string{}, Labels: map[string]city.Text{},
		Period: r.Period, From: r.From, To: r.To, Cells: map[string]Cell{}}}
	for _, d := range p.by {
		l.Dims[d], l.Labels[d] = r.Dimensions[m.fields[d]], r.Labels[m.fields[d]]
	}
	a.rows[key] = l
	return l
}

// accumulates says whether the value of a period is counted since January. It is
// compared with the period before by the figures of the periods themselves (环比
// 按当期数计算): January's would be beside a whole year's.
func (m measure) accumulates() bool { return m.indicator.Window == city.WindowYear }

// against lists the earlier times that the columns of a measure need.
func (m measure) against() []city.Against {
	out := []city.Against{} // not nil, which would ask for the year before
	for _, need := range []struct {
		time  city.Against
		shows []Show
	}{
		{city.AgainstYear, []Show{ShowYoY, ShowYoYDiff, ShowPrevious}},
		{city.AgainstPeriod, m.beside(ShowMoM, ShowMoMDiff, ShowBefore)},
		{city.AgainstFestival, []Show{ShowFestival, ShowFestivalYoY}},
	} {
		if slices.ContainsFunc(need.shows, func(s Show) bool { return slices.Contains(m.show, s) }) {
			out = append(out, need.time)
		}
	}
	return out
}
