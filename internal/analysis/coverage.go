package analysis

import (
	"cmp"
	"slices"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// coverage is the days that committed deliveries speak for, as spans that
// neither overlap nor touch, in order. A day outside of it is not zero: it is
// unknown.
type coverage []city.Span

// covered merges the periods of deliveries.
func covered(periods []city.Span) coverage {
	periods = slices.Clone(periods)
	slices.SortFunc(periods, func(a, b city.Span) int { return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To)) })
	var out coverage
	for _, p := range periods {
		n := len(out)
		switch {
		case n == 0 || p.From.After(out[n-1].To.AddDays(1)):
			out = append(out, p)
		case p.To.After(out[n-1].To):
			out[n-1].To = p.To
		}
	}
	return out
}

// completeTo is the end of an unbroken run of days; zero when there is none.
// What comes after a gap does not count, because a batch is missing there. But
// old history that was delivered with a gap to the present must not hold the
// present back: the run is the first one that reaches into the calendar year
// before today, or else the last one.
func (c coverage) completeTo(today city.Date) city.Date {
	since := city.Date{Year: today.Year - 1, Month: time.January, Day: 1}
	for _, run := range c {
		if !run.To.Before(since) {
			return run.To
		}
	}
	if len(c) == 0 {
		return city.Date{}
	}
	return c[len(c)-1].To
}

// start is the first day of all; zero when there is none.
func (c coverage) start() city.Date {
	if len(c) == 0 {
		return city.Date{}
	}
	return c[0].From
}

// holds says whether every day of the span is covered. A span without
// beginning begins with the coverage.
func (c coverage) holds(s city.Span) bool {
	if s.From.IsZero() {
		s.From = c.start()
	}
	return slices.ContainsFunc(c, func(run city.Span) bool { return run.Contains(s.From) && run.Contains(s.To) })
}

// touches says whether any day of the span is covered.
func (c coverage) touches(s city.Span) bool {
	return slices.ContainsFunc(c, func(run city.Span) bool { return !run.From.After(s.To) && !run.To.Before(s.From) })
}

// needed narrows the window of a row to the days that must be covered for its
// value to stand: a stock is read off its last month.
func needed(ind *city.Indicator, window city.Span) city.Span {
	if ind.Window == city.WindowStock {
		window.From = window.To.MonthStart()
	}
	return window
}
