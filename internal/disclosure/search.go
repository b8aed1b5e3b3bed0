package disclosure

import (
	"cmp"
	"slices"
)

// search looks for the witness of a small group in a window that needs the least
// to be withheld.
type search struct {
	*auditor
	group  *group
	window stretch
	found  *move
	tried  int
}

// Bounds of a search for what to withhold, which grows with the product of them.
const (
	maxPartners = 16 // others to change places with
	maxTimes    = 5  // other units
	maxStarts   = 3  // units of the window, and persons of the group
	maxTried    = 1500
)

// best gives the witness; nil when there is nobody.
func (s *search) best() *move {
	if m := s.free(); m != nil {
		return m
	}
	for _, flips := range s.flips() {
		for _, unit := range s.starts(maxStarts) {
			for _, other := range s.others(flips, unit) {
				for _, partner := range s.partners(flips, unit, other) {
					s.try(box{flips, s.group.cell, partner, unit, other})
					if s.tried > maxTried && s.found != nil {
						return s.found
					}
				}
			}
		}
	}
	return s.found
}

// flips lists the sets of fields in which partners may differ from the group.
func (s *search) flips() []int {
	fields, out := s.group.cell.fields(), []int(nil)
	for mask := fields; ; mask = (mask - 1) & fields {
		out = append(out, mask)
		if mask == 0 {
			return out
		}
	}
}

// starts lists units of the window in which the group has somebody.
func (s *search) starts(most int) (out []int) {
	for _, c := range s.group.at {
		if s.window.has(c.unit) && len(out) < most {
			out = append(out, c.unit)
		}
	}
	return out
}

// free looks for a witness that needs nothing to be withheld: a box of which
// each corner is, and whose persons are alike in all other fields.
func (s *search) free() *move {
	for _, flips := range s.flips() {
		for _, unit := range s.starts(len(s.group.at)) {
			for _, partner := range s.hidden(flips, unit) {
				b := box{flips, s.group.cell, partner, unit, unit}
				for _, b.other = range s.alike(b) {
					for sign := range 2 {
						if m := s.same(b, sign); m != nil {
							return m
						}
					}
				}
			}
		}
	}
	return nil
}

// hidden lists the partners of whom each is withheld in some way.
func (s *search) hidden(flips, unit int) []cell {
	out := []cell{s.group.cell}
	for i := range s.fields {
		if flips&(1<<i) == 0 {
			continue
		}
		var values []int32
		for v := int32(1); int(v) < len(s.values[i]); v++ {
			if v != s.group.cell[i] && s.isHidden(with(s.group.cell, i, v).over(flips), unit) {
				values = append(values, v)
			}
		}
		out = spread(out, i, values)
	}
	return out
}

func with(c cell, field int, value int32) cell {
	c[field] = value
	return c
}

// spread gives each of the cells with each of the values of a field.
func spread(cells []cell, field int, values []int32) (out []cell) {
	for _, c := range cells {
		for _, v := range values {
			out = append(out, with(c, field, v))
		}
	}
	return out
}

func (s *search) isHidden(c cell, unit int) bool {
	part, free := s.part(c, unit)
	return free || part.from < part.to
}

// alike lists the other units, out of the window, that are told of each corner
// only together with the unit of the box; the unit itself when it is not told.
func (s *search) alike(b box) []int {
	common, free := stretch{0, len(s.units) - 1}, true
	for corner := range b.corners() {
		part, untold := s.part(b.corner(corner).over(b.flips), b.unit)
		if !untold {
			common, free = stretch{max(common.from, part.from), min(common.to, part.to)}, false
		}
	}
	if free {
		return []int{b.unit}
	}
	var out []int
	for u := common.from; u <= common.to; u++ {
		if u != b.unit && !s.window.has(u) && s.joined(b, u) {
			out = append(out, u)
		}
	}
	return out
}

