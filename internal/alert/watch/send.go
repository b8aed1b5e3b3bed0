package watch

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

// How long a message is tried for, and how often.
const (
	firstPause = 10 * time.Second
	mostPause  = time.Hour
	tryFor     = 72 * time.Hour
	sendTime   = 2 * time.Minute // the longest that one attempt may take, whatever its channel says
)

// Dispatch says what one pass of sending did.
type Dispatch struct {
	Sent   int `json:"sent"`
	Failed int `json:"failed"` // attempts, whether or not they are made again
	Given  int `json:"given_up"`
}

// Send sends the messages whose time has come. A channel that fails keeps its
// later messages waiting in this pass, so that they come in order; other
// channels go on.
func (s *Service) Send(ctx context.Context) (Dispatch, error) {
	s.sending.Lock()
	defer s.sending.Unlock()
	var out Dispatch
	due, err := s.Store.DueNotifications(ctx, s.Now(), store.MaxPage)
	if err != nil {
		return out, err
	}
	down := map[string]bool{}
	for _, n := range due {
		if ctx.Err() != nil {
			return out, nil // they wait for the next start
		}
		if down[n.Channel] {
			continue
		}
		err := s.attempt(ctx, n)
		if ctx.Err() != nil {
			return out, nil // cut off: not the channel's fault
		}
		down[n.Channel] = err != nil
		if err := s.settle(ctx, n, err, &out); err != nil {
			return out, err
		}
	}
	return out, nil
}

// attempt sends one message.
func (s *Service) attempt(ctx context.Context, n store.Notification) error {
	var m alert.Message
	if err := json.Unmarshal(n.Message, &m); err != nil {
		return city.Errorf("invalid.database", "the message %s in the database is not one that this program wrote", n.Key)
	}
	for _, c := range s.Channels() {
		if c.Route().Channel == n.Channel {
			ctx, cancel := context.WithTimeout(ctx, sendTime)
			defer cancel()
			return c.Send(ctx, m)
		}
	}
	return city.Errorf("not_found.channel", "no channel %s is declared", n.Channel).WithHint("declare it in alerts.yaml again")
}

// settle keeps how an attempt ended.
func (s *Service) settle(ctx context.Context, n store.Notification, failure error, out *Dispatch) error {
	now := s.Now()
	n.Attempts++
	n.ErrorCode, n.Error = "", ""
	actor := policy.System(who).Name
	if failure == nil {
		s.step(StepSent)
		out.Sent++
		n.State, n.EndedAt = store.NotificationSent, now
		e := s.entry(actor, "alert.sent", n.Key, map[string]any{"channel": n.Channel, "attempts": n.Attempts})
		return s.Store.SettleNotification(ctx, n, &e)
	}
	out.Failed++
	n.ErrorCode, n.Error = city.CodeOf(failure), words(failure)
	if now.Sub(n.CreatedAt) < tryFor {
		n.NextAt = now.Add(pause(n.Attempts))
		s.Log.Warn("a message was not sent, and is tried again", "channel", n.Channel, "key", n.Key, "attempts", n.Attempts, "next", n.NextAt, "error", failure)
		return s.Store.SettleNotification(ctx, n, nil)
	}
	out.Given++
	n.State, n.EndedAt = store.NotificationFailed, now
	s.Log.Error("a message was not sent, and is not tried any more", "channel", n.Channel, "key", n.Key, "attempts", n.Attempts, "error", failure)
	e := s.entry(actor, "alert.failed", n.Key, map[string]any{"channel": n.Channel, "attempts": n.Attempts, "code": n.ErrorCode})
	return s.Store.SettleNotification(ctx, n, &e)
}

// pause doubles from attempt to attempt.
func pause(attempts int) time.Duration {
	p := firstPause
	for range attempts - 1 {
		if p *= 2; p >= mostPause {
			return mostPause
		}
	}
	return p
}

// words are an error's own, without its cause: what a server answers may repeat
// what it was sent.
func words(err error) string {
	var e *city.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return "it could not be sent"
}

// Wait is how long nothing needs to be sent; 0 when something is due, and at
// most the given time.
func (s *Service) Wait(ctx context.Context, most time.Duration) (time.Duration, error) {
	next, err := s.Store.NextNotification(ctx)
	if err != nil || next.IsZero() {
		return most, err
	}
	return min(most, max(0, next.Sub(s.Now()))), nil
}

// NextLook is how long nothing need be looked at: until a silence ends, and at
// most the given time.
func (s *Service) NextLook(ctx context.Context, most time.Duration) time.Duration {
	now := s.Now()
	all, err := s.Store.Silences(ctx, now)
	if err != nil {
		return most
	}
	for _, one := range all {
		most = min(most, max(time.Second, one.Until.Sub(now)))
	}
	return most
}

// Try sends a message that says that it is only a test, and keeps nothing of it.
func (s *Service) Try(ctx context.Context, channel string) error {
	for _, c := range s.Channels() {
		if c.Route().Channel == channel {
			now := s.now()
			return c.Send(ctx, alert.Message{Key: "test-" + now.UTC().Format("20060102T150405.000000"), Channel: channel, At: now, City: s.City().Name, Test: true, Items: []alert.Item{}})
		}
	}
	var names []string
	for _, c := range s.Channels() {
		names = append(names, c.Route().Channel)
	}
	err := city.Errorf("not_found.channel", "no channel %.100q is declared", channel)
	if near := city.Nearest(channel, names); near != "" {
		return err.WithHint("did you mean %s?", near)
	}
	return err.WithHint("declare channels in alerts.yaml of the data folder, see docs/alerts.md")
}
