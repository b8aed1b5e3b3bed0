package monthly

import (
	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
)

// Question asks for one document.
type Question struct {
	Report string // city.Report.Name
	Month  city.Date
	Lang   string // zh or en
}

// ReportInfo describes a template.
type ReportInfo struct {
	Name         string         `json:"name"`
	Title        city.Text      `json:"title"`
	Organisation analysis.Named `json:"organisation"`
	Months       []string       `json:"months"` // that have data, the latest first
	Latest       string         `json:"latest"` // the last month for which all data have come; empty when there is none
}

// BlockKind says what a block is.
type BlockKind string

// The kinds of blocks.
const (
	BlockHeading   BlockKind = "heading"
	BlockParagraph BlockKind = "paragraph"
	BlockTable     BlockKind = "table"
	BlockChart     BlockKind = "chart"
)

// Document is a report of one month in one language.
type Document struct {
	Report       string    `json:"report"`
	Title        string    `json:"title"`
	Organisation string    `json:"organisation"`
	Month        string    `json:"month" example:"2024-10"`
	Lang         string    `json:"lang" enum:"zh,en"`
	Date         city.Date `json:"date"` // the day that the city stands at
	Simulated    bool      `json:"simulated"`
	Notices      []string  `json:"notices"` // what a reader must know first, such as data that have not come
	Blocks       []Block   `json:"blocks"`
	Notes        []Note    `json:"notes"` // by their numbers, from 1
}

// Block is a heading, a paragraph, a table or a chart.
type Block struct {
	Kind   BlockKind `json:"kind" enum:"heading,paragraph,table,chart"`
	Level  int       `json:"level,omitempty"`  // of a heading, 1 to 3
	Number string    `json:"number,omitempty"` // of a heading: 一、 （一） 1.
	Runs   []Run     `json:"runs"`             // of a heading or paragraph
	Table  *Table    `json:"table,omitempty"`
	Chart  *Chart    `json:"chart,omitempty"`
}

// Run is a piece of a paragraph.
type Run struct {
	Text   string `json:"text"`
	Figure bool   `json:"figure"` // it was computed
	Notes  []int  `json:"notes"`  // its sources
	Mark   bool   `json:"mark"`   // print the notes behind it; false where the next figure of the sentence has the same ones
}

// Note says where a number comes from.
type Note struct {
	Number     int       `json:"number"`
	Text       string    `json:"text"`
	Indicator  string    `json:"indicator"`
	Dataset    string    `json:"dataset"`
	SnapshotID string    `json:"snapshot_id"`
	CompleteTo city.Date `json:"complete_to"`
	Version    string    `json:"version"` // of the definition
	Simulated  bool      `json:"simulated"`
}

// Table is a table with a title above it.
type Table struct {
	Number  string   `json:"number"` // 表1
	Title   string   `json:"title"`
	Notes   []int    `json:"notes"`
	Columns []Column `json:"columns"`
	Rows    []Row    `json:"rows"`
	Remarks []string `json:"remarks"` // below it
}

// Column is a column of a table.
type Column struct {
	Title   string `json:"title"` // with its unit
	Numeric bool   `json:"numeric"`
	Wide    bool   `json:"wide"` // holds sentences
	Notes   []int  `json:"notes"`
}

// Row is a line of a table.
type Row struct {
	Total bool   `json:"total"`
	Cells []Cell `json:"cells"`
}

// Cell is a figure, or words.
type Cell struct {
	Text     string   `json:"text"`
	Value    *float64 `json:"value"` // null for words and where there is no figure
	Decimals int      `json:"decimals"`
	Unit     string   `json:"unit"` // that Text shows behind the figure; "" when the head of the column has it
	Notes    []int    `json:"notes"`
}

// Chart is a chart with a title below it.
type Chart struct {
	Number     string         `json:"number"` // 图1
	Title      string         `json:"title"`
	Kind       city.ChartKind `json:"kind" enum:"line,bar"`
	Notes      []int          `json:"notes"`
	AxisX      string         `json:"axis_x"`
	AxisY      string         `json:"axis_y"` // with the unit
	Decimals   int            `json:"decimals"`
	Categories []string       `json:"categories"`
	Series     []Series       `json:"series"`
}

// Series is a line, or a set of bars.
type Series struct {
	Name   string     `json:"name"`
	Values []*float64 `json:"values"` // as many as the chart has categories; null where there is none
	Dashed bool       `json:"dashed"` // not measured, but expected or of another year
}
