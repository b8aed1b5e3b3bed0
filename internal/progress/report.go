package progress

import (
	"strconv"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/store"
)

// File is a file that shows what a report says.
type File struct {
	Number    int    `json:"number"` // from 1
	Name      string `json:"name"`
	MediaType string `json:"media_type"`
	Bytes     int64  `json:"bytes"`
	SHA256    string `json:"sha256"`
}

// Report is what was reported by hand for a target and a period.
type Report struct {
	ID           string              `json:"id"`
	Target       city.Named          `json:"target"`
	Period       string              `json:"period"`
	To           city.Date           `json:"to"`      // last day of the period
	Version      int64               `json:"version"` // from 1 within the target and period
	Owner        city.Named          `json:"owner"`   // who reports
	Value        *float64            `json:"value"`   // null for a milestone
	Display      string              `json:"display"`
	Unit         city.Named          `json:"unit"`
	DoneOn       city.Date           `json:"done_on"`
	ExpectedOn   city.Date           `json:"expected_on"`
	Note         string              `json:"note"`
	Files        []File              `json:"files"`
	By           string              `json:"by"`          // as stated
	ReportedAs   string              `json:"reported_as"` // the principal who was let in
	At           time.Time           `json:"at"`
	Replaces     string              `json:"replaces,omitempty"`
	State        store.ProgressState `json:"state" enum:"reported,approved,rejected,withdrawn,superseded"`
	DecidedBy    string              `json:"decided_by,omitempty"`
	DecidedAs    string              `json:"decided_as,omitempty"`
	DecidedAt    time.Time           `json:"decided_at,omitzero"`
	Reason       string              `json:"reason,omitempty"`
	SupersededBy string              `json:"superseded_by,omitempty"`
	Simulated    bool                `json:"simulated"`
}

// newReport names what a report is about. A target that the pack no longer
// declares keeps its name.
func newReport(c *city.City, r store.ProgressReport) Report {
	out := Report{ID: r.ID, Target: city.Named{Name: r.Target, Title: city.Text{ZH: r.Target, EN: r.Target}}, Period: r.Period, To: r.To, Version: r.Version,
		Owner: c.OrganisationNamed(r.Owner), Value: r.Value, Display: display(r.Value), DoneOn: r.DoneOn, ExpectedOn: r.ExpectedOn, Note: r.Note,
		Files: []File{}, By: r.By, ReportedAs: r.As, At: r.At, Replaces: r.Replaces, State: r.State, DecidedBy: r.DecidedBy, DecidedAs: r.DecidedAs,
		DecidedAt: r.DecidedAt, Reason: r.Reason, SupersededBy: r.SupersededBy, Simulated: r.Simulated}
	for i, f := range r.Files {
		out.Files = append(out.Files, File{i + 1, f.Name, f.MediaType, f.Bytes, f.SHA256})
	}
	if t, err := c.Target(r.Target); err == nil {
		out.Target.Title, out.Unit = t.Title, c.UnitNamed(t.Unit)
	}
	return out
}

// display writes a reported number with the decimals that it was given.
func display(v *float64) string {
	if v == nil {
		return ""
	}
	_, part, _ := strings.Cut(strconv.FormatFloat(*v, 'f', -1, 64), ".")
	return city.Figure(*v, len(part))
}
