package analysis

import (
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/metric"
)

// Status says how far a value may be trusted.
type Status = city.Status

// The statuses that an answer can have.
const (
	StatusValid       = city.StatusValid
	StatusProvisional = city.StatusProvisional
	StatusNotValid    = city.StatusNotValid
	StatusNoData      = city.StatusNoData
	StatusSuppressed  = city.StatusSuppressed
)

// Named is the name of a declared thing and its title.
type Named = city.Named

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
	Period     string               `json:"period"` // 2024, 2024Q1, 2024-01, 2024-01..02, 2024-01-31 or FROM..TO
	From       city.Date            `json:"from"`   // first day whose rows count
	To         city.Date            `json:"to"`
	Dimensions map[string]string    `json:"dimensions,omitempty"`
	Labels     map[string]city.Text `json:"labels,omitempty"`   // titles of the dimension values
	Value      *float64             `json:"value"`              // null unless Status is valid or provisional
	Display    string               `json:"display"`            // rounded as its rule or declaration says; "" without value
	Previous   *float64             `json:"previous"`           // the same window one year before
	Before     *float64             `json:"before"`             // the window of the period before; null when it was not asked for
	Festival   *float64             `json:"festival"`           // the window one year before, as many days from the festival; null when it was not asked for
	Withheld   []city.Against       `json:"withheld,omitempty"` // earlier times whose value would tell of too few persons
	Change     *float64             `json:"change"`             // Value over Previous minus one, in percent; null for a percentage, and unless Status is valid
	Rows       int64                `json:"rows"`               // rows of the dataset that were counted
	Status     Status               `json:"status" enum:"valid,provisional,not_valid,no_data,suppressed"`
	Reason     city.Text            `json:"reason,omitzero"` // why it is not valid or only provisional

	period metric.Period // with the windows that its values are made from
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
	MinGroup   int         `json:"min_group,omitempty"`  // the fewest persons that a figure may stand for; absent when any number will do
	Suppressed int         `json:"suppressed,omitempty"` // how many values are withheld
	AsOf       time.Time   `json:"as_of,omitzero"`       // the moment, when a past state was asked for
	Tag        string      `json:"as_of_tag,omitempty"`  // the tag that stands for the moment
	Today      city.Date   `json:"today"`                // the date that the city stands at

	periods []metric.Period // all that were asked about, also those without a row
}
