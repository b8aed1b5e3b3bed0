package disclosure

import (
	"cmp"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// tally is the counts of a table by cell and unit.
type tally struct {
	values  [][]string // of the cells, in order
	persons map[string]map[city.Date]int64
}

func newTally(counts []Count) *tally {
	t := &tally{persons: map[string]map[city.Date]int64{}}
	for _, c := range counts {
		if c.Persons == 0 {
			continue
		}
		name := key(c.Values)
		if t.persons[name] == nil {
			t.persons[name] = map[city.Date]int64{}
			t.values = append(t.values, c.Values)
		}
		t.persons[name][c.Start] = c.Persons
	}
	slices.SortFunc(t.values, slices.Compare)
	return t
}

// in says whether a cell has anybody in a span.
func (t *tally) in(values []string, span city.Span) bool {
	for start := range t.persons[key(values)] {
		if span.Contains(start) {
			return true
		}
	}
	return false
}

// candidate is a small cell that may have to be withheld.
type candidate struct {
	k     int64
	small Count
	lines [][]neighbour // by field: the cells that differ in it only
	told  bool          // whether the small cell itself still is
}

// neighbour is a cell beside a small one.
type neighbour struct {
	value   string // of the field in which it differs
	persons int64  // in the unit of the small cell; perhaps none
	near    bool   // whether it has persons in the block, and not only at other times
	told    bool   // for some window that cuts the block
}

func (b *builder) consider(t *tally, s Count, span, block city.Span) *candidate {
	told := func(values []string) bool { return !b.guard.hides(b.fields, values, span, block, b.table) }
	c := &candidate{k: b.k, small: s, lines: make([][]neighbour, len(b.fields)), told: told(s.Values)}
	within := block
	if within.IsZero() {
		within = span
	}
	for _, values := range t.values {
		if i, ok := differs(values, s.Values); ok {
			c.lines[i] = append(c.lines[i], neighbour{values[i], t.persons[key(values)][s.Start], t.in(values, within), told(values)})
		}
	}
	return c
}

// differs finds the only field in which two cells differ.
func differs(a, b []string) (field int, ok bool) {
	field = -1
	for i := range a {
		if a[i] == b[i] {
			continue
		}
		if field >= 0 {
			return 0, false
		}
		field = i
	}
	return field, field >= 0
}

// covered says whether the cell is withheld already, and in each line through it
// the withheld cells together are k persons, or all there are: what the others
// leave of the line's total is no small group either.
func (c *candidate) covered() bool {
	if c.told {
		return false
	}
	for _, line := range c.lines {
		if len(line) > 0 && !slices.ContainsFunc(line, func(n neighbour) bool { return !n.told }) {
			return false
		}
		rest := slices.ContainsFunc(line, func(n neighbour) bool { return n.told && n.persons > 0 })
		if rest && c.missing(line) > 0 {
			return false
		}
	}
	return true
}

// missing is how many persons the withheld cells of a line lack of k.
func (c *candidate) missing(line []neighbour) int64 {
	missing := c.k - c.small.Persons
	for _, n := range line {
		if !n.told {
			missing -= n.persons
		}
	}
	return missing
}

// partners chooses the values of a field that the small cell is withheld
// together with: one that is withheld anyway when those make up k persons, or
// else the smallest that is told and makes up k persons with them, and all there
// are when none does. Where nobody else is there in the unit, it is somebody of
// the block or, failing that, of another time: a window may hold both.
func (c *candidate) partners(field int) []string {
	line, missing := slices.Clone(c.lines[field]), c.missing(c.lines[field])
	slices.SortStableFunc(line, func(x, y neighbour) int { return cmp.Compare(x.persons, y.persons) })
	hidden := func(n neighbour) bool { return !n.told }
	enough := func(n neighbour) bool { return n.told && n.persons >= missing }
	if missing <= 0 {
		enough = func(neighbour) bool { return true }
	}
	if missing <= 0 && slices.ContainsFunc(line, hidden) {
		enough = hidden
	}
	if i := slices.IndexFunc(line, enough); i >= 0 {
		return []string{line[i].value}
	}
	var out []string
	for _, n := range line {
		if n.persons > 0 {
			out = append(out, n.value)
		}
	}
	if len(out) == 0 && len(line) > 0 {
		slices.SortStableFunc(line, func(x, y neighbour) int { return cmp.Or(first(hidden(x), hidden(y)), first(x.near, y.near)) })
		out = []string{line[0].value}
	}
	return out
}

// first orders what holds before what does not.
func first(x, y bool) int {
	switch {
	case x == y:
		return 0
	case x:
		return -1
	}
	return 1
}
