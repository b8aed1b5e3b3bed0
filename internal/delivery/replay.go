package delivery

import (
	"context"
	"errors"

	"github.com/jinyang-city/jinyang/internal/lake"
)

// undo carries the plan out. With dir it writes the files.
func (b *rollback) undo(ctx context.Context, p *replayPlan, dir string) (u *lake.Undone, err error) {
	r, err := b.Engine.Replay(ctx, b.ds, b.id, b.current)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	if p.added {
		err = r.BeginAdded(ctx, b.delivery.ID)
	} else {
		err = b.begin(ctx, r, p)
	}
	if err != nil {
		return nil, err
	}
	for i := range p.later {
		if err := b.apply(ctx, r, p, &p.later[i]); err != nil {
			return nil, err
		}
	}
	if !p.added {
		if err := r.Follow(ctx, b.current); err != nil {
			return nil, err
		}
	}
	return r.Undo(ctx, b.delivery.ID, dir)
}

func (b *rollback) begin(ctx context.Context, r lake.Replay, p *replayPlan) error {
	for _, pair := range p.concern {
		if err := r.Concern(ctx, pair[0], pair[1]); err != nil {
			return err
		}
	}
	return r.Begin(ctx, p.base)
}

// apply does again what a later delivery did. Its file is read again only where
// the states of the table leave open which rows it brought.
func (b *rollback) apply(ctx context.Context, r lake.Replay, p *replayPlan, w *replayed) error {
	if !p.added {
		if err := r.Follow(ctx, w.after); err != nil {
			return err
		}
	}
	batch := lake.Batch{DeliveryID: w.ID, Scope: w.scope(b.ds), AsNew: w.again}
	unclear := w.again
	if brought(&w.receipt, reasonUnchanged) > 0 || batch.Scope.Mode.Whole() && w.Quarantined > 0 {
		differs, err := r.Differs(ctx, w.ID)
		if err != nil {
			return err
		}
		unclear = unclear || differs
	}
	if unclear {
		if err := b.readAgain(ctx, r, w, batch); err != nil {
			return err
		}
	} else if !w.wrote() {
		return nil
	}
	return r.Apply(ctx, batch)
}
