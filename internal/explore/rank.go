package explore

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
)

// ranks fills the columns of ranks, once all rows are there.
func (a *asking) ranks(ctx context.Context) error {
	for _, m := range a.plan.measures {
		for _, show := range m.show {
			switch show {
			case ShowRank:
				a.rank(m)
			case ShowRankChange:
				if err := a.rankChange(ctx, m); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (a *asking) rank(m measure) {
	now := a.ranked(m)
	for _, l := range a.rows {
		l.Cells[m.key(ShowRank)] = rankCell(l, m, now[l], 0)
	}
}

// rankChange is how many ranks a row has won since the year before, when the
// same question was answered with the figures of that year.
func (a *asking) rankChange(ctx context.Context, m measure) error {
	before, err := a.ask(ctx, m, part{by: a.plan.by}, analysis.Question{Period: yearBefore(a.plan.period)})
	if err != nil {
		return err
	}
	rows := map[string]*analysis.Row{}
	then := map[*line]*analysis.Row{}
	for i := range before.Rows {
		r := &before.Rows[i]
		rows[placeKey(a.plan.by, func(d string) string { return r.Dimensions[m.fields[d]] }, r.To)] = r
	}
	for _, l := range a.rows {
		if r := l.base[m.index]; l.Kind == RowCell && r != nil {
			then[l] = rows[placeKey(a.plan.by, func(d string) string { return l.Dims[d] }, dayBefore(r.To))]
		}
	}
	now, earlier := a.ranked(m), rankOf(a.plan.by, m, then)
	for _, l := range a.rows {
		c := rankCell(l, m, now[l], earlier[l])
		if c.Value != nil && earlier[l] == 0 {
			c = without(noRankBefore)
		}
		l.Cells[m.key(ShowRankChange)] = c
	}
	return nil
}

// rankCell gives a rank or, when before is not 0, how many were won since.
func rankCell(l *line, m measure, rank, before int) Cell {
	r := l.base[m.index]
	switch {
	case l.Kind != RowCell:
		return without(totalUnranked)
	case r == nil:
		return without(nothing)
	case r.Status == analysis.StatusSuppressed:
		return Cell{Status: r.Status, Reason: r.Reason}
	case rank == 0:
		return without(notRanked)
	case before > 0:
		rank = before - rank
	}
	return computed(r, float64(rank), 0)
}

// ranked gives the ranks of the rows of the table by a measure.
func (a *asking) ranked(m measure) map[*line]int {
	rows := map[*line]*analysis.Row{}
	for _, l := range a.rows {
		if l.Kind == RowCell {
			rows[l] = l.base[m.index]
		}
	}
	return rankOf(a.plan.by, m, rows)
}

// rankOf ranks rows among those that differ in the first dimension only. Equal
// values share a rank, and the next one counts them all: 1, 2, 2, 4.
func rankOf(by []string, m measure, rows map[*line]*analysis.Row) map[*line]int {
	races := map[string][]*line{}
	for l, r := range rows {
		if r != nil && r.Value != nil && r.Status == analysis.StatusValid {
			race := placeKey(by[1:], func(d string) string { return l.Dims[d] }, r.To)
			races[race] = append(races[race], l)
		}
	}
	out := map[*line]int{}
	for _, race := range races {
		slices.SortFunc(race, func(x, y *line) int {
			c := cmp.Compare(*rows[y].Value, *rows[x].Value)
			if m.indicator.Better == city.BetterLower {
				return -c
			}
			return c
		})
		for i, l := range race {
			out[l] = i + 1
			if i > 0 && *rows[l].Value == *rows[race[i-1]].Value {
				out[l] = out[race[i-1]]
			}
		}
	}
	return out
}

func placeKey(dims []string, value func(string) string, to city.Date) string {
	out := []string{to.String()}
	for _, d := range dims {
		out = append(out, value(d))
	}
	return strings.Join(out, "\x00")
}

// yearBefore moves a span back by a year; the end of a month stays one.
func yearBefore(s city.Span) city.Span {
	return city.Span{From: s.From.AddYears(-1), To: dayBefore(s.To)}
}

func dayBefore(d city.Date) city.Date { return d.AddDays(1).AddYears(-1).AddDays(-1) }
