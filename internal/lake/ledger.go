package lake

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jinyang-city/jinyang/internal/city"
)

// The ledger lies beside Iceberg's catalogue, in the same database. It keeps
// what Iceberg forgets or has no place for: which delivery committed a snapshot
// that has expired, the moment that a tag stands for, and what it names in each
// table until all of them have it.
//
// Nothing of it is ever removed: a delivery stays known as committed, and the
// history of a table stays whole, however many of its snapshots expire.
const ledgerSchema = `
CREATE TABLE IF NOT EXISTS jinyang_expired (
	dataset      TEXT    NOT NULL,
	snapshot_id  INTEGER NOT NULL,
	parent_id    INTEGER,          -- NULL for the first one of the table
	sequence     INTEGER NOT NULL, -- orders the snapshots of a table
	committed_at INTEGER NOT NULL, -- milliseconds since 1970
	delivery_id  TEXT    NOT NULL,
	PRIMARY KEY (dataset, snapshot_id)
);
CREATE INDEX IF NOT EXISTS jinyang_expired_delivery ON jinyang_expired (dataset, delivery_id);
CREATE INDEX IF NOT EXISTS jinyang_expired_time ON jinyang_expired (dataset, committed_at);
CREATE TABLE IF NOT EXISTS jinyang_tags (
	name     TEXT    NOT NULL PRIMARY KEY,
	moment   INTEGER NOT NULL, -- milliseconds since 1970
	complete INTEGER NOT NULL  -- 0 until all tables have the tag
);
CREATE TABLE IF NOT EXISTS jinyang_cuts (
	name        TEXT    NOT NULL, -- of the tag
	dataset     TEXT    NOT NULL, -- a table that had rows when the tag was begun
	snapshot_id INTEGER NOT NULL,
	PRIMARY KEY (name, dataset)
);`

// openLedger makes the ledger. A reader of a folder that has none goes without.
func (l *Lake) openLedger(ctx context.Context, readOnly bool) error {
	if !readOnly {
		_, err := l.db.ExecContext(ctx, ledgerSchema)
		l.ledger = err == nil
		return l.failed(err)
	}
	var n int
	err := l.db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('jinyang_expired', 'jinyang_tags', 'jinyang_cuts')`).Scan(&n)
	l.ledger = n == 3
	return l.failed(err)
}

func (l *Lake) failed(err error) error {
	if err == nil {
		return nil
	}
	return outside(err, "cannot use the lake's ledger")
}

// passed is what is known of a snapshot, whether it is still there or not.
type passed struct {
	id, parent int64 // parent is 0 for the first snapshot of a table
	sequence   int64
	at         int64 // milliseconds since 1970
	delivery   string
}

const passedColumns = `snapshot_id, coalesce(parent_id, 0), sequence, committed_at, delivery_id`

func scanPassed(row interface{ Scan(...any) error }) (p passed, err error) {
	err = row.Scan(&p.id, &p.parent, &p.sequence, &p.at, &p.delivery)
	return p, err
}

// note keeps snapshots that are about to expire, all or none.
func (l *Lake) note(ctx context.Context, dataset string, expiring []passed) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return l.failed(err)
	}
	for _, p := range expiring {
		var parent any
		if p.parent != 0 {
			parent = p.parent
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO jinyang_expired (dataset, snapshot_id, parent_id, sequence, committed_at, delivery_id)
			VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`, dataset, p.id, parent, p.sequence, p.at, p.delivery)
		if err != nil {
			return l.failed(errors.Join(err, tx.Rollback()))
		}
	}
	return l.failed(tx.Commit())
}

// expiredOne gives the snapshot that a condition finds in the ledger.
func (l *Lake) expiredOne(ctx context.Context, where string, args ...any) (p passed, found bool, err error) {
	if !l.ledger {
		return p, false, nil
	}
	p, err = scanPassed(l.db.QueryRowContext(ctx, `SELECT `+passedColumns+` FROM jinyang_expired WHERE `+where, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return passed{}, false, nil
	}
	return p, err == nil, l.failed(err)
}

// expired gives all snapshots of a table that are in the ledger, by ID.
func (l *Lake) expired(ctx context.Context, dataset string) (map[int64]passed, error) {
	out := map[int64]passed{}
	if !l.ledger {
		return out, nil
	}
	rows, err := l.db.QueryContext(ctx, `SELECT `+passedColumns+` FROM jinyang_expired WHERE dataset = $1`, dataset)
	if err != nil {
		return nil, l.failed(err)
	}
	defer rows.Close()
	for rows.Next() {
		p, err := scanPassed(rows)
		if err != nil {
			return nil, l.failed(err)
		}
		out[p.id] = p
	}
	return out, l.failed(rows.Err())
}

// tagRow is a tag as the ledger knows it.
type tagRow struct {
	name     string
	moment   int64 // milliseconds since 1970
	complete bool
	cut      map[string]int64 // what it names by dataset; only of a tag that is to be begun
}

// tagRows lists the tags, oldest moment first.
func (l *Lake) tagRows(ctx context.Context) ([]tagRow, error) {
	if !l.ledger {
		return nil, nil
	}
	rows, err := l.db.QueryContext(ctx, `SELECT name, moment, complete FROM jinyang_tags ORDER BY moment, name`)
	if err != nil {
		return nil, l.failed(err)
	}
	defer rows.Close()
	var out []tagRow
	for rows.Next() {
		var r tagRow
		if err := rows.Scan(&r.name, &r.moment, &r.complete); err != nil {
			return nil, l.failed(err)
		}
		out = append(out, r)
	}
	return out, l.failed(rows.Err())
}

// beginTag notes a tag that is to be made and what it names, both or neither. It
// fails with the code conflict.tag when there is one of that name.
func (l *Lake) beginTag(ctx context.Context, r tagRow) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return l.failed(err)
	}
	if err := insertTag(ctx, tx, r); err != nil {
		return errors.Join(l.failed(err), tx.Rollback())
	}
	return l.failed(tx.Commit())
}

func insertTag(ctx context.Context, tx *sql.Tx, r tagRow) error {
	res, err := tx.ExecContext(ctx, `INSERT INTO jinyang_tags (name, moment, complete) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING`, r.name, r.moment)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, city.Errorf("conflict.tag", "there is a tag %s, and tags never move", r.name).WithHint("choose another name"))
	}
	for dataset, id := range r.cut {
		if _, err := tx.ExecContext(ctx, `INSERT INTO jinyang_cuts (name, dataset, snapshot_id) VALUES ($1, $2, $3)`, r.name, dataset, id); err != nil {
			return err
		}
	}
	return nil
}

// cutOf gives the snapshot of a table that a tag named when it was begun. found
// is false when the table had no rows then.
func (l *Lake) cutOf(ctx context.Context, name, dataset string) (id int64, found bool, err error) {
	err = l.db.QueryRowContext(ctx, `SELECT snapshot_id FROM jinyang_cuts WHERE name = $1 AND dataset = $2`, name, dataset).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return id, err == nil, l.failed(err)
}

// endTag notes that all tables have the tag.
func (l *Lake) endTag(ctx context.Context, name string) error {
	_, err := l.db.ExecContext(ctx, `UPDATE jinyang_tags SET complete = 1 WHERE name = $1`, name)
	return l.failed(err)
}
