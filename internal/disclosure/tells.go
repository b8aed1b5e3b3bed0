package disclosure

import (
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Set is the values of a field that a question keeps. Not turns them round: all
// values but these.
type Set struct {
	Not    bool
	Values []string
}

// Tells says whether a figure may be told: over the rows whose fields have one
// of the values of their set, in a window. A window without first day begins
// with the data. Fields that are not named have any value.
func (g *Guard) Tells(cell map[string]Set, window city.Span) bool {
	if len(g.tables) == 0 {
		return true
	}
	if window.From.IsZero() {
		window.From = city.GrainYear.Start(g.from)
	}
	var fields []string
	var in, out [][]string // for each field, the values of its set, and the others
	for _, f := range g.fields {
		if set, named := cell[f]; named {
			i, o := g.split(f, set)
			fields, in, out = append(fields, f), append(in, i), append(out, o)
		}
	}
	if g.all(fields, in, window) {
		return true
	}
	for i := range fields {
		if len(in[i]) > 1 && g.large(fields, in, window) {
			rest := slices.Clone(in)
			rest[i] = append(slices.Clone(out[i]), whole)
			if g.all(fields, rest, window) {
				return true
			}
		}
	}
	return false
}

// Withholds says whether there is anything that may not be told.
func (g *Guard) Withholds() bool { return len(g.tables) > 0 }

// Values lists the values of a field that rows have, in order; "" is that of rows
// without one.
func (g *Guard) Values(field string) []string { return slices.Clone(g.values[field]) }

// large says whether one cell alone has k persons in one unit of the window.
func (g *Guard) large(fields []string, values [][]string, window city.Span) bool {
	t := g.tables[key(fields)]
	return slices.ContainsFunc(product(values), func(v []string) bool {
		for start, n := range t.counts.persons[key(v)] {
			if n >= g.k && window.Contains(start) {
				return true
			}
		}
		return false
	})
}

// whole stands for any value. It is no value of a field, because texts of the
// lake hold no NUL.
const whole = "\x00"

// split gives the values of a set, and those that are not in it. A set of one
// value stays that value, also when no row has it.
func (g *Guard) split(field string, set Set) (in, out []string) {
	if !set.Not && len(set.Values) == 1 {
		in = set.Values
	}
	for _, v := range g.values[field] {
		switch held := slices.Contains(set.Values, v) != set.Not; {
		case !held:
			out = append(out, v)
		case !slices.Contains(in, v):
			in = append(in, v)
		}
	}
	return in, out
}

// all says whether every cell that takes one of the values of each field is told.
func (g *Guard) all(fields []string, values [][]string, window city.Span) bool {
	return !slices.ContainsFunc(product(values), func(v []string) bool { return !g.told(fields, v, window) })
}

// told says whether a cell is told; a value may be whole.
func (g *Guard) told(fields, values []string, window city.Span) bool {
	var f, v []string
	for i := range fields {
		if values[i] != whole {
			f, v = append(f, fields[i]), append(v, values[i])
		}
	}
	return g.cellTold(f, v, window, g.tables[key(f)])
}

// cellTold says whether neither a cell nor one that it lies in is withheld for
// the window. own is the table of the cell's fields, which may be under way.
func (g *Guard) cellTold(fields, values []string, window city.Span, own *table) bool {
	return !g.any(fields, values, own, func(t *table, cell string) bool { return !t.tells(cell, window) })
}

// hides says whether a cell is withheld for every window that cuts the block or,
// when there is none, for every window that touches the unit.
func (g *Guard) hides(fields, values []string, unit, block city.Span, own *table) bool {
	return g.any(fields, values, own, func(t *table, cell string) bool {
		if slices.ContainsFunc(t.dead[cell], func(d city.Span) bool { return d.Contains(unit.From) && d.Contains(unit.To) }) {
			return true
		}
		return !block.IsZero() && slices.ContainsFunc(t.blocks[cell], func(b city.Span) bool { return b.Contains(block.From) && b.Contains(block.To) })
	})
}

// any says whether something holds of a cell, or of one that it lies in, in one
// of the layers.
func (g *Guard) any(fields, values []string, own *table, holds func(t *table, cell string) bool) bool {
	if g.coarse != nil && g.coarse.any(fields, values, nil, holds) {
		return true
	}
	for mask := range 1 << len(fields) {
		var f, v []string
		for i := range fields {
			if mask&(1<<i) != 0 {
				f, v = append(f, fields[i]), append(v, values[i])
			}
		}
		t := g.tables[key(f)]
		if len(f) == len(fields) && own != nil {
			t = own
		}
		if t != nil && holds(t, key(v)) {
			return true
		}
	}
	return false
}

func (t *table) tells(cell string, w city.Span) bool {
	for _, d := range t.dead[cell] {
		if touch(d, w) {
			return false
		}
	}
	for _, b := range t.blocks[cell] {
		if touch(b, w) && !(w.Contains(b.From) && w.Contains(b.To)) {
			return false
		}
	}
	return true
}

func touch(a, b city.Span) bool { return !a.From.After(b.To) && !b.From.After(a.To) }

// Last is the last unit of a window that has rows at all: what a stock is read
// off. A window without rows stays as it is.
func (g *Guard) Last(w city.Span) city.Span {
	for i := len(g.units) - 1; i >= 0; i-- {
		if u := g.units[i]; touch(u, w) {
			return u
		}
	}
	return w
}
