package sim

import (
	"fmt"
	"sort"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// awardDays is the limit for an award in days after acceptance (劳动争议调解仲裁法
// art. 43); simulated cases are neither extended nor suspended.
const awardDays = 45

// firstDocketYear is the year whose carried-over cases the dockets begin with.
const firstDocketYear = 2022

func arbitrationSenders(f form) []sender {
	return []sender{
		{dataset: "hrss.arbitration", form: f, every: city.GrainMonth, rows: caseMonth, opening: caseOpening,
			columns: []string{"case_no", "region", "cause", "accepted_on", "due_on", "closed_on", "outcome"}},
		{dataset: "hrss.arbitration_monthly", form: f, every: city.GrainMonth, rows: arbitrationMonth, history: 12,
			columns: []string{"month", "region", "carried_in", "accepted", "caseload", "closed", "closed_on_time"}},
	}
}

// docket is the queue of one area's cases: they are closed in the order in
// which they were accepted, so two running totals say everything.
type docket struct {
	area     area
	key      uint64
	first    city.Date // month of accepted[1]
	accepted []int     // accepted by the end of month i; [0] is what the first year began with
	closed   []int
}

// dockets computes the queues of all areas up to the month.
func (w *world) dockets(month city.Date) []docket {
	start := min(firstDocketYear, w.from.Year-1)
	out := make([]docket, len(w.areas))
	carried := w.apportion(w.areas, yearFigures(start).carried, tagCase, 0, 0)
	for i, a := range w.areas {
		out[i] = docket{area: a, key: uint64(i), first: city.Date{Year: start, Month: 1, Day: 1}, accepted: []int{int(carried[i])}, closed: []int{0}}
	}
	for year := start; year <= month.Year; year++ {
		f := yearFigures(year)
		accepted := w.apportion(w.areas, f.accepted, tagCase, 0, 0)
		closed := w.apportion(w.areas, f.closed, tagCase, 0, 0)
		for i := range out {
			out[i].addYear(int(accepted[i]), int(closed[i]))
		}
	}
	return out
}

// addYear appends the twelve months of a year.
func (d *docket) addYear(accepted, closed int) {
	a, c := d.accepted[len(d.accepted)-1], d.closed[len(d.closed)-1]
	for m := 1; m <= 12; m++ {
		in := a + caseCurve.upTo(float64(accepted), m)
		d.accepted = append(d.accepted, in)
		d.closed = append(d.closed, min(in, c+closingCurve.upTo(float64(closed), m)))
	}
}

// at is the position of a month in the running totals.
func (d *docket) at(month city.Date) int { return monthIndex(month) - monthIndex(d.first) + 1 }

// monthOf is the month in which a running total passed case k.
func (d *docket) monthOf(totals []int, k int) city.Date {
	i := sort.SearchInts(totals, k+1)
	return city.NewDate(d.first.Year, d.first.Month+time.Month(i-1), 1)
}

// arbitrationCase is one case as it stands at the end of a month.
type arbitrationCase struct {
	no                    string
	accepted, due, closed city.Date
	cause, outcome        string
}

// onTime says that the case was closed within the limit.
func (c arbitrationCase) onTime() bool { return !c.closed.IsZero() && !c.closed.After(c.due) }

// caseOf gives case k of a docket, closed only if that was by the end of the month.
func (w *world) caseOf(d *docket, k int, month city.Date) arbitrationCase {
	h := w.hash(tagCase, d.key+1, uint64(k))
	c := arbitrationCase{no: fmt.Sprintf("LZ%s-%07d", d.area.code, k+1), cause: caseCause(h)}
	c.accepted = workday(d.monthOf(d.accepted, k), h)
	c.due = c.accepted.AddDays(awardDays)
	if k < d.closed[d.at(month)] {
		c.closed = workday(d.monthOf(d.closed, k), mix64(h))
		if c.closed.Before(c.accepted) {
			c.closed = c.accepted
		}
		c.outcome = [5]string{"award", "award", "mediated", "mediated", "withdrawn"}[below(mix64(h+1), 5)]
	}
	return c
}

func caseCause(h uint64) string {
	return [8]string{"wages", "wages", "wages", "wages", "dismissal", "dismissal", "injury", "insurance"}[h%8]
}

func putCase(s *sheet, region string, c arbitrationCase) {
	s.plain(c.no)
	s.region(region)
	s.enum("cause", c.cause)
	s.date(c.accepted)
	s.date(c.due)
	s.date(c.closed)
	if c.outcome == "" {
		s.empty()
	} else {
		s.enum("outcome", c.outcome)
	}
	s.end()
}

// caseOpening writes the cases that are open at the end of the day.
func caseOpening(w *world, s *sheet, asOf city.Date) {
	month := asOf.MonthStart()
	for _, d := range w.dockets(month) {
		i := d.at(month)
		for k := d.closed[i]; k < d.accepted[i]; k++ {
			putCase(s, d.area.code, w.caseOf(&d, k, month))
		}
	}
}

// caseMonth writes the cases that were accepted or closed in the month.
func caseMonth(w *world, s *sheet, month city.Date) {
	for _, d := range w.dockets(month) {
		i := d.at(month)
		for k := d.closed[i-1]; k < d.accepted[i]; k++ {
			if k < d.closed[i] || k >= d.accepted[i-1] {
				putCase(s, d.area.code, w.caseOf(&d, k, month))
			}
		}
	}
}

// arbitrationMonth reports each area's month. Cases carried over are stated in
// January only, so that sums over the year make the closing rate.
func arbitrationMonth(w *world, s *sheet, month city.Date) {
	for _, d := range w.dockets(month) {
		i := d.at(month)
		carried, onTime := 0, 0
		if month.Month == 1 {
			carried = d.accepted[i-1] - d.closed[i-1]
		}
		accepted := d.accepted[i] - d.accepted[i-1]
		for k := d.closed[i-1]; k < d.closed[i]; k++ {
			if w.caseOf(&d, k, month).onTime() {
				onTime++
			}
		}
		s.month(month)
		s.region(d.area.code)
		for _, n := range []int{carried, accepted, carried + accepted, d.closed[i] - d.closed[i-1], onTime} {
			s.integer(int64(n))
		}
		s.end()
	}
}
