package disclosure

import "slices"

// What it costs to withhold something: windows that are lost, and eight times as
// much for each field that a cell leaves open, because more is read of the whole
// than of its parts.
const (
	costField = 8
	costLarge = 4
)

// mend finds what must be withheld so that the answers say nothing of a move. It
// is false when that costs as much as the given, or cannot be.
func (a *auditor) mend(m *move, most int) bool {
	for _, fields := range a.sets {
		for _, c := range m.cells(fields) {
			if !a.mendCell(m, c) || m.cost >= most {
				return false
			}
		}
	}
	return true
}

// cells lists the cells of some fields that a move may change.
func (m *move) cells(fields int) (out []cell) {
	for _, s := range m.steps {
		if c := s.cell.over(fields); !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// mendCell withholds what a move changes of a cell and is told: windows that cut
// the units that change, when the whole of them stays the same, or else all that
// touch one of them.
func (a *auditor) mendCell(m *move, c cell) bool {
	open := a.told(m, c)
	if len(open) == 0 {
		return true
	}
	all, sum := open[0], int64(0)
	for _, part := range open {
		all = stretch{min(all.from, part.from), max(all.to, part.to)}
		sum += m.profile(c).in(part)
	}
	cut, touch := a.costs(c)
	if sum == 0 && cut*(all.to-all.from) <= touch*len(open) {
		m.repairs, m.cost = append(m.repairs, repair{c, all, true}), m.cost+cut*(all.to-all.from)
		return true
	}
	for _, part := range open {
		m.repairs, m.cost = append(m.repairs, repair{c, stretch{part.from, part.from}, false}), m.cost+touch
	}
	return true
}

// costs says what it costs to withhold the windows of a cell that cut two units,
// and those that touch one.
func (a *auditor) costs(c cell) (cut, touch int) {
	cut = 1
	for range len(a.fields) - bits(c.fields()) {
		cut *= costField
	}
	if g := a.all[c.fields()][c]; g != nil && g.in(stretch{0, len(a.units) - 1}) >= a.k {
		cut *= costLarge
	}
	return cut, cut * max(2, len(a.units)/2)
}

// told lists the stretches of which the answers would tell a change of a cell.
func (a *auditor) told(m *move, c cell) (out []stretch) {
	p := m.profile(c)
	for _, ch := range p {
		part, free := a.part(c, ch.unit, m.repairs...)
		if !free && p.in(part) != 0 && !slices.Contains(out, part) {
			out = append(out, part)
		}
	}
	return out
}
