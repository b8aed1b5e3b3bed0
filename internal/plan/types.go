package plan

import (
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/forecast"
)

// Status says how far a monthly value may be trusted.
type Status = city.Status

// The statuses that a monthly value can have.
const (
	StatusValid       = city.StatusValid
	StatusProvisional = city.StatusProvisional
	StatusNotValid    = city.StatusNotValid
	StatusNoData      = city.StatusNoData
)

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

// Month is the value that an indicator has for one month. For a flow it is the
// year to date, for a stock the end of the month.
type Month struct {
	Start  city.Date // first day of the month
	Value  *float64
	Status Status    // empty means valid
	Reason city.Text // why it is not valid
	Weight float64   // rows behind the value, by which a mean of the year weighs; 0 weighs by days
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
	Relative []Month
	// Reported is what was reported by hand, for a target without an indicator;
	// nil when nobody does.
	Reported *Reported
	// Parts are the running totals that a ratio, a growth or an increase is
	// computed from; nil where the measure is none of these.
	Parts *Parts
	// Likelihood is the rule that turns a probability into a light; without
	// parameters the lag decides alone.
	Likelihood city.RuleVersion
	// Rounding is how a rule has the value written that is published; nil leaves
	// it as it is.
	Rounding *Rounding
	// Missing are the members of a list that a coverage does not reach yet.
	Missing    []city.Text
	CompleteTo city.Date // last day up to which the data are complete
	Today      city.Date // the day that the city stands at
}

// Parts are what a value is computed from, by month like the series.
type Parts struct {
	Over  []Month // the numerator, or what grows
	Under []Month // the denominator of a ratio; nil for growth and increase
}

// Rounding is the part of a rule that prescribes how a value is published.
type Rounding struct {
	Decimals int
	Rule     city.Text // the text that prescribes it
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
	// Basis says where the pace comes from, and for a past which years.
	Basis city.Text
	Outlook
}

// Outlook is where the value goes by the deadline.
type Outlook struct {
	// Probability of keeping the promise at the deadline; nil when nothing can
	// be said. It is 1 or 0 when nothing can change it any more.
	Probability *float64
	Forecast    *Forecast
	Needed      *Needed
	Backtest    *Backtest
	Note        city.Text // why there is no forecast
}

// Forecast is the value expected at the deadline.
type Forecast struct {
	At               city.Date // the deadline, or the month's end where the value is known
	Value, Low, High float64
	Level            float64 // probability of a value from Low to High
	Method           string  // a name of package forecast; "" when the value is known
}

// Needed is the rate that keeps the promise from now on, beside the recent one.
type Needed struct {
	Per    Rate
	Value  float64
	Recent float64 // over the last quarter of a year
}

// Rate says what a needed rate is.
type Rate string

const (
	RateMonth  Rate = "month"  // to be added in each month that is left
	RateMean   Rate = "mean"   // the mean of what is left
	RateRatio  Rate = "ratio"  // the ratio over what is left
	RateGrowth Rate = "growth" // the growth over what is left, on the same months of the year before
)

// Backtest is how wrong the forecast was on the city's own past.
type Backtest struct {
	forecast.Record
	Method string // that leads now
	Months int    // the distance of Record in months
}

// Point is one month of the curve.
type Point struct {
	Period   string   // 2024-01
	Value    *float64 // nil in the future, and where nothing valid is known
	Pace     *float64 // nil before the promise begins and after its deadline
	Previous *float64 // the year before
	Status   Status
	// Forecast and its bounds, from the month judged on.
	Forecast, Low, High *float64
}
