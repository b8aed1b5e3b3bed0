package city

import "slices"

// Indicator declares a measure over a dataset.
type Indicator struct {
	Name    string
	Title   Text
	Note    Text // what the official definition says, with its source
	Dataset string
	Measure *Measure
	Scope   []Condition // rows that count at all
	Time    string      // the date or month field that places a row in a period
	// Window says which rows make the value of a period.
	Window Window
	Unit   string
	// Decimals of the displayed value.
	Decimals   int
	Better     Better
	Dimensions []string // fields it may be broken down by
	Complete   string   // Rule of kind completeness that a value must satisfy; "" none
	Calendar   string   // Rule of kind calendar whose festival the value moves with; "" none
	Source     Text     // standard or statistical rule behind the definition
	Pos        Pos
}

// Window says which rows make the value of a period that ends on day E.
type Window string

const (
	// WindowPeriod takes the rows of the period itself (a mean of the month).
	WindowPeriod Window = "period"
	// WindowYear takes the rows from 1 January of E's year to E (累计, flows).
	WindowYear Window = "year"
	// WindowStock takes the rows of the last month of the period that has
	// rows, for tables that list every object each month (期末数).
	WindowStock Window = "stock"
	// WindowAll takes all rows up to E (historical total).
	WindowAll Window = "all"
)

// Against names an earlier time that a value is compared with.
type Against string

const (
	// AgainstYear is the same window one year before (同比).
	AgainstYear Against = "year"
	// AgainstPeriod is the window of the period before, of the same length (环比).
	AgainstPeriod Against = "period"
	// AgainstFestival is the window one year before, moved so that it lies as
	// many days from the festival of its year, by the indicator's calendar.
	AgainstFestival Against = "festival"
)

// Better says which direction is good.
type Better string

const (
	BetterHigher Better = "higher"
	BetterLower  Better = "lower"
	BetterNone   Better = ""
)

// MeasureKind names a measure.
type MeasureKind string

const (
	MeasureCount         MeasureKind = "count"          // rows
	MeasureCountDistinct MeasureKind = "count_distinct" // distinct values of Field
	MeasureSum           MeasureKind = "sum"
	MeasureMean          MeasureKind = "mean"
	MeasureMin           MeasureKind = "min"
	MeasureMax           MeasureKind = "max"
	MeasurePercentile    MeasureKind = "percentile" // of Field, P in 0..100, HJ 663 appendix A interpolation
	MeasureRatio         MeasureKind = "ratio"      // Of[0] / Of[1]; times 100 when the indicator's unit is percent
	MeasureDifference    MeasureKind = "difference" // Of[0] - Of[1]
	MeasureGrowth        MeasureKind = "growth"     // Of[0] now over the earlier time On, minus one, times 100
	MeasureIncrease      MeasureKind = "increase"   // Of[0] now minus the earlier time On
	MeasureConst         MeasureKind = "const"      // Value
	MeasureLimit         MeasureKind = "limit"      // the parameter Param of the rule Rule, in the edition in force on the window's last day
	MeasureShare         MeasureKind = "share"      // Of[0], a part, over Of[1], the whole that it is a part of; in percent like a ratio
	MeasureIndex         MeasureKind = "index"      // the sum of all Of, each a quotient with its weight as Factor; nothing when one is missing
	MeasureIndicator     MeasureKind = "indicator"  // Of[0] over the rows of Indicator, in its window
)

// Measure is a node of a declared measure.
type Measure struct {
	Kind  MeasureKind
	Field string
	Since string      // when given, the time from this field to Field is measured, in days; both are moments, or both days
	Where []Condition // narrows this node only
	Of    []*Measure
	On    Against // of growth and increase: the earlier time; "" means AgainstYear
	// Indicator says which rows Of[0] is of, where they are not the declaring
	// indicator's own.
	Indicator   *Indicator
	Rule, Param string // of limit
	P           float64
	Value       float64
	// Factor multiplies the result, for a change of unit (yuan to 亿元: 1e-8). 0 means 1.
	Factor float64
	Pos    Pos
}

// Additive says whether the results of disjoint row sets may be summed.
func (m *Measure) Additive() bool {
	switch m.Kind {
	case MeasureCount, MeasureSum:
		return true
	case MeasureDifference:
		return m.Of[0].Additive() && m.Of[1].Additive()
	case MeasureIndicator:
		return m.Of[0].Additive()
	}
	return false
}

// Flows says whether the values of a year to date are running totals: what a
// month adds is a number of its own. Distinct persons are counted so as well: a
// month adds those who were not counted before.
func (m *Measure) Flows() bool {
	switch m.Kind {
	case MeasureCountDistinct:
		return true
	case MeasureDifference:
		return len(m.Of) == 2 && m.Of[0].Flows() && m.Of[1].Flows()
	}
	return m.Additive()
}

// Changes says whether the measure compares its operand with an earlier time.
func (m *Measure) Changes() bool {
	return m.Kind == MeasureGrowth || m.Kind == MeasureIncrease
}

// Uses says whether the measure compares with the given earlier time. A measure
// that is absent uses none.
func (m *Measure) Uses(a Against) bool {
	return m != nil && (m.Changes() && m.On == a || slices.ContainsFunc(m.Of, func(of *Measure) bool { return of.Uses(a) }))
}

// YearsBack is how many years before its own period the measure looks. The
// period before may be one in the year before, so that it counts as one.
func (m *Measure) YearsBack() int {
	years := 0
	for _, of := range m.Of {
		years = max(years, of.YearsBack())
	}
	if m.Changes() {
		years++
	}
	return years
}

// Condition keeps the rows whose Field is (or, with Not, is not) one of Values.
// Min and Max bound a number or date, both ends included, when not empty.
type Condition struct {
	Field    string
	Not      bool
	Values   []string
	Min, Max string
}
