// Package ledger keeps the figures that a person published, and explains why
// one is different when it is asked for again.
//
// # Publishing
//
// A person closes a period, mostly a month. What is kept of each figure is
// enough to compute it again: value, definition, pack, the snapshot of each
// dataset, the periods that deliveries spoke for, the sampled fraction, the day
// that the city stood at. The durable steps of Publish:
//
//  1. a tag of the lake names the present state of all tables: what a tag names
//     never expires (lake.TagNow has its own steps and recovery);
//  2. the figures are computed as of that tag;
//  3. one transaction of the store: closing, sources, figures and audit record.
//
// A crash after 1 leaves a tag that no closing names, which keeps some snapshots
// and harms nobody; maintenance completes it when it was cut off itself. A crash
// after 3 leaves everything. Nothing of a closing is ever changed: closing again
// makes a further revision, which names the one that it replaces.
//
// Beside it the store keeps every pack that came in force, as files, and for each
// indicator, from when on, what its number depends on (metric.Closure). So an old
// definition is computed by the parser and compiler of now, and compared with
// another part by part.
//
// # Explaining (docs/adr/0026)
//
// The difference between the published value and the present one is walked
// through one cause at a time, and the value computed after each step:
//
//	published ─▶ each later delivery: late rows ─▶ rows of another region ─▶
//	corrections ─▶ vanished rows; each rollback ─▶ sample ─▶ coverage ─▶
//	regions ─▶ standards ─▶ definition ─▶ now
//
// The amount of a step is the difference that it makes, so that the amounts add
// up to the whole difference whatever the measure is. Values are taken at 15
// significant digits, as city.Figure takes them, and subtracted in decimal: the
// sum is exact, and what the display rounds away is a part of its own. Steps that
// concern too few persons are told together (told.go).
package ledger
