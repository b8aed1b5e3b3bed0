package city

// Plan is a published plan whose promises the targets are.
type Plan struct {
	Name     string // for example "2024"
	Year     int    // the plan's year, by which boards are chosen
	Title    Text
	Document string
	Chapters []Chapter
	Report   *Reporting // how targets without an indicator are reported by hand, unless they say otherwise; nil not at all
	Pos      Pos
}

// Chapter is a heading that targets are grouped under.
type Chapter struct {
	Name  string
	Title Text
}

// Lower says that the promise is a number to be reached from below, and nothing
// else.
func (t *Target) Lower() bool {
	return t.Value != nil && (t.Comparator == AtLeast || t.Comparator == Above)
}

// TargetKind says how a promise is judged.
type TargetKind string

const (
	TargetLevel     TargetKind = "level"     // the indicator's value against Value
	TargetGrowth    TargetKind = "growth"    // a growth rate against Value; the indicator measures the growth
	TargetCoverage  TargetKind = "coverage"  // a share that must reach Value, usually 100 %
	TargetMilestone TargetKind = "milestone" // something done by the deadline; no number
	TargetRelative  TargetKind = "relative"  // the indicator against the indicator Relative
)

// Comparator says which side of the value keeps the promise. The boundary is
// part of the promise: 以上 and 不少于 include it.
type Comparator string

const (
	AtLeast Comparator = "at_least" // 以上, 不少于, 达
	AtMost  Comparator = "at_most"  // 以下, 不超过
	Around  Comparator = "around"   // 左右: within Tolerance of the value, or on its better side
	Above   Comparator = "above"    // 高于: strictly
	Below   Comparator = "below"    // 低于: strictly
)

// Pace says how the expected value grows towards the deadline.
type Pace string

const (
	// PacePast follows the shape that the city's own complete past years had,
	// the recent ones weighing more; linear where there is none (flows).
	PacePast Pace = "past"
	// PaceLinear expects the share of the year that has passed (flows).
	PaceLinear Pace = "linear"
	// PaceLastYear follows the shape of the year before, falling back to
	// linear where that year has no data.
	PaceLastYear Pace = "last_year"
	// PaceLevel expects the value at all times (limits, ratios, means).
	PaceLevel Pace = "level"
	// PaceRamp goes in a straight line from the last value of the year before
	// to the target (stocks that must grow).
	PaceRamp Pace = "ramp"
)

// Target is one promise of a plan.
type Target struct {
	Name       string
	Title      Text
	Plan       string // Plan.Name
	Chapter    string // Chapter.Name
	Owner      string // Organisation.Name
	Region     string // region code when the promise is not the whole city's; "" city
	Indicator  string // Indicator.Name; "" when no data is bound yet
	Where      []Condition
	Kind       TargetKind
	Comparator Comparator
	Value      *float64 // nil for a milestone
	Unit       string
	Tolerance  *float64 // for Around, in the unit of the value
	Relative   string   // Indicator.Name, for TargetRelative
	Pace       Pace
	From       Date // when a promise begins to hold (7月1日起); zero otherwise
	Deadline   Date
	Document   string     // Document.Name
	Quote      string     // exact text of the document
	Note       Text       // what the pack's author had to interpret
	Report     *Reporting // for a target without an indicator; nil when nobody reports it
	Pos        Pos
}
