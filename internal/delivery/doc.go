// Package delivery takes files from sources into the lake, exactly once and
// with a receipt that balances.
//
// The life of a delivery (states as in package store):
//
//	file ──keep──▶                   sealed copy, SHA-256; durable first
//	     ──Stage──▶ staged           the store knows of it; the copy becomes evidence
//	     ──check, merge──▶           rows typed, tokenised, compared; Parquet files written, not yet named by a snapshot
//	     ──Prepare──▶ validated      draft receipt and quarantined rows are durable
//	     ──Commit──▶                 one Iceberg commit, which carries the delivery's ID
//	     ──Finish──▶ committed       the receipt is final
//
// A crash between any two steps loses nothing and does nothing twice: Recover
// looks the delivery's ID up in the lake. Found, it finishes the delivery with
// the draft receipt; not found, it aborts it and removes its files, and the
// sender delivers again. A file that cannot be used ends rejected, with a
// receipt that says why, and changes nothing.
//
// Where even the end cannot be noted, on a full disk for example, the sender is
// told so, and the dataset's next delivery settles the one before it first.
//
// A committed delivery can be taken back; Service.Rollback tells the law and the
// order of its steps.
//
// Deliveries and rollbacks of one dataset run one after the other, others side
// by side. What counts as earlier or later is the order of store.Delivery.Seq.
//
// Rows that failed lie in quarantine. Mend delivers them again with some of
// their texts replaced, as a delivery of its own (MendOf), and Finish marks what
// it accepted in the same transaction. Errors gives them back to the sender.
package delivery
