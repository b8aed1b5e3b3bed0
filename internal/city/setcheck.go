package city

// SetCheckKind names a check over a set of rows: those of a delivery together
// with those that the table holds.
type SetCheckKind string

const (
	// CheckUnique fails when rows with different keys have the same values in
	// all of Fields. The row that came first stays.
	CheckUnique SetCheckKind = "unique"
	// CheckReference fails when no row of the table Dataset has the value of
	// the field in its field To.
	CheckReference SetCheckKind = "reference"
	// CheckMonotonic fails when a cumulative value falls (or rises, when Down)
	// within its group and the period that Reset names.
	CheckMonotonic SetCheckKind = "monotonic"
	// CheckStuck fails when a sensor gives the same readings Run or more times
	// in a row.
	CheckStuck SetCheckKind = "stuck"
	// CheckGap notices the steps of a series for which there is no row.
	CheckGap SetCheckKind = "gap"
)

// Step is the distance between the rows of a series.
type Step string

const (
	StepHour  Step = "hour"
	StepDay   Step = "day"
	StepMonth Step = "month"
)

// SetCheck is a declared check over a set of rows. A row with an empty operand
// passes. Which members mean something depends on the kind.
type SetCheck struct {
	Code   string // stable reason code, unique among all checks of the dataset
	Kind   SetCheckKind
	Notice bool     // what fails is only reported; otherwise its rows are held back
	Fields []string // what is looked at: several for unique and stuck, one for reference and monotonic, none for gap
	By     []string // the groups that are looked at apart: monotonic, stuck, gap
	Order  []string // what orders the rows of a group; for gap the date and, by the hour, the hour

	Dataset string // reference: the other dataset
	To      string // reference: its field

	Down  bool  // monotonic: the value may not rise, instead of not fall
	Reset Grain // monotonic: the period after which the value begins anew, GrainYear or GrainMonth; "" never

	Run    int       // stuck: so many rows in a row are too many
	Ignore []float64 // stuck: readings that may stay, for example 0 at night

	Every Step // gap: the distance of the rows
	Most  int  // gap: so many missing steps in a row are not reported

	Pos Pos
}
