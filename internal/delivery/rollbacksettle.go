package delivery

import (
	"context"
	"strconv"

	"github.com/jinyang-city/jinyang/internal/store"
)

// finishRollback notes that the lake has a rollback.
func (s *Service) finishRollback(ctx context.Context, id, deliveryID string, snapshot int64, actor string) error {
	now := s.Now()
	snapshotID := strconv.FormatInt(snapshot, 10)
	err := s.Store.FinishRollback(ctx, id, snapshotID, now, s.entry(now, actor, "delivery.rollback", deliveryID, map[string]any{"rollback": id, "snapshot_id": snapshotID}))
	if err == nil {
		s.step(StepRollbackFinished)
	}
	return err
}

// settleRollback finishes a rollback that the lake has, and aborts another. It
// says whether it is done.
func (s *Service) settleRollback(ctx context.Context, r store.Rollback, actor string) (done bool, err error) {
	snapshot, found, err := s.Lake.FindDelivery(ctx, r.Dataset, r.ID)
	if err != nil {
		return false, err
	}
	if found {
		return true, s.finishRollback(ctx, r.ID, r.DeliveryID, snapshot, actor)
	}
	if err := s.Lake.Discard(ctx, r.Dataset, r.ID); err != nil {
		return false, err
	}
	now := s.Now()
	return false, s.Store.AbortRollback(ctx, r.ID, now, s.entry(now, actor, "rollback.abort", r.DeliveryID, map[string]any{"rollback": r.ID}))
}

// recoverRollbacks settles the rollbacks that were left open; of one dataset
// unless that is "".
func (s *Service) recoverRollbacks(ctx context.Context, dataset string) error {
	open, err := s.Store.OpenRollbacks(ctx)
	if err != nil {
		return err
	}
	for _, r := range open {
		if dataset != "" && r.Dataset != dataset {
			continue
		}
		done, err := s.settleRollback(ctx, r, recoverer)
		if err != nil {
			return err
		}
		s.Log.Warn("a rollback was cut off", "rollback", r.ID, "delivery", r.DeliveryID, "dataset", r.Dataset, "finished", done)
	}
	return nil
}
