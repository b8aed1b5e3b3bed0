package lake

import (
	"context"
	"iter"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Check is a declared check over the staged rows together with those of the
// table.
type Check struct {
	*city.SetCheck
	Refers *View // what a reference looks its values up in; nil for other kinds
}

// Checked says what the checks of a Stage found, by check in the order in
// which they were given.
type Checked struct {
	Failed  int64 // rows that left the stage; Stage.Failed names them
	Noticed []Noticed
}

// Noticed is what a check found that holds no rows back.
type Noticed struct {
	Check  int // index of the check
	Count  int64
	Sample []int64 // record numbers of the first few rows
	Gaps   []Gap   // the longest few, for city.CheckGap, where Count counts missing steps
}

// Gap is a run of steps without a row.
type Gap struct {
	Group    []string // the values of the check's By, as they are kept
	From, To string   // the first and the last missing step: 2024-01-31 23, 2024-01-31 or 2024-01
	Steps    int64
}

// Failed names a row that a check held back.
type Failed struct {
	Row   int64 // record number
	Check int   // index of the first check that it failed
}

// SetChecker is the part of a Stage that checks sets of rows.
type SetChecker interface {
	// Check judges the staged rows against each other and the view, and takes
	// those that fail out of the stage. Every check judges the state that the
	// delivery as a whole would make: rows of the table that the delivery
	// replaces or lets vanish and rows that a later one of the delivery
	// supersedes do not count. With a row that fails go the rows that it supersedes, so that no
	// row enters unjudged. It is called once, after the last Append.
	Check(ctx context.Context, v *View, scope Scope, checks []Check) (*Checked, error)
	// Failed gives the rows that Check took out, in the order of their numbers.
	Failed(ctx context.Context) iter.Seq2[Failed, error]
}
