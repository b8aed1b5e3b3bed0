package lake

import (
	"context"

	"github.com/apache/iceberg-go/table"
)

// FindDelivery looks for the snapshot that a delivery committed, also among
// those that have expired.
func (l *Lake) FindDelivery(ctx context.Context, dataset, deliveryID string) (snapshotID int64, found bool, err error) {
	t, err := l.load(ctx, dataset)
	if err != nil || t == nil {
		return 0, false, err
	}
	for _, s := range t.Metadata().Snapshots() {
		if delivered(s) == deliveryID {
			return s.SnapshotID, true, nil
		}
	}
	p, found, err := l.expiredOne(ctx, `dataset = $1 AND delivery_id = $2 LIMIT 1`, dataset, deliveryID)
	return p.id, found, err
}

// History gives the deliveries that led to a view, each with its snapshot,
// whether or not that has expired.
func (l *Lake) History(ctx context.Context, v *View) (map[string]int64, error) {
	out := map[string]int64{}
	t, err := l.load(ctx, v.Dataset)
	if err != nil || t == nil {
		return out, err
	}
	known, err := l.expired(ctx, v.Dataset)
	if err != nil {
		return nil, err
	}
	for _, s := range t.Metadata().Snapshots() {
		known[s.SnapshotID] = passedOf(s)
	}
	for p, ok := known[v.SnapshotID]; ok; p, ok = known[p.parent] {
		if p.delivery != "" {
			out[p.delivery] = p.id
		}
	}
	return out, nil
}

func passedOf(s table.Snapshot) passed {
	p := passed{id: s.SnapshotID, sequence: s.SequenceNumber, at: s.TimestampMs, delivery: delivered(s)}
	if s.ParentSnapshotID != nil {
		p.parent = *s.ParentSnapshotID
	}
	return p
}

// delivered is the ID of the delivery that committed a snapshot, or "".
func delivered(s table.Snapshot) string {
	if s.Summary == nil {
		return ""
	}
	return s.Summary.Properties[propDelivery]
}
