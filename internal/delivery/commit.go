package delivery

import (
	"context"
	"encoding/json"
	"iter"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/store"
)

// commit makes the change durable: draft receipt, lake, final receipt. It is
// not cut short when the sender goes away: a commit that has begun ends.
func (r *run) commit(ctx context.Context, m *lake.Merged) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	if err := r.prepare(ctx); err != nil {
		return err
	}
	r.step(StepPrepared)
	c := r.receipt
	change := lake.Change{Dataset: r.ds.Name, DeliveryID: c.DeliveryID, Base: r.view.SnapshotID, Add: m.Add, Remove: m.Remove, Simulated: c.Simulated}
	if m.Accepted > 0 {
		change.Fraction = c.Fraction
	}
	snapshot, err := r.Lake.Commit(ctx, change)
	if err != nil {
		return err
	}
	r.step(StepCommitted)
	return r.finish(ctx, c, snapshot, r.req.Actor)
}

// prepare keeps the draft receipt and the quarantined rows.
func (r *run) prepare(ctx context.Context) error {
	c := r.receipt
	c.Reasons = append([]Reason{}, r.reasons.list...)
	c.Duplicate = c.Received - c.Accepted - c.Quarantined
	if !c.Balanced() {
		return city.Errorf(city.CodeInternal, "the receipt of %s does not balance; nothing was changed", c.DeliveryID)
	}
	doc, err := json.Marshal(c)
	if err != nil {
		return city.Errorf(city.CodeInternal, "cannot write the receipt: %w", err)
	}
	d := r.row()
	d.Receipt = doc
	return r.Store.Prepare(ctx, d, r.quarantined(), r.entry(r.Now(), r.req.Actor, "delivery.validate", c.DeliveryID, balance(c)))
}

// quarantined reads the spooled rows back for the store.
func (r *run) quarantined() iter.Seq2[store.QuarantinedRow, error] {
	return func(yield func(store.QuarantinedRow, error) bool) {
		if r.spool == nil {
			return
		}
		for s, err := range r.spool.all() {
			row := store.QuarantinedRow{Row: s.Row, Field: s.Failure.Field, Code: s.Failure.Code, Message: s.Failure.Message,
				Masked: s.Masked, Sealed: s.Sealed, Owner: r.ds.Owner}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}
