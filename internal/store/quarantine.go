package store

import (
	"context"
	"database/sql"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
)

// QuarantinedRow is a row that failed a check. It is kept whole, but whole only
// under the vault's seal.
type QuarantinedRow struct {
	Row     int64  // number of the record in the file, from 1
	Field   string // the first field that failed; "" when the row as a whole did
	Code    string // stable reason, for example "region" or a declared check's code
	Message string // one sentence, without the row's personal data
	Masked  string // the row's text with the person fields masked
	Sealed  []byte // the row's text as delivered, sealed by the vault; lists leave it out
	Owner   string // city.Organisation.Name of who has to mend it
}

// QuarantineFilter narrows a list of quarantined rows. An empty member does not
// narrow.
type QuarantineFilter struct {
	Code  string
	Field string
}

// Quarantine pages through the quarantined rows of a delivery in the order of
// the file. Their sealed texts are left out; see SealedRow.
func (s *Store) Quarantine(ctx context.Context, deliveryID string, f QuarantineFilter, cursor string, limit int) (Page[QuarantinedRow], error) {
	q := newQuery(`SELECT row_no, field, code, message, masked, owner FROM quarantined_rows`)
	q.where(`delivery_id = `, deliveryID)
	if f.Code != "" {
		q.where(`code = `, f.Code)
	}
	if f.Field != "" {
		q.where(`field = `, f.Field)
	}
	if cursor != "" {
		row, err := parseNumberCursor(cursor)
		if err != nil {
			return Page[QuarantinedRow]{}, err
		}
		q.where(`row_no > `, row)
	}
	size := pageSize(limit)
	rows, err := list(ctx, s.read, func(r scanner) (v QuarantinedRow, err error) {
		err = r.Scan(&v.Row, &v.Field, &v.Code, &v.Message, &v.Masked, &v.Owner)
		return v, err
	}, q.page(`row_no`, size), q.args...)
	if err != nil {
		return Page[QuarantinedRow]{}, s.fail(err, "read the quarantine")
	}
	return paged(rows, size, func(r QuarantinedRow) string { return numberCursor(r.Row) }), nil
}

// QuarantineCount says how many rows of a delivery failed for one reason.
type QuarantineCount struct {
	Code  string
	Field string
	Count int64
	First int64 // number of the first such row
}

// QuarantineCounts counts the quarantined rows of a delivery by reason, the
// most frequent first.
func (s *Store) QuarantineCounts(ctx context.Context, deliveryID string) ([]QuarantineCount, error) {
	counts, err := list(ctx, s.read, func(r scanner) (c QuarantineCount, err error) {
		err = r.Scan(&c.Code, &c.Field, &c.Count, &c.First)
		return c, err
	}, `SELECT code, field, COUNT(*), MIN(row_no) FROM quarantined_rows WHERE delivery_id = $1
		GROUP BY code, field ORDER BY COUNT(*) DESC, code, field`, deliveryID)
	return counts, s.fail(err, "count the quarantine")
}

// SealedRow gives the sealed text of a quarantined row, or fails with
// not_found. Opening it shows personal data, so the entry that says who asked
// and why is kept before the text is given out.
func (s *Store) SealedRow(ctx context.Context, deliveryID string, row int64, e audit.Entry) ([]byte, error) {
	var sealed []byte
	err := s.change(ctx, "give out the quarantined row", func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT sealed FROM quarantined_rows WHERE delivery_id = $1 AND row_no = $2`, deliveryID, row).Scan(&sealed)
		if isNone(err) {
			return city.Errorf(city.CodeNotFound, "delivery %s has no row %d in quarantine", deliveryID, row)
		}
		if err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
	if err != nil {
		return nil, err
	}
	return sealed, nil
}
