package sim

import (
	"fmt"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// neighbourhood is one old neighbourhood of a year's programme.
type neighbourhood struct {
	no, region                  string
	year                        int
	inPlan                      bool
	planned, started, completed city.Date
	households                  int
}

// renewalProgramme is how many neighbourhoods a year's register has: the
// planned ones, and those that were started beyond the plan.
func renewalProgramme(year int) int {
	f := yearFigures(year)
	return max(f.renewalPlan, f.renewalStart)
}

// renewalOf gives the i-th neighbourhood of a year's programme. Those are
// started in the order of their numbers; works take four to nine months.
func (w *world) renewalOf(year, i int) neighbourhood {
	f := yearFigures(year)
	h := w.hash(tagRenewal, uint64(year), uint64(i))
	n := neighbourhood{
		no: fmt.Sprintf("XQ%d-%04d", year, i+1), region: w.areas[pick(w.areas, h)].code, year: year,
		inPlan: i < f.renewalPlan, households: 60 + below(mix64(h), 540),
	}
	month := monthReached(i, f.renewalStart)
	start := city.Date{Year: year, Month: time.Month(min(month, 12)), Day: 1}
	n.planned = workday(city.Date{Year: year, Month: time.Month(min(11, max(2, monthReached(i, renewalProgramme(year))-below(mix64(h+3), 2)))), Day: 1}, mix64(h+1))
	if month <= 12 {
		n.started = workday(start, mix64(h+2))
		n.completed = n.started.AddDays(120 + below(mix64(h+4), 150))
	}
	return n
}

// monthReached is the month in which the i-th of total starts by the curve, 13
// when none does.
func monthReached(i, total int) int {
	for m := 1; m <= 12; m++ {
		if i < renewalCurve.upTo(float64(total), m) {
			return m
		}
	}
	return 13
}

// put writes the row as it stands at the end of the day.
func (n neighbourhood) put(s *sheet, asOf city.Date) {
	known := func(d city.Date) city.Date {
		if d.After(asOf) {
			return city.Date{}
		}
		return d
	}
	s.plain(n.no)
	s.region(n.region)
	s.integer(int64(n.year))
	s.yes("in_plan", n.inPlan)
	s.date(n.planned)
	s.date(known(n.started))
	s.date(known(n.completed))
	s.integer(int64(n.households))
	s.integer(int64(n.households) * 83)
	s.end()
}

// known says whether the register has the row on the day: planned ones from the
// beginning of the year, others once they are started.
func (n neighbourhood) known(day city.Date) bool {
	if n.inPlan {
		return n.year <= day.Year
	}
	return !n.started.IsZero() && !n.started.After(day)
}

// renewalMonth writes what the month added or changed.
func renewalMonth(w *world, s *sheet, month city.Date) {
	span := city.Span{From: month, To: month.MonthEnd()}
	for year := month.Year - 1; year <= month.Year; year++ {
		for i := range renewalProgramme(year) {
			n := w.renewalOf(year, i)
			added := n.known(span.To) && !n.known(span.From.AddDays(-1))
			if added || !n.started.IsZero() && (span.Contains(n.started) || span.Contains(n.completed)) {
				n.put(s, span.To)
			}
		}
	}
}

// renewalBefore writes the register of the last two years' programmes.
func renewalBefore(w *world, s *sheet, asOf city.Date) {
	for year := asOf.Year - 1; year <= asOf.Year; year++ {
		for i := range renewalProgramme(year) {
			if n := w.renewalOf(year, i); n.known(asOf) {
				n.put(s, asOf)
			}
		}
	}
}
