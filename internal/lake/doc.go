// Package lake keeps every dataset as an Apache Iceberg table.
//
// A Lake owns the folder
//
//	catalog.db                        the Iceberg SQL catalogue (SQLite), and beside it the ledger (ledger.go)
//	NAMESPACE/TABLE/data/*.parquet    rows, written by an engine, named after the delivery that wrote them
//	NAMESPACE/TABLE/metadata/*        Iceberg metadata, snapshots and manifests
//
// and is the only package that knows Iceberg. It hands out Views, which name
// the Parquet files of one snapshot, and takes Changes, which replace files in
// one atomic commit. Reading and writing rows is an engine's work (lake/duck).
//
// Guarantees: a Change is visible as a whole or not at all; it carries the ID
// of its delivery in the snapshot's summary, so that a retry finds it
// (FindDelivery) instead of applying it twice; files that no snapshot names
// are never read, and Discard removes those of a delivery that did not commit.
// Commits of one table are serialised within the process; the data folder's
// lock (package app) keeps other processes away.
//
// Upkeep: tags name past states for ever (TagNow, TagMonths); snapshots that
// nobody can ask for any more expire (Expire), files that nothing names are
// removed (Sweep), and small files are joined (Compact). None of it changes what
// the present or a tag shows, or what is known of a delivery; each says in its
// comment what a crash leaves and who clears it away (docs/adr/0012).
package lake
