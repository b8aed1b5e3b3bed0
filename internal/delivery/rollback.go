package delivery

import (
	"context"
	"errors"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Rollback says that a delivery was taken back, and what that changed.
type Rollback struct {
	ID         string    `json:"id"`
	DeliveryID string    `json:"delivery_id"`
	Dataset    string    `json:"dataset"`
	Removed    int64     `json:"removed"`     // rows that the table no longer holds
	Restored   int64     `json:"restored"`    // rows that came back, or belong to a later delivery now
	SnapshotID string    `json:"snapshot_id"` // state of the table after it; decimal digits; "" of a dry run
	Reason     string    `json:"reason"`
	Actor      string    `json:"actor"`
	At         time.Time `json:"at"`
	DryRun     bool      `json:"dry_run"`
}

// RollbackOf gives a rollback as the store keeps it.
func RollbackOf(r store.Rollback) *Rollback {
	return &Rollback{ID: r.ID, DeliveryID: r.DeliveryID, Dataset: r.Dataset, Removed: r.Removed, Restored: r.Restored,
		SnapshotID: r.SnapshotID, Reason: r.Reason, Actor: r.Actor, At: r.FinishedAt}
}

// RollbackRequest asks to take a delivery back.
type RollbackRequest struct {
	DeliveryID string
	Reason     string // why, in a sentence; the audit chain keeps it, with numbers of persons masked
	Actor      string
	DryRun     bool // only count what would change
}

// Rollback takes one committed delivery back: afterwards the table holds what
// it would hold had the delivery never come and all others had. Deliveries stay
// what they were decided to be: one that was rejected because of what the table
// held is not judged again. The same file may be delivered again afterwards.
//
// The order of durable steps, and what Recover and settleEarlier do after each:
//
//	StageRollback    the store knows of it               not in the lake: its files go, it is aborted
//	files            named R…, nobody reads them         the same
//	PrepareRollback  the counts are in the store         the same
//	lake commit      one snapshot, which carries its ID  found in the lake: finished
//	FinishRollback   the delivery is rolled_back         nothing is left to do
//
// The error has the code conflict.expired when states of the table that are
// needed are gone, and conflict.delivery when the delivery is not committed.
func (s *Service) Rollback(ctx context.Context, req RollbackRequest) (*Rollback, error) {
	reason, err := checkReason(req.Reason)
	if err != nil {
		return nil, err
	}
	req.Reason = reason
	d, err := s.Store.Delivery(ctx, req.DeliveryID)
	if err != nil {
		return nil, err
	}
	ds, err := s.City().Dataset(d.Dataset)
	if err != nil {
		return nil, err
	}
	release, err := s.Exclusive(ctx, ds.Name)
	if err != nil {
		return nil, err
	}
	defer release()
	if d, err = s.Store.Delivery(ctx, req.DeliveryID); err != nil { // it may have changed while this waited
		return nil, err
	}
	if d.State != store.StateCommitted {
		return nil, city.Errorf("conflict.delivery", "the delivery %s is %s: only a committed one can be rolled back", d.ID, d.State)
	}
	if err := s.checkMends(ctx, d); err != nil {
		return nil, err
	}
	b := &rollback{Service: s, req: req, ds: ds, delivery: d, id: "R" + newID(s.Now())[1:]}
	out, err := b.run(ctx)
	if err != nil {
		return nil, city.Outside(err, "the rollback was cut off and changed nothing")
	}
	if !out.DryRun && s.RolledBack != nil {
		s.RolledBack(out)
	}
	return out, nil
}

// rollback is one on its way.
type rollback struct {
	*Service
	req      RollbackRequest
	ds       *city.Dataset
	delivery store.Delivery
	id       string
	current  *lake.View
}

func (b *rollback) run(ctx context.Context) (*Rollback, error) {
	if err := b.Lake.Ensure(ctx, b.ds); err != nil {
		return nil, err
	}
	var err error
	if b.current, err = b.Lake.View(ctx, b.ds, time.Time{}); err != nil {
		return nil, err
	}
	p, err := b.plan(ctx)
	if err != nil {
		return nil, err
	}
	if b.req.DryRun {
		u, err := b.undo(ctx, p, "")
		if err != nil {
			return nil, err
		}
		return b.outcome(u), nil
	}
	now := b.Now()
	if err := b.Store.StageRollback(ctx, b.row(now), b.audit(now, "rollback.stage", nil)); err != nil {
		return nil, err
	}
	b.step(StepRollbackStaged)
	return b.settle(ctx, b.commit(ctx, p))
}

func (b *rollback) row(now time.Time) store.Rollback {
	return store.Rollback{ID: b.id, DeliveryID: b.delivery.ID, Dataset: b.ds.Name, Reason: b.req.Reason, Actor: b.req.Actor, At: now}
}

func (b *rollback) audit(at time.Time, action string, detail any) audit.Entry {
	if detail == nil {
		detail = map[string]any{"rollback": b.id, "dataset": b.ds.Name, "reason": b.req.Reason}
	}
	return b.entry(at, b.req.Actor, action, b.delivery.ID, detail)
}

func (b *rollback) outcome(u *lake.Undone) *Rollback {
	return &Rollback{ID: b.id, DeliveryID: b.delivery.ID, Dataset: b.ds.Name, Removed: u.Removed, Restored: u.Restored,
		Reason: b.req.Reason, Actor: b.req.Actor, At: b.Now().UTC(), DryRun: b.req.DryRun}
}

// commit makes the change durable. Once the lake is asked to commit, the
// caller's going away changes nothing any more.
func (b *rollback) commit(ctx context.Context, p *replayPlan) error {
	u, err := b.undo(ctx, p, b.Lake.DataDir(b.ds.Name))
	if err != nil {
		return err
	}
	b.step(StepRollbackWritten)
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	if err := b.Store.PrepareRollback(ctx, b.id, u.Removed, u.Restored, b.audit(b.Now(), "rollback.prepare", map[string]any{"rollback": b.id, "removed": u.Removed, "restored": u.Restored})); err != nil {
		return err
	}
	b.step(StepRollbackPrepared)
	fraction, simulated, err := b.Store.Nature(ctx, b.ds.Name, b.delivery.ID)
	if err != nil {
		return err
	}
	snapshot, err := b.Lake.Commit(ctx, lake.Change{Dataset: b.ds.Name, DeliveryID: b.id, Base: b.current.SnapshotID,
		Add: u.Add, Remove: u.Remove, Fraction: fraction, Simulated: simulated, Afresh: true})
	if err != nil {
		return err
	}
	b.step(StepRollbackCommitted)
	return b.finishRollback(ctx, b.id, b.delivery.ID, snapshot, b.req.Actor)
}

// settle ends a rollback as run.settle ends a delivery.
func (b *rollback) settle(ctx context.Context, err error) (*Rollback, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	if err != nil {
		done, serr := b.settleRollback(ctx, store.Rollback{ID: b.id, DeliveryID: b.delivery.ID, Dataset: b.ds.Name, State: store.RollbackPrepared}, b.req.Actor)
		if serr != nil {
			b.leaveOpen(b.ds.Name)
			return nil, city.Errorf("unavailable.unsettled", "the end of the rollback %s could not be noted: %w", b.id, errors.Join(err, serr)).
				WithHint("the next delivery to %s or the next start settles it; see the delivery then", b.ds.Name)
		}
		if !done {
			return nil, err
		}
	}
	r, found, err := b.Store.RollbackOf(ctx, b.delivery.ID)
	if err == nil && !found {
		err = city.Errorf(city.CodeInternal, "the rollback %s is not in the store", b.id)
	}
	if err != nil {
		return nil, err
	}
	return RollbackOf(r), nil
}
