// Package rollup keeps what questions have summed up, so that after a delivery
// only the months whose rows changed are read again.
//
// # What is kept
//
// metric.PlanUnits takes a question apart into units: sums over the rows of one
// bucket of days and one combination of dimension values. Units of a block of
// days (a month; a year where a distinct value counts once a year) depend on the
// rows of these days and on nothing else. A block's rows are known by the files
// that may hold them: a file never changes once it is written, so the same files
// are the same rows. A delivery adds files and replaces those that held rows it
// corrects, a rollback does the same, and upkeep joins files; each makes the
// blocks stale whose days its files may hold, and no others.
//
// Units lie in tables of the engine, in memory. They are made again from the
// lake whenever they are missing, so they may be dropped at any moment, and are
// when they become too many. Nothing of them outlives the process.
//
// # Why the numbers are the same
//
// What sums up and what puts sums together are those of the question asked in
// one go (package metric); only the days are asked for in several steps. Counts and sums of decimals are exact. Sums of floating-point
// numbers are added in another order, as they are from one run of the engine to
// the next.
package rollup
