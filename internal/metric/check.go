package metric

import (
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// maxRolling bounds the periods of a rolling window: a year of days.
const maxRolling = 366

// checkWindow refuses windows that would count things twice or stand for
// nothing.
func checkWindow(r Request) error {
	name, own := r.Indicator.Name, r.Indicator.Window
	switch {
	case r.Window != "" && !slices.Contains([]city.Window{city.WindowPeriod, city.WindowYear, city.WindowStock, city.WindowAll}, r.Window):
		return city.Errorf(city.CodeInvalid, "%q is not a window", r.Window).WithHint("use period, year, stock or all")
	case (r.Window != "" && r.Window != own || r.Rolling != 0) && (own == city.WindowStock || r.Window == city.WindowStock):
		return city.Errorf(city.CodeInvalid, "indicator %s has the window %s, which cannot be exchanged for %s", name, own, wanted(r)).
			WithHint("a stock states every object once a month, so that months cannot be put together: ask without a window")
	case r.Rolling < 0 || r.Rolling > maxRolling:
		return city.Errorf(city.CodeInvalid, "a rolling window of %d periods cannot be", r.Rolling).WithHint("use 1 to %d periods", maxRolling)
	case r.Rolling > 0 && r.Window != "":
		return city.Errorf(city.CodeInvalid, "a rolling window and the window %s are asked for together", r.Window).WithHint("keep one of them")
	case r.Rolling > 0 && (r.Combine || r.Grain == city.GrainAll):
		return city.Errorf(city.CodeInvalid, "a rolling window needs periods that follow each other").
			WithHint("ask by day, month, quarter or year, and for months as they are")
	case r.Combine && r.Grain != city.GrainMonth:
		return city.Errorf(city.CodeInvalid, "months are stated together, and the question is by %s", r.Grain).WithHint("ask by month")
	}
	for i, a := range r.Against {
		if !slices.Contains([]Against{AgainstYear, AgainstPeriod, AgainstFestival}, a) {
			return city.Errorf(city.CodeInvalid, "%q is not a time to compare with", a).WithHint("use year, period or festival")
		}
		if slices.Contains(r.Against[:i], a) {
			return city.Errorf(city.CodeInvalid, "the comparison with %q is asked for twice", a).WithHint("name each once")
		}
	}
	return nil
}

func wanted(r Request) string {
	if r.Rolling != 0 {
		return "a rolling one"
	}
	return string(r.Window)
}
