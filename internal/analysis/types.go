package analysis

import (
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Status says how far a value may be trusted.
type Status string

const (
	StatusValid       Status = "valid"
	StatusProvisional Status = "provisional" // the period is not over, or not complete yet
	StatusNotValid    Status = "not_valid"   // a rule forbids stating the value; Reason says which
	StatusNoData      Status = "no_data"
)

// Named is the name of a declared thing and its title.
type Named struct {
	Name  string    `json:"name"`
	Title city.Text `json:"title"`
}

// Source says which data an answer was computed from.
type Source struct {
	Dataset    string    `json:"dataset"`
	Title      city.Text `json:"title"`
	Owner      Named     `json:"owner"`
	SnapshotID string    `json:"snapshot_id"` // decimal digits; "" before the first commit
	CommitAt   time.Time `json:"committed_at,omitzero"`
	CompleteTo city.Date `json:"complete_to"` // last day up to which every due batch has been committed
	Simulated  bool      `json:"simulated"`
	// Fraction is below 1 when the rows are a sample and additive figures
	// were expanded by its inverse.
	Fraction float64 `json:"sample_fraction"`
}

// Definition explains an indicator.
type Definition struct {
	Words   city.Text `json:"words"` // the measure as a sentence
	Note    city.Text `json:"note"`
	Source  city.Text `json:"source"`
	SQL     string    `json:"sql"`
	Version string    `json:"version"` // SHA-256 over the declaration
	Pos     string    `json:"declared_at"`
}

// Row is one cell of an answer.
type Row struct {
	Period     string               `json:"period"` // 2024, 2024Q1, 2024-01 or 2024-01-31
	From       city.Date            `json:"from"`   // first day whose rows count
	To         city.Date            `json:"to"`
	Dimensions map[string]string    `json:"dimensions,omitempty"`
	Labels     map[string]city.Text `json:"labels,omitempty"` // titles of the dimension values
	Value      *float64             `json:"value"`            // null unless Status is valid or provisional
	Display    string               `json:"display"`          // rounded as its rule or declaration says; "" without value
	Previous   *float64             `json:"previous"`         // the same window one year before
	Change     *float64             `json:"change"`           // Value over Previous minus one, in percent; null for a percentage, and unless Status is valid
	Rows       int64                `json:"rows"`             // rows of the dataset that were counted
	Status     Status               `json:"status" enum:"valid,provisional,not_valid,no_data"`
	Reason     city.Text            `json:"reason,omitzero"` // why it is not valid or only provisional

	start city.Date // first day of the period, before which the window may begin
}

// Answer is the result of a query for one indicator.
type Answer struct {
	Indicator  Named       `json:"indicator"`
	Unit       Named       `json:"unit"`
	Decimals   int         `json:"decimals"`
	Better     city.Better `json:"better"`
	Grain      city.Grain  `json:"grain" enum:"day,month,quarter,year"`
	By         []string    `json:"by"`
	Period     city.Span   `json:"period"`
	Rows       []Row       `json:"rows"`
	Source     Source      `json:"source"`
	Definition Definition  `json:"definition"`
	AsOf       time.Time   `json:"as_of,omitzero"`      // the moment, when a past state was asked for
	Tag        string      `json:"as_of_tag,omitempty"` // the tag that stands for the moment
	Today      city.Date   `json:"today"`               // the date that the city stands at
}

// Light is the colour of a target. It is never shown by colour alone.
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
	StateMet      State = "met"    // the deadline has passed, or the promise is already kept for good
	StateMissed   State = "missed" // the deadline has passed
	StateNoData   State = "no_data"
)

// Point is one month of a target's curve.
type Point struct {
	Period   string   `json:"period"`
	Value    *float64 `json:"value"`    // null in the future and where not valid
	Pace     *float64 `json:"pace"`     // what is expected by the end of the month
	Previous *float64 `json:"previous"` // the year before
	Status   Status   `json:"status" enum:"valid,provisional,not_valid,no_data"`
}

