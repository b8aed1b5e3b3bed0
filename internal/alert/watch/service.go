package watch

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/progress"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Answers is what is read of analysis. *analysis.Service has it.
type Answers interface {
	Query(ctx context.Context, who policy.Principal, q analysis.Question) (*analysis.Answer, error)
	Board(ctx context.Context, who policy.Principal, year int) (*analysis.Board, error)
}

// Reports is what is read of reports by hand. *progress.Service has it.
type Reports interface {
	Standings(ctx context.Context, who policy.Principal, f progress.StandingFilter) ([]progress.Standing, error)
}

// Channel sends messages to somebody.
type Channel interface {
	alert.Routed
	Send(ctx context.Context, m alert.Message) error
}

// Config is what a Service works with.
type Config struct {
	Store   *store.Store
	Answers Answers
	Reports Reports
	City    func() *city.City
	Today   func() city.Date // the day that the city stands at
	Now     func() time.Time
	Log     *slog.Logger
	// Changed is told after a change was kept; it may be nil.
	Changed func(Counts)
	// Due asks for a look soon; it may be nil.
	Due func()
	// Step, when it is not nil, is told of each durable step, for tests that end
	// the process there.
	Step func(string)
}

// Service watches. It is safe for concurrent use.
type Service struct {
	Config

	looking  sync.Mutex // one look at a time, so that a slow one does not undo a later one
	sending  sync.Mutex // one pass of sending at a time, so that no message is sent by two
	mu       sync.Mutex
	channels []Channel
}

// Who looks.
const who = "alerts"

// New makes a Service without channels.
func New(c Config) *Service {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Service{Config: c}
}

// Use has messages go to these channels from now on.
func (s *Service) Use(channels []Channel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels = channels
}

// Channels gives the channels in use.
func (s *Service) Channels() []Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.channels
}

func (s *Service) routes() []alert.Route {
	var out []alert.Route
	for _, c := range s.Channels() {
		out = append(out, c.Route())
	}
	return out
}

// now is the time by the city's clock, as finely as the store keeps it.
func (s *Service) now() time.Time {
	t := s.Now().Truncate(audit.Precision)
	if zone, err := time.LoadLocation(s.City().TimeZone); err == nil {
		t = t.In(zone)
	}
	return t
}

func (s *Service) step(name string) {
	if s.Step != nil {
		s.Step(name)
	}
}

// entry writes an audit entry; detail is free of personal data.
func (s *Service) entry(actor, action, subject string, detail any) audit.Entry {
	e := audit.Entry{At: s.Now(), Actor: actor, Action: action, Subject: subject}
	if doc, err := json.Marshal(detail); err == nil {
		e.Detail = doc
	}
	return e
}

// kept reads an alert as the store has it.
func kept(a store.Alert) (alert.Alert, error) {
	var out alert.Alert
	if err := json.Unmarshal(a.Body, &out); err != nil {
		return out, city.Errorf("invalid.database", "the alert %s in the database is not one that this program wrote", a.ID)
	}
	return out, nil
}

// put is an alert as the store keeps it. A new occurrence takes its place among
// the newest.
func put(a alert.Alert, was store.Alert) (store.Alert, error) {
	body, err := json.Marshal(a)
	if err != nil {
		return store.Alert{}, city.Errorf(city.CodeInternal, "cannot write the alert %s: %w", a.ID, err)
	}
	out := store.Alert{ID: a.ID, Seq: was.Seq, Rule: a.Rule, Subject: a.Subject, Owner: a.Owner, Severity: a.Severity, State: string(a.State), Silence: a.Silence, Body: body}
	if a.Up() {
		out.Urgency = a.Severity.Rank()
		if was.Urgency == 0 {
			out.Seq = 0
		}
	}
	return out, nil
}
