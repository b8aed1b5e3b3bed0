package store

import (
	"context"
	"database/sql"
	"iter"
	"strconv"
	"strings"
)

// quarantineChunk is how many rows go into one statement: 8 placeholders each,
// of which SQLite takes 32766 and PostgreSQL 65535. Larger is not faster.
const (
	quarantineChunk   = 100
	quarantineColumns = 8
)

// insertQuarantined keeps rows in chunks, so that memory does not grow with
// their number, and says how many there were.
func insertQuarantined(ctx context.Context, tx *sql.Tx, id string, rows iter.Seq2[QuarantinedRow, error]) (int64, error) {
	w := quarantineWriter{tx: tx, id: id, counts: rowCounts{}}
	defer w.close()
	for r, err := range rows {
		if err == nil {
			err = w.add(ctx, r)
		}
		if err != nil {
			return 0, err
		}
	}
	if err := w.flush(ctx); err != nil {
		return 0, err
	}
	return w.count, w.counts.keep(ctx, tx)
}

// quarantineWriter collects the arguments of a chunk.
type quarantineWriter struct {
	tx    *sql.Tx
	id    string
	full  *sql.Stmt // inserts a whole chunk; prepared on first use
	args  []any
	count int64
	// counts has one element for each reason, of which there are only as many
	// as the dataset declares.
	counts rowCounts
}

func (w *quarantineWriter) add(ctx context.Context, r QuarantinedRow) error {
	if r.Row < 1 || r.Code == "" || !isText(r.Field+r.Code+r.Message+r.Masked+r.Owner) {
		return badDelivery("row " + strconv.FormatInt(r.Row, 10) + " of its quarantine has no number or no reason, or is not UTF-8 text")
	}
	if r.Sealed == nil {
		r.Sealed = []byte{} // nil would be NULL
	}
	w.args = append(w.args, w.id, r.Row, r.Field, r.Code, r.Message, r.Masked, r.Sealed, r.Owner)
	w.count++
	w.counts[countKey{w.id, r.Code, r.Field, r.Owner, RowOpen}]++
	if len(w.args) < quarantineChunk*quarantineColumns {
		return nil
	}
	return w.flush(ctx)
}

func (w *quarantineWriter) flush(ctx context.Context) (err error) {
	n := len(w.args) / quarantineColumns
	switch {
	case n == 0:
		return nil
	case n < quarantineChunk:
		_, err = w.tx.ExecContext(ctx, insertRows(n), w.args...)
	default:
		if w.full == nil {
			if w.full, err = w.tx.PrepareContext(ctx, insertRows(n)); err != nil {
				return err
			}
		}
		_, err = w.full.ExecContext(ctx, w.args...)
	}
	w.args = w.args[:0]
	return err
}

func (w *quarantineWriter) close() {
	if w.full != nil {
		_ = w.full.Close() // the transaction has the last word
	}
}

// insertRows is the statement that inserts n rows.
func insertRows(n int) string {
	var b strings.Builder
	b.WriteString(`INSERT INTO quarantined_rows (delivery_id, row_no, field, code, message, masked, sealed, owner) VALUES `)
	for i := range n * quarantineColumns {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%quarantineColumns == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(i+1))
	}
	b.WriteString(")")
	return b.String()
}
