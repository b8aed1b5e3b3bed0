package store

import (
	"context"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Delivery finds a delivery by its ID, or fails with not_found.
func (s *Store) Delivery(ctx context.Context, id string) (Delivery, error) {
	d, err := delivery(ctx, s.read, id)
	return d, s.fail(err, "read the delivery")
}

func delivery(ctx context.Context, q querier, id string) (Delivery, error) {
	d, err := scanDelivery(q.QueryRowContext(ctx, `SELECT `+deliveryColumns+` FROM deliveries WHERE id = $1`, id))
	if isNone(err) {
		return d, city.Errorf(city.CodeNotFound, "there is no delivery %q", id)
	}
	return d, err
}

// Filter narrows a list of deliveries. An empty member does not narrow.
type Filter struct {
	IDs     []string // at most MaxPage
	Dataset string
	States  []State
	// Period keeps the deliveries whose period overlaps it.
	Period city.Span
}

// Deliveries pages through the deliveries, newest first by the time when they
// were received. A limit below 1 means DefaultPage; more than MaxPage is cut.
func (s *Store) Deliveries(ctx context.Context, f Filter, cursor string, limit int) (Page[Delivery], error) {
	q, err := f.query()
	if err != nil {
		return Page[Delivery]{}, err
	}
	if cursor != "" {
		at, id, err := parseDeliveryCursor(cursor)
		if err != nil {
			return Page[Delivery]{}, err
		}
		q.whereAfter([2]string{"received_at", "id"}, "<", at, id)
	}
	size := pageSize(limit)
	found, err := list(ctx, s.read, scanDelivery, q.page(`received_at DESC, id DESC`, size), q.args...)
	if err != nil {
		return Page[Delivery]{}, s.fail(err, "read the deliveries")
	}
	return paged(found, size, deliveryCursor), nil
}

func (f Filter) query() (*query, error) {
	if len(f.IDs) > MaxPage {
		return nil, city.Errorf(codeDelivery, "at most %d deliveries can be asked for by ID at once, not %d", MaxPage, len(f.IDs))
	}
	q := newQuery(`SELECT ` + deliveryColumns + ` FROM deliveries`)
	q.whereIn(`id`, f.IDs)
	if f.Dataset != "" {
		q.where(`dataset = `, f.Dataset)
	}
	states := make([]string, len(f.States))
	for i, state := range f.States {
		states[i] = string(state)
	}
	q.whereIn(`state`, states)
	if !f.Period.IsZero() {
		q.where(`period_from <= `, f.Period.To.String())
		q.where(`period_to >= `, f.Period.From.String())
	}
	return q, nil
}

// Unfinished lists the deliveries that have not ended, oldest first. After a
// start, each of them was cut off by the end of the last run: whether the lake
// committed it says whether to finish or to abort it.
func (s *Store) Unfinished(ctx context.Context) ([]Delivery, error) {
	found, err := list(ctx, s.read, scanDelivery, `SELECT `+deliveryColumns+` FROM deliveries
		WHERE state IN ('staged', 'validated') ORDER BY seq`)
	return found, s.fail(err, "read the unfinished deliveries")
}

// CommittedFile finds the newest committed delivery of the same file to the
// same dataset, by the SHA-256 of the file, and says whether there is one. One
// that was rolled back does not count, nor do mended rows, which no sender
// delivers.
func (s *Store) CommittedFile(ctx context.Context, dataset, sha256 string) (Delivery, bool, error) {
	d, err := scanDelivery(s.read.QueryRowContext(ctx, `SELECT `+deliveryColumns+` FROM deliveries
		WHERE dataset = $1 AND file_sha256 = $2 AND state = 'committed' AND mend_of = '' ORDER BY seq DESC LIMIT 1`, dataset, sha256))
	if isNone(err) {
		return Delivery{}, false, nil
	}
	return d, err == nil, s.fail(err, "look for the file")
}

// CommittedPeriods lists the different periods of a dataset that committed
// deliveries cover, in order: what "complete to" is computed from. A time that
// is not zero asks for those that had been committed by then, and not rolled
// back. Deliveries without a period are left out, and so are mended rows: they
// came with a period that was delivered before.
func (s *Store) CommittedPeriods(ctx context.Context, dataset string, asOf time.Time) ([]city.Span, error) {
	q := newQuery(`SELECT DISTINCT period_from, period_to FROM deliveries`)
	q.where(`dataset = `, dataset)
	q.where(`period_from <> `, "")
	q.where(`mend_of = `, "")
	if asOf.IsZero() {
		q.where(`state = `, string(StateCommitted))
	} else {
		q.whereIn(`state`, []string{string(StateCommitted), string(StateRolledBack)})
		q.where(`finished_at <= `, timeText(asOf))
		q.where(`NOT EXISTS (SELECT 1 FROM rollbacks AS r WHERE r.delivery_id = deliveries.id AND r.state = 'committed' AND r.finished_at <= `, timeText(asOf))
		q.text.WriteString(`)`)
	}
	spans, err := list(ctx, s.read, scanSpan, q.text.String()+` ORDER BY period_from, period_to`, q.args...)
	return spans, s.fail(err, "read the periods of the deliveries")
}

func scanSpan(row scanner) (city.Span, error) {
	var from, to string
	if err := row.Scan(&from, &to); err != nil {
		return city.Span{}, err
	}
	return spanValue(from, to)
}
