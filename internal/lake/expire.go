package lake

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/apache/iceberg-go/table"
)

// Expire removes from a table's metadata the snapshots that were the state of
// the table at no moment since before, and gives how many. The present one, and
// those that a tag or another engine's branch names, stay. Files are left to
// Sweep.
//
// A snapshot that was committed long before, and replaced only later, stays:
// every moment since before can still be asked for.
//
// The durable steps: the ledger notes the snapshots; the metadata lose them.
// After a crash between the two they are in both places, which harms nobody, and
// the next call expires them. Iceberg's own expiry deletes files at once by what
// it finds in the manifests of one table; ours first lets go of the names, and
// Sweep looks at what is still named.
func (l *Lake) Expire(ctx context.Context, dataset string, before time.Time) (int, error) {
	l.tagging.Lock() // no tag is being made whose snapshot could be taken away
	defer l.tagging.Unlock()
	h := l.handle(dataset)
	h.commit.Lock()
	defer h.commit.Unlock()
	t, err := l.load(ctx, dataset)
	if err != nil || t == nil {
		return 0, err
	}
	held, err := l.held(ctx, dataset, t)
	if err != nil {
		return 0, err
	}
	expiring := outlived(t.Metadata().Snapshots(), held, before.UnixMilli(), l.now().UnixMilli())
	if len(expiring) == 0 {
		return 0, nil
	}
	if err := l.note(ctx, dataset, expiring); err != nil {
		return 0, err
	}
	l.step(StepExpiryNoted)
	ids := make([]int64, len(expiring))
	for i, p := range expiring {
		ids[i] = p.id
	}
	if err := l.update(ctx, dataset, t, table.NewRemoveSnapshotsUpdate(ids, false)); err != nil {
		return 0, err
	}
	l.step(StepExpired)
	return len(ids), nil
}

// held names the snapshots that must stay: those with a name, and those that a
// tag is going to name whose making was cut off.
func (l *Lake) held(ctx context.Context, dataset string, t *table.Table) (map[int64]bool, error) {
	out := map[int64]bool{}
	for _, ref := range t.Metadata().Refs() {
		out[ref.SnapshotID] = true
	}
	rows, err := l.tagRows(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if r.complete {
			continue
		}
		snap, err := l.tagged(ctx, dataset, t, r)
		if err != nil {
			return nil, err
		}
		if snap != nil {
			out[snap.SnapshotID] = true
		}
	}
	return out, nil
}

// outlived picks the snapshots that were replaced at or before a moment and are
// not held, in the eyes of a clock that reads now.
func outlived(snapshots []table.Snapshot, held map[int64]bool, before, now int64) []passed {
	slices.SortFunc(snapshots, func(a, b table.Snapshot) int { return cmp.Compare(a.SequenceNumber, b.SequenceNumber) })
	var out []passed
	for i, s := range snapshots {
		last := i == len(snapshots)-1
		if !last && !held[s.SnapshotID] && timeOf(snapshots[i+1], now) <= before {
			out = append(out, passedOf(s))
		}
	}
	return out
}

// update changes a table's metadata but not its rows, and makes them durable.
// The caller holds the table's commit lock.
func (l *Lake) update(ctx context.Context, dataset string, t *table.Table, u table.Update) error {
	same := []table.Requirement{table.AssertTableUUID(t.Metadata().TableUUID())}
	_, location, err := l.timed(dataset, t).CommitTable(ctx, ident(dataset), same, []table.Update{u})
	if err == nil {
		err = syncAll([]string{location})
	}
	if err != nil {
		return outside(err, "cannot change the metadata of "+dataset)
	}
	return nil
}

func formatID(id int64) string { return strconv.FormatInt(id, 10) }
