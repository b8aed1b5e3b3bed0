package metric

import (
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// maxPeriods bounds the periods of one answer: ten years of days.
const maxPeriods = 3700

// Request is a question about one indicator.
type Request struct {
	Indicator *city.Indicator
	By        []string // dimensions to break the value down by
	Period    city.Span
	Grain     city.Grain
	Where     []city.Condition // narrows the rows, besides the indicator's own scope
	// Window takes the place of the indicator's window; "" keeps that.
	Window city.Window
	// Rolling makes the window that many periods of Grain, the last of them the
	// period itself; 0 is not rolling.
	Rolling int
	// Against names the earlier times whose values are shown in the same row.
	Against []Against
	// Combine states the months together that the indicator's calendar combines.
	Combine bool
}

// Source says how a dataset is read by the engine and whether its rows are a
// sample.
type Source struct {
	// Relation is SQL text that may stand after FROM. It comes from the engine,
	// never from a user.
	Relation string
	// Fraction is the share of the population that the rows are, above 0 and at
	// most 1. Additive results are multiplied by its inverse.
	Fraction float64
	// Where keeps the rows of the dataset that may be read at all.
	Where []city.Condition
	// Others says the same of the other datasets that the indicator reads, by
	// their names; see the function Others.
	Others map[string]Source
}

// Query is SQL text with the values that its ? marks stand for, and the names
// of the columns that it yields.
type Query struct {
	SQL     string
	Args    []any // string, int64, float64 or bool
	Columns []string
}

// The columns of a compiled query, besides the dimensions.
const (
	ColumnPeriod   = "period_start" // DATE, the first day of the period, also when the question begins later
	ColumnValue    = "value"        // DOUBLE or NULL
	ColumnPrevious = "previous"     // DOUBLE or NULL, the value of AgainstYear; NULL when it was not asked for
	ColumnBefore   = "before"       // DOUBLE or NULL, the value of AgainstPeriod; likewise
	ColumnFestival = "festival"     // DOUBLE or NULL, the value of AgainstFestival; likewise
	ColumnRows     = "n"            // BIGINT, rows in the window after scope and conditions
	ColumnMonth    = "month_start"  // DATE, in CompileDays
	ColumnDays     = "days"         // BIGINT, in CompileDays
	ColumnDelivery = "_delivery"    // VARCHAR, the system column of every table, in CompileRows
)

// Compile makes the query whose rows are the answer: one row for each period
// and combination of dimension values that has rows in the period's window or
// in that of an earlier time that the question needs; without dimensions,
// exactly one row for each period. The columns are period_start, the dimensions
// in the order of By (VARCHAR, NULL where a row has none), value, previous,
// before, festival and n. Rows are sorted by period, then by dimension.
//
// An error is a *city.Error with code invalid or not_found and says what the
// question should have been.
func Compile(c *city.City, r Request, src Source) (*Query, error) {
	k, err := newCompiler(c, r, src)
	if err != nil {
		return nil, err
	}
	if err := k.attach(); err != nil {
		return nil, err
	}
	if q := k.direct(); q != nil {
		return q, nil
	}
	return k.query(choose), nil
}

// check refuses a question that cannot be asked of the indicator.
func check(r Request, src Source) error {
	if r.Indicator == nil || r.Indicator.Measure == nil {
		return city.Errorf(city.CodeInvalid, "the question names no indicator with a measure")
	}
	if err := checkSource(src); err != nil {
		return err
	}
	if _, err := city.ParseGrain(string(r.Grain)); err != nil {
		return err
	}
	if err := checkPeriod(r); err != nil {
		return err
	}
	if err := checkWindow(r); err != nil {
		return err
	}
	for i, d := range r.By {
		if !slices.Contains(r.Indicator.Dimensions, d) {
			return city.Errorf(city.CodeInvalid, "indicator %s cannot be broken down by %q", r.Indicator.Name, d).
				WithHint("%s", dimensionHint(r.Indicator))
		}
		if slices.Contains(r.By[:i], d) {
			return city.Errorf(city.CodeInvalid, "dimension %q is asked for twice", d).WithHint("name each dimension once")
		}
	}
	return nil
}

func checkSource(src Source) error {
	if !(src.Fraction > 0 && src.Fraction <= 1) {
		return city.Errorf(city.CodeInvalid, "the sample fraction %v is not above 0 and at most 1", src.Fraction)
	}
	return nil
}

func checkPeriod(r Request) error {
	p := r.Period
	switch {
	case p.From.IsZero() || p.To.IsZero():
		return city.Errorf(city.CodeInvalid, "the question has no period").WithHint("give one, for example 2024 or 2024-01..2024-06")
	case p.To.Before(p.From):
		return city.Errorf(city.CodeInvalid, "the period %s ends before it starts", p)
	case len(p.Periods(r.Grain)) > maxPeriods:
		return city.Errorf(city.CodeInvalid, "the period %s has more than %d periods of one %s", p, maxPeriods, r.Grain).
			WithHint("ask for a shorter period or a coarser grain")
	}
	return nil
}

func dimensionHint(ind *city.Indicator) string {
	if len(ind.Dimensions) == 0 {
		return "it has no dimensions"
	}
	return "use " + strings.Join(ind.Dimensions, ", ")
}
