package city

// IndexTable turns concentrations into one index: each item has a piecewise
// linear sub-index, and the greatest counts (the air quality index of HJ 633).
type IndexTable struct {
	Levels []float64 // the sub-index at each breakpoint, ascending from 0; whole numbers
	Items  []IndexItem
	// PrimaryAbove is the index above which the items that reach it are named as
	// primary.
	PrimaryAbove float64
	// MissingAbove, when given, is the index above which it is stated although an
	// item is missing; otherwise it is stated for what there is.
	MissingAbove *float64
	Grades       []IndexGrade // ascending
}

// IndexItem is one quantity of an IndexTable.
type IndexItem struct {
	Name     string
	Title    Text
	Points   []float64 // the concentration at each of the first levels, ascending
	Decimals int       // the concentration is rounded to, as GB/T 8170 does
	Beyond   *float64  // sub-index above the last point; nil when none is stated
}

// IndexGrade names the values of an index up to and including UpTo.
type IndexGrade struct {
	Name  string
	Title Text
	UpTo  *float64 // nil for the last grade
}

// GradeTable gives each item of a sample the best class whose limit it keeps;
// the sample has the worst of them (single-factor method for GB 3838).
type GradeTable struct {
	Classes []GradeClass // best first; the last one is beyond all limits
	Items   []GradeItem
	// Base is the class, counted from 0, whose limits exceedance is measured by.
	Base int
}

// GradeClass is a class of a GradeTable.
type GradeClass struct {
	Name    string
	Title   Text
	Verdict Text
}

// GradeItem is one quantity of a GradeTable, with a limit for each class but
// the last. Exactly one of AtMost, AtLeast and Range is given. A value on its
// limit keeps it.
type GradeItem struct {
	Name      string
	Title     Text
	AtMost    []float64
	AtLeast   []float64
	Range     []float64 // lowest and highest value of all classes
	Reference bool      // stated, but does not count for the class
	// First is set for items that stand before all others among the main
	// polluting items when they exceed (heavy metals, cyanide).
	First bool
}

// Warning is a level of a warning with the runs of days that start it: one of
// the lists must hold, and of that list every run.
type Warning struct {
	Name  string
	Title Text
	Any   [][]WarningRun
}

// WarningRun is a run of consecutive days whose index is above Above, or at
// least AtLeast.
type WarningRun struct {
	Above, AtLeast *float64
	Days           int
}
