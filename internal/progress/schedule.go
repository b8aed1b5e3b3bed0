package progress

import (
	"slices"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/plan"
	"github.com/jinyang-city/jinyang/internal/store"
)

// begin is the first day that a target's reports speak of.
func begin(c *city.City, t *city.Target) city.Date {
	day := t.From
	later := func(d city.Date) {
		if d.After(day) {
			day = d
		}
	}
	if p, err := c.Plan(t.Plan); err == nil {
		later(city.Date{Year: p.Year, Month: time.January, Day: 1})
	}
	if d, err := c.Document(t.Document); err == nil {
		later(d.Published)
	}
	return day
}

// open lists the periods for which something may be reported: those that have
// begun, to the one of the deadline.
func open(c *city.City, t *city.Target, today city.Date) []city.Span {
	last := t.Deadline
	if today.Before(last) {
		last = today
	}
	var out []city.Span
	for _, start := range (city.Span{From: begin(c, t), To: last}).Periods(t.Report.Every) {
		out = append(out, t.Report.Every.Span(start))
	}
	return out
}

// period finds an open period by its label.
func period(c *city.City, t *city.Target, today city.Date, label string) (city.Span, error) {
	spans := open(c, t, today)
	for _, s := range spans {
		if t.Report.Every.Label(s.From) == label {
			return s, nil
		}
	}
	bad := city.Errorf(CodeInvalid, "%s is not reported for the period %q", t.Name, label).At("period")
	if len(spans) == 0 {
		return city.Span{}, bad.WithHint("its first period begins on %s", begin(c, t))
	}
	return city.Span{}, bad.WithHint("it is reported by the %s, from %s to %s", t.Report.Every,
		t.Report.Every.Label(spans[0].From), t.Report.Every.Label(spans[len(spans)-1].From))
}

// tally is how the reports of a target stand.
type tally struct {
	state    plan.ReportState
	owed     []city.Span // periods without a report, the oldest first
	due      city.Date   // last day for the first of owed; for the next report when nothing is owed; zero never
	days     int         // that the first of owed is late
	next     string      // label of the period that a report is asked for, waiting, or rejected
	approved []store.ProgressReport
	waiting  *store.ProgressReport
	newest   *store.ProgressReport // by period, then by version
}

// standing works out a tally from the reports of the target that were neither
// withdrawn nor superseded.
func standing(c *city.City, t *city.Target, reports []store.ProgressReport, today city.Date) tally {
	out := tally{state: plan.ReportNone}
	reports = slices.Clone(reports)
	slices.SortStableFunc(reports, func(a, b store.ProgressReport) int {
		if n := a.To.Compare(b.To); n != 0 {
			return n
		}
		return int(a.Version - b.Version)
	})
	var covered city.Date
	done := false
	for i, r := range reports {
		out.newest = &reports[i]
		switch r.State {
		case store.ProgressApproved:
			out.approved = append(out.approved, r)
			covered, done = r.To, done || !r.DoneOn.IsZero()
		case store.ProgressReported:
			out.waiting, covered = &reports[i], r.To
		}
	}
	if !done {
		out.owe(c, t, covered, today)
	}
	out.settle(t, today)
	return out
}

// owe lists the periods that are over and come after what is covered, and the
// day by which the next report is due.
func (y *tally) owe(c *city.City, t *city.Target, covered, today city.Date) {
	for _, s := range open(c, t, today) {
		switch {
		case !s.To.After(covered):
		case s.To.Before(today):
			y.owed = append(y.owed, s)
		default:
			y.due = t.Report.Due.After(s.To) // of the running period, unless something is owed
		}
	}
	if len(y.owed) > 0 {
		y.due = t.Report.Due.After(y.owed[0].To)
	}
}

// settle says what state the tally makes.
func (y *tally) settle(t *city.Target, today city.Date) {
	switch {
	case len(y.owed) > 0:
		y.next = t.Report.Every.Label(y.owed[len(y.owed)-1].From)
		y.state = plan.ReportDue
		if today.After(y.due) {
			y.state, y.days = plan.ReportOverdue, int(today.Time().Sub(y.due.Time())/(24*time.Hour))
		} else if y.newest != nil && y.newest.State == store.ProgressRejected {
			y.state = plan.ReportRejected
		}
	case y.waiting != nil:
		y.state, y.next = plan.ReportWaiting, y.waiting.Period
	case len(y.approved) > 0:
		y.state = plan.ReportApproved
	}
}
