package delivery

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/store"
)

// settleTime is how long the end of a failed delivery may take, beyond the
// context of its sender.
const settleTime = time.Minute

// settle ends a delivery whose processing is over: rejected when the file is at
// fault, committed when the lake has it after all, or else aborted. When even
// that fails, the delivery is left to settleEarlier and Recover.
func (r *run) settle(ctx context.Context, err error) (*Receipt, error) {
	if r.spool != nil {
		defer func() { _ = r.spool.close() }() // it has no name any more and is of no further use
	}
	if err == nil {
		return r.receipt, nil
	}
	// A delivery that was cancelled must still be settled in the store.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	var x *rejection
	if errors.As(err, &x) {
		return r.reject(ctx, x.err)
	}
	snapshot, found, ferr := r.Lake.FindDelivery(ctx, r.ds.Name, r.receipt.DeliveryID)
	switch {
	case ferr != nil:
		return nil, r.unsettled(errors.Join(err, ferr))
	case !found:
		if aerr := r.abort(ctx, r.row(), r.req.Actor); aerr != nil {
			return nil, r.unsettled(errors.Join(err, aerr))
		}
		return nil, err
	}
	if ferr := r.finish(ctx, r.receipt, snapshot, r.req.Actor); ferr != nil {
		return nil, r.unsettled(errors.Join(err, ferr))
	}
	return r.receipt, nil
}

// reject gives the delivery a receipt that says why nothing was taken.
func (r *run) reject(ctx context.Context, e *city.Error) (*Receipt, error) {
	r.rejected(e)
	c := r.receipt
	rows := r.heldOfRejected()
	doc, err := r.seal(c)
	if err != nil {
		return nil, r.unsettled(err)
	}
	err = r.Lake.Discard(ctx, c.Dataset, c.DeliveryID)
	if err == nil {
		now := r.Now()
		err = r.Store.Finish(ctx, c.DeliveryID, store.Outcome{State: store.StateRejected, Receipt: doc, At: now, Rows: rows},
			r.entry(now, r.req.Actor, "delivery.reject", c.DeliveryID, balance(c)))
	}
	if err != nil {
		return nil, r.unsettled(err)
	}
	return c, nil
}

// unsettled notes that the delivery's end is not in the store.
func (r *run) unsettled(err error) error {
	r.leaveOpen(r.ds.Name)
	return city.Errorf("unavailable.unsettled", "the end of the delivery %s could not be noted: %w", r.receipt.DeliveryID, err).
		WithHint("the next delivery to %s or the next start settles it; deliver the file again then: nothing is taken twice", r.ds.Name)
}

// leaveOpen notes that a dataset has something whose end is not in the store.
func (s *Service) leaveOpen(dataset string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unfinished[dataset] = true
}

// settleEarlier settles what a failed delivery of the dataset left open. The
// caller holds the dataset's lock, so none of them is running.
func (s *Service) settleEarlier(ctx context.Context, dataset string) error {
	s.mu.Lock()
	open := s.unfinished[dataset]
	s.mu.Unlock()
	if !open {
		return nil
	}
	deliveries, err := s.Store.Unfinished(ctx)
	if err != nil {
		return err
	}
	for _, d := range deliveries {
		if d.Dataset != dataset {
			continue
		}
		if err := s.recoverOne(ctx, d); err != nil {
			return err
		}
	}
	if err := s.recoverRollbacks(ctx, dataset); err != nil {
		return err
	}
	s.mu.Lock()
	delete(s.unfinished, dataset)
	s.mu.Unlock()
	return nil
}

// Recover settles what an earlier process left unfinished. It must run before
// the first delivery, while no other process uses the data folder.
func (s *Service) Recover(ctx context.Context) error {
	open, err := s.Store.Unfinished(ctx)
	if err != nil {
		return err
	}
	for _, d := range open {
		if err := s.recoverOne(ctx, d); err != nil {
			return err
		}
	}
	if err := s.recoverRollbacks(ctx, ""); err != nil {
		return err
	}
	return errors.Join(s.archive.sweep(), sweepSpools(s.Dir))
}

func (s *Service) recoverOne(ctx context.Context, d store.Delivery) error {
	snapshot, found, err := s.Lake.FindDelivery(ctx, d.Dataset, d.ID)
	if err != nil {
		return err
	}
	if !found {
		s.Log.Warn("a delivery was cut off and changed nothing; deliver the file again", "delivery", d.ID, "dataset", d.Dataset, "file", d.FileName)
		return s.abort(ctx, d, recoverer)
	}
	s.Log.Info("a delivery had been committed when it was cut off; its receipt is final now", "delivery", d.ID, "dataset", d.Dataset)
	var r Receipt
	if err := json.Unmarshal(d.Receipt, &r); err != nil {
		return city.Errorf(city.CodeInternal, "the draft receipt of %s cannot be read: %w", d.ID, err)
	}
	return s.finish(ctx, &r, snapshot, recoverer)
}

// recoverer is the actor of what is settled without a sender.
const recoverer = "system:recover"

// abort removes what a delivery left that committed nothing. The store is told
// last: until then a crash leaves it unfinished, and it is aborted again.
func (s *Service) abort(ctx context.Context, d store.Delivery, actor string) error {
	if err := s.Lake.Discard(ctx, d.Dataset, d.ID); err != nil {
		return err
	}
	if err := s.archive.remove(d.Evidence); err != nil {
		return err
	}
	now := s.Now()
	return s.Store.Finish(ctx, d.ID, store.Outcome{State: store.StateAborted, At: now}, s.entry(now, actor, "delivery.abort", d.ID, nil))
}
