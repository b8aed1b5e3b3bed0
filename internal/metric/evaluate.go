package metric

import (
	"math"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// evaluation computes the value of a tree from the columns of a line. It is to
// assembled units what expression is to SQL, step by step and in the same order,
// so that both round alike.
type evaluation struct {
	*assembly
	period int
	line   *line
}

// maybe is a value, or NULL.
type maybe struct {
	value float64
	known bool
}

func just(v float64) maybe { return maybe{v, true} }

func (m maybe) pointer() *float64 {
	if !m.known {
		return nil
	}
	return &m.value
}

// both gives NULL when one of two values is.
func both(a, b maybe, f func(a, b float64) float64) maybe {
	if !a.known || !b.known {
		return maybe{}
	}
	return just(f(a.value, b.value))
}

func times(a, b float64) float64 { return a * b }
func minus(a, b float64) float64 { return a - b }
func plus(a, b float64) float64  { return a + b }

// group is the place of a part's columns at a shift; -1 for a shift that the
// question has not.
func (e evaluation) group(p *part, s shift) int {
	i := slices.Index(e.k.shifts, s)
	if i < 0 {
		return -1
	}
	return (p.n-1)*len(e.k.shifts) + i
}

// column is a column of a part at a shift, 0 being the number of rows; nil when
// no unit lies there.
func (e evaluation) column(p *part, s shift, n int) *tally {
	g := e.group(p, s)
	if g < 0 || e.line.groups[g] == nil {
		return nil
	}
	return &e.line.groups[g][n]
}

// leaf is a column of a leaf: its own, or the next after it.
func (e evaluation) leaf(m *city.Measure, s shift, next int) *tally {
	ref := e.k.names[m]
	f := e.column(ref.part, s, e.places[ref.name]+next)
	if f == nil || !f.known {
		return nil
	}
	return f
}

// hasRows says whether the shifted window of a part holds any row, over all
// dimensions: what is not in the data is unknown, not zero.
func (e evaluation) hasRows(p *part, s shift) bool {
	g := e.group(p, s)
	return g >= 0 && e.totals[e.period*e.width+g].int() > 0
}

// at is the value of a node in the shifted window, multiplied by a number first
// and by the node's own factor then. percent says that a ratio met from here is
// the outermost one and the unit is percent.
func (e evaluation) at(m *city.Measure, s shift, percent bool, by float64) maybe {
	v := e.node(m, s, percent)
	if by != 1 {
		v = both(just(by), v, times)
	}
	if m.Factor != 0 && m.Factor != 1 {
		v = both(v, just(m.Factor), times)
	}
	return v
}

func (e evaluation) node(m *city.Measure, s shift, percent bool) maybe {
	switch m.Kind {
	case city.MeasureConst:
		return just(m.Value)
	case city.MeasureLimit:
		return e.limit(m, s)
	case city.MeasureIndicator:
		return e.at(m.Of[0], s, m.Indicator.Unit == percentUnit, 1)
	case city.MeasureIndex:
		sum := e.at(m.Of[0], s, false, 1)
		for _, of := range m.Of[1:] {
			sum = both(sum, e.at(of, s, false, 1), plus)
		}
		return sum
	case city.MeasureRatio, city.MeasureShare:
		by := 1.0
		if percent {
			by = 100
		}
		return over(e.at(m.Of[0], s, false, by), e.at(m.Of[1], s, false, 1))
	case city.MeasureDifference:
		return both(e.at(m.Of[0], s, percent, 1), e.at(m.Of[1], s, percent, 1), minus)
	case city.MeasureGrowth:
		now, then := e.at(m.Of[0], s, false, 1), e.at(m.Of[0], s.back(m.On), false, 1)
		if !then.known || !(then.value > 0) {
			return maybe{}
		}
		return both(now, then, func(now, then float64) float64 { return 100 * (now - then) / then })
	case city.MeasureIncrease:
		if !e.hasRows(e.k.names[m].part, s.back(m.On)) {
			return maybe{}
		}
		return both(e.at(m.Of[0], s, percent, 1), e.at(m.Of[0], s.back(m.On), percent, 1), minus)
	}
	return e.read(m, s)
}

// over divides; nothing can be divided by zero.
func over(a, b maybe) maybe {
	if b.value == 0 {
		return maybe{}
	}
	return both(a, b, func(a, b float64) float64 { return a / b })
}

// read is the value of a leaf.
func (e evaluation) read(m *city.Measure, s shift) maybe {
	f := e.leaf(m, s, 0)
	switch {
	case m.Kind == city.MeasureCount || m.Kind == city.MeasureCountDistinct:
		if f == nil {
			return e.expanded(m, 0)
		}
		return e.expanded(m, f.float())
	case f == nil:
		return maybe{}
	case m.Kind == city.MeasureSum:
		return e.expanded(m, f.float())
	case m.Kind == city.MeasureMean:
		of := e.leaf(m, s, 1)
		if of == nil {
			return maybe{}
		}
		return over(just(f.float()), just(of.float()))
	case m.Kind == city.MeasurePercentile && f.list != nil:
		return percentile(f.list, m.P)
	}
	return just(f.float())
}

// expanded multiplies an additive leaf by the inverse of the fraction of the
// population that its rows are.
func (e evaluation) expanded(m *city.Measure, v float64) maybe {
	if fraction := e.k.names[m].part.src.Fraction; fraction != 1 {
		return just(v * (1 / fraction))
	}
	return just(v)
}

// limit is the value of a rule's parameter: that of the edition in force on the
// last day of the window.
func (e evaluation) limit(m *city.Measure, s shift) maybe {
	rule, err := e.k.limits(m)
	if err != nil {
		return maybe{} // refused by checkNode already
	}
	w, known := e.k.req.window(e.k.periods[e.period], s, e.k.cal)
	v, ok := rule.At(w.To)
	if !known || !ok {
		return maybe{}
	}
	return just(v.Params[m.Param])
}

// percentile interpolates as percentileSelect does.
func percentile(values []float64, p float64) maybe {
	if len(values) == 0 {
		return maybe{}
	}
	sorted := slices.Sorted(slices.Values(values))
	at := 1 + float64(len(sorted)-1)*p/100
	low := math.Floor(at)
	v := sorted[int(low)-1]
	if int(low) < len(sorted) {
		v += (sorted[int(low)] - v) * (at - low)
	}
	return just(v)
}
