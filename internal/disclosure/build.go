package disclosure

import (
	"cmp"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// builder decides about the cells of one list of fields. Those of fewer fields
// are decided already.
type builder struct {
	guard  *Guard
	k      int64
	fields []string
	units  []city.Grain // of the calendar, from short to long
	levels int          // how many of them are decided about
	table  *table
}

// build goes through the calendar from short to long units, as long as a unit
// has small cells: longer ones then have none.
func (b *builder) build(count Counter) error {
	for i, unit := range b.units[:b.levels] {
		counts, err := count(b.fields, unit)
		if err != nil {
			return err
		}
		if !b.level(counts, b.units[i:]) {
			return nil
		}
	}
	return nil
}

// level withholds the small cells of the first of the units, and says whether
// there were any.
func (b *builder) level(counts []Count, units []city.Grain) bool {
	t := newTally(counts)
	if b.table.counts == nil {
		b.table.counts = t
	}
	var small []Count
	for _, c := range counts {
		if c.Persons > 0 && c.Persons < b.k {
			small = append(small, c)
		}
	}
	slices.SortFunc(small, func(x, y Count) int {
		return cmp.Or(x.Start.Compare(y.Start), cmp.Compare(x.Persons, y.Persons), slices.Compare(x.Values, y.Values))
	})
	for _, s := range small {
		span := units[0].Span(s.Start)
		block := b.block(span, t.persons[key(s.Values)], units)
		c := b.consider(t, s, span, block)
		if c.covered() {
			continue // withheld with a cell that it lies in, or as somebody's partner
		}
		b.withhold(c, units, block)
	}
	return len(small) > 0
}

// block is the days that a small cell disappears in: those of its unit and of
// the one beside it, when that one is large enough, or else of the next longer
// unit. It is zero when there is none.
func (b *builder) block(span city.Span, persons map[city.Date]int64, units []city.Grain) city.Span {
	if len(units) == 1 {
		return city.Span{}
	}
	longer := units[1]
	before, after := units[0].Span(span.From.AddDays(-1)), units[0].Span(span.To.AddDays(1))
	for _, within := range []city.Grain{longer, city.GrainYear} {
		if within != longer && units[0] == city.GrainDay {
			break // days are put together within a month, so that months stay whole
		}
		for _, beside := range []city.Span{before, after} {
			if within.Start(beside.From) == within.Start(span.From) && persons[beside.From] >= b.k {
				return b.clip(city.Span{From: least(beside.From, span.From), To: most(beside.To, span.To)})
			}
		}
	}
	return b.clip(longer.Span(span.From))
}

// clip cuts a block to the months of the data: the quarter to date holds all
// there is of it.
func (b *builder) clip(s city.Span) city.Span {
	return city.Span{From: most(s.From, b.guard.from.MonthStart()), To: least(s.To, b.guard.to)}
}

func least(a, b city.Date) city.Date {
	if b.Before(a) {
		return b
	}
	return a
}

func most(a, b city.Date) city.Date {
	if b.After(a) {
		return b
	}
	return a
}

// withhold marks the box of a small cell and its partners: for windows that cut
// the block or, without one, for all that touch the cell's unit.
func (b *builder) withhold(c *candidate, units []city.Grain, block city.Span) {
	choices := make([][]string, len(b.fields))
	for i := range b.fields {
		choices[i] = append([]string{c.small.Values[i]}, c.partners(i)...)
	}
	marks, days := b.table.blocks, block
	if block.IsZero() {
		marks, days = b.table.dead, units[0].Span(c.small.Start)
	}
	for _, corner := range product(choices) {
		if name := key(corner); !slices.Contains(marks[name], days) {
			marks[name] = append(marks[name], days)
		}
	}
}

// product lists all ways to take one of each choice.
func product(choices [][]string) [][]string {
	out := [][]string{nil}
	for _, values := range choices {
		var next [][]string
		for _, head := range out {
			for _, v := range values {
				next = append(next, append(slices.Clone(head), v))
			}
		}
		out = next
	}
	return out
}
