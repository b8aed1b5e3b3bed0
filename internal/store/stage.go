package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"iter"
	"slices"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
)

// Stage keeps a new delivery in the state staged; d.State is not looked at. It
// fails with conflict when there is a delivery with this ID.
func (s *Store) Stage(ctx context.Context, d Delivery, e audit.Entry) error {
	d.State = StateStaged
	if err := d.check(); err != nil {
		return err
	}
	return s.change(ctx, "stage the delivery", func(tx *sql.Tx) error {
		if err := insertDelivery(ctx, tx, d); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
}

// insertDelivery keeps a new delivery, behind all others.
func insertDelivery(ctx context.Context, tx *sql.Tx, d Delivery) error {
	last, err := lastSeq(ctx, tx)
	if err != nil {
		return err
	}
	d.Seq = last + 1
	_, err = tx.ExecContext(ctx, `INSERT INTO deliveries (`+deliveryColumns+`) VALUES
		($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`, d.values()...)
	return err
}

// Prepare moves the delivery d.ID from staged to validated. It keeps the batch,
// period, counts, sample, evidence and draft of the receipt of d, and the
// quarantined rows, of which there must be d.Quarantined. The rows are read one
// by one; an error among them undoes everything and is returned. They are read
// inside the transaction: reading them may read this store, but not change it.
// What else d holds stays as it was staged.
func (s *Store) Prepare(ctx context.Context, d Delivery, rows iter.Seq2[QuarantinedRow, error], e audit.Entry) error {
	if err := d.check(); err != nil {
		return err
	}
	return s.change(ctx, "keep the checked delivery", func(tx *sql.Tx) error {
		if err := move(ctx, tx, d.ID, StateValidated); err != nil {
			return err
		}
		if err := update(ctx, tx, d); err != nil {
			return err
		}
		n, err := insertQuarantined(ctx, tx, d.ID, rows)
		if err != nil {
			return err
		}
		if n != d.Quarantined {
			return badDelivery("the rows in quarantine are not as many as it counts")
		}
		return appendAudit(ctx, tx, e)
	})
}

// update keeps what validation found out.
func update(ctx context.Context, tx *sql.Tx, d Delivery) error {
	_, err := tx.ExecContext(ctx, `UPDATE deliveries SET batch = $1, period_from = $2, period_to = $3, sent_at = $4,
		received = $5, accepted = $6, quarantined = $7, duplicate = $8, simulated = $9, sample_fraction = $10, evidence = $11, receipt = $12
		WHERE id = $13`,
		d.Batch, d.Period.From.String(), d.Period.To.String(), timeText(d.SentAt),
		d.Received, d.Accepted, d.Quarantined, d.Duplicate, d.Simulated, d.SampleFraction, d.Evidence, string(d.Receipt), d.ID)
	return err
}

// Outcome is how a delivery ends.
type Outcome struct {
	State      State           // committed, rejected or aborted
	SnapshotID string          // for committed alone; may be empty when no row was accepted
	Receipt    json.RawMessage // required for committed and rejected
	At         time.Time
	// Rows are the rows of a rejected delivery that failed their checks, or the
	// first of them; nil when there are none. They are read as Prepare reads them.
	Rows iter.Seq2[QuarantinedRow, error]
}

// Finish ends a delivery. Only a validated one can be committed. It fails with
// conflict when the delivery has ended already; ending it the same way again,
// with the same snapshot, does nothing, so that a retry is safe.
func (s *Store) Finish(ctx context.Context, id string, o Outcome, e audit.Entry) error {
	if err := o.check(); err != nil {
		return err
	}
	return s.change(ctx, "finish the delivery", func(tx *sql.Tx) error {
		d, err := delivery(ctx, tx, id)
		if err != nil {
			return err
		}
		if d.State == o.State && d.SnapshotID == o.SnapshotID {
			return nil
		}
		if o.State == StateCommitted && o.SnapshotID == "" && d.Accepted > 0 {
			return badDelivery("rows were accepted, but the snapshot that holds them is not given")
		}
		if err := move(ctx, tx, id, o.State); err != nil {
			return err
		}
		receipt := o.Receipt
		if len(receipt) == 0 {
			receipt = d.Receipt
		}
		if _, err := tx.ExecContext(ctx, `UPDATE deliveries SET snapshot_id = $1, receipt = $2, finished_at = $3 WHERE id = $4`,
			o.SnapshotID, string(receipt), timeText(o.At), id); err != nil {
			return err
		}
		if err := o.keepRows(ctx, tx, d); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
}

// keepRows keeps what an end means for rows in quarantine.
func (o Outcome) keepRows(ctx context.Context, tx *sql.Tx, d Delivery) error {
	switch {
	case o.State == StateRejected && o.Rows != nil:
		_, err := insertQuarantined(ctx, tx, d.ID, o.Rows)
		return err
	case o.State == StateCommitted && d.MendOf != "":
		return settleMends(ctx, tx, d, o.At)
	}
	return nil
}

func (o Outcome) check() error {
	switch {
	case !o.State.Final() || o.State == StateRolledBack:
		return badDelivery("it can end as committed, rejected or aborted only")
	case o.State != StateCommitted && o.SnapshotID != "":
		return badDelivery("a snapshot belongs to a committed delivery, and to no other")
	case (o.State != StateAborted || len(o.Receipt) > 0) && !isDocument(o.Receipt):
		return badDelivery("its receipt is not a JSON document")
	case o.At.IsZero():
		return badDelivery("the time when it ended is not given")
	case o.Rows != nil && o.State != StateRejected:
		return badDelivery("the rows of a committed delivery are kept before it ends, and an aborted one has none")
	}
	return nil
}

// before are the states from which a state may be reached.
func (s State) before() []State {
	switch s {
	case StateValidated:
		return []State{StateStaged}
	case StateCommitted:
		return []State{StateValidated}
	case StateRejected, StateAborted:
		return []State{StateStaged, StateValidated}
	case StateRolledBack:
		return []State{StateCommitted}
	}
	return nil
}

// move sets the state of a delivery, if a path leads there.
func move(ctx context.Context, tx *sql.Tx, id string, to State) error {
	d, err := delivery(ctx, tx, id)
	if err != nil {
		return err
	}
	if !slices.Contains(to.before(), d.State) {
		return city.Errorf(city.CodeConflict+".delivery", "delivery %s is %s and cannot become %s", id, d.State, to)
	}
	_, err = tx.ExecContext(ctx, `UPDATE deliveries SET state = $1 WHERE id = $2`, string(to), id)
	return err
}
