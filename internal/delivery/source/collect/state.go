package collect

import (
	"context"
	"math"
	"strings"
	"time"
	"unicode"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
	"github.com/jinyang-city/jinyang/internal/store"
)

// State says what a source is doing.
type State string

// The states of a source.
const (
	StateIdle    State = "idle"    // the last poll ended well; the next comes by the schedule
	StateRunning State = "running" // it is being polled
	StateWaiting State = "waiting" // the last poll failed; it is tried again soon
	StateFailed  State = "failed"  // the last poll failed in a way that needs a person
	StatePaused  State = "paused"  // a person paused it
	StateStopped State = "stopped" // the program ends
)

// noteIdle is how often a poll that found nothing is noted in the store. More
// often would write all day to say nothing.
const noteIdle = time.Minute

// mostMessage bounds the message of an error that is kept, in characters.
const mostMessage = 500

func (w *worker) setState(s State, next time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state, w.next = s, next
}

// setNext says when the source is due, without a change of its state but for
// one that was paused.
func (w *worker) setNext(due time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.next = due; w.state == StatePaused {
		w.state = StateIdle
		if w.known.Failures > 0 {
			w.state = stateAfter(w.known.ErrorCode)
		}
	}
}

func (w *worker) cursor() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.known.Cursor
}

func (w *worker) begin() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state, w.next, w.known.StartedAt = StateRunning, time.Time{}, w.Now()
}

// keepCursor keeps that a batch is over.
func (w *worker) keepCursor(ctx context.Context, cursor string) error {
	w.mu.Lock()
	k := w.known
	w.mu.Unlock()
	k.Cursor = cursor
	if err := w.keep(ctx, k); err != nil {
		return err
	}
	w.changed()
	return nil
}

// keep writes what is known to the store, and then knows it.
func (w *worker) keep(ctx context.Context, k store.Source) error {
	if err := w.States.KeepSource(ctx, k); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.known, w.kept = k, w.Now()
	return nil
}

// after notes how a poll ended, and gives when the next is due.
func (w *worker) after(ctx context.Context, err error) time.Time {
	w.mu.Lock()
	k, kept := w.known, w.kept
	w.mu.Unlock()
	now := w.Now()
	due, state := w.declared.Schedule.Next(now, w.zone()), StateIdle
	worth := err != nil || k.Failures > 0
	if err == nil {
		k.OKAt, k.Failures, k.ErrorCode, k.ErrorMessage, k.ErrorAt = now, 0, "", "", time.Time{}
	} else {
		k.Failures, k.ErrorCode, k.ErrorMessage, k.ErrorAt = k.Failures+1, city.CodeOf(err), message(err), now
		state = stateAfter(k.ErrorCode)
		due = now.Add(max(w.pause(state, k.Failures), source.LaterThan(err)))
	}
	brought := !kept.Before(k.StartedAt)
	if worth || brought || now.Sub(kept) >= noteIdle {
		if kerr := w.keep(ctx, k); kerr != nil {
			w.Log.Error("the state of a source could not be kept", "source", w.declared.Name, "error", kerr)
		}
	}
	w.mu.Lock()
	w.known, w.state, w.next = k, state, due
	w.mu.Unlock()
	if worth {
		w.changed()
	}
	return due
}

// stateAfter tells what time mends from what a person must.
func stateAfter(code city.Code) State {
	if (&city.Error{Code: code}).Retry() {
		return StateWaiting
	}
	return StateFailed
}

// pause is how long to wait after so many failures: twice as long after each,
// less up to half of it by chance, so that many sources of one server do not
// come back all at once.
func (w *worker) pause(s State, failures int64) time.Duration {
	if s == StateFailed {
		return w.declared.RetryMost
	}
	return backoff(w.declared.RetryFirst, w.declared.RetryMost, failures, w.Jitter())
}

func backoff(first, most time.Duration, failures int64, jitter float64) time.Duration {
	d := float64(first) * math.Pow(2, float64(max(failures, 1)-1))
	if d > float64(most) {
		d = float64(most)
	}
	return time.Duration(d * (1 - jitter/2))
}

// message is what is kept and shown of an error: one line of bounded length.
func message(err error) string {
	text := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(err.Error(), "?"))
	if r := []rune(text); len(r) > mostMessage {
		return string(r[:mostMessage]) + "…"
	}
	return text
}

func (w *worker) changed() {
	if w.Changed != nil {
		w.Changed(w.declared.Name)
	}
}
