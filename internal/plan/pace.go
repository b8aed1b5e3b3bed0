package plan

import (
	"math"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// step is what is expected at the end of a month.
type step struct {
	expected float64
	points   float64 // points of lag per unit of the indicator
	level    bool    // the boundary is to be kept now, not only by the deadline
}

// months is a series by the first day of the month.
type months map[city.Date]Month

func byMonth(list []Month) months {
	m := make(months, len(list))
	for _, v := range list {
		m[v.Start.MonthStart()] = v
	}
	return m
}

// value is the month's value where one may be stated.
func (m months) value(start city.Date) (float64, bool) {
	v := m[start]
	if v.Value == nil || v.Status == StatusNotValid || v.Status == StatusNoData || math.IsNaN(*v.Value) || math.IsInf(*v.Value, 0) {
		return 0, false
	}
	return *v.Value, true
}

// pacer tells the pace of a target.
type pacer struct {
	kind     city.Pace
	begin    city.Date
	deadline city.Date
	series   months
	base     *float64 // where a ramp begins
	years    []int    // whose shape a past pace has, newest first
}

func newPacer(in Input, series months) pacer {
	p := pacer{kind: in.Target.Pace, deadline: in.Target.Deadline, series: series}
	p.begin = city.Date{Year: in.Year, Month: time.January, Day: 1}
	if in.Target.From.After(p.begin) {
		p.begin = in.Target.From
	}
	if p.kind == "" {
		p.kind = city.PaceLevel
		if m := in.Indicator.Measure; in.Indicator.Window == city.WindowYear && m != nil && m.Flows() {
			p.kind = city.PacePast
		}
	}
	if p.kind == city.PacePast {
		p.years = p.pastYears()
	}
	if p.kind == city.PaceRamp {
		p.base = p.rampBase()
	}
	return p
}

// rampBase is the last value of the year before the begin, else the first value
// after it.
func (p pacer) rampBase() *float64 {
	start := p.begin.MonthStart()
	for back := 1; back <= 12; back++ {
		if v, ok := p.series.value(city.NewDate(start.Year, start.Month-time.Month(back), 1)); ok {
			return &v
		}
	}
	for m := start; !m.After(p.deadline); m = city.GrainMonth.Next(m) {
		if v, ok := p.series.value(m); ok {
			return &v
		}
	}
	return nil
}

// at is the step of a boundary at the end of the month that begins on start.
// upper says that values above the boundary break the promise.
func (p pacer) at(start city.Date, bound float64, upper bool) step {
	level := step{bound, points(bound), true}
	switch p.kind {
	case city.PaceLinear:
		return step{bound * p.share(start), level.points, false}
	case city.PaceLastYear:
		return step{bound * p.lastYear(start), level.points, false}
	case city.PacePast:
		return step{bound * p.past(start), level.points, false}
	case city.PaceRamp:
		if p.base == nil || (upper && *p.base <= bound) || (!upper && *p.base >= bound) {
			return level
		}
		return step{*p.base + (bound-*p.base)*p.share(start), points(bound - *p.base), false}
	}
	return level
}

// points makes a whole of 100 points; a whole of nothing is measured in the
// indicator's own unit.
func points(whole float64) float64 {
	if whole == 0 {
		return 1
	}
	return 100 / math.Abs(whole)
}

// share is the part of the days from begin to deadline that has passed at the
// end of the month.
func (p pacer) share(start city.Date) float64 {
	first := p.begin.Time()
	day := func(d city.Date) float64 { return d.AddDays(1).Time().Sub(first).Hours() / 24 }
	all := day(p.deadline)
	if all <= 0 {
		return 1
	}
	return min(1, max(0, day(start.MonthEnd())/all))
}

// lastYear is the share of its value at the deadline's month that the year
// before had reached, where it is known and makes sense.
func (p pacer) lastYear(start city.Date) float64 {
	then, ok := p.series.value(yearBefore(start))
	whole, also := p.series.value(yearBefore(p.deadline.MonthStart()))
	if !ok || !also || whole <= 0 {
		return p.share(start)
	}
	return min(1, max(0, then/whole))
}

func yearBefore(start city.Date) city.Date {
	return city.Date{Year: start.Year - 1, Month: start.Month, Day: 1}
}
