package forecast

import (
	"math"
	"slices"
)

// Distribution is what is thought of a number that is not known yet: errors of
// the past laid around a forecast and smoothed.
//
// Each error counts on both sides of the forecast. That the past errors leaned to
// one side says little: on real and simulated series forecasts that were
// corrected for it were worse (ADR 0024). So the forecast is the middle, and a
// lean makes the distribution wider.
//
// The n errors are made larger by one part in their effective number: the more
// steps an error spans, the more do errors of neighbouring origins share, so n
// origins over h steps count for 1 + (n−1)/h. Half a case is added on either
// side (less below eight trials), as in conformal prediction: what has never
// happened in nine trials is not impossible.
type Distribution struct {
	Point     float64 // the forecast
	centres   []float64
	width     float64 // of the smoothing
	low, high float64 // what the number cannot leave
}

// NewDistribution lays the errors of h steps around a point.
func NewDistribution(point float64, errors []Error, h int) Distribution {
	d := Distribution{Point: point, low: math.Inf(-1), high: math.Inf(1)}
	n := float64(len(errors))
	if n == 0 {
		return d
	}
	inflate := math.Sqrt(1 + 1/(1+(n-1)/float64(max(h, 1))))
	for _, e := range errors {
		d.centres = append(d.centres, point+inflate*e.Value, point-inflate*e.Value)
	}
	slices.Sort(d.centres)
	d.width = 0.6 * spread(errors) * inflate * math.Pow(n, -0.2)
	return d
}

// Within says what the number cannot leave: a count cannot fall below what is
// counted. The point is moved inside.
func (d Distribution) Within(low, high float64) Distribution {
	d.low, d.high = max(d.low, low), min(d.high, high)
	d.Point = min(max(d.Point, d.low), d.high)
	return d
}

// Below is the probability of a number of at most x.
func (d Distribution) Below(x float64) float64 { return d.probability(x, true) }

// AtLeast is the probability of a number of x or more.
func (d Distribution) AtLeast(x float64) float64 { return 1 - d.probability(x, false) }

// probability is that of a number below x, or with including of one that is x.
func (d Distribution) probability(x float64, including bool) float64 {
	switch {
	case x > d.high || including && x >= d.high:
		return 1
	case x < d.low || !including && x <= d.low:
		return 0
	case len(d.centres) == 0:
		return 0.5 // nothing is known of the errors
	}
	sum := 0.0
	for _, c := range d.centres {
		sum += d.step(x, c, including)
	}
	n := float64(len(d.centres))
	half := min(0.5, n/32)
	return (sum + half) / (n + 2*half)
}

// step is one error's part. Errors of exactly nothing stay where they are: a
// list that is complete stays complete.
func (d Distribution) step(x, centre float64, including bool) float64 {
	if d.width == 0 || math.Abs(centre-d.Point) <= 1e-9*math.Abs(d.Point) {
		slack := 1e-9 * max(1, math.Abs(centre))
		if x > centre+slack || including && x >= centre-slack {
			return 1
		}
		return 0
	}
	return 0.5 * math.Erfc((centre-x)/(d.width*math.Sqrt2))
}

// Interval gives bounds that the number lies between with a probability of
// level, and that hold the point between them.
func (d Distribution) Interval(level float64) (low, high float64) {
	if len(d.centres) == 0 {
		return d.Point, d.Point
	}
	tail := (1 - level) / 2
	low, high = d.quantile(tail), d.quantile(1-tail)
	return min(low, d.Point), max(high, d.Point)
}

// quantile is the least number that is not exceeded with a probability.
func (d Distribution) quantile(p float64) float64 {
	reach := 8*d.width + 1e-9*math.Abs(d.Point)
	low, high := d.centres[0]-reach, d.centres[len(d.centres)-1]+reach
	if d.width == 0 {
		low, high = d.Point, d.Point
	}
	low, high = min(max(low, d.low), d.high), max(min(high, d.high), d.low)
	for range 60 {
		mid := low + (high-low)/2
		if d.Below(mid) >= p {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}
