package sim

import (
	"math"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Options say which city to simulate.
type Options struct {
	Out   string    // folder that receives batches/; must not hold batches yet
	Scale float64   // share of the population that the registers of persons hold, 0 < Scale <= 1
	From  city.Date // any day of the first month
	To    city.Date // any day of the last month
	Seed  uint64

	// Progress is called after each batch from the goroutine that called
	// Generate; it may be nil.
	Progress func(done, total int, what string)
}

// Summary says what was written.
type Summary struct {
	Batches    int              `json:"batches"`
	Files      int              `json:"files"`
	Rows       int64            `json:"rows"`       // of all files, without headers
	Defects    int64            `json:"defects"`    // of these, rows that validation must turn away
	Duplicates int64            `json:"duplicates"` // of these, exact repeats
	Bytes      int64            `json:"bytes"`
	Datasets   []DatasetSummary `json:"datasets"` // in the order of the city's declarations
}

// DatasetSummary says what was written for one dataset.
type DatasetSummary struct {
	Dataset    string `json:"dataset"`
	Batches    int    `json:"batches"`
	Rows       int64  `json:"rows"`
	Defects    int64  `json:"defects"`
	Duplicates int64  `json:"duplicates"`
	Bytes      int64  `json:"bytes"`
}

// maxMonths bounds a simulation to a span that its trends make sense for.
const maxMonths = 120

// check refuses options that make no city, and rounds the span to months.
func (o *Options) check() error {
	if o.Out == "" {
		return city.Errorf(city.CodeInvalid, "no output folder is given")
	}
	if !(o.Scale > 0 && o.Scale <= 1) || math.IsNaN(o.Scale) {
		return city.Errorf(city.CodeInvalid, "the scale %v is not in (0, 1]", o.Scale).WithHint("0.02 holds every fiftieth resident, 1 all of them")
	}
	if o.From.IsZero() || o.To.IsZero() || o.To.Before(o.From) {
		return city.Errorf(city.CodeInvalid, "the months %s..%s are not a span", o.From, o.To).WithHint("give a first and a last month, for example 2023-01..2024-12")
	}
	if n := monthIndex(o.To) - monthIndex(o.From) + 1; n > maxMonths {
		return city.Errorf(city.CodeInvalid, "%d months are too many", n).WithHint("at most %d", maxMonths)
	}
	o.From, o.To = o.From.MonthStart(), o.To.MonthStart()
	return nil
}

// monthIndex counts months, so that the difference of two is their distance.
func monthIndex(d city.Date) int { return d.Year*12 + int(d.Month) - 1 }
