package explore

import (
	"time"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
)

// Show names what of a measure a column shows.
type Show string

// What a column may show.
const (
	ShowValue       Show = "value"
	ShowYoY         Show = "yoy"          // 同比, percent
	ShowYoYDiff     Show = "yoy_diff"     // the difference from the year before
	ShowMoM         Show = "mom"          // 环比, percent
	ShowMoMDiff     Show = "mom_diff"     // the difference from the period before
	ShowYTD         Show = "ytd"          // 累计, since January
	ShowRolling     Show = "rolling"      // over the last periods, as many as Measure.Rolling says
	ShowShare       Show = "share"        // 占比, percent of the total
	ShowRank        Show = "rank"         // 排名
	ShowRankChange  Show = "rank_change"  // 位次变化, ranks won since the year before
	ShowPrevious    Show = "previous"     // the year before
	ShowBefore      Show = "before"       // the period before
	ShowFestival    Show = "festival"     // the year before, as many days from the Spring Festival
	ShowFestivalYoY Show = "festival_yoy" // against that, percent
)

// Measure is one indicator of a question.
type Measure struct {
	Indicator string `json:"indicator" maxLength:"200"`
	Show      []Show `json:"show,omitempty" maxItems:"14" doc:"what of it to show; its value by default"`
	Rolling   int    `json:"rolling,omitempty" minimum:"0" maximum:"366" doc:"how many periods the rolling window is long"`
}

// Sort orders the rows by a column.
type Sort struct {
	Column string `json:"column" maxLength:"100" example:"m0.value" doc:"key of a column of the answer"`
	Desc   bool   `json:"desc,omitempty"`
}

// Question asks for one table.
type Question struct {
	Measures []Measure  `json:"measures" minItems:"1" maxItems:"8"`
	By       []string   `json:"by,omitempty" maxItems:"4" doc:"dimensions that all measures have"`
	Period   string     `json:"period,omitempty" maxLength:"40" example:"2024-01..2024-06" doc:"2024, 2024Q1, 2024-01, a day, or a range of two; all data by default"`
	Grain    city.Grain `json:"grain,omitempty" doc:"length of a row's period, or all for one row over the whole period; month by default"`
	Where    []string   `json:"where,omitempty" maxItems:"16" example:"[\"region=140105\"]" doc:"field=value, field=a|b or field!=value"`
	Totals   bool       `json:"totals,omitempty" doc:"add subtotals and totals"`
	Sort     []Sort     `json:"sort,omitempty" maxItems:"4"`
	Top      int        `json:"top,omitempty" minimum:"0" maximum:"1000" doc:"keep so many rows of each period; all by default"`
	Rest     bool       `json:"rest,omitempty" doc:"add what the top leaves out, as one row"`
	AsOf     string     `json:"as_of,omitempty" maxLength:"80" doc:"a past state: RFC 3339, a day, or the name of a tag; now by default"`
}

// ColumnKind says what a column holds.
type ColumnKind string

// The kinds of columns.
const (
	ColumnDimension ColumnKind = "dimension"
	ColumnPeriod    ColumnKind = "period"
	ColumnMeasure   ColumnKind = "measure"
)

// Column describes a column of a table.
type Column struct {
	Key       string          `json:"key"` // name of the dimension, period, or m0.value
	Kind      ColumnKind      `json:"kind" enum:"dimension,period,measure"`
	Title     city.Text       `json:"title"`
	Measure   *int            `json:"measure,omitempty"` // index into the question's measures
	Indicator string          `json:"indicator,omitempty"`
	Show      Show            `json:"show,omitempty"`
	Unit      *analysis.Named `json:"unit,omitempty"`
	Decimals  int             `json:"decimals"`
	Better    city.Better     `json:"better,omitempty"`
	Additive  bool            `json:"additive"` // whether the values of rows may be summed
}

// RowKind says what a row stands for.
type RowKind string

// The kinds of rows.
const (
	RowCell     RowKind = "cell"
	RowSubtotal RowKind = "subtotal"
	RowTotal    RowKind = "total"
	RowRest     RowKind = "rest"
)

// Cell is one figure.
type Cell struct {
	Value   *float64        `json:"value"`   // null unless Status is valid or provisional
	Display string          `json:"display"` // rounded; "" without value
	Status  analysis.Status `json:"status" enum:"valid,provisional,not_valid,no_data,suppressed"`
	Reason  city.Text       `json:"reason,omitzero"` // why it is not valid
	Rows    int64           `json:"rows"`            // rows of the dataset that were counted
}

// Row is one line of a table.
type Row struct {
	Kind   RowKind              `json:"kind" enum:"cell,subtotal,total,rest"`
	Dims   map[string]string    `json:"dims"` // a subtotal lacks those that it sums over
	Labels map[string]city.Text `json:"labels"`
	Period string               `json:"period"`
	From   city.Date            `json:"from"` // the window of the first measure
	To     city.Date            `json:"to"`
	Cells  map[string]Cell      `json:"cells"` // by key of the column
}

// Defined explains an indicator of the table.
type Defined struct {
	Indicator  string              `json:"indicator"`
	Definition analysis.Definition `json:"definition"`
}

// Table answers a question.
type Table struct {
	Columns     []Column          `json:"columns"`
	Rows        []Row             `json:"rows"`
	Sources     []analysis.Source `json:"sources"`
	Definitions []Defined         `json:"definitions"`
	Notes       []city.Text       `json:"notes"`
	TotalRows   int               `json:"total_rows"`
	Truncated   bool              `json:"truncated"`  // whether rows were left out because they are too many
	Suppressed  int               `json:"suppressed"` // how many figures are withheld
	MinGroup    int               `json:"min_group"`  // the fewest persons that a figure may stand for; 0 when any number will do
	Today       city.Date         `json:"today"`
	AsOf        time.Time         `json:"as_of,omitzero"`
	Tag         string            `json:"as_of_tag,omitempty"`
}
