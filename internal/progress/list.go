package progress

import (
	"cmp"
	"context"
	"io"
	"slices"
	"sync"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/plan"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Page is a part of a list of reports.
type Page struct {
	Items []Report
	Next  string // cursor of the next part; "" at the end
}

// Reports pages through reports, the newest first.
func (s *Service) Reports(ctx context.Context, who policy.Principal, f store.ProgressFilter, cursor string, limit int) (Page, error) {
	out := Page{Items: []Report{}}
	if err := who.Known(); err != nil {
		return out, err
	}
	page, err := s.Store.ProgressReports(ctx, f, cursor, limit)
	if err != nil {
		return out, err
	}
	c := s.City()
	for _, r := range page.Items {
		out.Items = append(out.Items, newReport(c, r))
	}
	out.Next = page.Next
	return out, nil
}

// Report gives one report.
func (s *Service) Report(ctx context.Context, who policy.Principal, id string) (*Report, error) {
	if err := who.Known(); err != nil {
		return nil, err
	}
	r, err := s.Store.ProgressReport(ctx, id)
	if err != nil {
		return nil, err
	}
	out := newReport(s.City(), r)
	return &out, nil
}

// Content opens a file of a report. Opening it may show personal data, so the
// audit record of who asked is kept before.
func (s *Service) Content(ctx context.Context, who policy.Principal, id string, number int) (File, io.ReadCloser, error) {
	r, err := s.Report(ctx, who, id)
	switch {
	case err != nil:
		return File{}, nil, err
	case number < 1 || number > len(r.Files):
		return File{}, nil, city.Errorf(city.CodeNotFound, "the report %s has no file %d", id, number)
	case s.Sealer == nil:
		return File{}, nil, city.Errorf(city.CodeForbidden, "the data folder was opened for reading only, without its keys")
	}
	f := r.Files[number-1]
	if err := s.Store.Audit(ctx, s.entry(who, "progress.open", id, map[string]string{"sha256": f.SHA256})); err != nil {
		return f, nil, err
	}
	content, err := s.files.open(f.SHA256)
	return f, content, err
}

// Standing is how the reporting of a target stands: what is owed, by whom, and
// since when.
type Standing struct {
	Target   city.Named       `json:"target"`
	Year     int              `json:"year"`  // of the plan
	Owner    city.Named       `json:"owner"` // who reports
	Kind     city.TargetKind  `json:"kind"`
	Promise  Promise          `json:"promise"`
	Deadline city.Date        `json:"deadline"`
	Every    city.Grain       `json:"every" enum:"month,quarter,year"`
	Evidence bool             `json:"evidence"` // a report needs a file
	State    plan.ReportState `json:"state" enum:"none,due,overdue,waiting,approved,rejected"`
	Period   string           `json:"period"`  // what to report now, or what waits; "" nothing
	Owed     []string         `json:"owed"`    // periods without a report; one for the last settles all
	Due      city.Date        `json:"due"`     // last day for the one that has been owed longest, or for the next; empty never
	Days     int              `json:"days"`    // days that it is late
	Periods  []string         `json:"periods"` // what may be reported or corrected
	Last     *Report          `json:"last,omitempty"`
}

// Promise is what was promised, as far as a report needs it.
type Promise struct {
	Comparator city.Comparator `json:"comparator"`
	Value      *float64        `json:"value"`
	Display    string          `json:"display"`
	Unit       city.Named      `json:"unit"`
}

// StandingFilter narrows a list of standings. An empty member does not narrow.
type StandingFilter struct {
	Owner   string
	Target  string
	Overdue bool // only those that are late
}

// Standings lists the targets that are reported by hand: the latest first, then
// what is due, what was sent back, what waits, and the others.
func (s *Service) Standings(ctx context.Context, who policy.Principal, f StandingFilter) ([]Standing, error) {
	if err := who.Known(); err != nil {
		return nil, err
	}
	known, err := s.standing(ctx)
	if err != nil {
		return nil, err
	}
	out := []Standing{}
	c, today := s.City(), s.Today()
	for _, t := range c.Targets {
		if t.Report == nil || f.Owner != "" && f.Owner != t.Report.By || f.Target != "" && f.Target != t.Name {
			continue
		}
		y := standing(c, t, known[t.Name], today)
		if !f.Overdue || y.state == plan.ReportOverdue {
			out = append(out, newStanding(c, t, y, today))
		}
	}
	order := []plan.ReportState{plan.ReportOverdue, plan.ReportRejected, plan.ReportDue, plan.ReportWaiting, plan.ReportNone, plan.ReportApproved}
	slices.SortStableFunc(out, func(a, b Standing) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.State), slices.Index(order, b.State)), cmp.Compare(b.Days, a.Days))
	})
	return out, nil
}

