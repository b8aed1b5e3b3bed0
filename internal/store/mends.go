package store

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
)

// Mend says which quarantined rows of Delivery.MendOf a delivery brings again:
// its row n is made of Rows[n-1].
//
// Nothing is marked when the delivery is staged. Finish marks the rows in the
// transaction that makes the delivery committed, so that there is no moment in
// which the table has a row that still counts as open: a crash before it leaves
// a delivery that recovery finishes, and with it the marks, or aborts.
type Mend struct {
	Rows []int64 // different numbers, at most MaxRows
	Note string  // the reason, free of personal data
}

// StageMend is Stage for a delivery that mends rows; d.MendOf must be set.
func (s *Store) StageMend(ctx context.Context, d Delivery, m Mend, e audit.Entry) error {
	d.State = StateStaged
	if err := d.check(); err != nil {
		return err
	}
	if d.MendOf == "" || len(m.Rows) == 0 || len(m.Rows) > MaxRows || m.Note == "" || !isText(m.Note) {
		return badDelivery("it mends no rows, more than " + strconv.Itoa(MaxRows) + ", or without a reason")
	}
	return s.change(ctx, "stage the mended rows", func(tx *sql.Tx) error {
		if err := insertDelivery(ctx, tx, d); err != nil {
			return err
		}
		insert, err := tx.PrepareContext(ctx, `INSERT INTO mended_rows (delivery_id, row_no, of_row, note, actor) VALUES ($1, $2, $3, $4, $5)`)
		if err != nil {
			return err
		}
		defer insert.Close()
		for i, row := range m.Rows {
			if _, err := insert.ExecContext(ctx, d.ID, i+1, row, m.Note, e.Actor); err != nil {
				return err
			}
		}
		return appendAudit(ctx, tx, e)
	})
}

// settleMends marks what a mending delivery that is committed now brought in as
// mended. Rows that failed again stay as they were, with the new reason, and
// the copies of them that the delivery holds are superseded, so that a row is
// counted once.
func settleMends(ctx context.Context, tx *sql.Tx, d Delivery, at time.Time) error {
	const mended = `delivery_id = $1 AND row_no IN (SELECT of_row FROM mended_rows WHERE delivery_id = $2)`
	counts := rowCounts{}
	if err := counts.tally(ctx, tx, -1, mended, d.MendOf, d.ID); err != nil {
		return err
	}
	if err := counts.tally(ctx, tx, -1, `delivery_id = $1`, d.ID); err != nil {
		return err
	}
	for _, step := range []struct {
		text string
		args []any
	}{
		{`UPDATE quarantined_rows AS o SET state = $1, note = m.note, changed_by = m.actor, changed_at = $2, mended_by = $3 FROM mended_rows m
			WHERE m.delivery_id = $4 AND o.delivery_id = $5 AND o.row_no = m.of_row AND NOT EXISTS
			(SELECT 1 FROM quarantined_rows q WHERE q.delivery_id = m.delivery_id AND q.row_no = m.row_no)`,
			[]any{string(RowMended), timeText(at), d.ID, d.ID, d.MendOf}},
		{`UPDATE quarantined_rows AS o SET first_code = CASE o.first_code WHEN '' THEN o.code ELSE o.first_code END,
			code = q.code, field = q.field, message = q.message, note = m.note, changed_by = m.actor, changed_at = $1
			FROM mended_rows m JOIN quarantined_rows q ON q.delivery_id = m.delivery_id AND q.row_no = m.row_no
			WHERE m.delivery_id = $2 AND o.delivery_id = $3 AND o.row_no = m.of_row`,
			[]any{timeText(at), d.ID, d.MendOf}},
		{`UPDATE quarantined_rows SET state = $1 WHERE delivery_id = $2`, []any{string(RowSuperseded), d.ID}},
	} {
		if _, err := tx.ExecContext(ctx, step.text, step.args...); err != nil {
			return err
		}
	}
	if err := counts.tally(ctx, tx, 1, mended, d.MendOf, d.ID); err != nil {
		return err
	}
	if err := counts.tally(ctx, tx, 1, `delivery_id = $1`, d.ID); err != nil {
		return err
	}
	return counts.keep(ctx, tx)
}

// MendsOf lists the committed deliveries that mended rows of one, the last
// first.
func (s *Store) MendsOf(ctx context.Context, deliveryID string) ([]Delivery, error) {
	found, err := list(ctx, s.read, scanDelivery, `SELECT `+deliveryColumns+` FROM deliveries
		WHERE mend_of = $1 AND mend_of <> '' AND state = 'committed' ORDER BY seq DESC`, deliveryID)
	return found, s.fail(err, "look for mended rows")
}

// reopenMended opens the rows again that a mending delivery brought in, when
// that delivery is taken back.
func reopenMended(ctx context.Context, tx *sql.Tx, deliveryID, note, actor string, at time.Time) error {
	brought := func(id string) string { // the placeholder of the delivery
		return `delivery_id = (SELECT mend_of FROM deliveries WHERE id = ` + id + `) AND mended_by = ` + id + `
			AND row_no IN (SELECT of_row FROM mended_rows WHERE delivery_id = ` + id + `)`
	}
	counts := rowCounts{}
	if err := counts.tally(ctx, tx, -1, brought(`$1`), deliveryID); err != nil {
		return err
	}
	counts.move(RowMended, RowOpen)
	if _, err := tx.ExecContext(ctx, `UPDATE quarantined_rows SET state = $1, note = $2, changed_by = $3, changed_at = $4, mended_by = ''
		WHERE `+brought(`$5`), string(RowOpen), note, actor, timeText(at), deliveryID); err != nil {
		return err
	}
	return counts.keep(ctx, tx)
}

// SealedRow is a quarantined row as it was delivered, under the vault's seal.
type SealedRow struct {
	Row    int64
	State  RowState
	Code   string // why it failed as it came
	Sealed []byte
}

// SealedRows gives the sealed texts of quarantined rows of one delivery, in the
// order of their numbers as given, or fails with not_found. Opening them shows
// personal data, so the entry that says who asked and why is kept before they
// are given out.
func (s *Store) SealedRows(ctx context.Context, deliveryID string, rows []int64, e audit.Entry) ([]SealedRow, error) {
	if len(rows) > MaxRows {
		return nil, city.Errorf(city.CodeInvalid+".quarantine", "at most %d rows can be opened at once, not %d", MaxRows, len(rows))
	}
	out := make([]SealedRow, 0, len(rows))
	err := s.change(ctx, "give out the quarantined rows", func(tx *sql.Tx) error {
		for _, row := range rows {
			v := SealedRow{Row: row}
			err := tx.QueryRowContext(ctx, `SELECT state, CASE first_code WHEN '' THEN code ELSE first_code END, sealed FROM quarantined_rows WHERE delivery_id = $1 AND row_no = $2`,
				deliveryID, row).Scan(&v.State, &v.Code, &v.Sealed)
			if isNone(err) {
				return noRow(deliveryID, row)
			}
			if err != nil {
				return err
			}
			out = append(out, v)
		}
		return appendAudit(ctx, tx, e)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}
