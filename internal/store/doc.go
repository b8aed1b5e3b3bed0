// Package store is the transactional database of a city: settings, deliveries
// and their receipts, quarantined rows, and the audit chain. The rows that a
// delivery brings do not lie here but in the lake; what can be rebuilt from the
// lake is not kept here at all.
//
// # Guarantees
//
// Every change of state is one transaction together with its audit record:
// either both are there after a crash or neither is. A method that returned
// without an error has reached the disk. Reading never waits for writing, and
// sees whole transactions only. One process writes at a time; a second one
// waits for a few seconds and then fails with the code busy.
//
// # The states of a delivery
//
//	        Stage            Prepare               Finish          FinishRollback
//	(new) ─────────▶ staged ─────────▶ validated ─────────▶ committed ─────────▶ rolled_back
//	                   │                   │
//	                   └──── Finish ───────┴──▶ rejected, aborted
//
// Prepare keeps the draft of the receipt and the quarantined rows before the
// lake commits, so that a start after a crash finds in Unfinished all that it
// needs to finish or to abort the delivery. The other states are final, but that
// a committed delivery may be rolled back; RollbackState draws the life of a
// rollback, which OpenRollbacks finds again after a crash. Deliveries are in the
// order of their Seq, because clocks are set back. Only committed deliveries count for CommittedFile and CommittedPeriods.
//
// # Dialects
//
// The SQL is written in what SQLite and PostgreSQL 15 both speak, with
// placeholders $1, $2 … in order; what only SQLite knows is in sqlite.go.
// Package storetest is the suite that every database must pass.
//
// # Errors
//
// Errors are *city.Error: not_found, conflict, invalid, busy,
// unavailable.disk (full or failing), unavailable.cancelled (the context
// ended), invalid.database (damaged, foreign, or newer than the program). None
// repeats the content of a row.
package store
