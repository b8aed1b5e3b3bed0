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
// origins over h steps count for 1 + (n−1)/h. What has never happened in so many
// trials is not impossible: a part of rarity over one more than that number,
// but of one in twenty at most, lies further out on either side.
//
// A number that cannot leave its bounds and is foretold to end on one of them
// can err to the other side only: there all errors count inwards.
type Distribution struct {
	Point     float64 // the forecast
	middle    float64 // the forecast before it was moved inside the bounds
	centres   []float64
	width     float64 // of the smoothing
	rare      float64 // the part of either side that is further off than anything seen
	low, high float64 // what the number cannot leave
	step      float64 // the number takes no values between; 0 where it takes any
	from      float64 // one of the values that it takes
}

// What was measured on the series that the methods were tuned on (ADR 0024):
// errors of the past, when the procedure knew less, are larger than those to come
// by more than ripe says, and what lies beyond all of them is so rare.
const (
	calmer = 0.9
	rarity = 0.1
)

// NewDistribution lays the errors of h steps around a point.
func NewDistribution(point float64, errors []Error, h int) Distribution {
	d := Distribution{Point: point, middle: point, low: math.Inf(-1), high: math.Inf(1)}
	n := float64(len(errors))
	if n == 0 {
		return d
	}
	blur := 0.6 * math.Pow(n, -0.2)
	size := calmer * math.Sqrt((1+1/independent(len(errors), h))/(1+blur*blur))
	for _, e := range errors {
		d.centres = append(d.centres, point+size*e.Value, point-size*e.Value)
	}
	slices.Sort(d.centres)
	d.rare = min(0.05, rarity/(1+independent(len(errors), h)))
	d.width = blur * size * spread(errors)
	return d
}

// Within says what the number cannot leave: a count cannot fall below what is
// counted. The point is moved inside.
func (d Distribution) Within(low, high float64) Distribution {
	d.low, d.high = max(d.low, low), min(d.high, high)
	d.Point = min(max(d.Point, d.low), d.high)
	slack := 1e-9 * max(1, math.Abs(d.Point))
	switch {
	case d.low == d.high:
		d.centres = nil
	case d.high-d.Point <= slack:
		d.centres = d.folded(-1)
	case d.Point-d.low <= slack:
		d.centres = d.folded(1)
	}
	return d
}

// Stepped says that the number moves in steps, from a value that it can take: a
// count is 21 or 22 and never 21.6. Zero says that it takes any value.
func (d Distribution) Stepped(step, from float64) Distribution {
	d.step, d.from = step, from
	return d
}

// folded lays all errors on one side of the forecast.
func (d Distribution) folded(side float64) []float64 {
	out := make([]float64, len(d.centres))
	for i, c := range d.centres {
		out[i] = d.middle + side*math.Abs(c-d.middle)
	}
	slices.Sort(out)
	return out
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
	x = d.between(x, including)
	sum := 0.0
	for _, c := range d.centres {
		sum += d.kernel(x, c, including)
	}
	return d.rare + (1-2*d.rare)*sum/float64(len(d.centres))
}

// between is where what counts as below x ends: x itself, or midway between two
// values that the number takes.
func (d Distribution) between(x float64, including bool) float64 {
	if d.step <= 0 {
		return x
	}
	steps := (x - d.from) / d.step
	if including {
		return d.from + d.step*(math.Floor(steps+1e-6)+0.5)
	}
	return d.from + d.step*(math.Ceil(steps-1e-6)-0.5)
}

// kernel is one error's part. Errors of exactly nothing stay where they are: a
// list that is complete stays complete.
func (d Distribution) kernel(x, centre float64, including bool) float64 {
	if d.width == 0 || math.Abs(centre-d.middle) <= 1e-9*math.Abs(d.middle) {
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
	low, high = min(d.quantile(tail), d.Point), max(d.quantile(1-tail), d.Point)
	if high-low <= 1e-9*max(1, math.Abs(d.Point)) {
		low, high = d.reach(low, high)
	}
	return low, high
}

// reach widens an interval that is no wider than a point to the errors nearest to
// it, if there were any: that a forecast was mostly right to the digit does not
// make it certain.
func (d Distribution) reach(low, high float64) (float64, float64) {
	below, above := math.Inf(-1), math.Inf(1)
	slack := 1e-9 * max(1, math.Abs(d.Point))
	for _, c := range d.centres {
		c = min(max(c, d.low), d.high)
		if c < low-slack {
			below = max(below, c)
		}
		if c > high+slack {
			above = min(above, c)
		}
	}
	if !math.IsInf(below, 0) {
		low = below
	}
	if !math.IsInf(above, 0) {
		high = above
	}
	return low, high
}

// quantile is the least number that is not exceeded with a probability, as if it
// could take any value.
func (d Distribution) quantile(p float64) float64 {
	d.step = 0
	reach := 8*d.width + 1e-9*math.Abs(d.Point)
	low, high := d.centres[0]-reach, d.centres[len(d.centres)-1]+reach
	if d.width == 0 {
		low, high = d.Point, d.Point
	}
	low, high = min(max(low, d.low), d.high), max(min(high, d.high), d.low)
	if d.Below(low) >= p {
		return low
	}
	for range 40 {
		mid := low + (high-low)/2
		if d.Below(mid) >= p {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}
