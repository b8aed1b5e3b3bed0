package city

// Severity says how urgent an alert is.
type Severity string

const (
	SeverityInfo     Severity = "info"
	SeverityWarning  Severity = "warning"
	SeverityCritical Severity = "critical"
)

// Rank orders severities: 1 for info to 3 for critical, 0 for none of them.
func (s Severity) Rank() int {
	switch s {
	case SeverityInfo:
		return 1
	case SeverityWarning:
		return 2
	case SeverityCritical:
		return 3
	}
	return 0
}

// Alert is a rule that watches something and calls its owner. Exactly one of
// the watches is given. Where a watch has a threshold to clear that differs from
// the one to raise, what lies between changes nothing.
type Alert struct {
	Name        string
	Title       Text
	Note        Text // what to do about it; may be empty
	Severity    Severity
	Owner       string // Organisation.Name; "" means the owner of what is watched
	Stays       int    // looks in a row, each on something new, that must agree before it is raised or cleared; at least 1
	GroupBy     []GroupKey
	RepeatAfter Delay    // reminds of what is neither over nor acknowledged; zero never
	Channels    []string // names of the data folder's channels; none means all that take it
	Pos         Pos

	Indicator *IndicatorWatch
	Target    *TargetWatch
	Late      *LateWatch
	Quality   *QualityWatch
	Overdue   *OverdueWatch
}

// GroupKey says which alerts of one look are told together.
type GroupKey string

const (
	GroupByRule    GroupKey = "rule"
	GroupByOwner   GroupKey = "owner"
	GroupBySubject GroupKey = "subject" // each by itself
)

// Show says which figure of an indicator is watched.
type Show string

const (
	ShowValue Show = "value"
	ShowYoY   Show = "yoy" // change on the year before, in percent, of a percentage in points
	ShowMoM   Show = "mom" // change on the period before, likewise
)

// IndicatorWatch raises when the figure lies on the wrong side of the threshold
// in the newest Periods periods that are valid, and clears when the newest one
// is back at Clear.
type IndicatorWatch struct {
	Indicator    string
	By           []string // members that are watched apart
	Where        []Condition
	Grain        Grain
	Show         Show
	Above, Below *float64 // one of them
	Clear        float64
	Periods      int // at least 1
}

// TargetWatch raises when the light is Light or worse, or the probability below
// a threshold; it clears when neither holds any more.
type TargetWatch struct {
	Targets     []string // Target.Name; none means all of Plan
	Plan        string   // Plan.Name; "" the plans of the current year
	Light       string   // yellow or red; "" the light does not matter
	Probability *float64 // 0 to 1; nil it does not matter
	Clear       float64  // probability from which it counts as likely again
}

// LateWatch raises when a batch that is due has not come so long after the day
// on which it counts as late.
type LateWatch struct {
	Datasets []string // Dataset.Name; none means all
	Beyond   Delay
}

// QualityWatch raises, for each of its conditions apart, on what deliveries of
// a dataset brought.
type QualityWatch struct {
	Datasets    []string // Dataset.Name; none means all
	Quarantined *float64 // share of the newest delivery's rows, 0 to 1
	Clear       float64  // share at which it is well again
	Rejected    bool     // a delivery was rejected, and nothing of its period was accepted since
	OpenOlder   Delay    // rows wait in quarantine longer; zero it does not matter
}

// OverdueWatch raises when a report by hand is late for longer.
type OverdueWatch struct {
	Beyond Delay
}
