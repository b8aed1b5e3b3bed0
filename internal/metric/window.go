package metric

import (
	"slices"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// window is the days whose rows make the value of a period, or of the earlier
// time that a shift names. A zero from means all days up to to.
type window struct {
	period   city.Date // first day of the period
	shift    int       // index into the shifts of the question
	from, to city.Date
}

// windowKind says which rows make the value of a period: what the question
// asks, or else what the indicator declares.
func (r Request) windowKind() city.Window {
	if r.Window != "" {
		return r.Window
	}
	return r.Indicator.Window
}

// window gives the days whose rows make the value of a period, moved by the
// shift. It is false when the calendar does not know where to.
func (r Request) window(p Period, s shift, cal *calendar) (city.Span, bool) {
	n := lengthOf(p.span)
	from := monthsBefore(n.before(p.Days.From, s.periods, false), 12*s.years, false)
	to := monthsBefore(n.before(p.Days.To, s.periods, true), 12*s.years, n.months > 0)
	switch kind := r.windowKind(); {
	case r.Rolling > 0:
		from = n.before(monthsBefore(p.span.From, 12*s.years, false), s.periods+r.Rolling-1, false)
	case kind == city.WindowYear:
		from = city.GrainYear.Start(to)
	case kind == city.WindowAll:
		from = city.Date{}
	case kind == city.WindowStock:
		// A table of stocks lists every object once a month: it has no parts of months.
		from, to = from.MonthStart(), to.MonthEnd()
	}
	w := city.Span{From: from, To: to}
	if s.festivals == 0 {
		return w, true
	}
	return cal.moved(w, s.festivals)
}

// windowsOf lists the windows of a question: each period's own and the shifted
// ones that are known.
func windowsOf(r Request, shifts []shift, periods []Period, cal *calendar) []window {
	var out []window
	for _, p := range periods {
		for i, s := range shifts {
			if w, ok := r.window(p, s, cal); ok {
				out = append(out, window{p.Start, i, w.From, w.To})
			}
		}
	}
	return out
}

// length is how long a period is: whole months where it is made of them, and
// days otherwise.
type length struct{ months, days int }

func lengthOf(s city.Span) length {
	if s.From.Day == 1 && s.To == s.To.MonthEnd() {
		return length{months: 12*(s.To.Year-s.From.Year) + int(s.To.Month-s.From.Month) + 1}
	}
	return length{days: daysBetween(s.From, s.To) + 1}
}

// before moves a day back by n lengths. last says that the day closes a window:
// the last day of a month stays one.
func (l length) before(d city.Date, n int, last bool) city.Date {
	if l.months == 0 {
		return d.AddDays(-n * l.days)
	}
	return monthsBefore(d, n*l.months, last)
}

// monthsBefore moves a day back by whole months. The last day of a month stays
// the last where monthEnds says that the day closes a month; a day that its new
// month does not have becomes the last one there.
func monthsBefore(d city.Date, months int, monthEnds bool) city.Date {
	if d.IsZero() || months == 0 {
		return d
	}
	end := city.NewDate(d.Year, d.Month-time.Month(months), 1).MonthEnd()
	if monthEnds && d == d.MonthEnd() || d.Day > end.Day {
		return end
	}
	return city.Date{Year: end.Year, Month: end.Month, Day: d.Day}
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

// anchored says whether all windows that hold a day begin on the same day: on
// 1 January of its year, or before all days.
func anchored(windows []window) bool {
	return !slices.ContainsFunc(windows, func(w window) bool {
		return w.from.IsZero() != windows[0].from.IsZero() || !w.from.IsZero() && w.from != city.GrainYear.Start(w.to)
	})
}

// wholeMonths says whether all windows begin and end with a month.
func wholeMonths(windows []window) bool {
	return !slices.ContainsFunc(windows, func(w window) bool {
		return !w.from.IsZero() && w.from.Day != 1 || w.to != w.to.MonthEnd()
	})
}
