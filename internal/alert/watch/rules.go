package watch

import (
	"context"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// Watched is a rule, and what it reads now.
type Watched struct {
	Rule       city.Named    `json:"rule"`
	Note       city.Text     `json:"note"`
	Words      city.Text     `json:"words"` // what it watches, as a sentence
	Severity   city.Severity `json:"severity" enum:"info,warning,critical"`
	Channels   []string      `json:"channels"` // of the data folder, that take it
	DeclaredAt string        `json:"declared_at"`
	Raised     int           `json:"raised"` // readings that say raise
	Readings   []Read        `json:"readings"`
	Error      string        `json:"error,omitempty"` // why it could not be read
}

// Read is what a rule reads of one subject.
type Read struct {
	Subject Subject     `json:"subject"`
	Owner   city.Named  `json:"owner"`
	Level   alert.Level `json:"level" enum:"raise,hold,clear,unknown"`
	Text    city.Text   `json:"text"`
	Display string      `json:"display"`
	Alert   string      `json:"alert"` // ID that an alert of it has, or would have
}

// Rules tells what is watched and what is read now. It changes nothing.
func (s *Service) Rules(ctx context.Context, p policy.Principal) ([]Watched, error) {
	if err := p.Known(); err != nil {
		return nil, err
	}
	looks, err := s.Look(ctx)
	if err != nil {
		return nil, err
	}
	out := []Watched{}
	c := s.City()
	for _, l := range looks {
		w := Watched{Rule: city.Named{Name: l.Rule.Name, Title: l.Rule.Title}, Note: l.Rule.Note, Words: alert.Words(c, l.Rule), Severity: l.Rule.Severity,
			Channels: []string{}, DeclaredAt: l.Rule.Pos.String(), Readings: []Read{}}
		for _, r := range s.routes() {
			if r.TakesRule(l.Rule) {
				w.Channels = append(w.Channels, r.Channel)
			}
		}
		if l.Err != nil {
			w.Error = l.Err.Error()
		}
		for _, r := range l.Readings {
			if r.Level == alert.Raise {
				w.Raised++
			}
			w.Readings = append(w.Readings, Read{Subject{r.Subject, r.Title, r.Link, r.Name}, c.OrganisationNamed(r.Owner), r.Level, r.Text, r.Display, alert.ID(r.Rule, r.Subject)})
		}
		out = append(out, w)
	}
	return out, nil
}
