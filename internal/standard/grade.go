package standard

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Grade is what a GradeTable says of one sample.
type Grade struct {
	Class   int            // index into the table's classes; -1 when no item was measured
	Items   map[string]int // class of each item, reference items included
	Drivers []string       // items that have the sample's class, in the order of the table
	Main    []Excess       // the main polluting items: at most three that are beyond the base class
}

// Excess is how far an item is beyond the limit of the base class.
type Excess struct {
	Item string
	// Multiple is (C − S) / S; nil for items judged by a range or a least value
	// (pH and dissolved oxygen), which have none.
	Multiple *float64
}

// mainItems is how many main polluting items a section is said to have (环办
// 〔2011〕22号).
const mainItems = 3

// GradeOf classes a sample: values by item, in the units of the table.
func GradeOf(t *city.GradeTable, sample map[string]float64) Grade {
	out := Grade{Class: -1, Items: map[string]int{}}
	for _, item := range t.Items {
		v, ok := sample[item.Name]
		if !ok {
			continue
		}
		class, ok := classOf(t, item, v)
		if !ok {
			continue
		}
		out.Items[item.Name] = class
		if !item.Reference {
			out.Class = max(out.Class, class)
		}
	}
	for _, item := range t.Items {
		if class, ok := out.Items[item.Name]; ok && class == out.Class && !item.Reference {
			out.Drivers = append(out.Drivers, item.Name)
		}
	}
	out.Main = mainOf(t, sample, out.Items)
	return out
}

// classOf is the best class whose limit a value keeps.
func classOf(t *city.GradeTable, item city.GradeItem, v float64) (int, bool) {
	if _, ok := units(v, 0); !ok {
		return 0, false
	}
	value, last := exact(v), len(t.Classes)-1
	if len(item.Range) == 2 {
		if value.Cmp(exact(item.Range[0])) >= 0 && value.Cmp(exact(item.Range[1])) <= 0 {
			return 0, true
		}
		return last, true
	}
	for i, limit := range item.AtMost {
		if value.Cmp(exact(limit)) <= 0 {
			return i, true
		}
	}
	for i, limit := range item.AtLeast {
		if value.Cmp(exact(limit)) >= 0 {
			return i, true
		}
	}
	return last, true
}

// mainOf lists the items beyond the base class: heavy metals and cyanide first,
// then the worst class, then the greatest multiple.
func mainOf(t *city.GradeTable, sample map[string]float64, classes map[string]int) []Excess {
	var items []city.GradeItem
	for _, item := range t.Items {
		if class, ok := classes[item.Name]; ok && class > t.Base && !item.Reference {
			items = append(items, item)
		}
	}
	slices.SortStableFunc(items, func(a, b city.GradeItem) int {
		if a.First != b.First {
			return cmp.Compare(btoi(b.First), btoi(a.First))
		}
		return cmp.Or(
			cmp.Compare(classes[b.Name], classes[a.Name]),
			cmp.Compare(excess(t, b, sample), excess(t, a, sample)))
	})
	var out []Excess
	for _, item := range items[:min(len(items), mainItems)] {
		e := Excess{Item: item.Name}
		if len(item.AtMost) > 0 {
			multiple := excess(t, item, sample)
			e.Multiple = &multiple
		}
		out = append(out, e)
	}
	return out
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// excess is the exceedance multiple by the base class; 0 for items without one.
func excess(t *city.GradeTable, item city.GradeItem, sample map[string]float64) float64 {
	if t.Base >= len(item.AtMost) || item.AtMost[t.Base] == 0 {
		return 0
	}
	limit := exact(item.AtMost[t.Base])
	over := new(big.Rat).Sub(exact(sample[item.Name]), limit)
	f, _ := over.Quo(over, limit).Float64()
	return f
}
