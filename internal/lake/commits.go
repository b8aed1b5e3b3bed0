package lake

import (
	"context"
	"slices"
	"time"
)

// Commit is one change of a table.
type Commit struct {
	SnapshotID int64
	ID         string // of the delivery, the rollback or the compaction; "" of another engine's change
	At         time.Time
	Expired    bool // the state that it made can no longer be read
}

// Commits lists the changes that led to the present state of a dataset, oldest
// first, whether or not their snapshots have expired.
func (l *Lake) Commits(ctx context.Context, dataset string) ([]Commit, error) {
	t, err := l.load(ctx, dataset)
	if err != nil || t == nil || t.CurrentSnapshot() == nil {
		return nil, err
	}
	known, err := l.expired(ctx, dataset)
	if err != nil {
		return nil, err
	}
	there := map[int64]bool{}
	for _, s := range t.Metadata().Snapshots() {
		known[s.SnapshotID], there[s.SnapshotID] = passedOf(s), true
	}
	var out []Commit
	for p, ok := known[t.CurrentSnapshot().SnapshotID]; ok; p, ok = known[p.parent] {
		out = append(out, Commit{p.id, p.delivery, time.UnixMilli(p.at).UTC(), !there[p.id]})
	}
	slices.Reverse(out)
	return out, nil
}
