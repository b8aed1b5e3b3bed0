package lake

import (
	"context"
	"iter"
	"maps"
	"strconv"

	"github.com/apache/iceberg-go"
	sqlcat "github.com/apache/iceberg-go/catalog/sql"
	"github.com/apache/iceberg-go/table"
)

// iceberg-go dates a change by the clock of the machine, and refuses one
// that is more than a minute behind the table. It looks in two places: in the
// transaction, which therefore sees the table undated, and in the catalogue,
// which therefore gets the change timed.

// begin starts a transaction that commits at the table's next time. The caller
// holds the table's commit lock.
func (l *Lake) begin(dataset string, t *table.Table) *table.Transaction {
	return table.New(t.Identifier(), undated{t.Metadata()}, t.MetadataLocation(), t.FS, l.timed(dataset, t)).NewTransaction()
}

// undated is a table's metadata without its times.
type undated struct{ table.Metadata }

func (undated) LastUpdatedMillis() int64 { return 0 }

func (u undated) SnapshotLogs() iter.Seq[table.SnapshotLogEntry] {
	return func(yield func(table.SnapshotLogEntry) bool) {
		for e := range u.Metadata.SnapshotLogs() {
			e.TimestampMs = 0
			if !yield(e) {
				return
			}
		}
	}
}

func (u undated) PreviousFiles() iter.Seq[table.MetadataLogEntry] {
	return func(yield func(table.MetadataLogEntry) bool) {
		for e := range u.Metadata.PreviousFiles() {
			e.TimestampMs = 0
			if !yield(e) {
				return
			}
		}
	}
}

// timed is the catalogue for one change of one table.
type timed struct {
	*sqlcat.Catalog
	clock    int64 // what the clock reads
	at       int64 // the time of the change; never before clock
	sequence int64 // of the table's last snapshot
}

// CommitTable commits the change at its time.
func (c timed) CommitTable(ctx context.Context, id table.Identifier, reqs []table.Requirement, updates []table.Update) (table.Metadata, string, error) {
	out := []table.Update{stamp{c.at, c.sequence}}
	for _, u := range updates {
		if add, ok := as(u, table.NewAddSnapshotUpdate(nil)); ok {
			u = table.NewAddSnapshotUpdate(c.snapshot(*add.Snapshot))
		}
		out = append(out, u)
	}
	return c.Catalog.CommitTable(ctx, id, reqs, out)
}

// as gives an update as one of the type of like, which Iceberg does not export.
func as[T table.Update](u table.Update, like T) (T, bool) {
	t, ok := u.(T)
	return t, ok
}

// snapshot gives a snapshot the time of the change.
func (c timed) snapshot(s table.Snapshot) *table.Snapshot {
	s.TimestampMs = c.at
	if c.clock < c.at && s.Summary != nil {
		summary := *s.Summary
		summary.Properties = iceberg.Properties{propClock: strconv.FormatInt(c.clock, 10)}
		maps.Copy(summary.Properties, s.Summary.Properties)
		s.Summary = &summary
	}
	return &s
}

// stamp is the update that dates a change. Iceberg's builder of metadata takes
// its time from a snapshot that is added, else from the machine's clock: so the
// stamp adds one, which names nothing, and takes it away again.
type stamp struct{ at, sequence int64 }

var (
	_ table.Update    = stamp{}
	_ table.CatalogIO = timed{}
)

// passing is the ID of the snapshot that comes and goes. No table has it: those
// of Iceberg are positive.
const passing = -2

// Action names the update.
func (stamp) Action() string { return "jinyang-stamp" }

// Apply dates the change that is being built.
func (s stamp) Apply(b *table.MetadataBuilder) error {
	if err := b.AddSnapshot(&table.Snapshot{SnapshotID: passing, SequenceNumber: s.sequence, TimestampMs: s.at}); err != nil {
		return err
	}
	return b.RemoveSnapshots([]int64{passing}, false)
}

// PostCommit does nothing.
func (stamp) PostCommit(context.Context, *table.Table, *table.Table) error { return nil }
