package standard

import (
	"math"
	"slices"
)

// Minimum is how much data a statistic needs (GB 3095 table 4). A zero asks for
// nothing.
type Minimum struct {
	HourMinutes int // minutes sampled for a 1-hour mean
	EightHours  int // hourly values for an 8-hour mean
	DayHours    int // hourly values for a 24-hour mean
	O3Windows   int // 8-hour means for the daily maximum of O3
}

// MinimumOf reads the parameters of a rule of kind validity.
func MinimumOf(params map[string]float64) Minimum {
	return Minimum{HourMinutes: int(params["hour_minutes"]), EightHours: int(params["eight_hours"]), DayHours: int(params["day_hours"]), O3Windows: int(params["o3_windows"])}
}

// Day says whether a 24-hour mean out of a number of hourly values is valid.
func (m Minimum) Day(hours int) bool { return hours >= m.DayHours }

// Eight says whether an 8-hour mean out of a number of hourly values is valid.
func (m Minimum) Eight(hours int) bool { return hours >= m.EightHours }

// Hour says whether a 1-hour mean out of minutes of sampling is valid.
func (m Minimum) Hour(minutes int) bool { return minutes >= m.HourMinutes }

// MaxEight says whether the daily maximum 8-hour mean of O3 is valid: with
// enough windows, and with fewer when it is above the limit all the same
// (HJ 663-2013).
func (m Minimum) MaxEight(windows int, greatest, limit float64) bool {
	return windows >= m.O3Windows || windows > 0 && greatest > limit
}

// Percentile is the p-th percentile of values, interpolated as appendix A of
// HJ 663-2013 does: k = 1 + (n−1)·p/100 into the ascending order. It is NaN for
// no values and for a p outside 0 to 100.
func Percentile(values []float64, p float64) float64 {
	if len(values) == 0 || !(p >= 0 && p <= 100) {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	// (n−1)·p is exact for every count of days and whole p; dividing first is not.
	k := float64(len(sorted)-1) * p / 100
	s := int(math.Floor(k))
	if s >= len(sorted)-1 {
		return sorted[len(sorted)-1]
	}
	return sorted[s] + (sorted[s+1]-sorted[s])*(k-float64(s))
}
