package delivery

import (
	"context"
	"errors"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// repeat ends a delivery of bytes that were committed before. They change
// nothing, but what the manifest says of them must be true all the same: it is
// compared with the earlier receipt, and where that is silent the file is
// counted again.
func (r *run) repeat(ctx context.Context) error {
	if !r.totals.takeFrom(r.before) {
		if err := r.countAgain(ctx); err != nil {
			return err
		}
	}
	if err := r.checkCounts(); err != nil {
		return err
	}
	if err := r.compareTotals(); err != nil {
		return err
	}
	r.receipt.Balance, r.receipt.Distinct = []Balance{}, r.totals.counts()
	for _, s := range r.totals.sums {
		r.receipt.Balance = append(r.receipt.Balance, s.balance(s.zero(), s.zero()))
	}
	return r.commit(ctx, &lake.Merged{})
}

// takeFrom takes the sums and counts over from an earlier receipt of the same
// file, and says whether it has them all.
func (t *totals) takeFrom(before *Receipt) bool {
	for _, s := range t.sums {
		i := slices.IndexFunc(before.Balance, func(b Balance) bool { return b.Field == s.field.Name })
		if i < 0 {
			return false
		}
		total, err := city.ParseAmount(before.Balance[i].Received)
		if err != nil {
			return false
		}
		s.known, s.unreadable = &total, before.Balance[i].Unreadable
	}
	for _, d := range t.distinct {
		i := slices.IndexFunc(before.Distinct, func(o Distinct) bool { return o.Field == d.field.Name })
		if i < 0 {
			return false
		}
		d.received = before.Distinct[i].Received
	}
	return true
}

// countAgain reads the file for its sums and counts alone. Every row stays a
// duplicate, whatever its checks say today.
func (r *run) countAgain(ctx context.Context) error {
	stage, err := r.Engine.Stage(ctx, r.ds, r.receipt.DeliveryID)
	if err != nil {
		return err
	}
	c, kept := r.receipt, r.reasons
	received, quarantined := c.Received, c.Quarantined
	r.totals.reset()
	c.Received = 0
	err = r.readRows(ctx, stage)
	if err == nil {
		err = countDistinct(ctx, r.totals, stage)
	}
	if r.spool != nil {
		err = errors.Join(err, r.spool.close())
		r.spool = nil
	}
	r.reasons, c.Received, c.Quarantined = kept, received, quarantined
	return errors.Join(err, stage.Close())
}
