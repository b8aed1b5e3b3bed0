package disclosure

import (
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// auditor looks, for every small group, for another release that gives the same
// answers and in which the group has another number: a witness. Where it finds
// none, it withholds what stands in the way of one.
//
// It works with numbers in place of values and days: see index.
type auditor struct {
	*index
	guard *Guard
	k     int64
	marks map[cell]*marks
	found map[cell][]profile // what the witnesses for a group change of it

	parts  map[cell][]divided // by unit, as long as nothing more is withheld
	single []divided          // of cells of which nothing is withheld
}

// marks are what is withheld of a cell: the stretches of units that no window
// may cut, and those that it may not touch.
type marks struct{ blocks, dead []stretch }

// profile is what a witness changes of a group, by unit.
type profile []change

type change struct {
	unit int
	by   int64
}

// in is what a witness changes of a group in some units together.
func (p profile) in(s stretch) (sum int64) {
	for _, c := range p {
		if s.has(c.unit) {
			sum += c.by
		}
	}
	return sum
}

func newAuditor(g *Guard, full *tally) *auditor {
	a := &auditor{index: newIndex(g, full), guard: g, k: g.k, marks: map[cell]*marks{}, found: map[cell][]profile{}, parts: map[cell][]divided{}}
	for u := range a.units {
		a.single = append(a.single, divided{stretch: stretch{u, u}})
	}
	for _, t := range g.tables {
		a.take(t.fields, t.blocks, true)
		a.take(t.fields, t.dead, false)
	}
	return a
}

// take reads the marks of a table.
func (a *auditor) take(fields []string, marked map[string][]city.Span, block bool) {
	for name, spans := range marked {
		c := a.cellOf(fields, name)
		for _, s := range spans {
			if days := a.stretch(s); days.from <= days.to {
				a.mark(c).add(repair{c, days, block})
			}
		}
	}
}

func (a *auditor) mark(c cell) *marks {
	m := a.marks[c]
	if m == nil {
		m = &marks{}
		a.marks[c] = m
	}
	return m
}

// run looks after all small groups, those of few fields first: what is withheld
// for them may be a witness for others.
func (a *auditor) run() {
	for _, fields := range a.sets {
		for _, group := range a.groups(fields) {
			for _, w := range a.small(group) {
				a.protect(group, w)
			}
		}
	}
}

// small lists the windows in which a group is small: the widest of those that
// hold the same persons.
func (a *auditor) small(group *group) []stretch {
	var out []stretch
	for i := range group.at {
		sum := int64(0)
		for j := i; j < len(group.at); j++ {
			if sum += group.at[j].by; sum >= a.k {
				break
			}
			w := stretch{0, len(a.units) - 1}
			if i > 0 {
				w.from = group.at[i-1].unit + 1
			}
			if j+1 < len(group.at) {
				w.to = group.at[j+1].unit - 1
			}
			out = append(out, w)
		}
	}
	return out
}

// protect sees to it that a small group has a witness.
func (a *auditor) protect(group *group, w stretch) {
	if slices.ContainsFunc(a.found[group.cell], func(p profile) bool { return p.in(w) != 0 }) {
		return
	}
	s := search{auditor: a, group: group, window: w}
	m := s.best()
	if m == nil {
		return // there is nobody: groups have at least one person
	}
	for _, r := range m.repairs {
		a.withhold(r)
	}
	a.found[group.cell] = append(a.found[group.cell], m.profile(group.cell))
}

// repair is something more that is withheld.
type repair struct {
	cell  cell
	days  stretch
	block bool // windows that cut the days, else all that touch them
}

func (a *auditor) withhold(r repair) {
	a.mark(r.cell).add(r)
	for c := range a.parts {
		if c.over(r.cell.fields()) == r.cell {
			delete(a.parts, c)
		}
	}
	fields, values := a.names(r.cell)
	t, span := a.guard.tables[key(fields)], city.Span{From: a.units[r.days.from].From, To: a.units[r.days.to].To}
	if r.block {
		t.blocks[key(values)] = append(t.blocks[key(values)], span)
	} else {
		t.dead[key(values)] = append(t.dead[key(values)], span)
	}
}

func (m *marks) add(r repair) {
	if r.block {
		m.blocks = append(m.blocks, r.days)
	} else {
		m.dead = append(m.dead, r.days)
	}
}

// part finds the units that are told of a cell only together with the given one;
// free says that they are not told at all. What is withheld is what the marks
// say, and more.
func (a *auditor) part(c cell, unit int, more ...repair) (part stretch, free bool) {
	if extra := withheld(c, more); extra != nil {
		return grow(append(a.held(c), extra), unit)
	}
	known, ok := a.parts[c]
	if !ok {
		known = a.divide(c)
		a.parts[c] = known
	}
	p := known[unit]
	return p.stretch, p.free
}

// divided is a part of the units that are told of a cell only together.
type divided struct {
	stretch
	free bool
}

// divide finds the parts of a cell, by unit. Cells of which nothing is withheld
// share one answer.
func (a *auditor) divide(c cell) []divided {
	held := a.held(c)
	if len(held) == 0 {
		return a.single
	}
	out := make([]divided, len(a.units))
	for u := 0; u < len(out); {
		part, free := grow(held, u)
		for ; u <= part.to; u++ {
			out[u] = divided{part, free}
		}
	}
	return out
}

// grow adds to a unit what no window may cut it from.
func grow(held []*marks, unit int) (part stretch, free bool) {
	part = stretch{unit, unit}
	for grown := true; grown; {
		grown = false
		for _, m := range held {
			for _, b := range m.blocks {
				if b.touches(part) && (b.from < part.from || b.to > part.to) {
					part, grown = stretch{min(b.from, part.from), max(b.to, part.to)}, true
				}
			}
		}
	}
	for _, m := range held {
		if slices.ContainsFunc(m.dead, part.touches) {
			return part, true
		}
	}
	return part, false
}

// withheld is what repairs withhold of a cell; nil for nothing.
func withheld(c cell, repairs []repair) (m *marks) {
	for _, r := range repairs {
		if c.over(r.cell.fields()) != r.cell {
			continue
		}
		if m == nil {
			m = &marks{}
		}
		m.add(r)
	}
	return m
}

// held lists the marks of a cell and of those that it lies in.
func (a *auditor) held(c cell) []*marks {
	out := make([]*marks, 0, 4)
	fields := c.fields()
	for mask := fields; ; mask = (mask - 1) & fields {
		if m := a.marks[c.over(mask)]; m != nil {
			out = append(out, m)
		}
		if mask == 0 {
			return out
		}
	}
}