func newStanding(c *city.City, t *city.Target, y tally, today city.Date) Standing {
	out := Standing{Target: city.Named{Name: t.Name, Title: t.Title}, Owner: c.OrganisationNamed(t.Report.By), Kind: t.Kind, Deadline: t.Deadline,
		Promise: Promise{t.Comparator, t.Value, display(t.Value), c.UnitNamed(t.Unit)}, Every: t.Report.Every, Evidence: t.Report.Evidence,
		State: y.state, Period: y.next, Owed: []string{}, Due: y.due, Days: y.days, Periods: []string{}}
	if p, err := c.Plan(t.Plan); err == nil {
		out.Year = p.Year
	}
	for _, s := range y.owed {
		out.Owed = append(out.Owed, t.Report.Every.Label(s.From))
	}
	for _, s := range open(c, t, today) {
		if t.Kind == city.TargetMilestone || s.To.Before(today) {
			out.Periods = append(out.Periods, t.Report.Every.Label(s.From))
		}
	}
	if y.newest != nil {
		r := newReport(c, *y.newest)
		out.Last = &r
	}
	return out
}

// Reported says how a target that is reported by hand stands, for its light;
// nil for others.
func (s *Service) Reported(ctx context.Context, t *city.Target) (*plan.Reported, error) {
	if t.Report == nil {
		return nil, nil
	}
	known, err := s.standing(ctx)
	if err != nil {
		return nil, err
	}
	c := s.City()
	y := standing(c, t, known[t.Name], s.Today())
	out := &plan.Reported{State: y.state, By: c.OrganisationNamed(t.Report.By).Title, Every: t.Report.Every, Period: y.next, Due: y.due, Days: y.days}
	if len(y.owed) > 0 {
		out.Since = t.Report.Every.Label(y.owed[0].From)
	}
	for _, r := range y.approved {
		out.Approved = append(out.Approved, plan.ApprovedReport{To: r.To, Value: r.Value, DoneOn: r.DoneOn, ExpectedOn: r.ExpectedOn})
		out.Simulated = out.Simulated || r.Simulated
	}
	if r := y.newest; r != nil {
		out.Newest = &plan.NewestReport{ID: r.ID, Period: r.Period, State: string(r.State), Value: r.Value, DoneOn: r.DoneOn, ExpectedOn: r.ExpectedOn, By: r.By, At: r.At}
	}
	return out, nil
}

// standings remembers the reports that count by target, until any changes.
type standings struct {
	mu  sync.Mutex
	rev int64
	by  map[string][]store.ProgressReport
}

// standing gives the reports that count by target. They are read again only
// when one has changed, which one small question tells.
func (s *Service) standing(ctx context.Context) (map[string][]store.ProgressReport, error) {
	rev, err := s.Store.ProgressRevision(ctx)
	if err != nil {
		return nil, err
	}
	s.known.mu.Lock()
	defer s.known.mu.Unlock()
	if s.known.by != nil && s.known.rev >= rev {
		return s.known.by, nil
	}
	all, err := s.Store.ProgressStanding(ctx)
	if err != nil {
		return nil, err
	}
	by := map[string][]store.ProgressReport{}
	for _, r := range all {
		by[r.Target] = append(by[r.Target], r)
	}
	s.known.rev, s.known.by = rev, by
	return by, nil
}
