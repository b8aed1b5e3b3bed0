package analysis

import (
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/plan"
)

// Light and State are how a target stands; package plan says what they mean.
type (
	Light = plan.Light
	State = plan.State
)

// The lights and states, for those who read answers and plan nothing.
const (
	LightGreen  = plan.LightGreen
	LightYellow = plan.LightYellow
	LightRed    = plan.LightRed
	LightNone   = plan.LightNone

	StateOnPace   = plan.StateOnPace
	StateAtRisk   = plan.StateAtRisk
	StateWillMiss = plan.StateWillMiss
	StateMet      = plan.StateMet
	StateMissed   = plan.StateMissed
	StateNoData   = plan.StateNoData
)

// Point is one month of a target's curve.
type Point struct {
	Period   string   `json:"period"`
	Value    *float64 `json:"value"`    // null in the future and where not valid
	Pace     *float64 `json:"pace"`     // what is expected by the end of the month
	Previous *float64 `json:"previous"` // the year before
	Forecast *float64 `json:"forecast"` // from the month judged to the deadline
	Low      *float64 `json:"low"`      // the forecast lies from Low to High with the probability of its level
	High     *float64 `json:"high"`
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
	// Probability of keeping the promise at the deadline, from 0 to 1; null
	// when nothing can be said.
	Probability  *float64        `json:"probability"`
	Forecast     *Forecast       `json:"forecast"` // null when none is made; ForecastNote may say why
	ForecastNote city.Text       `json:"forecast_note,omitzero"`
	Needed       *Needed         `json:"needed"`  // null where a rate means nothing
	Missing      []Named         `json:"missing"` // members of the list that a coverage does not reach yet
	Curve        []Point         `json:"curve"`
	Reported     *ReportedStatus `json:"reported,omitempty"` // absent when nobody reports it by hand
}

// Forecast is the value expected at the deadline.
type Forecast struct {
	At      city.Date `json:"at"` // the deadline
	Value   float64   `json:"value"`
	Display string    `json:"display"`
	Low     float64   `json:"low"`
	High    float64   `json:"high"`
	Level   float64   `json:"level"`  // probability of a value from low to high
	Method  string    `json:"method"` // see docs/forecast.md; "" when the value is known
}

// Needed is the rate that keeps the promise from now on, beside the recent one.
type Needed struct {
	Per           plan.Rate `json:"per" enum:"month,mean,ratio,growth"`
	Value         float64   `json:"value"`
	Display       string    `json:"display"`
	Recent        float64   `json:"recent"` // over the last three months
	RecentDisplay string    `json:"recent_display"`
}

// Accuracy is how wrong a method was.
type Accuracy struct {
	Name string   `json:"name"`
	MAE  float64  `json:"mae"`  // mean absolute error, in the unit of the value
	MAPE *float64 `json:"mape"` // in percent of what the year came to; null for percentages
}

// Backtest is how wrong forecasts from the same distance were on the city's own
// past, each made from what was known then.
type Backtest struct {
	Model   Accuracy `json:"model"`
	Naive   Accuracy `json:"naive"`   // seasonal naive, the floor
	Folds   int      `json:"folds"`   // moments that a forecast was made from
	Horizon int      `json:"horizon"` // months; shorter than the distance to the deadline when no moment lies as far back
	Skill   float64  `json:"skill"`   // share of the floor's error that the method saves; negative when it did worse
	Level   float64  `json:"level"`   // of the intervals
	Within  int      `json:"within"`  // intervals that held what came
	Judged  int      `json:"judged"`  // intervals drawn
}

// Contribution is what one member adds to a gap.
type Contribution struct {
	Value    string    `json:"value"` // the member; "" for what no member has
	Label    city.Text `json:"label"`
	Actual   *float64  `json:"actual"`
	Expected *float64  `json:"expected"`
	Gap      float64   `json:"gap"`
	Share    *float64  `json:"share"` // percent of the whole gap; null when that is nothing
}

// Contributions explain the gap between the actual value and the pace by the
// members of one dimension; their gaps sum to it.
type Contributions struct {
	Dimension string         `json:"dimension"` // a field, or month
	Title     city.Text      `json:"title"`
	Form      plan.Form      `json:"form" enum:"additive,weighed,growth"`
	Items     []Contribution `json:"items"` // the largest gap to the promise's disadvantage first; months in order
	Gap       float64        `json:"gap"`
}

// Board is the targets of a plan year.
type Board struct {
	Year       int            `json:"year"`
	Years      []int          `json:"years"` // all years that have targets
	Today      city.Date      `json:"today"`
	CompleteTo city.Date      `json:"complete_to"` // the earliest over the sources of the board
	Simulated  bool           `json:"simulated"`
	Plans      []PlanInfo     `json:"plans"` // of the year, in the order of the pack
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
	Quote     Quote     `json:"quote"`
	PaceBasis city.Text `json:"pace_basis"` // which past made the pace
	Backtest  *Backtest `json:"backtest"`   // null without a forecast
	// Contributions are empty for what cannot be taken apart.
	Contributions []Contributions        `json:"contributions"`
	Definition    *Definition            `json:"definition,omitempty"`
	Source        *Source                `json:"source,omitempty"`
	Districts     []DistrictValue        `json:"districts"`  // empty when the indicator has no region
	Deliveries    []ContributingDelivery `json:"deliveries"` // newest first
}

// ContributingDelivery is a batch whose rows stand in the value.
type ContributingDelivery struct {
	DeliveryID string    `json:"delivery_id"`
	Dataset    string    `json:"dataset"`
	Batch      string    `json:"batch"`
	At         time.Time `json:"at"`
	Rows       *int64    `json:"rows"` // of this delivery's rows, how many stand in the value; null for person data, whose small groups they would tell of
	Accepted   int64     `json:"accepted"`
}
