package collect

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Item is a source as people see it.
type Item struct {
	Name           string     `json:"name"`
	Kind           string     `json:"kind" doc:"how it is reached: file, http, sftp, sqltable, nats or mqtt"`
	Dataset        string     `json:"dataset" doc:"empty when manifests name it"`
	Schedule       string     `json:"schedule"`
	State          State      `json:"state" enum:"idle,running,waiting,failed,paused,stopped"`
	LastStartedAt  *time.Time `json:"last_started_at" nullable:"true"`
	LastOKAt       *time.Time `json:"last_ok_at" nullable:"true"`
	NextAt         *time.Time `json:"next_at" nullable:"true" doc:"null while it runs, is paused or stopped"`
	Failures       int64      `json:"failures" doc:"polls in a row that failed"`
	LastError      *Failure   `json:"last_error" doc:"null when the last poll ended well"`
	Deliveries     int64      `json:"deliveries"`
	RowsReceived   int64      `json:"rows_received"`
	RowsAccepted   int64      `json:"rows_accepted"`
	LastDeliveryID string     `json:"last_delivery_id"`
	Where          string     `json:"where" doc:"folder or address; never a secret"`
}

// Failure is why the last poll of a source failed.
type Failure struct {
	Code    city.Code `json:"code"`
	Message string    `json:"message"`
	At      time.Time `json:"at"`
}

// Items gives all sources by name.
func (c *Collector) Items(ctx context.Context) ([]Item, error) {
	counts, err := c.States.Sources(ctx)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	workers := slices.Collect(maps.Values(c.workers))
	c.mu.Unlock()
	out := make([]Item, 0, len(workers))
	for _, w := range workers {
		out = append(out, w.item(counts[w.declared.Name]))
	}
	slices.SortFunc(out, func(a, b Item) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}

// Item gives one source.
func (c *Collector) Item(ctx context.Context, name string) (*Item, error) {
	w, err := c.find(name)
	if err != nil {
		return nil, err
	}
	counts, err := c.States.Sources(ctx)
	if err != nil {
		return nil, err
	}
	i := w.item(counts[name])
	return &i, nil
}

func (w *worker) item(counts store.Source) Item {
	w.mu.Lock()
	defer w.mu.Unlock()
	s, k := w.declared, w.known
	i := Item{Name: s.Name, Kind: s.Kind, Dataset: s.Dataset, Schedule: s.Schedule.String(), State: w.state,
		LastStartedAt: timeOf(k.StartedAt), LastOKAt: timeOf(k.OKAt), NextAt: timeOf(w.next), Failures: k.Failures,
		Deliveries: counts.Deliveries, RowsReceived: counts.Received, RowsAccepted: counts.Accepted, LastDeliveryID: counts.LastDelivery, Where: s.Where()}
	if k.Failures > 0 {
		i.LastError = &Failure{k.ErrorCode, k.ErrorMessage, k.ErrorAt}
	}
	if w.halted && w.state != StateRunning && w.state != StateStopped {
		i.State, i.NextAt = StatePaused, nil
	}
	return i
}

func timeOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// Run has a source polled now.
func (c *Collector) Run(ctx context.Context, name string) (*Item, error) {
	w, err := c.find(name)
	if err != nil {
		return nil, err
	}
	if w.paused() {
		return nil, city.Errorf("conflict.source", "the source %s is paused", name).WithHint("resume it first")
	}
	w.order(func() { w.asked = true })
	return c.Item(ctx, name)
}

// Pause keeps a source from being polled until it is resumed, also by later
// starts of the program. A batch that is on its way ends first.
func (c *Collector) Pause(ctx context.Context, name, actor string) (*Item, error) {
	return c.setPaused(ctx, name, actor, "source.pause", true)
}

// Resume undoes Pause.
func (c *Collector) Resume(ctx context.Context, name, actor string) (*Item, error) {
	return c.setPaused(ctx, name, actor, "source.resume", false)
}

func (c *Collector) setPaused(ctx context.Context, name, actor, action string, paused bool) (*Item, error) {
	w, err := c.find(name)
	if err != nil {
		return nil, err
	}
	if w.paused() != paused {
		e := audit.Entry{At: c.Now(), Actor: actor, Action: action, Subject: name}
		if err := c.States.PauseSource(ctx, name, w.declared.Kind, paused, e); err != nil {
			return nil, err
		}
		w.order(func() { w.halted = paused })
		w.changed()
	}
	return c.Item(ctx, name)
}

// order changes what the goroutine of the source looks at, and wakes it.
func (w *worker) order(change func()) {
	w.mu.Lock()
	change()
	w.mu.Unlock()
	select {
	case w.wake <- struct{}{}:
	default: // it is awake already
	}
}
