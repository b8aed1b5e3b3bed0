package store

import (
	"context"
	"database/sql"
	"iter"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// RowState says what became of a quarantined row.
//
//	open ──▶ mended                      a mending delivery brought it in
//	 ▲  └──▶ waived, returned            somebody decided so
//	 └─────────┘ reopened
type RowState string

const (
	RowOpen     RowState = "open"
	RowMended   RowState = "mended"   // HeldRow.MendedBy accepted it, or found it unchanged
	RowWaived   RowState = "waived"   // nobody will mend it
	RowReturned RowState = "returned" // it was sent back to the sender
	// RowSuperseded is the copy that a mending delivery holds of a row which
	// failed again. The row itself is listed; its copy is not.
	RowSuperseded RowState = "superseded"
)

// RowStates are the states that rows are listed by.
func RowStates() []RowState { return []RowState{RowOpen, RowMended, RowWaived, RowReturned} }

// HeldRow is a quarantined row with the delivery that it came with and what
// became of it.
type HeldRow struct {
	QuarantinedRow
	DeliveryID string
	Dataset    string
	Source     string // that fetched the delivery; empty when it was delivered by hand
	File       string
	Since      time.Time // when the delivery was received
	State      RowState
	Note       string    // the reason given for the last change; empty before the first
	By         string    // who made it
	At         time.Time // when; zero before the first
	MendedBy   string    // the delivery that mended it

	seq int64 // the delivery's
}

// HeldFilter narrows what is listed. An empty member does not narrow.
type HeldFilter struct {
	State      RowState
	DeliveryID string
	Dataset    string
	Source     string
	Code       string
	Field      string
	Owner      string
}

// isHeld keeps the deliveries whose quarantined rows are somebody's business:
// those that ended, and were not taken back. It names deliveries as d.
const isHeld = `d.state IN ('committed', 'rejected')`

// counts narrows quarantine_counts as c, joined with deliveries as d.
func (f HeldFilter) counts(selectFrom string) *query {
	q := newQuery(selectFrom + ` FROM quarantine_counts c JOIN deliveries d ON d.id = c.delivery_id`)
	q.where(`c.row_count > `, 0)
	q.where(isHeld+` AND c.state <> `, string(RowSuperseded))
	for _, w := range []struct{ column, value string }{
		{`c.state = `, string(f.State)}, {`c.delivery_id = `, f.DeliveryID}, {`d.dataset = `, f.Dataset}, {`d.source = `, f.Source},
		{`c.code = `, f.Code}, {`c.field = `, f.Field}, {`c.owner = `, f.Owner},
	} {
		if w.value != "" {
			q.where(w.column, w.value)
		}
	}
	return q
}

// HeldRows pages through quarantined rows of all deliveries, in the order in
// which these were staged, so that the oldest come first, and of their files.
// Sealed texts are left out.
//
// The counts say which deliveries have such rows; only these are looked into,
// one after the other, until the page is full.
func (s *Store) HeldRows(ctx context.Context, f HeldFilter, cursor string, limit int) (Page[HeldRow], error) {
	const what = "read the quarantine"
	size := pageSize(limit)
	from, row, err := parseHeldCursor(cursor)
	if err != nil {
		return Page[HeldRow]{}, err
	}
	type place struct {
		seq int64
		id  string
	}
	q := f.counts(`SELECT DISTINCT d.seq, d.id`)
	q.where(`d.seq >= `, from)
	places, err := list(ctx, s.read, func(r scanner) (p place, err error) {
		err = r.Scan(&p.seq, &p.id)
		return p, err
	}, q.page(`d.seq`, size+1), q.args...) // the first may be at its end
	if err != nil {
		return Page[HeldRow]{}, s.fail(err, what)
	}
	var rows []HeldRow
	for _, p := range places {
		after := int64(0)
		if p.seq == from {
			after = row
		}
		more, err := s.heldOf(ctx, p.id, f, after, size+1-len(rows))
		if err != nil {
			return Page[HeldRow]{}, s.fail(err, what)
		}
		if rows = append(rows, more...); len(rows) > size {
			break
		}
	}
	return paged(rows, size, func(r HeldRow) string { return heldCursor(r.seq, r.Row) }), nil
}

const heldColumns = `q.delivery_id, q.row_no, q.field, q.code, q.message, q.masked, q.owner, q.state, q.note, q.changed_by, q.changed_at, q.mended_by,
	d.dataset, d.source, d.file_name, d.received_at, d.seq`

// heldOf reads at most limit rows of one delivery that follow a row.
func (s *Store) heldOf(ctx context.Context, id string, f HeldFilter, after int64, limit int) ([]HeldRow, error) {
	q := f.rows(id, after)
	return list(ctx, s.read, scanHeld, q.page(`q.row_no`, limit-1), q.args...)
}

// rows narrows quarantined_rows as q to those of one delivery that follow a
// row.
func (f HeldFilter) rows(id string, after int64) *query {
	q := newQuery(`SELECT ` + heldColumns + ` FROM quarantined_rows q JOIN deliveries d ON d.id = q.delivery_id`)
	q.where(`q.delivery_id = `, id)
	if f.State != "" {
		q.where(`q.state = `, string(f.State))
	} else {
		q.where(`q.state <> `, string(RowSuperseded))
	}
	for _, w := range []struct{ column, value string }{{`q.code = `, f.Code}, {`q.field = `, f.Field}, {`q.owner = `, f.Owner}} {
		if w.value != "" {
			q.where(w.column, w.value)
		}
	}
	q.where(`q.row_no > `, after)
	return q
}

// HeldOf reads the quarantined rows of one delivery, in the order of its file
// and in constant memory. An error is its last element.
func (s *Store) HeldOf(ctx context.Context, f HeldFilter) iter.Seq2[HeldRow, error] {
	const what = "read the quarantine"
	return func(yield func(HeldRow, error) bool) {
		for after := int64(0); ; {
			rows, err := s.heldOf(ctx, f.DeliveryID, f, after, MaxPage)
			if err != nil {
				yield(HeldRow{}, s.fail(err, what))
				return
			}
			for _, r := range rows {
				if !yield(r, nil) {
					return
				}
				after = r.Row
			}
			if len(rows) < MaxPage {
				return
			}
		}
	}
}

func scanHeld(row scanner) (h HeldRow, err error) {
	var state, at, received string
	err = row.Scan(&h.DeliveryID, &h.Row, &h.Field, &h.Code, &h.Message, &h.Masked, &h.Owner, &state, &h.Note, &h.By, &at, &h.MendedBy,
		&h.Dataset, &h.Source, &h.File, &received, &h.seq)
	if err != nil {
		return h, err
	}
	h.State = RowState(state)
	if h.At, err = timeValue(at); err != nil {
		return h, err
	}
	h.Since, err = timeValue(received)
	return h, err
}

// HeldGroup counts quarantined rows that failed for the same reason.
type HeldGroup struct {
	Dataset, Code, Field, Source, Owner string
	Count                               int64
	Oldest, Newest                      time.Time // when their deliveries were received
}

// HeldGroups counts quarantined rows by reason, source and owner, the most
// frequent first.
func (s *Store) HeldGroups(ctx context.Context, f HeldFilter) ([]HeldGroup, error) {
	q := f.counts(`SELECT d.dataset, c.code, c.field, d.source, c.owner, SUM(c.row_count), MIN(d.received_at), MAX(d.received_at)`)
	groups, err := list(ctx, s.read, scanGroup, q.text.String()+` GROUP BY d.dataset, c.code, c.field, d.source, c.owner
		ORDER BY SUM(c.row_count) DESC, d.dataset, c.code, c.field, d.source, c.owner`, q.args...)
	return groups, s.fail(err, "count the quarantine")
}

func scanGroup(row scanner) (g HeldGroup, err error) {
	var oldest, newest string
	if err := row.Scan(&g.Dataset, &g.Code, &g.Field, &g.Source, &g.Owner, &g.Count, &oldest, &newest); err != nil {
		return g, err
	}
	if g.Oldest, err = timeValue(oldest); err != nil {
		return g, err
	}
	g.Newest, err = timeValue(newest)
	return g, err
}

// heldDelivery finds a delivery whose quarantined rows may be worked on.
func heldDelivery(ctx context.Context, tx *sql.Tx, id string) (Delivery, error) {
	d, err := scanDelivery(tx.QueryRowContext(ctx, `SELECT `+deliveryColumns+` FROM deliveries d WHERE d.id = $1 AND `+isHeld, id))
	if isNone(err) {
		return d, city.Errorf(city.CodeNotFound, "there is no delivery %q whose rows are in quarantine", id).
			WithHint("one that has not ended, was aborted or was taken back holds no rows")
	}
	return d, err
}
