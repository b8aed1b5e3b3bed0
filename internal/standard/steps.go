package standard

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Cuts says of derived indices that a question only compares with numbers, by
// the names of their fields, which comparisons there are.
type Cuts map[string][]Cut

// Cut is a range that an index is compared with; nil is open.
type Cut struct{ Min, Max *float64 }

// Compared is Relation for a question that only compares some of the indices.
// They get a value that compares like the index: the greatest whole number
// between the same two cuts. It is found by two or three comparisons of each
// item instead of all segments of its scale, which is what planning such a
// question takes longest for.
func Compared(ds *city.Dataset, relation string, names []string, within city.Span, cuts Cuts) string {
	for _, d := range ds.Derived {
		if !slices.Contains(names, d.Name) {
			continue
		}
		q := quoter{day: identifier(ds.Delivery.Period), field: d, versions: inForce(d.Rule, within)}
		if f, ok := ds.Field(ds.Delivery.Period); ok && f.Type == city.TypeDateTime {
			q.day = "CAST(" + q.day + " AS DATE)"
		}
		list, compared := cuts[d.Name]
		if compared && d.Yields == city.YieldIndex && d.Rule.Kind == city.RuleIndex {
			stepped := q.editions(func(v city.RuleVersion) string { return q.stepped(v, list) })
			relation = "(SELECT *, " + stepped + " AS " + identifier(d.Name) + " FROM " + relation + ")"
			continue
		}
		relation = q.relation(relation)
	}
	return relation
}

// stepped is a value that compares with the cuts as an edition's index does.
func (q quoter) stepped(v city.RuleVersion, cuts []Cut) string {
	steps := stepsOf(v.Index, cuts)
	return q.greatest(v, func(item city.IndexItem, column string) string { return itemStep(v.Index, item, column, steps) },
		func(_ city.IndexItem, column string) string { return column })
}

// stepsOf lists the whole numbers that an index is told to be above or not, in
// order. Every index is above those below zero.
func stepsOf(t *city.IndexTable, cuts []Cut) []int64 {
	var out []int64
	add := func(v float64) {
		if v >= 0 && v < math.MaxInt32 {
			out = append(out, int64(v))
		}
	}
	for _, c := range cuts {
		if c.Min != nil {
			add(math.Ceil(*c.Min) - 1)
		}
		if c.Max != nil {
			add(math.Floor(*c.Max))
		}
	}
	if t.MissingAbove != nil {
		add(math.Floor(*t.MissingAbove))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// stepTo is the greatest whole number that lies between the same steps as an
// index; above the last one, the next.
func stepTo(steps []int64, index int64) int64 {
	for _, s := range steps {
		if index <= s {
			return s
		}
	}
	if len(steps) == 0 {
		return 0
	}
	return steps[len(steps)-1] + 1
}

// itemStep writes the step of an item's sub-index, -1 for none. Instead of
// rounding the concentration half to even it is compared with the half above
// the last whole number: a half above an even number is rounded down to it.
func itemStep(t *city.IndexTable, item city.IndexItem, column string, steps []int64) string {
	x := "CAST(" + column + " AS DECIMAL(18, 6))"
	half := func(n int64) string { return decimal(10*n+5, item.Decimals+1) }
	var b strings.Builder
	fmt.Fprintf(&b, "CASE WHEN %s IS NULL OR %s < %s THEN -1", column, x, half(-1))
	upTo := func(n int64, step int64) {
		sign := "<="
		if n%2 != 0 {
			sign = "<"
		}
		fmt.Fprintf(&b, " WHEN %s %s %s THEN %d", x, sign, half(n), step)
	}
	end := wholeUnits(item.Points[min(len(item.Points), len(t.Levels))-1], item.Decimals)
	for _, s := range steps {
		if n := highest(t, item, s); n < end {
			upTo(n, s)
		}
	}
	top := int64(t.Levels[min(len(item.Points), len(t.Levels))-1])
	beyond := int64(-1)
	if item.Beyond != nil {
		beyond = stepTo(steps, int64(*item.Beyond))
	}
	if last := stepTo(steps, top); last != beyond {
		upTo(end, last)
	}
	return b.String() + fmt.Sprintf(" ELSE %d END", beyond)
}

// highest is the greatest concentration, in units of its last decimal, whose
// sub-index is not above a whole number.
func highest(t *city.IndexTable, item city.IndexItem, index int64) int64 {
	for i := 1; i < len(item.Points) && i < len(t.Levels); i++ {
		low, high := int64(t.Levels[i-1]), int64(t.Levels[i])
		if index >= high {
			continue
		}
		lo, hi := wholeUnits(item.Points[i-1], item.Decimals), wholeUnits(item.Points[i], item.Decimals)
		return lo + (index-low)*(hi-lo)/(high-low)
	}
	return wholeUnits(item.Points[min(len(item.Points), len(t.Levels))-1], item.Decimals)
}

// wholeUnits counts a breakpoint in units of the item's last decimal.
func wholeUnits(v float64, decimals int) int64 { return int64(math.Round(v * math.Pow10(decimals))) }

// decimal writes a number of units of the last of some decimals.
func decimal(units int64, decimals int) string {
	sign := ""
	if units < 0 {
		sign, units = "-", -units
	}
	text := strconv.FormatInt(units, 10)
	if n := decimals + 1 - len(text); n > 0 {
		text = strings.Repeat("0", n) + text
	}
	at := len(text) - decimals
	return sign + text[:at] + "." + text[at:]
}
