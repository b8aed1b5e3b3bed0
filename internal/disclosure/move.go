package disclosure

import (
	"cmp"
	"math"
	"slices"
)

// box is a group, a partner that differs from it in some fields, and two units,
// or the same twice for one. Its corners take each of the fields from one or the
// other.
type box struct {
	flips       int
	group       cell
	partner     cell // perhaps with other fields than those in which it differs
	unit, other int
}

// place is a corner of a box in one of its units.
type place struct {
	corner int // bits: the fields, of those that differ, that are the partner's
	unit   int
}

// corners are numbered by the fields that are taken from the partner.
func (b box) corners() int { return 1 << bits(b.flips) }

// corner is the cell of a corner, with the fields of the group.
func (b box) corner(corner int) cell { return b.move(b.group, corner) }

// move gives a cell the values of a corner.
func (b box) move(c cell, corner int) cell {
	for i, bit := 0, 0; i < len(c); i++ {
		if b.flips&(1<<i) == 0 {
			continue
		}
		if c[i] = b.group[i]; corner&(1<<bit) != 0 {
			c[i] = b.partner[i]
		}
		bit++
	}
	return c
}

func (b box) places() []place {
	var out []place
	for corner := range b.corners() {
		out = append(out, place{corner, b.unit})
		if b.other != b.unit {
			out = append(out, place{corner, b.other})
		}
	}
	return out
}

// by is how many persons a place gains: one less and one more by turns. A sign
// of 0 takes somebody out of the group in the unit of the box, 1 puts somebody in.
func (b box) by(p place, sign int) int64 {
	turns := bits(p.corner) + sign
	if p.unit != b.unit {
		turns++
	}
	return int64(turns%2)*2 - 1
}

// leave lists the places that somebody leaves.
func (b box) leave(sign int) []place {
	return slices.DeleteFunc(b.places(), func(p place) bool { return b.by(p, sign) > 0 })
}

// move is what differs in another release: who comes and who goes. It is a
// witness once its repairs are withheld.
type move struct {
	steps   []step
	repairs []repair
	cost    int
}

type step struct {
	cell cell // of all fields
	unit int
	by   int64
}

func (m *move) add(c cell, unit int, by int64) { m.steps = append(m.steps, step{c, unit, by}) }

// profile is what a move changes of a cell.
func (m *move) profile(c cell) (out profile) {
	fields := c.fields()
	for _, s := range m.steps {
		if s.cell.over(fields) == c {
			out = append(out, change{s.unit, s.by})
		}
	}
	return out
}

// try moves persons around a box in all ways. Persons at its corners need not be
// alike in the other fields: whoever arrives takes these from somebody who
// leaves, along one side of the box, and what else changes is to be withheld.
func (s *search) try(b box) {
	for sign := range 2 {
		leave := b.leave(sign)
		if len(leave) == 0 {
			continue // nobody leaves, and one arrives from nowhere
		}
		for _, first := range s.leaving(b, leave[0], cell{}, maxStarts) {
			who := map[place]cell{leave[0]: first}
			for _, p := range leave[1:] {
				if b.move(b.partner, p.corner) == b.partner && s.persons(b.partner, p.unit) > 0 {
					who[p] = b.partner
				} else if near := s.leaving(b, p, first, 1); len(near) > 0 {
					who[p] = near[0]
				}
			}
			if len(who) < len(leave) {
				continue
			}
			for side := range max(1, bits(b.flips)+1) {
				s.weigh(b, sign, side, who)
			}
		}
	}
}

// leaving lists persons at a place, those most like a given one first.
func (s *search) leaving(b box, p place, like cell, most int) []cell {
	var out []cell
	from := s.all[s.group.cell.fields()][b.corner(p.corner)]
	if from == nil || from.in(stretch{p.unit, p.unit}) == 0 {
		from = s.all[b.flips][b.corner(p.corner).over(b.flips)]
	}
	if from == nil {
		return nil
	}
	for _, i := range from.atoms {
		if s.index.atoms[i].at[p.unit] > 0 {
			out = append(out, s.index.atoms[i].cell)
		}
	}
	slices.SortStableFunc(out, func(x, y cell) int { return cmp.Compare(unlike(x, like), unlike(y, like)) })
	return out[:min(len(out), most)]
}

func unlike(a, b cell) (n int) {
	for i := range a {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}

// weigh keeps a move when it changes the group in the window, and needs less to
// be withheld than the one that is kept. side is a field that differs, or else
// time.
func (s *search) weigh(b box, sign, side int, who map[place]cell) {
	s.tried++
	m := &move{}
	for _, p := range b.places() {
		from := p
		if b.by(p, sign) > 0 {
			if from.corner ^= 1 << side; side == bits(b.flips) {
				if from = (place{p.corner, b.unit + b.other - p.unit}); b.unit == b.other {
					return
				}
			}
		}
		m.add(b.move(who[from], p.corner), p.unit, b.by(p, sign))
	}
	if s.possible(m) && m.profile(s.group.cell).in(s.window) != 0 && s.mend(m, s.cheapest()) {
		s.found = m
	}
}

func (s *search) cheapest() int {
	if s.found == nil {
		return math.MaxInt
	}
	return s.found.cost
}

// possible says that nobody leaves who is not there.
func (s *search) possible(m *move) bool {
	for _, at := range m.steps {
		left := s.persons(at.cell, at.unit)
		for _, o := range m.steps {
			if o.cell == at.cell && o.unit == at.unit {
				left += o.by
			}
		}
		if left < 0 {
			return false
		}
	}
	return true
}
