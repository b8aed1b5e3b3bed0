package analysis

import (
	"context"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/plan"
)

// Reports tells what was reported by hand for a target; nil for a target that
// nobody reports. *progress.Service has it.
type Reports interface {
	Reported(ctx context.Context, t *city.Target) (*plan.Reported, error)
}

// ReportedStatus is how the reporting of a target by hand stands.
type ReportedStatus struct {
	State  plan.ReportState `json:"state" enum:"none,due,overdue,waiting,approved,rejected"`
	By     Named            `json:"by"`     // who reports
	Period string           `json:"period"` // of the report that is owed or waits; "" none
	Due    city.Date        `json:"due"`    // last day for the report that has been owed longest, or for the next one
	Days   int              `json:"days"`   // days that it is late
	Last   *LastReport      `json:"last,omitempty"`
}

// LastReport is the newest report that was neither withdrawn nor superseded.
type LastReport struct {
	ID         string    `json:"id"`
	Period     string    `json:"period"`
	State      string    `json:"state" enum:"reported,approved,rejected"`
	Value      *float64  `json:"value"`
	Display    string    `json:"display"`
	DoneOn     city.Date `json:"done_on"`
	ExpectedOn city.Date `json:"expected_on"`
	By         string    `json:"by"` // who reported, as stated
	At         time.Time `json:"at"`
}

// reported gives a target without an indicator what was reported by hand.
func (s *Service) reported(ctx context.Context, c *city.City, t *city.Target, in *plan.Input, ts *TargetStatus) (err error) {
	if s.Reports == nil || t.Report == nil {
		return nil
	}
	if in.Reported, err = s.Reports.Reported(ctx, t); err != nil || in.Reported == nil {
		return err
	}
	r := in.Reported
	ts.Simulated = r.Simulated
	ts.Reported = &ReportedStatus{State: r.State, By: c.OrganisationNamed(t.Report.By), Period: r.Period, Due: r.Due, Days: r.Days}
	for _, a := range r.Approved {
		ts.Decimals = max(ts.Decimals, decimalsOf(a.Value))
	}
	if n := r.Newest; n != nil {
		ts.Reported.Last = &LastReport{ID: n.ID, Period: n.Period, State: n.State, Value: n.Value, DoneOn: n.DoneOn, ExpectedOn: n.ExpectedOn, By: n.By, At: n.At}
		if n.Value != nil {
			ts.Reported.Last.Display = city.Figure(*n.Value, decimalsOf(n.Value))
		}
	}
	return nil
}
