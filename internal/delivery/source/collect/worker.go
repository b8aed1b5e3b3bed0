package collect

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
	"github.com/jinyang-city/jinyang/internal/delivery/source/config"
	"github.com/jinyang-city/jinyang/internal/store"
)

// worker runs one source.
type worker struct {
	*Collector
	declared config.Source
	stopped  chan struct{} // closed when run has ended; nil before start
	cancel   context.CancelFunc
	wake     chan struct{} // holds one element when there is news for run
	open     source.Source // nil while there is no connection; of the goroutine alone
	dataset  *city.Dataset // that open was opened for

	mu     sync.Mutex
	state  State
	known  store.Source // as in the store, and what has not been kept yet
	kept   time.Time    // when known was kept last
	next   time.Time    // when it is due; zero while it runs, is paused or stopped
	asked  bool         // somebody wants a poll now
	halted bool         // paused
}

// worker makes what runs a source, without starting it.
func (c *Collector) worker(ctx context.Context, s config.Source) (*worker, error) {
	known, err := c.States.Source(ctx, s.Name)
	if err != nil {
		return nil, err
	}
	if known.Kind != s.Kind {
		known.Kind, known.Cursor = s.Kind, "" // the cursor means nothing to another kind
	}
	return &worker{Collector: c, declared: s, known: known, halted: known.Paused, state: StateIdle, wake: make(chan struct{}, 1)}, nil
}

// inherit takes over what another declaration of the source, which has ended,
// came to know since the store was read.
func (w *worker) inherit(old *worker) {
	kind := w.known.Kind
	w.known, w.halted = old.known, old.halted
	if w.known.Kind != kind {
		w.known.Kind, w.known.Cursor = kind, ""
	}
}

func (w *worker) start() {
	ctx, cancel := context.WithCancel(w.ctx)
	w.cancel, w.stopped = cancel, make(chan struct{})
	go func() {
		defer close(w.stopped)
		w.run(ctx)
	}()
}

// end stops the source and waits for it.
func (w *worker) end() {
	if w.stopped == nil {
		return
	}
	w.cancel()
	<-w.stopped
}

func (w *worker) paused() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.halted
}

// run polls by the schedule until the context ends.
func (w *worker) run(ctx context.Context) {
	defer w.disconnect()
	defer w.setState(StateStopped, time.Time{})
	if w.paused() {
		w.Log.Warn("a source is paused since an earlier start", "source", w.declared.Name)
	}
	due := w.firstDue()
	for w.waitFor(ctx, due) {
		err := w.poll(ctx)
		if ctx.Err() != nil {
			return
		}
		if due = w.after(ctx, err); err != nil {
			w.Log.Warn("a source could not be fetched", "source", w.declared.Name, "code", city.CodeOf(err), "error", message(err), "again", due)
		}
	}
}

// firstDue is when a source is asked first after a start: at once, or when its
// hour has come. An hour that passed while the program was not running is made
// up for.
func (w *worker) firstDue() time.Time {
	now := w.Now()
	switch s := w.declared.Schedule; {
	case !s.At.Set:
		return now
	case w.known.StartedAt.IsZero():
		return s.Next(now, w.zone())
	default:
		return s.Next(w.known.StartedAt, w.zone())
	}
}

// zone is the city's.
func (w *worker) zone() *time.Location {
	if zone, err := time.LoadLocation(w.City().TimeZone); err == nil {
		return zone
	}
	return time.UTC
}

// longestNap is how long a source waits before it looks at the clock again,
// which may have been set.
const longestNap = time.Minute

// waitFor waits until the source is due, or somebody wants it now. It returns
// false when the context ended.
func (w *worker) waitFor(ctx context.Context, due time.Time) bool {
	for {
		halted, asked := w.orders()
		if asked && !halted {
			return ctx.Err() == nil
		}
		timer := time.NewTimer(min(max(due.Sub(w.Now()), 0), longestNap))
		fire := timer.C
		if halted {
			fire = nil
			w.setState(StatePaused, time.Time{})
		} else {
			w.setNext(due)
		}
		select {
		case <-fire:
			if !w.Now().Before(due) {
				return ctx.Err() == nil
			}
		case <-w.wake:
			timer.Stop()
		case <-ctx.Done():
			timer.Stop()
			return false
		}
	}
}

// orders gives what people asked for, and forgets that they want a poll now.
func (w *worker) orders() (halted, asked bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	asked, w.asked = w.asked, false
	return w.halted, asked
}

// poll fetches and delivers until there is nothing new.
func (w *worker) poll(ctx context.Context) error {
	w.begin()
	for ctx.Err() == nil {
		more, err := w.batch(ctx)
		if err != nil {
			w.disconnect() // the next poll begins with a new connection
			return err
		}
		if !more || w.paused() {
			return nil
		}
	}
	return ctx.Err()
}

// pollOnce polls outside of run.
func (w *worker) pollOnce(ctx context.Context) error {
	defer w.disconnect()
	err := w.poll(ctx)
	if ctx.Err() == nil {
		w.after(ctx, err)
	}
	if err != nil {
		return &SourceError{w.declared.Name, err}
	}
	return nil
}

// SourceError says which source failed.
type SourceError struct {
	Source string
	Err    error
}

// Error gives the source and the error.
func (e *SourceError) Error() string { return e.Source + ": " + e.Err.Error() }

// Unwrap gives the error.
func (e *SourceError) Unwrap() error { return e.Err }

// connect opens the source.
func (w *worker) connect(ctx context.Context) error {
	var ds *city.Dataset
	if w.declared.Dataset != "" {
		var err error
		if ds, err = w.City().Dataset(w.declared.Dataset); err != nil {
			return err
		}
	}
	if w.dataset != ds {
		w.disconnect() // the pack was reloaded
	}
	if w.open != nil {
		return nil
	}
	folder := filepath.Join(w.Folder, w.declared.Name)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return city.Outside(err, "cannot make the folder of the source")
	}
	env := source.Env{Name: w.declared.Name, Dataset: ds, Base: w.declared.Base, Folder: folder, Location: w.zone(), Now: w.Now,
		Log: w.Log.With("source", w.declared.Name), Manifest: w.Manifest, Sealer: w.Sealer}
	opened, err := w.declared.Options.Open(ctx, env)
	if err != nil {
		return city.Outside(err, "the source cannot be opened")
	}
	w.open, w.dataset = opened, ds
	return nil
}

// disconnect closes the source, if it is open. What it says of a connection
// that is given up does not matter to anybody.
func (w *worker) disconnect() {
	if w.open == nil {
		return
	}
	if err := w.open.Close(); err != nil {
		w.Log.Debug("closing a source", "source", w.declared.Name, "error", err)
	}
	w.open = nil
}
