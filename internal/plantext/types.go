package plantext

// Options tell what is known of the text beforehand.
type Options struct {
	Year   int      // the plan's year; 0 to infer it from the text
	Places []string // names of regions, full and short, to be found besides those told by their endings
	Bodies []string // names of organisations, likewise
	Whole  bool     // every line is a whole paragraph, as in a word processor
}

// Comparator says which side of the value keeps the promise, in the words of
// city.Comparator, and between for a range.
type Comparator string

// The comparators of a proposal.
const (
	AtLeast Comparator = "at_least"
	AtMost  Comparator = "at_most"
	Around  Comparator = "around"
	Above   Comparator = "above"
	Below   Comparator = "below"
	Between Comparator = "between" // from Value to High, both included
)

// ValueKind says what the value of a proposal measures.
type ValueKind string

// The kinds of values.
const (
	Level     ValueKind = "level"     // what the indicator is to be
	Growth    ValueKind = "growth"    // by how many percent it is to change
	Change    ValueKind = "change"    // by how much, in its own unit or in percentage points
	Coverage  ValueKind = "coverage"  // a share of a list, 100 for 全覆盖
	Relative  ValueKind = "relative"  // measured by another figure, without a number of its own
	Milestone ValueKind = "milestone" // done or not
)

// Span is a place in the text: characters [Start, End) and bytes of its UTF-8.
type Span struct {
	Start     int `json:"start"`
	End       int `json:"end"`
	ByteStart int `json:"byte_start"`
	ByteEnd   int `json:"byte_end"`
}

// Reason is one piece of evidence: Weight is added to the confidence.
type Reason struct {
	Code   string  `json:"code"`
	Words  string  `json:"words"` // the words that tell, "" when it is their absence
	Weight float64 `json:"weight"`
}

// Target is a proposed promise.
type Target struct {
	ID              string `json:"id"`
	IndicatorPhrase string `json:"indicator_phrase"`
	Quote           string `json:"quote"` // exactly the text at Span
	Span
	Value        *float64   `json:"value"`      // in Unit; null for milestones and relative promises
	High         *float64   `json:"high"`       // the upper end of a range
	Number       string     `json:"number"`     // the number as written, with its unit
	Unit         string     `json:"unit"`       // "" without value
	BaseValue    *float64   `json:"base_value"` // the value in BaseUnit: yuan instead of 亿元
	BaseUnit     string     `json:"base_unit"`
	Comparator   Comparator `json:"comparator"`
	Direction    string     `json:"direction"` // "up" or "down" for growth and change
	ValueKind    ValueKind  `json:"value_kind"`
	Baseline     *float64   `json:"baseline"`    // where the value starts from, in Unit
	RelativeTo   string     `json:"relative_to"` // the other figure of a relative promise
	Deadline     string     `json:"deadline"`    // YYYY-MM-DD; "" when the text's year is unknown
	DeadlineText string     `json:"deadline_text"`
	From         string     `json:"from"` // YYYY-MM-DD when the promise begins to hold (7月1日起)
	Places       []string   `json:"places"`
	Bodies       []string   `json:"bodies"`
	Each         bool       `json:"each"` // the promise holds for each of the places (各, 每)
	Section      string     `json:"section"`
	Repeats      []Span     `json:"repeats"` // where the same is promised again
	Confidence   float64    `json:"confidence"`
	Reasons      []Reason   `json:"reasons"`
	Notes        []string   `json:"notes"`
}

// Rejected is a number or a sentence that looked like a promise, and why it is
// not proposed.
type Rejected struct {
	Quote string `json:"quote"`
	Span
	Number     string   `json:"number"`
	Value      *float64 `json:"value"`
	Unit       string   `json:"unit"`
	Why        string   `json:"why"` // the code of the strongest reason against
	Confidence float64  `json:"confidence"`
	Reasons    []Reason `json:"reasons"`
}

// Section is a heading and the part of the text below it.
type Section struct {
	Title string `json:"title"`
	Span
	Mode string `json:"mode"` // review, plan or "" when nothing tells
}

// Result is what a text holds.
type Result struct {
	Year       int        `json:"year"`
	YearReason string     `json:"year_reason"` // given, inferred or unknown
	Targets    []Target   `json:"targets"`
	Rejected   []Rejected `json:"rejected"`
	Furniture  []Span     `json:"furniture"`
	Sections   []Section  `json:"sections"`
}
