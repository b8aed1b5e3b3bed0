package watch

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/progress"
	"github.com/jinyang-city/jinyang/internal/store"
)

// The bounds of what people say.
const (
	longestNote    = 500 // characters
	longestSilence = 366 * 24 * time.Hour
	codeSilence    = city.CodeInvalid + ".silence"
)

// Answer is what a person says of an alert.
type Answer struct {
	By   string `json:"by" maxLength:"50" doc:"name of who does this, as stated"`
	Note string `json:"note,omitempty" maxLength:"500" doc:"what is being done about it"`
}

// Acknowledge says that somebody looks after an alert: nobody is reminded of it
// any more. One that is over is conflict.alert.
func (s *Service) Acknowledge(ctx context.Context, p policy.Principal, id string, a Answer) (*Alert, error) {
	return s.answer(ctx, p, id, a, "alert.acknowledge", alert.Acknowledge)
}

// Reopen takes an acknowledgement back.
func (s *Service) Reopen(ctx context.Context, p policy.Principal, id string, a Answer) (*Alert, error) {
	return s.answer(ctx, p, id, a, "alert.reopen", alert.Reopen)
}

func (s *Service) answer(ctx context.Context, p policy.Principal, id string, a Answer, action string, f func(alert.Alert, string, string, time.Time) (alert.Outcome, error)) (*Alert, error) {
	if err := p.Known(); err != nil {
		return nil, err
	}
	by, err := progress.PersonName(a.By)
	if err != nil {
		return nil, err
	}
	note, err := sentenceOf(a.Note, "note")
	if err != nil {
		return nil, err
	}
	now := s.now()
	err = s.Store.ChangeAlerts(ctx, now, func(book store.AlertBook) (store.AlertChange, error) {
		was, ok := byID(book.Alerts)[id]
		if !ok {
			return store.AlertChange{}, city.Errorf(city.CodeNotFound, "there is no alert %.100q", id)
		}
		have, err := kept(was)
		if err != nil {
			return store.AlertChange{}, err
		}
		o, err := f(have, by, note, now)
		if err != nil {
			return store.AlertChange{}, err
		}
		var c change
		err = c.add(o, was)
		c.Entries = []audit.Entry{s.entry(p.Name, action, id, map[string]any{"occurrence": have.Occurrence})}
		return c.AlertChange, err
	})
	if err != nil {
		return nil, err
	}
	s.tell(ctx)
	d, err := s.Alert(ctx, p, id)
	if err != nil {
		return nil, err
	}
	return &d.Alert, nil
}

// Hush is a silence as somebody asks for it.
type Hush struct {
	Rule    string    `json:"rule,omitempty" maxLength:"200" doc:"silences this rule"`
	Subject string    `json:"subject,omitempty" maxLength:"500" doc:"silences this subject"`
	Owner   string    `json:"owner,omitempty" maxLength:"100" doc:"silences the alerts of this owner; what is given must all match"`
	Until   time.Time `json:"until" doc:"when it ends by itself; at most a year from now"`
	Reason  string    `json:"reason" maxLength:"500"`
	By      string    `json:"by" maxLength:"50" doc:"name of who silences, as stated"`
}

// Silence holds the messages of alerts back for a while. The alerts stay to be
// seen. What it outlasts is never told; what outlasts it is told then.
func (s *Service) Silence(ctx context.Context, p policy.Principal, h Hush) (*Silence, error) {
	if err := p.Known(); err != nil {
		return nil, err
	}
	now := s.now()
	made, err := s.silence(h, now)
	if err != nil {
		return nil, err
	}
	made.As = p.Name
	return s.rehush(ctx, now, made, s.entry(p.Name, "alert.silence", made.ID, map[string]any{"rule": made.Rule, "subject": made.Subject, "owner": made.Owner, "until": made.Until}))
}

func (s *Service) silence(h Hush, now time.Time) (out store.Silence, err error) {
	bad := func(where, format string, args ...any) error {
		return city.Errorf(codeSilence, format, args...).At(where)
	}
	if out.By, err = progress.PersonName(h.By); err != nil {
		return out, err
	}
	if out.Reason, err = sentenceOf(h.Reason, "reason"); err != nil {
		return out, err
	}
	switch {
	case out.Reason == "":
		return out, bad("reason", "no reason is given")
	case h.Rule == "" && h.Subject == "" && h.Owner == "":
		return out, bad("rule", "it is not said what to silence")
	case !h.Until.After(now):
		return out, bad("until", "the silence would be over already")
	case h.Until.After(now.Add(longestSilence)):
		return out, bad("until", "the silence would last for more than a year")
	}
	if h.Rule != "" {
		if _, err := s.City().Alert(h.Rule); err != nil {
			return out, err
		}
	}
	if h.Owner != "" {
		if _, err := s.City().Organisation(h.Owner); err != nil {
			return out, err
		}
	}
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand aborts the program instead
	out.ID = "S" + now.UTC().Format("20060102150405") + "-" + hex.EncodeToString(b[:])
	out.Rule, out.Subject, out.Owner, out.Until, out.At = h.Rule, h.Subject, h.Owner, h.Until.Truncate(audit.Precision), now
	return out, nil
}

// Unsilence ends a silence before its time. Ending one that is over changes
// nothing.
func (s *Service) Unsilence(ctx context.Context, p policy.Principal, id, by string) (*Silence, error) {
	if err := p.Known(); err != nil {
		return nil, err
	}
	name, err := progress.PersonName(by)
	if err != nil {
		return nil, err
	}
	have, err := s.Store.Silence(ctx, id)
	if err != nil {
		return nil, err
	}
	now := s.now()
	if !alert.Silence(have).InForce(now) {
		return s.newSilence(have, now), nil
	}
	have.EndedAt, have.EndedBy = now, name
	return s.rehush(ctx, now, have, s.entry(p.Name, "alert.unsilence", id, nil))
}

// rehush keeps a silence that was made or ended, with what that makes of the
// alerts, in one transaction.
func (s *Service) rehush(ctx context.Context, now time.Time, one store.Silence, e audit.Entry) (*Silence, error) {
	err := s.Store.ChangeAlerts(ctx, now, func(book store.AlertBook) (store.AlertChange, error) {
		var c change
		c.Silences, c.Entries = []store.Silence{one}, []audit.Entry{e}
		silences := []alert.Silence{}
		for _, other := range append(silencesOf(book.Silences), alert.Silence(one)) {
			if other.ID != one.ID || other.EndedAt.Equal(one.EndedAt) {
				silences = append(silences, other)
			}
		}
		for _, was := range book.Alerts {
			have, err := kept(was)
			if err == nil && have.Up() {
				err = c.add(alert.Hushed(have, silences, now), was)
			}
			if err != nil {
				return c.AlertChange, err
			}
		}
		return c.AlertChange, nil
	})
	if err != nil {
		return nil, err
	}
	s.tell(ctx)
	if s.Due != nil {
		s.Due() // what is let out is told at the next look
	}
	return s.newSilence(one, now), nil
}

// sentenceOf reads what somebody writes. ID numbers in it are masked.
func sentenceOf(text, where string) (string, error) {
	text = strings.TrimSpace(text)
	switch {
	case !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }):
		return "", city.Errorf(city.CodeInvalid+".alert", "the %s is not text", where).At(where)
	case utf8.RuneCountInString(text) > longestNote:
		return "", city.Errorf(city.CodeInvalid+".alert", "the %s is longer than %d characters", where, longestNote).At(where)
	}
	return validate.MaskText(text), nil
}
