package plan

import (
	"math"
	"slices"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/forecast"
)

// past is a run of equal steps of a year, up to the month judged.
type past struct {
	values []float64 // NaN where unknown
	first  city.Date // first day of the month that ends the first step
	step   int       // months
}

// series is what package forecast works on.
func (p past) series() forecast.Series {
	return forecast.Series{Values: p.values, Season: 12 / p.step, Phase: (int(p.first.Month) - 1) / p.step}
}

// recent is the mean of the last steps of a quarter of a year, or of one step
// where steps are longer; false when one of them is unknown.
func (p past) recent() (float64, bool) {
	n := max(1, 3/p.step)
	if len(p.values) < n {
		return 0, false
	}
	sum := 0.0
	for _, v := range p.values[len(p.values)-n:] {
		sum += v
	}
	return sum / float64(n), !math.IsNaN(sum)
}

// known lists the months that have a value, up to a month.
func (m months) known(until city.Date) []city.Date {
	var out []city.Date
	for d := range m {
		if _, ok := m.value(d); ok && !d.After(until) {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, city.Date.Compare)
	return out
}

// stepOf is 3 when there are values for ends of quarters only, else 1.
func stepOf(known []city.Date) int {
	if len(known) < 2 || slices.ContainsFunc(known, func(d city.Date) bool { return d.Month%3 != 0 }) {
		return 1
	}
	return 3
}

// ahead moves a month by a number of months.
func ahead(d city.Date, n int) city.Date { return city.NewDate(d.Year, d.Month+time.Month(n), 1) }

// between is how many months b lies after a.
func between(a, b city.Date) int { return 12*(b.Year-a.Year) + int(b.Month-a.Month) }

// run makes a past from the first month known, with room for every step.
func run(known []city.Date, until city.Date, step int) past {
	p := past{first: known[0], step: step}
	p.values = make([]float64, between(known[0], until)/step+1)
	for i := range p.values {
		p.values[i] = math.NaN()
	}
	return p
}

// levels are the values themselves.
func (m months) levels(until city.Date, step int) past {
	known := m.known(until)
	if len(known) == 0 {
		return past{step: step}
	}
	p := run(known, until, step)
	for _, d := range known {
		p.values[between(p.first, d)/step], _ = m.value(d)
	}
	return p
}

// added are what the steps added to a running total, which begins anew each
// year when it resets. What a gap added is shared by its steps.
func (m months) added(until city.Date, step int, resets bool) past {
	return m.parts(until, step, resets, func(d city.Date, before *city.Date) float64 {
		v, _ := m.value(d)
		if before != nil {
			b, _ := m.value(*before)
			v -= b
		}
		return v
	}, true)
}

// means are the means of the steps that make up a mean of the year to date,
// and the weight of each step.
func (m months) means(until city.Date, step int) (values, weights past) {
	sums := func(d city.Date, before *city.Date) (float64, float64) {
		v, _ := m.value(d)
		w := m.weight(d)
		sum := v * w
		if before != nil {
			b, _ := m.value(*before)
			sum, w = sum-b*m.weight(*before), w-m.weight(*before)
		}
		return sum, w
	}
	values = m.parts(until, step, true, func(d city.Date, before *city.Date) float64 {
		sum, w := sums(d, before)
		if w <= 0 {
			return math.NaN()
		}
		return sum / w
	}, false)
	weights = m.parts(until, step, true, func(d city.Date, before *city.Date) float64 {
		_, w := sums(d, before)
		return w
	}, true)
	return values, weights
}

// weight is how much a month's value to date stands for: the rows behind it,
// or the days of the year so far where rows are not known.
func (m months) weight(d city.Date) float64 {
	if w := m[d].Weight; w > 0 {
		return w
	}
	return float64(d.MonthEnd().Time().YearDay())
}

// parts takes a value to date apart. of tells what came since the month known
// before in the same run; shared says that the steps of a gap divide it.
func (m months) parts(until city.Date, step int, resets bool, of func(d city.Date, before *city.Date) float64, shared bool) past {
	known := m.known(until)
	if len(known) == 0 {
		return past{step: step}
	}
	p := run(known, until, step)
	for i, d := range known {
		at, since := between(p.first, d)/step, 1
		var before *city.Date
		switch {
		case i > 0 && (!resets || known[i-1].Year == d.Year):
			before, since = &known[i-1], between(known[i-1], d)/step
		case i > 0: // the first value of a year stands for all months since January
			since = (int(d.Month)-1)/step + 1
		}
		v := of(d, before)
		if shared {
			v /= float64(max(1, since))
		}
		for k := range max(1, since) {
			if at-k >= 0 {
				p.values[at-k] = v
			}
		}
	}
	return p
}

// Series makes what package forecast works on out of months that stand each for
// itself, up to a month; step is 3 for figures of quarters, else 1.
func Series(list []Month, until city.Date) (s forecast.Series, first city.Date, step int) {
	m := byMonth(list)
	known := m.known(until)
	step = stepOf(known)
	if len(known) == 0 {
		return forecast.Series{Season: 12}, city.Date{}, step
	}
	p := m.levels(known[len(known)-1], step)
	return p.series(), p.first, step
}
