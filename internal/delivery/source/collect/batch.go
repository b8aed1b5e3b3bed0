package collect

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// settleTime is how long the sender may take to be told of a receipt, and the
// store to keep the cursor, beyond the end of the program.
const settleTime = time.Minute

// batch fetches one batch, delivers it and tells its sender. It says whether
// there was one.
func (w *worker) batch(ctx context.Context) (more bool, err error) {
	b, r, err := w.fetch(ctx)
	if err != nil || b == nil {
		return false, err
	}
	if w.Delivered != nil {
		w.Delivered(w.declared.Name, r)
	}
	return true, w.settle(ctx, b, r)
}

// fetch fetches a batch and delivers it, in the time that a batch may take.
func (w *worker) fetch(ctx context.Context) (b *source.Batch, r *delivery.Receipt, err error) {
	d := newDeadline(ctx, w.declared.Timeout)
	defer d.stop()
	defer func() { err = d.explain(err) }()
	if err := w.connect(d.ctx); err != nil {
		return nil, nil, err
	}
	// A source that does not look at its context is ended by Close.
	open := w.open
	unhook := context.AfterFunc(d.ctx, func() { _ = open.Close() })
	defer unhook()
	if b, err = open.Next(d.ctx, w.cursor()); err != nil || b == nil {
		return nil, nil, err
	}
	r, err = w.deliver(d, b)
	return b, r, err
}

// deliver delivers a batch when its turn has come.
func (w *worker) deliver(d *deadline, b *source.Batch) (*delivery.Receipt, error) {
	content := b.Content
	defer func() { _ = content.Close() }() // it was read to its end, or is given up
	if !b.Local {
		gathered, err := w.Deliverer.Gather(d.ctx, content)
		if err != nil {
			return nil, err
		}
		_ = content.Close() // its end was seen
		content = gathered
	}
	if err := w.turn(d); err != nil {
		return nil, err
	}
	defer func() { <-w.turns }()
	dataset := w.declared.Dataset
	if dataset == "" {
		dataset = b.Dataset
	}
	return w.Deliverer.Deliver(d.ctx, delivery.Request{Dataset: dataset, File: b.Name, Content: content, Actor: "source:" + w.declared.Name,
		Manifest: b.Manifest, Entry: b.Entry, Source: w.declared.Name})
}

// turn waits until another delivery may run. The batch's time does not run
// meanwhile: the sender is not to blame.
func (w *worker) turn(d *deadline) error {
	d.hold()
	defer d.resume()
	select {
	case w.turns <- struct{}{}:
		return nil
	case <-d.ctx.Done():
		return city.Outside(d.ctx.Err(), "waiting for other deliveries")
	}
}

// settle tells the sender how its batch ended, and then keeps the cursor. It
// goes on when the program is told to end: it has nearly done the whole batch.
func (w *worker) settle(ctx context.Context, b *source.Batch, r *delivery.Receipt) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	if b.Settle != nil {
		doc, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			return city.Errorf(city.CodeInternal, "cannot write the receipt: %w", err)
		}
		o := source.Outcome{Committed: r.Status == delivery.Committed, Code: r.Code, Receipt: append(doc, '\n')}
		if err := b.Settle(ctx, o); err != nil {
			return city.Outside(err, "the sender could not be told of its receipt")
		}
	}
	return w.keepCursor(ctx, b.Cursor)
}
