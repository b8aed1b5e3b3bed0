package plan

import (
	"math"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/forecast"
)

// accumulation says how the values of months make the value at the deadline.
type accumulation int

const (
	asLevel    accumulation = iota // a stock, or a figure that cannot be taken apart: the last value
	asTotal                        // a running total: what is known and what the months add
	asMean                         // the mean of the year to date, weighed by rows or days
	asRatio                        // the ratio of two running totals
	asGrowth                       // a running total over that of the year before
	asIncrease                     // a running total less that of the year before
)

// accumulates says how the indicator of a promise makes its value.
func (e *evaluation) accumulates() accumulation {
	m := e.Indicator.Measure
	if m == nil || e.Indicator.Window == city.WindowStock || e.Target.Kind == city.TargetRelative {
		return asLevel
	}
	split := e.Parts != nil && len(e.Parts.Over) > 0
	switch {
	case m.Flows() && !m.Changes() && m.Kind != city.MeasureIndicator:
		return asTotal
	case e.Indicator.Window == city.WindowAll:
		return asLevel
	case m.Kind == city.MeasureMean:
		return asMean
	case m.Kind == city.MeasureRatio && split && len(e.Parts.Under) > 0:
		return asRatio
	case m.Kind == city.MeasureGrowth && split:
		return asGrowth
	case m.Kind == city.MeasureIncrease && split:
		return asIncrease
	}
	return asLevel
}

// steps is the way from the month judged to the deadline.
func (e *evaluation) steps(m months, last city.Date) way {
	w := way{last: last, step: stepOf(m.known(last)), resets: e.Indicator.Window != city.WindowAll, low: math.Inf(-1), high: math.Inf(1)}
	w.h = (between(last, e.Target.Deadline.MonthStart()) + w.step - 1) / w.step
	return w
}

// quantity takes the value apart and foretells its parts; false when the past
// is too short.
func (e *evaluation) quantity(last city.Date) (quantity, bool) {
	switch e.accumulates() {
	case asTotal:
		return e.running(last)
	case asMean:
		return e.averaging(last)
	case asRatio:
		return e.dividing(last)
	case asGrowth, asIncrease:
		return e.changing(last)
	}
	return e.standing(last)
}

// running is a running total.
func (e *evaluation) running(last city.Date) (quantity, bool) {
	q := &linear{way: e.steps(e.series, last)}
	now, _ := e.series.value(last)
	q.weight = func(int, int) float64 { return 1 }
	q.base = func(h int) float64 {
		if q.carries(h) {
			return now
		}
		return 0
	}
	if grows(e.Indicator.Measure) {
		q.low = 0
		if q.carries(q.h) {
			q.low = now
		}
	}
	return q.with(e.series.added(last, q.step, q.resets))
}

// with chooses a model for the steps of the past.
func (q *linear) with(p past) (quantity, bool) {
	var ok bool
	q.model, ok = forecast.New(p.series(), q.total(q.h))
	return q, ok
}

// averaging is a mean of the year to date. The months to come weigh by their
// days, at as many rows a day as in the year that is known.
func (e *evaluation) averaging(last city.Date) (quantity, bool) {
	q := &linear{way: e.steps(e.series, last)}
	means, weights := e.series.means(last, q.step)
	perDay := daily(weights)
	sum := func(h int) float64 { // of the weights of the year that step h ends
		all := 0.0
		if q.carries(h) {
			all = e.series.weight(last)
		}
		for k := 1; k <= h; k++ {
			if q.counts(k, h) {
				all += perDay * q.days(k)
			}
		}
		return all
	}
	now, _ := e.series.value(last)
	q.weight = func(k, h int) float64 { return perDay * q.days(k) / sum(h) }
	q.base = func(h int) float64 {
		if !q.carries(h) {
			return 0
		}
		return now * e.series.weight(last) / sum(h)
	}
	return q.with(means)
}

// days is how many days the step k has.
func (w way) days(k int) float64 {
	return w.date(k).MonthEnd().Time().Sub(w.date(k-1).MonthEnd().Time()).Hours() / 24
}

// daily is how many rows a day the last year had; 1 where that is not known.
func daily(weights past) float64 {
	n := min(len(weights.values), 12/weights.step)
	rows, days := 0.0, 0.0
	for i := len(weights.values) - n; i < len(weights.values); i++ {
		if v := weights.values[i]; v > 0 {
			to := ahead(weights.first, i*weights.step)
			rows += v
			days += to.MonthEnd().Time().Sub(ahead(to, -weights.step).MonthEnd().Time()).Hours() / 24
		}
	}
	if days == 0 || rows == 0 {
		return 1
	}
	return rows / days
}

