package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
)

// MaxRows is how many quarantined rows can be named at once.
const MaxRows = 10_000

const codeRow = city.CodeConflict + ".row"

// RowChange moves quarantined rows of one delivery to another state by
// decision: to waived, returned, or back to open.
type RowChange struct {
	DeliveryID string
	Rows       []int64 // at most MaxRows; empty to change all open rows of Code
	Code       string
	Field      string // narrows Code; empty for all fields
	To         RowState
	Note       string // the reason, free of personal data
	By         string
	At         time.Time
}

// ChangeRows makes a change in one transaction with its audit record, and says
// how many rows it moved. Rows that are there already are left as they are, so
// that a retry is safe. It fails with not_found when a named row is not in
// quarantine, and with conflict.row when one may not become what is asked: then
// nothing is changed.
func (s *Store) ChangeRows(ctx context.Context, c RowChange, e audit.Entry) (changed int64, err error) {
	if err := c.check(); err != nil {
		return 0, err
	}
	err = s.change(ctx, "change the quarantine", func(tx *sql.Tx) error {
		if _, err := heldDelivery(ctx, tx, c.DeliveryID); err != nil {
			return err
		}
		if err := noMendUnderWay(ctx, tx, c.DeliveryID); err != nil {
			return err
		}
		counts := rowCounts{}
		if len(c.Rows) == 0 {
			err = c.changeCode(ctx, tx, counts)
		} else {
			err = c.changeRows(ctx, tx, counts)
		}
		if err != nil {
			return err
		}
		if changed = counts.moved(c.To); changed == 0 {
			return nil
		}
		if err := counts.keep(ctx, tx); err != nil {
			return err
		}
		return appendAudit(ctx, tx, e)
	})
	if err != nil {
		return 0, err
	}
	return changed, nil
}

func (c RowChange) check() error {
	bad := func(reason string) error {
		return city.Errorf(city.CodeInvalid+".quarantine", "the rows cannot be changed: %s", reason)
	}
	switch {
	case c.To != RowOpen && c.To != RowWaived && c.To != RowReturned:
		return bad("a row can be waived, returned or opened again by decision, and nothing else")
	case len(c.Rows) == 0 && (c.Code == "" || c.To == RowOpen):
		return bad("no rows are named")
	case len(c.Rows) > MaxRows:
		return bad("at most " + strconv.Itoa(MaxRows) + " rows can be named at once")
	case c.Note == "" || !isText(c.Note) || c.At.IsZero():
		return bad("the reason or the time is missing")
	}
	return nil
}

// from lists the states that a row may be in before.
func (c RowChange) from() []RowState {
	if c.To == RowOpen {
		return []RowState{RowWaived, RowReturned}
	}
	return []RowState{RowOpen}
}

// ofCode is the condition that holds for the open rows of the reason, with its
// values; its first placeholder has the given number.
func (c RowChange) ofCode(first int) (condition string, args []any) {
	condition = fmt.Sprintf(`delivery_id = $%d AND state = $%d AND code = $%d`, first, first+1, first+2)
	args = []any{c.DeliveryID, string(RowOpen), c.Code}
	if c.Field != "" {
		condition, args = condition+fmt.Sprintf(` AND field = $%d`, first+3), append(args, c.Field)
	}
	return condition, args
}

// changeCode changes all open rows of one reason.
func (c RowChange) changeCode(ctx context.Context, tx *sql.Tx, counts rowCounts) error {
	condition, args := c.ofCode(1)
	if err := counts.tally(ctx, tx, -1, condition, args...); err != nil {
		return err
	}
	counts.move(RowOpen, c.To)
	condition, args = c.ofCode(5)
	_, err := tx.ExecContext(ctx, `UPDATE quarantined_rows SET state = $1, note = $2, changed_by = $3, changed_at = $4 WHERE `+condition,
		append([]any{string(c.To), c.Note, c.By, timeText(c.At)}, args...)...)
	return err
}

// changeRows changes the named rows, one by one.
func (c RowChange) changeRows(ctx context.Context, tx *sql.Tx, counts rowCounts) error {
	for _, row := range c.Rows {
		key := countKey{delivery: c.DeliveryID}
		err := tx.QueryRowContext(ctx, `SELECT code, field, owner, state FROM quarantined_rows WHERE delivery_id = $1 AND row_no = $2`,
			c.DeliveryID, row).Scan(&key.code, &key.field, &key.owner, &key.state)
		switch {
		case isNone(err):
			return noRow(c.DeliveryID, row)
		case err != nil:
			return err
		case key.state == c.To:
			continue
		case !slices.Contains(c.from(), key.state):
			return city.Errorf(codeRow, "row %d of %s is %s and cannot become %s", row, c.DeliveryID, key.state, c.To).WithHint("%s", rowHint(key.state))
		}
		if _, err := tx.ExecContext(ctx, `UPDATE quarantined_rows SET state = $1, note = $2, changed_by = $3, changed_at = $4
			WHERE delivery_id = $5 AND row_no = $6`, string(c.To), c.Note, c.By, timeText(c.At), c.DeliveryID, row); err != nil {
			return err
		}
		counts[key]--
		key.state = c.To
		counts[key]++
	}
	return nil
}

// noMendUnderWay refuses a decision about rows of a delivery while some of them
// are being mended: a row would end as mended that somebody was told is waived.
func noMendUnderWay(ctx context.Context, tx *sql.Tx, deliveryID string) error {
	var id string
	err := tx.QueryRowContext(ctx, `SELECT id FROM deliveries WHERE mend_of = $1 AND state IN ('staged', 'validated') LIMIT 1`, deliveryID).Scan(&id)
	switch {
	case isNone(err):
		return nil
	case err != nil:
		return err
	}
	return city.Errorf(city.CodeBusy+".mend", "rows of %s are being mended by %s", deliveryID, id).WithHint("try again in a moment")
}

func noRow(deliveryID string, row int64) error {
	return city.Errorf(city.CodeNotFound, "delivery %s has no row %d in quarantine", deliveryID, row)
}

// rowHint says what may be done with a row that is in a state.
func rowHint(state RowState) string {
	switch state {
	case RowWaived, RowReturned:
		return "open it again first"
	case RowSuperseded:
		return "it is a second failure: work on the row that it was made of"
	}
	return "its mended version is in the table: deliver a correction"
}
