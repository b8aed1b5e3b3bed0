package lake

import (
	"context"

	"github.com/apache/iceberg-go/table"
)

// FindDelivery looks for the snapshot that a delivery committed.
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
	return 0, false, nil
}

// History gives the deliveries that led to a view, each with its snapshot.
func (l *Lake) History(ctx context.Context, v *View) (map[string]int64, error) {
	out := map[string]int64{}
	t, err := l.load(ctx, v.Dataset)
	if err != nil || t == nil {
		return out, err
	}
	byID := map[int64]table.Snapshot{}
	for _, s := range t.Metadata().Snapshots() {
		byID[s.SnapshotID] = s
	}
	for s, ok := byID[v.SnapshotID]; ok; {
		if id := delivered(s); id != "" {
			out[id] = s.SnapshotID
		}
		if s.ParentSnapshotID == nil {
			break
		}
		s, ok = byID[*s.ParentSnapshotID]
	}
	return out, nil
}

// delivered is the ID of the delivery that committed a snapshot, or "".
func delivered(s table.Snapshot) string {
	if s.Summary == nil {
		return ""
	}
	return s.Summary.Properties[propDelivery]
}
