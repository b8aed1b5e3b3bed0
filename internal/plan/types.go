package plan

import "github.com/jinyang-city/jinyang/internal/city"

// Status says how far a monthly value may be trusted.
type Status string

const (
	StatusValid       Status = "valid"
	StatusProvisional Status = "provisional"
	StatusNotValid    Status = "not_valid" // a rule forbids stating the value
	StatusNoData      Status = "no_data"
)

// Light is the colour of a target.
type Light string

const (
	LightGreen  Light = "green"
	LightYellow Light = "yellow"
	LightRed    Light = "red"
	LightNone   Light = "none"
)

// State is what a light says in words.
type State string

const (
	StateOnPace   State = "on_pace"
	StateAtRisk   State = "at_risk"
	StateWillMiss State = "will_miss"
	StateMet      State = "met"
	StateMissed   State = "missed"
	StateNoData   State = "no_data"
)

// Month is the value that an indicator has for one month. For a flow it is the
// year to date, for a stock the end of the month.
type Month struct {
	Start  city.Date // first day of the month
	Value  *float64
	Status Status    // empty means valid
	Reason city.Text // why it is not valid
}

// Input is all that a promise is judged by.
type Input struct {
	Target    *city.Target
	Year      int             // the year of the target's plan
	Indicator *city.Indicator // nil when no data is bound
	Unit      city.Text       // how the unit is written after a figure; may be empty
	Lights    city.RuleVersion
	// Series holds the months of the year before the plan's and of all years up
	// to the deadline or today, narrowed as the target says, in any order.
	Series []Month
	// Relative holds the same months of the indicator that the target is
	// compared with, for a target of kind relative.
	Relative   []Month
	CompleteTo city.Date // last day up to which the data are complete
	Today      city.Date // the day that the city stands at
}

// Result is how a promise stands.
type Result struct {
	Light    Light
	State    State
	Reason   city.Text // one or two sentences with the numbers
	At       city.Date // last day of the month of Actual; zero without one
	Actual   *float64
	Pace     *float64 // expected at At
	Progress *float64 // Actual as percent of the value; nil for limits and comparisons
	Lag      *float64 // points behind the pace; negative is ahead
	Previous *float64 // the value one year before At
	Curve    []Point  // the months from January of the plan's year; empty when nothing is bound
}

// Point is one month of the curve.
type Point struct {
	Period   string   // 2024-01
	Value    *float64 // nil in the future, and where nothing valid is known
	Pace     *float64 // nil before the promise begins and after its deadline
	Previous *float64 // the year before
	Status   Status
}
