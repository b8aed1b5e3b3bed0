package disclosure

import (
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Atom is who is in one cell of all fields, in one unit of the calendar.
type Atom struct {
	Values  []string // of all fields, in their order
	Start   city.Date
	Persons int64
	// Who are the persons, by numbers that tell them apart, when there are fewer
	// than k: whoever is in several small cells counts once. It is empty where
	// persons are not named at all, and then each counts by itself.
	Who []uint64
}

// Somebody stands among the numbers for a person who is not named, and may be
// any of the others.
const Somebody uint64 = 0

// Together counts the cells of fewer fields and longer units out of those of all
// fields and the shortest unit, which are read once. Up to k the counts are
// exact; a cell that holds k persons or more may be given more of them than it
// has, because somebody is in several of its parts.
func Together(k int, fields []string, atoms []Atom) Counter {
	return func(by []string, unit city.Grain) ([]Count, error) {
		at := make([]int, len(by))
		for i, f := range by {
			at[i] = slices.Index(fields, f)
		}
		sums, order := map[string]*crowd{}, []*crowd(nil)
		for _, a := range atoms {
			values := make([]string, len(by))
			for i, j := range at {
				values[i] = a.Values[j]
			}
			start := unit.Start(a.Start)
			name := key(append(values, start.String()))
			c := sums[name]
			if c == nil {
				c = &crowd{Count: Count{Values: values, Start: start}}
				sums[name], order = c, append(order, c)
			}
			c.add(a, int64(k))
		}
		out := make([]Count, len(order))
		for i, c := range order {
			out[i] = c.count()
		}
		return out, nil
	}
}

// crowd is the persons of some atoms together.
type crowd struct {
	Count
	unnamed int64
	who     []uint64
	large   bool
}

func (c *crowd) add(a Atom, k int64) {
	c.Persons += a.Persons
	switch {
	case a.Persons >= k:
		c.large, c.who = true, nil
	case len(a.Who) == 0:
		c.unnamed += a.Persons
	case !c.large:
		c.who = append(c.who, a.Who...)
	}
}

func (c *crowd) count() Count {
	if !c.large {
		slices.Sort(c.who)
		who := slices.Compact(c.who)
		if len(who) > 1 && who[0] == Somebody {
			who = who[1:]
		}
		c.Persons = c.unnamed + int64(len(who))
	}
	return c.Count
}
