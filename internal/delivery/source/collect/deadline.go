package collect

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// deadline is a context that ends after some time, which can be held.
type deadline struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	length time.Duration

	mu    sync.Mutex
	timer *time.Timer
}

var errLate = errors.New("the time for one batch is over")

func newDeadline(parent context.Context, length time.Duration) *deadline {
	ctx, cancel := context.WithCancelCause(parent)
	d := &deadline{ctx: ctx, cancel: cancel, length: length}
	d.resume()
	return d
}

// resume lets the time run, from its beginning.
func (d *deadline) resume() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.timer = time.AfterFunc(d.length, func() { d.cancel(errLate) })
}

// hold stops the time.
func (d *deadline) hold() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.timer.Stop()
}

func (d *deadline) stop() {
	d.hold()
	d.cancel(nil)
}

// explain says that it was the time that ended something.
func (d *deadline) explain(err error) error {
	if err == nil || !errors.Is(context.Cause(d.ctx), errLate) {
		return err
	}
	return city.Errorf("unavailable.timeout", "the batch took longer than %s: %w", d.length, err).
		WithHint("the sender hangs or is slow; raise timeout when its batches are large")
}
