package app

import (
	"context"

	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/store"
)

// verifyRollbacks adds what rollbacks changed to the rows that are expected.
// One that is about to be finished has its counts already.
func (a *App) verifyRollbacks(ctx context.Context, v *Verification, tables map[string]*tableCheck) error {
	rollbacks, err := a.Store.OpenRollbacks(ctx)
	if err != nil {
		return err
	}
	for dataset := range tables {
		done, err := a.Store.Rollbacks(ctx, dataset)
		if err != nil {
			return err
		}
		rollbacks = append(rollbacks, done...)
	}
	seen := map[string]bool{}
	for _, r := range rollbacks {
		t := tables[r.Dataset]
		if seen[r.ID] || t == nil {
			continue
		}
		seen[r.ID] = true
		v.Rollbacks++
		switch {
		case t.history[r.ID] != 0:
			t.expected += r.Restored - r.Removed
			t.back[r.DeliveryID] = true
		case r.State == store.RollbackCommitted && r.Removed+r.Restored > 0:
			if err := a.verifyLate(ctx, v, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// verifyLate looks up a rollback that the tables did not show when they were
// read: it may have committed since.
func (a *App) verifyLate(ctx context.Context, v *Verification, r store.Rollback) error {
	_, found, err := a.Lake.FindDelivery(ctx, r.Dataset, r.ID)
	if err == nil && !found {
		v.problem("%s: the table of %s has no snapshot of the rollback", r.ID, r.Dataset)
	}
	return err
}

// verifyRows compares the rows that carry a delivery's ID with its receipt. It
// may have more than it accepted only where a rollback took away a delivery
// that had brought the same rows before.
func (t *tableCheck) verifyRows(v *Verification, d store.Delivery, r *delivery.Receipt) {
	n, most := t.counts[d.ID], r.Accepted
	delete(t.counts, d.ID)
	if len(t.back) > 0 {
		most = r.Received - r.Quarantined
	}
	switch {
	case t.back[d.ID] && n > 0:
		v.problem("%s: %d rows came from the delivery %s, which was rolled back", d.Dataset, n, d.ID)
	case n > most:
		v.problem("%s: %d rows came from the delivery %s, whose receipt accepted %d", d.Dataset, n, d.ID, r.Accepted)
	}
}
