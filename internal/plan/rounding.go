package plan

import (
	"math"
	"strconv"

	"github.com/jinyang-city/jinyang/internal/city"
)

// A rule may prescribe with how many decimals a value is published (HJ 663: whole
// micrograms). Such a value is rounded as GB/T 8170 says before it is compared
// with the promise: 40.4 keeps "at most 40", because the year's mean is 40. All
// other values are compared as they are: 89.9 does not keep "at least 90".

// stated is the value as it is compared.
func (e *evaluation) stated(v float64) float64 {
	if e.Rounding == nil {
		return v
	}
	rounded, err := strconv.ParseFloat(city.Figure(v, e.Rounding.Decimals), 64)
	if err != nil {
		return v
	}
	return rounded
}

// edge is the value at which a promise begins or ceases to be kept: the
// boundary itself, or where rounding tips over it.
func (e *evaluation) edge(bound float64, upper, strict bool) float64 {
	if e.Rounding == nil {
		return bound
	}
	unit := math.Pow(10, -float64(e.Rounding.Decimals))
	steps := bound / unit
	if near := math.Round(steps); math.Abs(steps-near) < 1e-9 {
		steps = near
		if strict { // the boundary is excluded, so the one before it counts
			steps += map[bool]float64{true: -1, false: 1}[upper]
		}
	}
	if upper {
		return (math.Floor(steps) + 0.5) * unit
	}
	return (math.Ceil(steps) - 0.5) * unit
}

// near is within how many units of the last decimal of a boundary rounding is
// worth a sentence.
const near = 2

// rounds says so in words, where the value is near enough to the promise for
// rounding to matter.
func (e *evaluation) rounds(v float64, p promise) (city.Text, bool) {
	s := e.stated(v)
	if e.Rounding == nil || s == v || math.Abs(v-p.value) > near*math.Pow(10, -float64(e.Rounding.Decimals)) {
		return city.Text{}, false
	}
	figure := show(s, e.Rounding.Decimals)
	return city.Text{
		ZH: "修约为" + figure + "后比较（" + e.Rounding.Rule.In("zh") + "）。",
		EN: " Rounded to " + figure + " before it is compared (" + e.Rounding.Rule.In("en") + ").",
	}, true
}
