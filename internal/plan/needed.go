package plan

import (
	"math"

	"github.com/jinyang-city/jinyang/internal/city"
)

// needed is the rate that just keeps the promise from the month judged on, with
// the recent one beside it. It is nil where a rate means nothing: at the
// deadline, for comparisons, for what cannot be taken apart, and when a total
// has been reached.
func (e *evaluation) needed(month city.Date, p promise) *Needed {
	left := between(month, e.Target.Deadline.MonthStart())
	if left <= 0 || e.Target.Kind == city.TargetRelative {
		return nil
	}
	bound := 0.0
	if p.low != nil {
		bound = e.edge(*p.low, false, p.strict)
	} else {
		bound = e.edge(*p.high, true, p.strict)
	}
	now, _ := e.series.value(month)
	w := e.steps(e.series, month)
	switch e.accumulates() {
	case asTotal:
		return e.neededTotal(w, bound-now, left, p)
	case asMean:
		return e.neededMean(w, bound, now)
	case asGrowth:
		return e.neededGrowth(w, bound)
	case asIncrease:
		return e.neededChange(w, bound-now, left)
	case asLevel:
		if e.Indicator.Window != city.WindowPeriod && e.Indicator.Window != city.WindowYear && !p.kept(now) {
			return e.neededChange(w, bound-now, left)
		}
	}
	return nil
}

// neededTotal is what each month has to add, or may add to a limit.
func (e *evaluation) neededTotal(w way, missing float64, left int, p promise) *Needed {
	recent, ok := e.series.added(w.last, w.step, w.resets).recent()
	if !ok || missing <= 0 && !p.limit() || !w.carries(w.h) {
		return nil
	}
	return &Needed{RateMonth, max(0, missing) / float64(left), recent / float64(w.step)}
}

// neededChange is by how much a stock, or an increase so far, has to change each
// month.
func (e *evaluation) neededChange(w way, missing float64, left int) *Needed {
	levels := e.series.levels(w.last, w.step).values
	n := max(1, 3/w.step)
	if len(levels) <= n || math.IsNaN(levels[len(levels)-1-n]) {
		return nil
	}
	recent := (levels[len(levels)-1] - levels[len(levels)-1-n]) / float64(n*w.step)
	return &Needed{RateMonth, missing / float64(left), recent}
}

// neededMean is what the rest of the year may come to on average.
func (e *evaluation) neededMean(w way, bound, now float64) *Needed {
	means, weights := e.series.means(w.last, w.step)
	recent, ok := means.recent()
	if !ok || !w.carries(w.h) {
		return nil
	}
	rest, perDay := 0.0, daily(weights)
	for k := 1; k <= w.h; k++ {
		rest += perDay * w.days(k)
	}
	have := e.series.weight(w.last)
	return &Needed{RateMean, (bound*(have+rest) - now*have) / rest, recent}
}

// neededGrowth is by how much the months that are left have to exceed those of
// the year before.
func (e *evaluation) neededGrowth(w way, bound float64) *Needed {
	over := byMonth(e.Parts.Over)
	now, known := over.value(w.last)
	whole, also := over.value(yearBefore(w.date(w.h)))
	then, too := over.value(yearBefore(w.last))
	if !known || !also || !too || whole <= then || !w.carries(w.h) {
		return nil
	}
	scale := e.scale()
	added, before := over.added(w.last, w.step, true), over.added(yearBefore(w.last), w.step, true)
	recent, ok := added.recent()
	earlier, had := before.recent()
	if !ok || !had || earlier <= 0 {
		return nil
	}
	needed := (whole*(1+bound/scale)-now)/(whole-then) - 1
	return &Needed{RateGrowth, scale * needed, scale * (recent/earlier - 1)}
}
