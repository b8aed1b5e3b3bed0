// Package progress keeps what the owners of promises report by hand: how the
// number of a target stands at the end of a period, or that a milestone was
// reached or when it will be. It is for targets without an indicator; the pack
// declares who reports, how often, and how long after a period's end
// (city.Reporting).
//
// # The states of a report
//
//	           Approve, by another person
//	reported ─────────────────────────────▶ approved ──┐
//	   │ │  └──────────────▶ rejected                  │ a correction that names it is approved
//	   │ │    Reject, by another person, with a reason ▼
//	   │ └──────────────────────────────────────▶ superseded
//	   │    a new report that names it
//	   └──▶ withdrawn, by who reported it
//
// For a target and period at most one report waits (reported) and at most one
// stands (approved). Only what was approved is judged. A report is never
// changed or deleted: a correction is a report of its own, with the next version
// number, that names the one whose place it is to take. Until it is approved
// the old one stands.
//
// # Who is who
//
// The names of the reporter and of the approver are what people state; they
// must differ, which keeps honest people from a slip and nobody from lying.
// Until identities are configured everybody acts as the same principal, whom
// the store and the audit chain keep beside the name. The audit chain holds no
// names, only a fingerprint over what was reported and decided; Verify holds the
// store to it.
//
// # What is owed
//
// A period for which a report is due lies between the beginning of the promise
// (the plan's year, the day from which it holds, or the publication of the
// document, whichever is last) and its deadline. Reports say how things stand,
// so one for a later period settles what was owed for earlier ones. Nothing is
// owed any more once a milestone is reported as reached and that is approved.
//
// # Files, and the order of durable steps
//
// The files that show what a report says are sealed under the city's key and
// lie in DATA/progress by the SHA-256 of their content, so that the same file is
// kept once and none is ever overwritten.
//
//  1. Each file is sealed under a temporary name and synced. A crash leaves
//     *.part, which Recover removes.
//  2. The files get their final names, synced. A crash leaves files that no
//     report names, which Recover removes: nobody was told of them.
//  3. One transaction keeps the report, its files' hashes and the audit record.
//     From here on the report is there, with all its files.
//  4. Who wants to know of the change is told (Config.Changed).
//
// A decision is one transaction. So is a whole workbook of reports: all of its
// rows are taken, or none.
package progress
