package store

import (
	"context"
	"database/sql"
)

// countKey is what quarantined rows of a delivery are counted by.
type countKey struct {
	delivery, code, field, owner string
	state                        RowState
}

// rowCounts are changes of quarantine_counts.
type rowCounts map[countKey]int64

// tally adds the rows that the condition holds for, each times by. The
// condition names the columns of quarantined_rows.
func (c rowCounts) tally(ctx context.Context, tx *sql.Tx, by int64, condition string, args ...any) error {
	type counted struct {
		key countKey
		n   int64
	}
	found, err := list(ctx, tx, func(r scanner) (v counted, err error) {
		err = r.Scan(&v.key.delivery, &v.key.code, &v.key.field, &v.key.owner, &v.key.state, &v.n)
		return v, err
	}, `SELECT delivery_id, code, field, owner, state, COUNT(*) FROM quarantined_rows WHERE `+condition+`
		GROUP BY delivery_id, code, field, owner, state`, args...)
	for _, v := range found {
		c[v.key] += by * v.n
	}
	return err
}

// move adds what was taken out of one state to another one.
func (c rowCounts) move(from, to RowState) {
	taken := rowCounts{}
	for key, n := range c {
		if key.state == from && n < 0 {
			key.state = to
			taken[key] -= n
		}
	}
	for key, n := range taken {
		c[key] += n
	}
}

// moved is how many rows were taken out of other states than the given one.
func (c rowCounts) moved(to RowState) (n int64) {
	for key, by := range c {
		if key.state != to {
			n -= by
		}
	}
	return n
}

// keep adds the changes to quarantine_counts.
func (c rowCounts) keep(ctx context.Context, tx *sql.Tx) error {
	for key, n := range c {
		if n == 0 {
			continue
		}
		args := []any{n, key.delivery, key.code, key.field, key.owner, string(key.state)}
		done, err := tx.ExecContext(ctx, `UPDATE quarantine_counts SET row_count = row_count + $1
			WHERE delivery_id = $2 AND code = $3 AND field = $4 AND owner = $5 AND state = $6`, args...)
		if err != nil {
			return err
		}
		if changed, err := done.RowsAffected(); err != nil || changed > 0 {
			if err != nil {
				return err
			}
			continue
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO quarantine_counts (row_count, delivery_id, code, field, owner, state)
			VALUES ($1, $2, $3, $4, $5, $6)`, args...); err != nil {
			return err
		}
	}
	return nil
}
