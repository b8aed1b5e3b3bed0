package explore

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// finish ranks, chooses the top, orders the rows and says what there is to say.
func (a *asking) finish(ctx context.Context, limit int) (*Table, error) {
	if err := a.ranks(ctx); err != nil {
		return nil, err
	}
	rows := slices.SortedFunc(maps.Values(a.rows), a.natural)
	if a.plan.question.Top > 0 {
		var err error
		if rows, err = a.top(ctx, rows); err != nil {
			return nil, err
		}
	}
	if len(a.plan.question.Sort) > 0 {
		slices.SortStableFunc(rows, func(x, y *line) int { return cmp.Or(after(x)-after(y), a.sorted(x, y)) })
	}
	t := a.table
	t.TotalRows = len(rows)
	if limit > 0 && len(rows) > limit {
		rows, t.Truncated = rows[:limit], true
	}
	for _, l := range rows {
		a.complete(l)
		t.Rows = append(t.Rows, l.Row)
	}
	t.Notes = append(t.Notes, a.notes()...)
	return t, nil
}

// after puts the cells before the rest and the totals.
func after(l *line) int {
	return slices.Index([]RowKind{RowCell, RowRest, RowSubtotal, RowTotal}, l.Kind)
}

// natural orders by period and then by dimensions, each total behind the rows
// that it is the total of.
func (a *asking) natural(x, y *line) int {
	if c := cmp.Or(x.To.Compare(y.To), strings.Compare(x.Period, y.Period)); c != 0 {
		return c
	}
	for _, d := range a.plan.by {
		vx, inX := x.Dims[d]
		vy, inY := y.Dims[d]
		switch {
		case inX != inY && inX:
			return -1
		case inX != inY:
			return 1
		case vx != vy:
			return strings.Compare(vx, vy)
		}
	}
	return after(x) - after(y)
}

// sorted orders by the columns that were asked for; what has no value comes last.
func (a *asking) sorted(x, y *line) int {
	for _, s := range a.plan.question.Sort {
		if c := a.compare(x, y, s); c != 0 {
			return c
		}
	}
	return 0
}

func (a *asking) compare(x, y *line, s Sort) int {
	sign := 1
	if s.Desc {
		sign = -1
	}
	switch {
	case s.Column == "period":
		return sign * x.To.Compare(y.To)
	case slices.Contains(a.plan.by, s.Column):
		return sign * strings.Compare(x.Dims[s.Column], y.Dims[s.Column])
	}
	vx, vy := x.Cells[s.Column].Value, y.Cells[s.Column].Value
	switch {
	case vx == nil && vy == nil:
		return 0
	case vx == nil:
		return 1
	case vy == nil:
		return -1
	}
	return sign * cmp.Compare(*vx, *vy)
}

// top keeps the first rows of each period, by the order that was asked for or
// else by the first column, the better first.
func (a *asking) top(ctx context.Context, rows []*line) ([]*line, error) {
	by := slices.Clone(rows)
	slices.SortStableFunc(by, func(x, y *line) int { return cmp.Or(x.To.Compare(y.To), a.sorted(x, y), a.compare(x, y, a.best())) })
	kept := map[*line]bool{}
	chosen := map[string][]string{} // values of the dimension, by period
	left := map[string]int{}
	for _, l := range by {
		switch {
		case l.Kind != RowCell:
			kept[l] = true
		case len(chosen[l.Period]) < a.plan.question.Top:
			kept[l] = true
			chosen[l.Period] = append(chosen[l.Period], l.Dims[a.plan.by[0]])
		default:
			left[l.Period]++
		}
	}
	if a.plan.question.Rest {
		if err := a.rest(ctx, chosen, left); err != nil {
			return nil, err
		}
		for _, l := range a.rows {
			kept[l] = kept[l] || l.Kind == RowRest
		}
	}
	out := slices.DeleteFunc(slices.Collect(maps.Values(a.rows)), func(l *line) bool { return !kept[l] })
	if len(a.plan.question.Sort) > 0 {
		slices.SortFunc(out, a.natural)
		return out, nil
	}
	place := map[*line]int{}
	for i, l := range by {
		place[l] = i
	}
	slices.SortFunc(out, func(x, y *line) int {
		return cmp.Or(x.To.Compare(y.To), after(x)-after(y), place[x]-place[y])
	})
	return out, nil
}

// best orders by the first measure.
func (a *asking) best() Sort {
	m := a.plan.measures[0]
	return Sort{Column: m.key(m.show[0]), Desc: m.indicator.Better != city.BetterLower}
}

// maxRests bounds the questions for what a top leaves out.
const maxRests = 60

// rest asks for the rows that are none of the top, once for each set that is the
// top of some periods.
func (a *asking) rest(ctx context.Context, chosen map[string][]string, left map[string]int) error {
	name := a.plan.by[0]
	parts := map[string]*part{}
	for period, values := range chosen {
		if left[period] == 0 {
			continue
		}
		if slices.Contains(values, "") {
			return impossible("the rest cannot be asked for: rows without %q are among the top", name).WithHint("leave the rest out, or name the values that you want")
		}
		slices.Sort(values)
		key := strings.Join(values, "\x00")
		if parts[key] == nil {
			parts[key] = &part{kind: RowRest, where: []city.Condition{{Field: name, Not: true, Values: values}}}
		}
		parts[key].periods = append(parts[key].periods, period)
	}
	if len(parts) > maxRests {
		return impossible("the top changes too often for a rest: there are %d different ones", len(parts)).WithHint("ask for a shorter period, a coarser grain, or without the rest")
	}
	for _, key := range slices.Sorted(maps.Keys(parts)) {
		if err := a.part(ctx, *parts[key]); err != nil {
			return err
		}
	}
	return a.ranks(ctx)
}

// complete gives every column a cell.
func (a *asking) complete(l *line) {
	for _, c := range a.plan.columns {
		if c.Kind != ColumnMeasure {
			continue
		}
		if _, ok := l.Cells[c.Key]; !ok {
			l.Cells[c.Key] = without(nothing)
		}
	}
}
