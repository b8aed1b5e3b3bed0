package alert

import "github.com/jinyang-city/jinyang/internal/city"

// Series judges the figures of one member of an indicator, the oldest first and
// each of the period after the one before. Nil stands for a period without a
// valid figure: what cannot be known of the last ones, cannot be judged.
func Series(w *city.IndicatorWatch, figures []*float64) Level {
	n := len(figures)
	if n == 0 || figures[n-1] == nil {
		return Unknown
	}
	if cleared(w, *figures[n-1]) {
		return Clear
	}
	if n < w.Periods {
		return Hold
	}
	for _, f := range figures[n-w.Periods:] {
		if f == nil || !raised(w, *f) {
			return Hold
		}
	}
	return Raise
}

func raised(w *city.IndicatorWatch, v float64) bool {
	return w.Above != nil && v > *w.Above || w.Below != nil && v < *w.Below
}

// cleared: a figure at the threshold is not beyond it.
func cleared(w *city.IndicatorWatch, v float64) bool {
	return w.Above != nil && v <= w.Clear || w.Below != nil && v >= w.Clear
}

// lights orders lights from good to bad.
var lights = map[string]int{"green": 1, "yellow": 2, "red": 3}

// Promise judges a target by its light and its probability, either of which
// raises. Neither known is unknown.
func Promise(w *city.TargetWatch, light string, probability *float64) Level {
	out := Unknown
	if at := lights[light]; w.Light != "" && at > 0 {
		out = Clear
		if at >= lights[w.Light] {
			return Raise
		}
	}
	if w.Probability == nil || probability == nil {
		return out
	}
	return worst(out, Falling(*probability, *w.Probability, w.Clear))
}

// Falling judges a number that is bad when it is low.
func Falling(v, raise, clear float64) Level {
	switch {
	case v < raise:
		return Raise
	case v >= clear:
		return Clear
	}
	return Hold
}

// Rising judges a number that is bad when it is high.
func Rising(v, raise, clear float64) Level {
	switch {
	case v > raise:
		return Raise
	case v <= clear:
		return Clear
	}
	return Hold
}

// worst of two: raise before hold before clear before unknown.
func worst(a, b Level) Level {
	for _, l := range []Level{Raise, Hold, Clear} {
		if a == l || b == l {
			return l
		}
	}
	return Unknown
}

// Of is Raise when something is so, or else Clear.
func Of(is bool) Level {
	if is {
		return Raise
	}
	return Clear
}
