package metric

import (
	"slices"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// window is the days whose rows make the value of a period, or of the same
// period a number of years before. A zero from means all days up to to.
type window struct {
	period   city.Date // first day of the period
	back     int       // years before
	from, to city.Date
}

// Window gives the days whose rows make an indicator's value for the period of
// grain g that starts on start, as a question over the span asked sees it: a
// period that the span cuts is cut. The From of a WindowAll is zero. A stock
// takes the last month with rows within the days that are given here.
func Window(ind *city.Indicator, g city.Grain, start city.Date, asked city.Span) city.Span {
	from, to := start, g.Next(start).AddDays(-1)
	if from.Before(asked.From) {
		from = asked.From
	}
	if to.After(asked.To) {
		to = asked.To
	}
	switch ind.Window {
	case city.WindowYear:
		from = city.GrainYear.Start(to)
	case city.WindowAll:
		from = city.Date{}
	case city.WindowStock:
		// A table of stocks lists every object once a month: it has no parts of months.
		from, to = from.MonthStart(), to.MonthEnd()
	}
	return city.Span{From: from, To: to}
}

// windowsOf lists the windows of a question: each period's own and those of up
// to depth years before.
func windowsOf(r Request, depth int) []window {
	var out []window
	for _, p := range r.Period.Periods(r.Grain) {
		s := Window(r.Indicator, r.Grain, p, r.Period)
		for back := 0; back <= depth; back++ {
			out = append(out, window{p, back, yearsBefore(s.From, back, false), yearsBefore(s.To, back, r.Grain != city.GrainDay)})
		}
	}
	return out
}

// yearsBefore moves a day back by whole years. The last day of February stays
// the last day where monthEnds says that the day closes a month; 29 February
// becomes 28 February otherwise.
func yearsBefore(d city.Date, years int, monthEnds bool) city.Date {
	if d.IsZero() || years == 0 {
		return d
	}
	if d.Month == time.February && (d.Day == 29 || monthEnds && d == d.MonthEnd()) {
		end := city.NewDate(d.Year-years, time.March, 0)
		if monthEnds || end.Day < d.Day {
			return end
		}
	}
	return d.AddYears(-years)
}

// ranges merges the windows into spans of days that neither overlap nor touch,
// in order.
func ranges(windows []window) []city.Span {
	list := slices.Clone(windows)
	slices.SortFunc(list, func(a, b window) int { return a.from.Compare(b.from) })
	var out []city.Span
	for _, w := range list {
		if n := len(out); n > 0 && !w.from.After(out[n-1].To.AddDays(1)) {
			if w.to.After(out[n-1].To) {
				out[n-1].To = w.to
			}
			continue
		}
		out = append(out, city.Span{From: w.from, To: w.to})
	}
	return out
}

// disjoint says whether each window lies in one bucket of the grain, and all
// windows of a bucket are the same days. Then a bucket's rows are exactly the
// rows of its window, and any measure may be computed per bucket.
func disjoint(windows []window, g city.Grain) bool {
	seen := map[city.Date]city.Span{}
	for _, w := range windows {
		b, s := g.Start(w.from), city.Span{From: w.from, To: w.to}
		if w.from.IsZero() || b != g.Start(w.to) {
			return false
		}
		if other, ok := seen[b]; ok && other != s {
			return false
		}
		seen[b] = s
	}
	return true
}

// wholeMonths says whether all windows begin and end with a month.
func wholeMonths(windows []window) bool {
	return !slices.ContainsFunc(windows, func(w window) bool {
		return !w.from.IsZero() && w.from.Day != 1 || w.to != w.to.MonthEnd()
	})
}
