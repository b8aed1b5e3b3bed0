package standard

import "github.com/jinyang-city/jinyang/internal/city"

// WarningOf is the highest level that the forecast indices of consecutive days
// start, given levels from the lowest to the highest; nil when none.
func WarningOf(levels []city.Warning, days []float64) *city.Warning {
	for i := len(levels) - 1; i >= 0; i-- {
		for _, runs := range levels[i].Any {
			if holds(runs, days) {
				return &levels[i]
			}
		}
	}
	return nil
}

// holds says that every run is found among the days.
func holds(runs []city.WarningRun, days []float64) bool {
	for _, r := range runs {
		if longest(r, days) < r.Days {
			return false
		}
	}
	return len(runs) > 0
}

// longest is the greatest number of consecutive days that a run takes.
func longest(r city.WarningRun, days []float64) int {
	best, now := 0, 0
	for _, d := range days {
		if (r.Above == nil || d > *r.Above) && (r.AtLeast == nil || d >= *r.AtLeast) {
			now++
		} else {
			now = 0
		}
		best = max(best, now)
	}
	return best
}
