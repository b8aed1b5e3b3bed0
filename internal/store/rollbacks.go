package store

import (
	"context"
	"database/sql"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

func rollback(ctx context.Context, q querier, id string) (Rollback, error) {
	r, err := scanRollback(q.QueryRowContext(ctx, `SELECT `+rollbackColumns+` FROM rollbacks WHERE id = $1`, id))
	if isNone(err) {
		return r, city.Errorf(city.CodeNotFound, "there is no rollback %q", id)
	}
	return r, err
}

// moveRollback sets the state of a rollback, if it has one of the states from.
func moveRollback(ctx context.Context, tx *sql.Tx, id string, to RollbackState, from ...RollbackState) (Rollback, error) {
	r, err := rollback(ctx, tx, id)
	if err != nil {
		return r, err
	}
	if !slices.Contains(from, r.State) {
		return r, city.Errorf(city.CodeConflict+".rollback", "rollback %s is %s and cannot become %s", id, r.State, to)
	}
	_, err = tx.ExecContext(ctx, `UPDATE rollbacks SET state = $1 WHERE id = $2`, string(to), id)
	return r, err
}

// OpenRollbacks lists the rollbacks that have not ended, oldest first; see
// Unfinished.
func (s *Store) OpenRollbacks(ctx context.Context) ([]Rollback, error) {
	found, err := list(ctx, s.read, scanRollback, `SELECT `+rollbackColumns+` FROM rollbacks
		WHERE state IN ('staged', 'prepared') ORDER BY at, id`)
	return found, s.fail(err, "read the unfinished rollbacks")
}

// RollbackOf finds the rollback that took a delivery back, and says whether
// there is one.
func (s *Store) RollbackOf(ctx context.Context, deliveryID string) (Rollback, bool, error) {
	r, err := scanRollback(s.read.QueryRowContext(ctx, `SELECT `+rollbackColumns+` FROM rollbacks
		WHERE delivery_id = $1 AND state = 'committed'`, deliveryID))
	if isNone(err) {
		return Rollback{}, false, nil
	}
	return r, err == nil, s.fail(err, "look for the rollback")
}

// Rollbacks lists the committed rollbacks of a dataset in their order.
func (s *Store) Rollbacks(ctx context.Context, dataset string) ([]Rollback, error) {
	found, err := list(ctx, s.read, scanRollback, `SELECT `+rollbackColumns+` FROM rollbacks
		WHERE dataset = $1 AND state = 'committed' ORDER BY after_seq, finished_at, id`, dataset)
	return found, s.fail(err, "read the rollbacks")
}

// Since lists the deliveries of a dataset that were committed, whether or not
// they were rolled back later, from a Seq on and in its order.
func (s *Store) Since(ctx context.Context, dataset string, seq int64) ([]Delivery, error) {
	found, err := list(ctx, s.read, scanDelivery, `SELECT `+deliveryColumns+` FROM deliveries
		WHERE dataset = $1 AND seq >= $2 AND state IN ('committed', 'rolled_back') ORDER BY seq`, dataset, seq)
	return found, s.fail(err, "read the deliveries since one")
}

// QuarantinedNumbers lists the numbers of the rows of a delivery's file that
// were quarantined, in order.
func (s *Store) QuarantinedNumbers(ctx context.Context, deliveryID string) ([]int64, error) {
	found, err := list(ctx, s.read, func(r scanner) (n int64, err error) {
		err = r.Scan(&n)
		return n, err
	}, `SELECT row_no FROM quarantined_rows WHERE delivery_id = $1 ORDER BY row_no`, deliveryID)
	return found, s.fail(err, "read the quarantine")
}

// CommittedFiles lists the committed deliveries of one file to a dataset, by
// the SHA-256 of the file, in their order. None of them was rolled back.
func (s *Store) CommittedFiles(ctx context.Context, dataset, sha256 string) ([]Delivery, error) {
	return s.ofFile(ctx, dataset, sha256, `('committed')`)
}

// FileDeliveries is CommittedFiles with those that were rolled back.
func (s *Store) FileDeliveries(ctx context.Context, dataset, sha256 string) ([]Delivery, error) {
	return s.ofFile(ctx, dataset, sha256, `('committed', 'rolled_back')`)
}

func (s *Store) ofFile(ctx context.Context, dataset, sha256, states string) ([]Delivery, error) {
	found, err := list(ctx, s.read, scanDelivery, `SELECT `+deliveryColumns+` FROM deliveries
		WHERE dataset = $1 AND file_sha256 = $2 AND state IN `+states+` ORDER BY seq`, dataset, sha256)
	return found, s.fail(err, "look for the file")
}

// Nature says what the committed deliveries of a dataset, but for one, say of
// its rows: the sampled fraction, 1 when there is no other delivery, and
// whether any of them is simulated. Deliveries that brought no good row say
// nothing.
func (s *Store) Nature(ctx context.Context, dataset, except string) (fraction float64, simulated bool, err error) {
	fraction = 1
	rows, err := list(ctx, s.read, func(r scanner) (n struct {
		fraction  float64
		simulated bool
	}, err error) {
		err = r.Scan(&n.fraction, &n.simulated)
		return n, err
	}, `SELECT sample_fraction, simulated FROM deliveries WHERE dataset = $1 AND state = 'committed' AND id <> $2 AND accepted + duplicate > 0
		GROUP BY sample_fraction, simulated ORDER BY MAX(seq)`, dataset, except)
	for _, n := range rows {
		fraction, simulated = n.fraction, simulated || n.simulated
	}
	return fraction, simulated, s.fail(err, "read the deliveries")
}
