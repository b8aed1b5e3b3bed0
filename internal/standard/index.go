package standard

import (
	"math/big"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Index is what an IndexTable says of one sample.
type Index struct {
	Value   *int           // nil ("NA") when the table does not state one
	Primary []string       // items that reach Value, in the order of the table; empty when it is not above the table's bound
	Sub     map[string]int // sub-index by item, for the items that have one
	Grade   *city.IndexGrade
}

// IndexOf computes the index of a sample: concentrations by item, in the units
// of the table. expected lists the items that are monitored there; one without
// a concentration is missing. Items that the table does not know are left out.
func IndexOf(t *city.IndexTable, sample map[string]float64, expected []string) Index {
	out := Index{Sub: map[string]int{}}
	greatest := -1
	for _, item := range t.Items {
		c, ok := sample[item.Name]
		if !ok {
			continue
		}
		if sub, ok := SubIndex(t, item, c); ok {
			out.Sub[item.Name] = sub
			greatest = max(greatest, sub)
		}
	}
	if greatest < 0 || t.MissingAbove != nil && float64(greatest) <= *t.MissingAbove && missing(t, sample, expected) {
		return out
	}
	out.Value, out.Grade = &greatest, gradeOf(t, greatest)
	if float64(greatest) > t.PrimaryAbove {
		out.Primary = reaching(t, out.Sub, greatest)
	}
	return out
}

// missing says that an expected item of the table has no concentration.
func missing(t *city.IndexTable, sample map[string]float64, expected []string) bool {
	for _, name := range expected {
		_, known := itemOf(t, name)
		if _, has := sample[name]; known && !has {
			return true
		}
	}
	return false
}

func itemOf(t *city.IndexTable, name string) (city.IndexItem, bool) {
	for _, item := range t.Items {
		if item.Name == name {
			return item, true
		}
	}
	return city.IndexItem{}, false
}

func reaching(t *city.IndexTable, sub map[string]int, value int) []string {
	var out []string
	for _, item := range t.Items {
		if s, ok := sub[item.Name]; ok && s == value {
			out = append(out, item.Name)
		}
	}
	return out
}

func gradeOf(t *city.IndexTable, value int) *city.IndexGrade {
	for i := range t.Grades {
		if g := &t.Grades[i]; g.UpTo == nil || float64(value) <= *g.UpTo {
			return g
		}
	}
	return nil
}

// SubIndex is the sub-index of one concentration: linear between breakpoints
// and rounded up (HJ 633-2012 6.2, HJ 633-2026 4.2.6). It is false for what is
// no concentration, and above the last breakpoint when the table states nothing
// there.
func SubIndex(t *city.IndexTable, item city.IndexItem, c float64) (int, bool) {
	n, ok := units(c, item.Decimals)
	if !ok || n.Sign() < 0 {
		return 0, false
	}
	at := new(big.Rat).SetFrac(n, power(item.Decimals))
	for i := 1; i < len(item.Points) && i < len(t.Levels); i++ {
		lo, hi := exact(item.Points[i-1]), exact(item.Points[i])
		if at.Cmp(hi) > 0 {
			continue
		}
		low, high := exact(t.Levels[i-1]), exact(t.Levels[i])
		slope := high.Sub(high, low)
		slope.Quo(slope, hi.Sub(hi, lo))
		slope.Mul(slope, at.Sub(at, lo))
		return int(up(slope.Add(slope, low))), true
	}
	if item.Beyond == nil {
		return 0, false
	}
	return int(*item.Beyond), true
}
