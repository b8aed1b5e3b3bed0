package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"iter"

	"github.com/jinyang-city/jinyang/internal/audit"
)

const auditColumns = `seq, at, actor, action, subject, detail, prev_hash, hash`

// Audit appends a record of something that changes no other table here.
func (s *Store) Audit(ctx context.Context, e audit.Entry) error {
	return s.change(ctx, "write the audit record", func(tx *sql.Tx) error {
		return appendAudit(ctx, tx, e)
	})
}

// appendAudit adds the record that follows the last one. The transaction holds
// the write lock, so that no other record can take its place in the chain.
func appendAudit(ctx context.Context, tx *sql.Tx, e audit.Entry) error {
	head, err := auditHead(ctx, tx)
	if err != nil {
		return err
	}
	r, err := audit.Next(head, e)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO audit_records (`+auditColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		r.Seq, timeText(r.At), r.Actor, r.Action, r.Subject, string(r.Detail), r.PrevHash, r.Hash)
	return err
}

func auditHead(ctx context.Context, q querier) (h audit.Head, err error) {
	err = q.QueryRowContext(ctx, `SELECT seq, hash FROM audit_records ORDER BY seq DESC LIMIT 1`).Scan(&h.Seq, &h.Hash)
	if isNone(err) {
		return audit.Head{}, nil
	}
	return h, err
}

// AuditHead is the position of the newest audit record. Put down outside the
// database, it proves later that none up to it was removed.
func (s *Store) AuditHead(ctx context.Context) (audit.Head, error) {
	h, err := auditHead(ctx, s.read)
	return h, s.fail(err, "read the audit records")
}

// AuditRecords reads the whole chain in order, in constant memory, as of the
// moment when the reading begins. An error is its last element.
func (s *Store) AuditRecords(ctx context.Context) iter.Seq2[audit.Record, error] {
	const what = "read the audit records"
	return func(yield func(audit.Record, error) bool) {
		rows, err := s.read.QueryContext(ctx, `SELECT `+auditColumns+` FROM audit_records ORDER BY seq`)
		if err != nil {
			yield(audit.Record{}, s.fail(err, what))
			return
		}
		defer rows.Close()
		for rows.Next() {
			r, err := scanAudit(rows)
			if !yield(r, s.fail(err, what)) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(audit.Record{}, s.fail(err, what))
		}
	}
}

// VerifyAudit checks the whole chain; see audit.Verify.
func (s *Store) VerifyAudit(ctx context.Context, anchors ...audit.Head) (audit.Head, error) {
	return audit.Verify(s.AuditRecords(ctx), anchors...)
}

// AuditTrail pages through the audit records, newest first; of one subject
// unless that is "".
func (s *Store) AuditTrail(ctx context.Context, subject, cursor string, limit int) (Page[audit.Record], error) {
	q := newQuery(`SELECT ` + auditColumns + ` FROM audit_records`)
	if subject != "" {
		q.where(`subject = `, subject)
	}
	if cursor != "" {
		seq, err := parseNumberCursor(cursor)
		if err != nil {
			return Page[audit.Record]{}, err
		}
		q.where(`seq < `, seq)
	}
	records, err := list(ctx, s.read, scanAudit, q.page(`seq DESC`, pageSize(limit)), q.args...)
	if err != nil {
		return Page[audit.Record]{}, s.fail(err, "read the audit records")
	}
	return paged(records, pageSize(limit), func(r audit.Record) string { return numberCursor(r.Seq) }), nil
}

func scanAudit(row scanner) (r audit.Record, err error) {
	var at, detail string
	if err := row.Scan(&r.Seq, &at, &r.Actor, &r.Action, &r.Subject, &detail, &r.PrevHash, &r.Hash); err != nil {
		return r, err
	}
	r.Detail = json.RawMessage(detail)
	r.At, err = timeValue(at)
	return r, err
}
