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

// Tell makes the report of a series for a number of steps ahead. It is false
// when the series is too short.
func Tell(s Series, ahead int, level float64) (*Report, bool) {
	m, ok := New(s, Sum(ahead))
	if !ok {
		return nil, false
	}
	r := &Report{Method: m.Method}
	for h := 1; h <= ahead; h++ {
		d := m.Distribution(Last(h))
		low, high := d.Interval(level)
		r.Steps = append(r.Steps, Step{d.Point, low, high})
	}
	for h := 1; h <= min(ahead, s.Season); h++ {
		step, year := Last(h), yearOf(h, s.Season)
		one, ok := New(s, step)
		whole, also := New(s, year)
		if ok && also && len(one.saw(h)) > 0 {
			r.Past = append(r.Past, Distance{h, one.Record(step, level), whole.Record(year, level)})
		}
	}
	return r, true
}

// yearOf asks for what the next h steps are of the mean of a year.
func yearOf(h, season int) Total {
	return Total{Weights: path(h, func(int) float64 { return 1 / float64(season) })}
}
