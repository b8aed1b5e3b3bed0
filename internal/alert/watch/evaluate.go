package watch

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Evaluation says what one look made of the alerts.
type Evaluation struct {
	At        time.Time `json:"at"`
	Rules     int       `json:"rules"`
	Readings  int       `json:"readings"`
	Raised    []string  `json:"raised"`    // IDs of alerts
	Recovered []string  `json:"recovered"` // IDs of alerts
	Reminded  []string  `json:"reminded"`  // IDs of alerts
	Messages  int       `json:"messages"`  // queued
	Failed    []Failure `json:"failed"`    // rules that could not be read, of which nothing was decided
}

// Failure is a rule that could not be read.
type Failure struct {
	Rule    string    `json:"rule"`
	Code    city.Code `json:"code"`
	Message string    `json:"message"`
}

// The names of the durable steps, see Config.Step.
const (
	StepKept = "alerts.kept" // the change is kept, its messages wait
	StepSent = "alerts.sent" // a message is sent, and that is not kept yet
)

// Evaluate looks at everything that is watched, and keeps what becomes of the
// alerts together with the messages that are to be sent.
func (s *Service) Evaluate(ctx context.Context) (*Evaluation, error) {
	s.looking.Lock()
	defer s.looking.Unlock()
	looks, err := s.Look(ctx)
	if err != nil {
		return nil, err
	}
	out := &Evaluation{At: s.now(), Rules: len(looks), Raised: []string{}, Recovered: []string{}, Reminded: []string{}, Failed: []Failure{}}
	for _, l := range looks {
		out.Readings += len(l.Readings)
		if l.Err != nil {
			out.Failed = append(out.Failed, Failure{l.Rule.Name, city.CodeOf(l.Err), l.Err.Error()})
		}
	}
	changed := false
	err = s.Store.ChangeAlerts(ctx, out.At, func(book store.AlertBook) (store.AlertChange, error) {
		c, err := s.decide(book, looks, out)
		changed = len(c.Put)+len(c.Drop) > 0
		return c, err
	})
	if err != nil {
		return nil, err
	}
	if changed {
		s.step(StepKept)
		s.tell(ctx)
	}
	return out, nil
}

// tell says to who wants to know that alerts have changed.
func (s *Service) tell(ctx context.Context) {
	if s.Changed == nil {
		return
	}
	if c, err := s.Counts(ctx); err == nil {
		s.Changed(c)
	}
}

// change gathers what a look changes.
type change struct {
	store.AlertChange
	tellings []alert.Telling
}

// add takes an outcome up when it differs from what is kept.
func (c *change) add(o alert.Outcome, was store.Alert) error {
	if o.Alert.Never() {
		if was.ID != "" {
			c.Drop = append(c.Drop, was.ID)
		}
		return nil
	}
	p, err := put(o.Alert, was)
	if err != nil {
		return err
	}
	if !bytes.Equal(p.Body, was.Body) {
		c.Put = append(c.Put, p)
	}
	for _, e := range o.Events {
		c.Events = append(c.Events, store.AlertEvent{AlertID: o.Alert.ID, At: e.At, Kind: string(e.Kind), Occurrence: e.Occ, Text: e.Text, By: e.By, Note: e.Note})
	}
	if o.Tell != "" {
		c.tellings = append(c.tellings, alert.Telling{Alert: o.Alert, Kind: o.Tell})
	}
	return nil
}

// decide works out what the looks change.
func (s *Service) decide(book store.AlertBook, looks []Look, out *Evaluation) (store.AlertChange, error) {
	var c change
	have, silences := byID(book.Alerts), silencesOf(book.Silences)
	seen := map[string]bool{}
	for _, l := range looks {
		p := alert.Policy{Stays: l.Rule.Stays, RepeatAfter: l.Rule.RepeatAfter}
		for _, r := range l.Readings {
			id := alert.ID(r.Rule, r.Subject)
			was, a := have[id], alert.Alert{ID: id}
			var err error
			if was.ID != "" {
				if a, err = kept(was); err != nil {
					return c.AlertChange, err
				}
			}
			seen[id] = true
			if err := c.add(alert.Next(a, r, p, silences, out.At), was); err != nil {
				return c.AlertChange, err
			}
		}
	}
	if err := c.unwatched(book.Alerts, looks, seen, out.At); err != nil {
		return c.AlertChange, err
	}
	err := s.finish(&c, out)
	return c.AlertChange, err
}

// unwatched ends the alerts whose rule or subject is gone. A rule that could not
// be read says nothing of its subjects.
func (c *change) unwatched(all []store.Alert, looks []Look, seen map[string]bool, now time.Time) error {
	unread := map[string]bool{}
	for _, l := range looks {
		unread[l.Rule.Name] = l.Err != nil
	}
	for _, was := range all {
		if seen[was.ID] || unread[was.Rule] {
			continue
		}
		a, err := kept(was)
		if err == nil {
			err = c.add(alert.Unwatched(a, now), was)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// finish makes the messages and the audit record of a change.
func (s *Service) finish(c *change, out *Evaluation) error {
	for _, e := range c.Events {
		switch alert.EventKind(e.Kind) {
		case alert.EventRaised:
			out.Raised = append(out.Raised, e.AlertID)
		case alert.EventRecovered, alert.EventUnwatched:
			out.Recovered = append(out.Recovered, e.AlertID)
		case alert.EventReminded:
			out.Reminded = append(out.Reminded, e.AlertID)
		}
	}
	for _, m := range alert.Messages(s.City(), s.routes(), c.tellings, out.At) {
		doc, err := json.Marshal(m)
		if err != nil {
			return city.Errorf(city.CodeInternal, "cannot write a message: %w", err)
		}
		n := store.Notification{Key: m.Key, Channel: m.Channel, Message: doc, NextAt: out.At, CreatedAt: out.At}
		for _, i := range m.Items {
			n.Alerts = append(n.Alerts, i.Alert)
		}
		c.Tell = append(c.Tell, n)
	}
	out.Messages = len(c.Tell)
	c.Entries = []audit.Entry{s.entry(policy.System(who).Name, "alerts.evaluate", "alerts", map[string]any{
		"raised": out.Raised, "recovered": out.Recovered, "messages": out.Messages, "changed": len(c.Put) + len(c.Drop)})}
	return nil
}

func byID(all []store.Alert) map[string]store.Alert {
	out := make(map[string]store.Alert, len(all))
	for _, a := range all {
		out[a.ID] = a
	}
	return out
}

func silencesOf(all []store.Silence) []alert.Silence {
	out := make([]alert.Silence, len(all))
	for i, s := range all {
		out[i] = alert.Silence(s)
	}
	return out
}
