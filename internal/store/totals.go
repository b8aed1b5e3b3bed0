package store

import (
	"context"
	"time"
)

// DatasetTotal sums up the deliveries of one dataset.
type DatasetTotal struct {
	Dataset     string
	Committed   int64     // deliveries
	Rejected    int64     // deliveries
	Quarantined int64     // rows that wait for somebody: open ones, as the workbench lists them
	Last        time.Time // when the last delivery was committed; zero when none was
}

// DatasetTotals sums up all deliveries by dataset, in the order of names.
func (s *Store) DatasetTotals(ctx context.Context) ([]DatasetTotal, error) {
	totals, err := list(ctx, s.read, func(r scanner) (t DatasetTotal, err error) {
		var last string
		if err := r.Scan(&t.Dataset, &t.Committed, &t.Rejected, &t.Quarantined, &last); err != nil {
			return t, err
		}
		t.Last, err = timeValue(last)
		return t, err
	}, `SELECT dataset,
		SUM(CASE WHEN state = 'committed' THEN 1 ELSE 0 END),
		SUM(CASE WHEN state = 'rejected' THEN 1 ELSE 0 END),
		SUM(CASE WHEN `+isHeld+` THEN COALESCE(open_rows, 0) ELSE 0 END),
		MAX(CASE WHEN state = 'committed' THEN finished_at ELSE '' END)
		FROM deliveries d LEFT JOIN (SELECT delivery_id, SUM(row_count) AS open_rows FROM quarantine_counts
			WHERE state = 'open' GROUP BY delivery_id) c ON c.delivery_id = d.id
		GROUP BY dataset ORDER BY dataset`)
	return totals, s.fail(err, "sum up the deliveries")
}
