// Package draft keeps the texts that targets are read from, what reviewers make
// of each proposal, and writes what they accepted into the city pack.
//
// # The life of a draft
//
//	file ─▶ Add: read, kept ─▶ proposals: proposed ⇄ accepted ⇄ rejected, edited, bound
//	                                    │ Write (after Preview)
//	                                    ▼
//	                            targets/NAME.yaml in the pack in force ─▶ Undo
//
// A change of a proposal never loses the one before: each is kept with who made
// it and when, in one transaction with its audit record.
//
// # The order of durable steps
//
// Add: the file is written under its SHA-256 and synced, then one transaction
// keeps the draft. A crash between leaves a file that no draft names; adding the
// same file again writes the same bytes to the same name.
//
// Write: the whole pack with the new file is checked, then put in force as any
// pack is (app.UsePack: copied, renamed, noted), then one transaction notes the
// file in the draft. A crash before the pack is in force changes nothing. One
// behind it leaves the pack with the file and the draft without the note:
// writing again finds the very file there, changes nothing and makes the note.
//
// Undo goes the same way, with what the file held before; it is refused when the
// file was changed since.
package draft
