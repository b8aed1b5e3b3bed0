package forecast

// Report is a forecast of the next steps of a series, and how such forecasts
// went on its own past.
type Report struct {
	Method string
	Steps  []Step
	Past   []Distance
}

// Step is one step of the future.
type Step struct{ Value, Low, High float64 }

// Distance is how forecasts that far ahead went: of the step itself, and of the
// year that it ends, as the mean of its steps of which the others were known.
type Distance struct {
	Ahead      int
	Step, Year Record
}

// Tell makes the report of a series for a number of steps ahead, each of them
// foretold for itself, as its record is. It is false when the series is too short.
func Tell(s Series, ahead int, level float64) (*Report, bool) {
	tried, ok := Try(s, ahead)
	if !ok {
		return nil, false
	}
	r := &Report{Method: tried.Model(Sum(ahead)).Method}
	for h := 1; h <= ahead; h++ {
		step := Last(h)
		one := tried.Model(step)
		d := one.Distribution(step)
		low, high := d.Interval(level)
		r.Steps = append(r.Steps, Step{d.Point, low, high})
		if h <= s.Season && len(one.saw(h)) > 0 {
			year := yearOf(h, s.Season)
			r.Past = append(r.Past, Distance{h, one.Record(step, level), tried.Model(year).Record(year, level)})
		}
	}
	return r, true
}

// yearOf asks for what the next h steps are of the mean of a year.
func yearOf(h, season int) Total {
	return Total{Weights: path(h, func(int) float64 { return 1 / float64(season) })}
}
