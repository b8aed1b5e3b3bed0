package disclosure

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// cell has for each field of a guard the number of its value, from 1 on; 0 is
// any value.
type cell [MaxFields]int32

// fields is the set of fields that a cell fixes, as bits.
func (c cell) fields() (mask int) {
	for i, v := range c {
		if v != 0 {
			mask |= 1 << i
		}
	}
	return mask
}

// over is the cell of fewer fields that a cell lies in.
func (c cell) over(mask int) cell {
	for i := range c {
		if mask&(1<<i) == 0 {
			c[i] = 0
		}
	}
	return c
}

// stretch is some units in a row, both ends included.
type stretch struct{ from, to int }

func (s stretch) has(unit int) bool      { return s.from <= unit && unit <= s.to }
func (s stretch) touches(o stretch) bool { return s.from <= o.to && o.from <= s.to }

// group is a cell that somebody is in.
type group struct {
	cell  cell
	at    []change // how many persons, by unit, in order; no unit has none
	atoms []int    // of the cell
}

// atom is a cell of all fields that somebody is in.
type atomic struct {
	cell cell
	at   map[int]int64 // persons by unit
}

// index numbers the values and units of a release, and knows which persons of
// all fields make up each group.
type index struct {
	fields  []string
	numbers []map[string]int32 // by field
	values  [][]string         // by field and number
	units   []city.Span
	at      map[city.Date]int // the units by their first days
	sets    []int             // of fields, few first
	atoms   []atomic
	byCell  map[cell]int // of atoms
	all     map[int]map[cell]*group
}

func newIndex(g *Guard, full *tally) *index {
	x := &index{fields: g.fields, units: g.units, at: map[city.Date]int{}, byCell: map[cell]int{}, all: map[int]map[cell]*group{}}
	for i, u := range g.units {
		x.at[u.From] = i
	}
	for _, f := range g.fields {
		numbers := map[string]int32{}
		values := []string{""}
		for _, v := range g.values[f] {
			numbers[v] = int32(len(values))
			values = append(values, v)
		}
		x.numbers, x.values = append(x.numbers, numbers), append(x.values, values)
	}
	for mask := range 1 << len(g.fields) {
		x.sets = append(x.sets, mask)
	}
	slices.SortStableFunc(x.sets, func(a, b int) int { return cmp.Compare(bits(a), bits(b)) })
	for _, values := range full.values {
		name := key(values)
		atom := atomic{cell: x.cellOf(g.fields, name), at: map[int]int64{}}
		for start, n := range full.persons[name] {
			atom.at[x.at[start]] = n
		}
		x.byCell[atom.cell] = len(x.atoms)
		x.atoms = append(x.atoms, atom)
	}
	for _, mask := range x.sets {
		x.all[mask] = x.gather(mask)
	}
	return x
}

// gather puts atoms together.
func (x *index) gather(mask int) map[cell]*group {
	out, sums := map[cell]*group{}, map[cell]map[int]int64{}
	for i, a := range x.atoms {
		c := a.cell.over(mask)
		if out[c] == nil {
			out[c], sums[c] = &group{cell: c}, map[int]int64{}
		}
		out[c].atoms = append(out[c].atoms, i)
		for u, n := range a.at {
			sums[c][u] += n
		}
	}
	for c, g := range out {
		for _, u := range slices.Sorted(maps.Keys(sums[c])) {
			g.at = append(g.at, change{u, sums[c][u]})
		}
	}
	return out
}

// groups lists the groups of some fields in order.
func (x *index) groups(mask int) []*group {
	return slices.SortedFunc(maps.Values(x.all[mask]), func(a, b *group) int { return slices.Compare(a.cell[:], b.cell[:]) })
}

func bits(mask int) (n int) {
	for ; mask != 0; mask &= mask - 1 {
		n++
	}
	return n
}

// cellOf reads the name of a cell of some fields.
func (x *index) cellOf(fields []string, name string) cell {
	var c cell
	if len(fields) == 0 {
		return c
	}
	for i, v := range strings.Split(name, "\x00") {
		at := slices.Index(x.fields, fields[i])
		c[at] = x.numbers[at][v]
	}
	return c
}

// names gives the fields that a cell fixes, and their values.
func (x *index) names(c cell) (fields, values []string) {
	for i, v := range c {
		if v != 0 {
			fields, values = append(fields, x.fields[i]), append(values, x.values[i][v])
		}
	}
	return fields, values
}

// stretch is the units that some days touch.
func (x *index) stretch(s city.Span) stretch {
	from, _ := slices.BinarySearchFunc(x.units, s.From, func(u city.Span, d city.Date) int { return u.To.Compare(d) })
	to, _ := slices.BinarySearchFunc(x.units, s.To.AddDays(1), func(u city.Span, d city.Date) int { return u.From.Compare(d) })
	return stretch{from, to - 1}
}
