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
	// Previous asks for the same window of the year before in the same row.
	Previous bool
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
	ColumnPrevious = "previous"     // DOUBLE or NULL; NULL when it was not asked for
	ColumnRows     = "n"            // BIGINT, rows in the window after scope and conditions
	ColumnMonth    = "month_start"  // DATE, in CompileDays
	ColumnDays     = "days"         // BIGINT, in CompileDays
	ColumnDelivery = "_delivery"    // VARCHAR, the system column of every table, in CompileRows
)

// Compile makes the query whose rows are the answer: one row for each period
// and combination of dimension values that has rows in the period's window or
// the same window of an earlier year that the measure needs; without
// dimensions, exactly one row for each period. The columns are period_start, the
// dimensions in the order of By (VARCHAR, NULL where a row has none), value,
// previous and n. Rows are sorted by period, then by dimension.
//
// An error is a *city.Error with code invalid or not_found and says what the
// question should have been.
func Compile(c *city.City, r Request, src Source) (*Query, error) {
	k, err := newCompiler(c, r, src)
	if err != nil {
		return nil, err
	}
	return k.query(choose(k)), nil
}

// compiler holds a checked question, ready to be written as SQL.
type compiler struct {
	req     Request
	src     Source
	dataset *city.Dataset
	depth   int // years back that the tree and Previous reach
	windows []window
	leaves  []*leaf
	scope   text
	where   text
}

func newCompiler(c *city.City, r Request, src Source) (*compiler, error) {
	if err := check(r, src); err != nil {
		return nil, err
	}
	ds, err := c.Dataset(r.Indicator.Dataset)
	if err != nil {
		return nil, err
	}
	k := &compiler{req: r, src: src, dataset: ds}
	if f, ok := ds.Field(r.Indicator.Time); !ok || f.Type != city.TypeDate && f.Type != city.TypeDateTime && f.Type != city.TypeMonth {
		return nil, city.Errorf(city.CodeInvalid, "indicator %s is placed in time by %q, which is not a date, datetime or month of dataset %s",
			r.Indicator.Name, r.Indicator.Time, ds.Name).At(r.Indicator.Pos.String())
	}
	conds := conditions{city: c, dataset: ds}
	if k.scope, err = conds.all(r.Indicator.Scope); err != nil {
		return nil, err
	}
	if k.where, err = conds.all(r.Where); err != nil {
		return nil, err
	}
	if k.leaves, err = leavesOf(conds, r.Indicator); err != nil {
		return nil, err
	}
	k.depth = r.Indicator.Measure.YearsBack()
	if r.Previous {
		k.depth++
	}
	k.windows = windowsOf(r, k.depth)
	return k, nil
}

// check refuses a question that cannot be asked of the indicator.
func check(r Request, src Source) error {
	if r.Indicator == nil || r.Indicator.Measure == nil {
		return city.Errorf(city.CodeInvalid, "the question names no indicator with a measure")
	}
	if !(src.Fraction > 0 && src.Fraction <= 1) {
		return city.Errorf(city.CodeInvalid, "the sample fraction %v is not above 0 and at most 1", src.Fraction)
	}
	if _, err := city.ParseGrain(string(r.Grain)); err != nil {
		return err
	}
	if err := checkPeriod(r); err != nil {
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
