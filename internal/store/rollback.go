package store

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
)

// RollbackState is where a rollback stands in its life:
//
//	      StageRollback        PrepareRollback          FinishRollback
//	(new) ─────────────▶ staged ─────────────▶ prepared ─────────────▶ committed
//	                        │                     │
//	                        └── AbortRollback ────┴──▶ aborted
type RollbackState string

const (
	// RollbackStaged: somebody asked for it, nothing else has happened.
	RollbackStaged RollbackState = "staged"
	// RollbackPrepared: the files are written and the counts are known; the lake
	// may or may not have committed.
	RollbackPrepared RollbackState = "prepared"
	// RollbackCommitted: the delivery is rolled back.
	RollbackCommitted RollbackState = "committed"
	// RollbackAborted: it was cut off, and changed nothing.
	RollbackAborted RollbackState = "aborted"
)

// Rollback takes one committed delivery back.
type Rollback struct {
	ID         string // given by the caller; unique
	DeliveryID string
	Dataset    string
	State      RollbackState
	AfterSeq   int64  // Seq of the delivery that was staged last before it; given by StageRollback
	Reason     string // free text of who asked for it
	Actor      string
	At         time.Time
	FinishedAt time.Time // zero until it is committed or aborted
	Removed    int64     // rows that the table no longer holds
	Restored   int64     // rows that came back, or belong to a later delivery now
	SnapshotID string    // decimal digits; "" until committed
}

const rollbackColumns = `id, delivery_id, dataset, state, after_seq, reason, actor, at, finished_at, removed, restored, snapshot_id`

func scanRollback(row scanner) (r Rollback, err error) {
	var state, at, finished string
	if err := row.Scan(&r.ID, &r.DeliveryID, &r.Dataset, &state, &r.AfterSeq, &r.Reason, &r.Actor, &at, &finished,
		&r.Removed, &r.Restored, &r.SnapshotID); err != nil {
		return r, err
	}
	r.State = RollbackState(state)
	if r.At, err = timeValue(at); err != nil {
		return r, err
	}
	r.FinishedAt, err = timeValue(finished)
	return r, err
}

func (r Rollback) check() error {
	bad := func(reason string) error {
		return city.Errorf(city.CodeInvalid+".rollback", "the rollback cannot be kept: %s", reason)
	}
	switch {
	case r.ID == "" || r.DeliveryID == "" || r.Dataset == "":
		return bad("it has no ID, no delivery or no dataset")
	case strings.TrimSpace(r.Reason) == "":
		return bad("it gives no reason")
	case !isText(r.Reason) || !isText(r.Actor) || !isText(r.ID):
		return bad("a text in it is not UTF-8 text")
	case r.At.IsZero():
		return bad("the time when it was asked for is not given")
	}
	return nil
}

// lastSeq is the Seq of the delivery that was staged last, or 0.
func lastSeq(ctx context.Context, q querier) (n int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT COALESCE(MAX(seq), 0) FROM deliveries`).Scan(&n)
	return n, err
}

// StageRollback keeps a new rollback in the state staged; its State, AfterSeq,
// FinishedAt, counts and snapshot are not looked at. It fails with conflict
// unless the delivery is committed and no other rollback of it is under way.
func (s *Store) StageRollback(ctx context.Context, r Rollback, e audit.Entry) error {
	if err := r.check(); err != nil {
		return err
	}
	return s.change(ctx, "stage the rollback", func(tx *sql.Tx) error {
		d, err := delivery(ctx, tx, r.DeliveryID)
		if err != nil {
			return err
		}
		if d.State != StateCommitted {
			return city.Errorf(city.CodeConflict+".delivery", "delivery %s is %s: only a committed one can be rolled back", d.ID, d.State)
		}
		var open int64
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM rollbacks WHERE delivery_id = $1 AND state IN ('staged', 'prepared')`, d.ID).Scan(&open); err != nil {
			return err
		}
		if open > 0 {
			return city.Errorf(city.CodeConflict+".rollback", "delivery %s is being rolled back already", d.ID)
		}
		last, err := lastSeq(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO rollbacks (`+rollbackColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			r.ID, d.ID, d.Dataset, string(RollbackStaged), last, r.Reason, r.Actor, timeText(r.At), "", 0, 0, ""); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
}

// PrepareRollback notes what the rollback is about to change.
func (s *Store) PrepareRollback(ctx context.Context, id string, removed, restored int64, e audit.Entry) error {
	return s.change(ctx, "keep the rollback", func(tx *sql.Tx) error {
		if _, err := moveRollback(ctx, tx, id, RollbackPrepared, RollbackStaged); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE rollbacks SET removed = $1, restored = $2 WHERE id = $3`, removed, restored, id); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
}

// FinishRollback ends a prepared rollback: its delivery is rolled back from now
// on. Finishing it again does nothing, so that a retry is safe.
func (s *Store) FinishRollback(ctx context.Context, id, snapshotID string, at time.Time, e audit.Entry) error {
	return s.change(ctx, "finish the rollback", func(tx *sql.Tx) error {
		r, err := rollback(ctx, tx, id)
		if err != nil || r.State == RollbackCommitted {
			return err
		}
		if r, err = moveRollback(ctx, tx, id, RollbackCommitted, RollbackPrepared); err != nil {
			return err
		}
		if err := move(ctx, tx, r.DeliveryID, StateRolledBack); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE rollbacks SET snapshot_id = $1, finished_at = $2 WHERE id = $3`, snapshotID, timeText(at), id); err != nil {
			return err
		}
		if err := reopenMended(ctx, tx, r.DeliveryID, r.Reason, r.Actor, at); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
}

// AbortRollback ends a rollback that the lake did not commit. The delivery
// stays as it was.
func (s *Store) AbortRollback(ctx context.Context, id string, at time.Time, e audit.Entry) error {
	return s.change(ctx, "abort the rollback", func(tx *sql.Tx) error {
		if _, err := moveRollback(ctx, tx, id, RollbackAborted, RollbackStaged, RollbackPrepared); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE rollbacks SET finished_at = $1 WHERE id = $2`, timeText(at), id); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
}