// dividing is a ratio of two running totals.
func (e *evaluation) dividing(last city.Date) (quantity, bool) {
	over, under := byMonth(e.Parts.Over), byMonth(e.Parts.Under)
	q := &quotient{way: e.steps(e.series, last), scale: e.scale()}
	q.low, q.high = e.bounds()
	var known, also, ok bool
	q.overNow, known = over.value(last)
	q.underNow, also = under.value(last)
	if !known || !also {
		return nil, false
	}
	upper, lower := over.added(last, q.step, true), under.added(last, q.step, true)
	if q.over, ok = forecast.New(upper.series(), q.total(q.h)); !ok {
		return nil, false
	}
	q.under, ok = forecast.New(lower.series(), q.total(q.h))
	q.part = q.high == q.scale && upper.within(lower)
	return q, ok
}

// within says that no step is below zero or above that of another past.
func (p past) within(whole past) bool {
	if p.first != whole.first || len(p.values) != len(whole.values) {
		return false
	}
	for i, v := range p.values {
		if v < 0 || v > whole.values[i] {
			return false
		}
	}
	return true
}

// scale is what the quotient of the parts is multiplied by.
func (e *evaluation) scale() float64 {
	scale := 1.0
	if f := e.Indicator.Measure.Factor; f != 0 {
		scale = f
	}
	if e.Indicator.Unit == "percent" || e.Indicator.Measure.Kind == city.MeasureGrowth {
		scale *= 100
	}
	return scale
}

// changing is a growth or an increase of a running total on the year before,
// all of which is known.
func (e *evaluation) changing(last city.Date) (quantity, bool) {
	over := byMonth(e.Parts.Over)
	growth, scale := e.accumulates() == asGrowth, e.scale()
	q := &linear{way: e.steps(e.series, last), rate: growth}
	now, ok := over.value(last)
	before := func(h int) float64 {
		v, _ := over.value(yearBefore(q.date(h)))
		return v
	}
	for h := 1; h <= q.h; h++ {
		v, known := over.value(yearBefore(q.date(h)))
		ok = ok && known && (v > 0 || !growth) && q.carries(h)
	}
	if !ok {
		return nil, false
	}
	q.weight = func(_, h int) float64 {
		if growth {
			return scale / before(h)
		}
		return scale
	}
	q.base = func(h int) float64 {
		if growth {
			return scale * (now/before(h) - 1)
		}
		return scale * (now - before(h))
	}
	return q.with(over.added(last, q.step, true))
}

// standing is a stock, a difference, or a figure that cannot be taken apart.
func (e *evaluation) standing(last city.Date) (quantity, bool) {
	m := e.series
	if e.Target.Kind == city.TargetRelative {
		m = m.less(e.relative)
	}
	q := &linear{way: e.steps(m, last), end: true, rate: e.Indicator.Unit == "percent"}
	q.low, q.high = e.bounds()
	q.base = func(int) float64 { return 0 }
	levels := m.levels(last, q.step)
	if now, known := m.value(last); known && q.carries(q.h) && levels.climbs() {
		q.low = max(q.low, now)
	}
	return q.with(levels)
}

// climbs says that in all that is known a value never fell within a year, as a
// list does not whose members are reached one by one: it is not expected to.
func (p past) climbs() bool {
	rose := 0
	for i := 1; i < len(p.values); i++ {
		switch change := p.values[i] - p.values[i-1]; {
		case ahead(p.first, i*p.step).Month <= time.Month(p.step): // a new year
		case change < 0:
			return false
		case change > 0:
			rose++
		}
	}
	return rose > 0
}

// less is the difference of two series where both are known.
func (m months) less(other months) months {
	out := months{}
	for d := range m {
		a, ok := m.value(d)
		b, also := other.value(d)
		if ok && also {
			v := a - b
			out[d] = Month{Start: d, Value: &v}
		}
	}
	return out
}

// bounds are what a share in percent cannot leave, as long as it never has.
func (e *evaluation) bounds() (low, high float64) {
	low, high = math.Inf(-1), math.Inf(1)
	m := e.Indicator.Measure
	share := m != nil && (m.Kind == city.MeasureRatio || m.Kind == city.MeasureShare)
	if e.Indicator.Unit != "percent" || !share || e.Target.Kind == city.TargetRelative {
		return low, high
	}
	for d := range e.series {
		if v, ok := e.series.value(d); ok && (v < 0 || v > 100) {
			return low, high
		}
	}
	return 0, 100
}
