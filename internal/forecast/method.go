package forecast

import (
	"math"
	"slices"
)

// The names of the methods.
const (
	SeasonalNaive  = "seasonal_naive"              // the step of the year before: the floor
	SeasonalMean   = "seasonal_mean"               // the mean of the step over the years, the recent ones weighing more
	SeasonalGrowth = "seasonal_growth"             // the year before, moved by how this year differs from it so far
	SeasonalChange = "seasonal_change"             // the year before, and how the last steps differed from it
	RunRate        = "run_rate"                    // the city's own shape of a year at the recent rate
	LastValue      = "last_value"                  // no change
	Drift          = "drift"                       // the mean change per step goes on, and dies away
	Level          = "level"                       // exponential smoothing without season
	HoltWinters    = "holt_winters_additive"       // level, damped trend, season that is added
	HoltWintersMul = "holt_winters_multiplicative" // level, damped trend, season that multiplies
	Theta          = "theta"                       // half the trend on a smoothed level, season taken out and put back
	Combination    = "combination"                 // the median of the others but the floor
)

// Method foretells h steps after a series that has no gaps; nil when the
// series is too short for it or has values that it cannot handle.
type Method struct {
	Name string
	Path func(s Series, h int) []float64
	// Usual is what the method's errors usually are to the floor's, before
	// anything is known of a series: on series that nothing else here was
	// measured with (docs/forecast.md).
	Usual float64
}

// Methods lists the methods that are tried, the floor first.
func Methods() []Method {
	additive := func(s Series, h int) []float64 { return holtWinters(s, h, false) }
	multiplicative := func(s Series, h int) []float64 { return holtWinters(s, h, true) }
	return []Method{
		{SeasonalNaive, seasonalNaive, 1},
		{SeasonalMean, seasonalMean, 1.15},
		{SeasonalGrowth, seasonalGrowth, 1},
		{SeasonalChange, seasonalChange, 0.93},
		{RunRate, runRate, 0.97},
		{LastValue, lastValue, 1.7},
		{Drift, drift, 1.9},
		{Level, smoothLevel, 1.45},
		{HoltWinters, additive, 0.88},
		{HoltWintersMul, multiplicative, 0.88},
		{Theta, theta, 0.89},
		{Combination, nil, 0.8}, // made from the paths of the others
	}
}

// path lists h values.
func path(h int, at func(k int) float64) []float64 {
	out := make([]float64, h)
	for k := range out {
		out[k] = at(k)
	}
	return out
}

// yearAgo is the value of the same step in the last year that is known, for the
// step k after the end.
func (s Series) yearAgo(k int) float64 {
	n := len(s.Values)
	return s.Values[n-s.Season+k%s.Season]
}

func seasonalNaive(s Series, h int) []float64 {
	if len(s.Values) < s.Season {
		return nil
	}
	return path(h, s.yearAgo)
}

// fade is what a year counts for against the one after it.
const fade = 0.8

func seasonalMean(s Series, h int) []float64 {
	n := len(s.Values)
	if n < s.Season+1 {
		return nil
	}
	return path(h, func(k int) float64 {
		sum, weight, w := 0.0, 0.0, 1.0
		for i := n - s.Season + k%s.Season; i >= 0; i -= s.Season {
			sum, weight, w = sum+w*s.Values[i], weight+w, w*fade
		}
		return sum / weight
	})
}

// seasonalGrowth compares the last steps, a year at most, with the same steps
// of the year before. The difference is believed by half when it rests on one
// step and more when on many.
func seasonalGrowth(s Series, h int) []float64 {
	n := len(s.Values)
	known := min(n-s.Season, s.Season)
	if known < 1 {
		return nil
	}
	now, then := s.Values[n-known:], s.Values[n-known-s.Season:n-s.Season]
	belief := float64(known) / float64(known+1)
	if a, b := total(now), total(then); s.positive() && b > 0 {
		ratio := 1 + belief*(min(max(a/b, 0.2), 5)-1)
		return path(h, func(k int) float64 { return s.yearAgo(k) * ratio })
	}
	change := belief * (mean(now) - mean(then))
	return path(h, func(k int) float64 { return s.yearAgo(k) + change })
}

// runRate carries the rate of the recent steps on in the city's own shape of a
// year: the steps since the year began, three at least.
func runRate(s Series, h int) []float64 {
	n := len(s.Values)
	index, ok := s.shape()
	if !ok {
		return nil
	}
	recent := min(max(margin, s.at(n-1)+1), n)
	sum, expected := 0.0, 0.0
	for i := n - recent; i < n; i++ {
		sum, expected = sum+s.Values[i], expected+index[s.at(i)]
	}
	if expected <= 0 {
		return nil
	}
	return path(h, func(k int) float64 { return index[s.at(n+k)] * sum / expected })
}

// shape is the part of a mean step that each step of the year has, from years
// counted back from the end, the recent ones weighing more.
func (s Series) shape() ([]float64, bool) {
	n := len(s.Values)
	if !s.positive() || n < s.Season {
		return nil, false
	}
	index, weights, w := make([]float64, s.Season), 0.0, 1.0
	for end := n; end >= s.Season; end -= s.Season {
		if m := mean(s.Values[end-s.Season : end]); m > 0 {
			for i := end - s.Season; i < end; i++ {
				index[s.at(i)] += w * s.Values[i] / m
			}
			weights += w
		}
		w *= fade
	}
	if weights == 0 {
		return nil, false
	}
	for i := range index {
		index[i] /= weights
	}
	return index, true
}

func lastValue(s Series, h int) []float64 {
	last := s.Values[len(s.Values)-1]
	return path(h, func(int) float64 { return last })
}

// damping is how much of a trend is left one step later.
const damping = 0.95

// drift goes on with the mean change of the last year.
func drift(s Series, h int) []float64 {
	n := len(s.Values)
	back := min(n-1, s.Season)
	if back < 2 {
		return nil
	}
	last := s.Values[n-1]
	step := (last - s.Values[n-1-back]) / float64(back)
	return path(h, func(k int) float64 { return last + step*damped(damping, k+1) })
}

// damped is phi + phi² + … over n steps.
func damped(phi float64, n int) float64 {
	if phi >= 1 {
		return float64(n)
	}
	return phi * (1 - math.Pow(phi, float64(n))) / (1 - phi)
}

// combine is the median of paths, step by step.
func combine(paths [][]float64, h int) []float64 {
	if len(paths) < 3 {
		return nil
	}
	values := make([]float64, len(paths))
	return path(h, func(k int) float64 {
		for i, p := range paths {
			values[i] = p[k]
		}
		slices.Sort(values)
		mid := len(values) / 2
		if len(values)%2 == 1 {
			return values[mid]
		}
		return (values[mid-1] + values[mid]) / 2
	})
}

// seasonalChange repeats the year before and adds how the last steps differed
// from it: what is common to all of them stays, what is special to the latest
// dies away.
func seasonalChange(s Series, h int) []float64 {
	n := len(s.Values)
	known := min(n-s.Season, s.Season)
	if known < 1 {
		return nil
	}
	change := path(known, func(i int) float64 { return s.Values[n-known+i] - s.Values[n-known+i-s.Season] })
	common := total(change) / float64(known+margin)
	latest, weights, w := 0.0, 0.0, 1.0
	for i := known - 1; i >= 0; i-- {
		latest, weights, w = latest+w*(change[i]-common), weights+w, w*0.6
	}
	latest *= 0.7 / weights
	return path(h, func(k int) float64 { return s.yearAgo(k) + common + latest*math.Pow(0.8, float64(k+1)) })
}