// TargetStatus is one line of the board.
type TargetStatus struct {
	Target     Named           `json:"target"`
	Plan       string          `json:"plan"`
	Year       int             `json:"year"`
	Chapter    Named           `json:"chapter"`
	Owner      Named           `json:"owner"`
	Region     *Named          `json:"region,omitempty"`
	Kind       city.TargetKind `json:"kind"`
	Comparator city.Comparator `json:"comparator"`
	Value      *float64        `json:"value"`
	Unit       Named           `json:"unit"`
	Decimals   int             `json:"decimals"`
	Promise    string          `json:"promise"` // the value as the board prints it, for example "≤ 40"
	Deadline   city.Date       `json:"deadline"`
	Indicator  *Named          `json:"indicator,omitempty"` // absent when no data is bound
	Light      Light           `json:"light" enum:"green,yellow,red,none"`
	State      State           `json:"state" enum:"on_pace,at_risk,will_miss,met,missed,no_data"`
	Reason     city.Text       `json:"reason"` // one sentence
	Actual     *float64        `json:"actual"`
	Display    string          `json:"display"`  // Actual as the board prints it
	Pace       *float64        `json:"pace"`     // expected at CompleteTo
	Progress   *float64        `json:"progress"` // Actual as percent of Value; null when that makes no sense
	Lag        *float64        `json:"lag"`      // how far behind pace, percentage points of the target; negative is ahead
	Previous   *float64        `json:"previous"`
	CompleteTo city.Date       `json:"complete_to"`
	Simulated  bool            `json:"simulated"`
	Curve      []Point         `json:"curve"`
}

// Board is the targets of a plan year.
type Board struct {
	Year       int            `json:"year"`
	Years      []int          `json:"years"` // all years that have targets
	Today      city.Date      `json:"today"`
	CompleteTo city.Date      `json:"complete_to"` // the earliest over the sources of the board
	Simulated  bool           `json:"simulated"`
	Plan       PlanInfo       `json:"plan"`
	Counts     map[State]int  `json:"counts"`
	Targets    []TargetStatus `json:"targets"`
}

// PlanInfo describes a plan.
type PlanInfo struct {
	Name      string    `json:"name"`
	Title     city.Text `json:"title"`
	Document  city.Text `json:"document"`
	Publisher string    `json:"publisher"`
	Published city.Date `json:"published"`
	Chapters  []Named   `json:"chapters"`
}

// DistrictValue is one district's part in a target.
type DistrictValue struct {
	Region   Named     `json:"region"`
	Value    *float64  `json:"value"`
	Display  string    `json:"display"`
	Previous *float64  `json:"previous"`
	Change   *float64  `json:"change"`
	Share    *float64  `json:"share"` // percent of the city; null when the measure is not additive
	Status   Status    `json:"status" enum:"valid,provisional,not_valid,no_data"`
	Reason   city.Text `json:"reason,omitzero"`
}

// Quote is the promise in the document's own words.
type Quote struct {
	Text      string    `json:"text"`
	Document  city.Text `json:"document"`
	Publisher string    `json:"publisher"`
	Published city.Date `json:"published"`
	SHA256    string    `json:"sha256"`
	Note      city.Text `json:"note"`
}

// TargetDetail is the page of one target.
type TargetDetail struct {
	TargetStatus
	Quote      Quote                  `json:"quote"`
	Definition *Definition            `json:"definition,omitempty"`
	Source     *Source                `json:"source,omitempty"`
	Districts  []DistrictValue        `json:"districts"`  // empty when the indicator has no region
	Deliveries []ContributingDelivery `json:"deliveries"` // newest first
}

// ContributingDelivery is a batch whose rows stand in the value.
type ContributingDelivery struct {
	DeliveryID string    `json:"delivery_id"`
	Dataset    string    `json:"dataset"`
	Batch      string    `json:"batch"`
	At         time.Time `json:"at"`
	Rows       int64     `json:"rows"` // of this delivery's rows, how many stand in the value
	Accepted   int64     `json:"accepted"`
}