// joined says that those corners that are not told in the unit of the box are
// not told in another one either.
func (s *search) joined(b box, other int) bool {
	for corner := range b.corners() {
		c := b.corner(corner).over(b.flips)
		if _, free := s.part(c, b.unit); free {
			if _, free = s.part(c, other); !free {
				return false
			}
		}
	}
	return true
}

// same looks for persons alike in all other fields, at all corners that somebody
// leaves.
func (s *search) same(b box, sign int) *move {
	leave := b.leave(sign)
	if len(leave) == 0 {
		return nil
	}
	from := s.all[s.group.cell.fields()][b.corner(leave[0].corner)]
	if from == nil {
		return nil
	}
	for _, i := range from.atoms {
		atom := s.atoms[i].cell
		if !slices.ContainsFunc(leave, func(p place) bool { return s.persons(b.move(atom, p.corner), p.unit) == 0 }) {
			m := &move{}
			for _, p := range b.places() {
				m.add(b.move(atom, p.corner), p.unit, b.by(p, sign))
			}
			return m
		}
	}
	return nil
}

func (s *search) persons(c cell, unit int) int64 {
	i, ok := s.byCell[c]
	if !ok {
		return 0
	}
	return s.index.atoms[i].at[unit]
}

// others lists units that persons may come from or go to: those out of the window
// that are told together with the unit, then those beside it and the window. The
// unit itself stands for none.
func (s *search) others(flips, unit int) []int {
	out := []int{unit}
	add := func(u int) {
		if u >= 0 && u < len(s.units) && !slices.Contains(out, u) && len(out) <= maxTimes {
			out = append(out, u)
		}
	}
	part, _ := s.part(s.group.cell.over(flips), unit)
	for d := 1; d < part.to-part.from+1; d++ {
		for _, u := range []int{unit + d, unit - d} {
			if part.has(u) && !s.window.has(u) {
				add(u)
			}
		}
	}
	for _, u := range []int{unit + 1, unit - 1, s.window.to + 1, s.window.from - 1} {
		add(u)
	}
	return out
}

// partners lists whom persons may change places with: those of the two units who
// differ in all of the fields and, first, as little as possible in the others;
// of them those whose values are withheld already.
func (s *search) partners(flips, unit, other int) []cell {
	if flips == 0 {
		return []cell{s.group.cell}
	}
	type partner struct {
		cell                cell
		unlike, shown, size int
	}
	rest, list := s.group.cell.over(s.group.cell.fields()&^flips), []partner(nil)
	for _, a := range s.index.atoms {
		n := a.at[unit] + a.at[other]
		if n == 0 || bits(flips) != s.differs(a.cell, flips) {
			continue
		}
		p := partner{a.cell, unlike(a.cell.over(rest.fields()), rest), 0, int(n)}
		for f := range s.fields {
			if flips&(1<<f) != 0 && !s.isHidden(with(s.group.cell, f, a.cell[f]).over(flips), unit) {
				p.shown++
			}
		}
		list = append(list, p)
	}
	slices.SortStableFunc(list, func(x, y partner) int {
		return cmp.Or(cmp.Compare(x.unlike, y.unlike), cmp.Compare(x.shown, y.shown), cmp.Compare(x.size, y.size))
	})
	var out []cell
	for _, p := range list[:min(len(list), maxPartners)] {
		out = append(out, p.cell)
	}
	return append(out, s.absent(flips)...)
}

// differs counts the given fields in which a cell is not as the group.
func (s *search) differs(c cell, fields int) (n int) {
	return unlike(c.over(fields), s.group.cell.over(fields))
}

// absent is a partner whom nobody of the unit need be like.
func (s *search) absent(flips int) []cell {
	out := s.group.cell
	for i := range s.fields {
		if flips&(1<<i) == 0 {
			continue
		}
		if len(s.values[i]) <= 2 {
			return nil // there is one value only
		}
		if out[i] = 1; s.group.cell[i] == 1 {
			out[i] = 2
		}
	}
	return []cell{out}
}

func (g *group) in(s stretch) int64 { return profile(g.at).in(s) }
