package city

// Report is a template of a document that a body circulates each month. What it
// says is written once; the figures are computed for the month asked about.
type Report struct {
	Name         string
	Title        Text    // what a list calls it
	Heading      Wording // what stands above the document
	Organisation string  // Organisation.Name: who circulates it
	Sections     []ReportSection
	Pos          Pos
}

// Wording is a text with placeholders, in the two languages of the console.
type Wording struct {
	ZH []Phrase
	EN []Phrase
}

// In gives the phrases of the language "zh" or "en".
func (w Wording) In(lang string) []Phrase {
	if lang == "en" {
		return w.EN
	}
	return w.ZH
}

// ReportSection is a heading and what stands below it.
type ReportSection struct {
	Heading Text
	Level   int // 1 to 3; numbered 一、（一）1.
	Parts   []ReportPart
	Pos     Pos
}

// ReportPart is one element of a section. Exactly one of its members is given.
type ReportPart struct {
	Text    *Wording
	Table   *ReportTable
	Chart   *ReportChart
	Ranking *ReportRanking
	Targets *ReportTargets
	Changes *ReportChanges
	Sources bool // the datasets and definitions that the document was made from
	Pos     Pos
}

// ReportTable shows measures by the members of a dimension, or by month.
type ReportTable struct {
	Title    Text
	Measures []ReportMeasure
	By       string // dimension; "" for a row for each of Months
	Months   int    // so many months, the one of the report being the last; 0 for that one alone
	Totals   bool
}

// ReportMeasure is one indicator of a table, with its columns.
type ReportMeasure struct {
	Indicator string
	Show      []string // the words of jinyang explore: value, yoy, rank, …
}

// ChartKind says how a chart is drawn.
type ChartKind string

const (
	// ChartLine draws the months of the year beside those of the year before
	// and, where the indicator has a target, its pace.
	ChartLine ChartKind = "line"
	// ChartBar draws the members of a dimension, the greatest first.
	ChartBar ChartKind = "bar"
)

// ReportChart is one chart of one indicator.
type ReportChart struct {
	Kind      ChartKind
	Title     Text
	Indicator string
	By        string // dimension, of bars
}

// ReportRanking lists the members of a dimension by rank, with the ranks that
// each has won or lost since the year before.
type ReportRanking struct {
	Title     Text
	Indicator string
	By        string
	Top       int // 0 for all
}

// ReportTargets is the board of the report's year, lights in words.
type ReportTargets struct {
	Title Text
	Owner string // Organisation.Name; "" for the targets of all
	Why   bool   // adds a sentence for each that is at risk
}

// ReportChanges says which published figures would be printed otherwise now,
// and why.
type ReportChanges struct {
	Indicators []string // none means all
}
