// Package chaos kills the real program, again and again, and holds it to what
// it promises: every row accounted for, nothing twice.
//
// A round works on one data folder with a dataset of each mode. A plan, drawn
// from a seed, has files delivered by hand, by several clients over HTTP at once
// and from watched folders, deliveries rolled back, quarantined rows mended,
// waived and returned, tables tagged, compacted and expired, keys of the vault
// changed. Each of these is shot at with SIGKILL, once or several times in a
// row, so that recovery is hit too: at a moment drawn from the length that it
// usually takes, or at a named step (delivery.Steps, delivery.RollbackSteps,
// lake.Steps), where the test binary does the work of the program. Then it is
// asked for again as somebody would who got no answer: with the same bytes. A
// kill counts only when the process was running.
//
// After each operation everything is compared with a model of plain Go,
// which goes through the deliveries and rollbacks in the order in which the
// store has them:
//
//   - each table holds exactly the rows that it must;
//   - each receipt has the counts and sums, to the cent, that the model has;
//   - every receipt that was given out is in the store as it was given;
//   - what was asked for was done once: a file that came again counts as
//     duplicate, a rollback or a mend that was repeated was refused;
//   - quarantined rows are in the state that was decided;
//   - no file is left that belongs to nobody, no delivery is left open;
//   - tags show what the tables held when they were made;
//   - jinyang verify finds nothing: audit chain, signatures, evidence, tables.
//
// It runs as a test, shortly with all others and at length by make chaos. A
// difference prints the seed and leaves the folder. The same seed draws the same
// plan; moments of kills are the machine's.
package chaos
