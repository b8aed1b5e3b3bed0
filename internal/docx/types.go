package docx

import (
	"io"
	"time"
)

// Document is what is written.
type Document struct {
	Title   string
	Author  string
	Lang    string    // BCP 47, for example zh-CN
	Date    time.Time // written into the properties as the time of creation
	Header  string    // at the top of each page
	Mark    string    // in the header too, set apart; "" for none
	Body    []Block
	Endings string   // heading above the notes, in place of the line that sets them apart
	Notes   []string // endnotes; number n is Notes[n-1]
}

// Block is a Paragraph, a *Table or a *Chart.
type Block interface {
	write(w *body)
}

// Style is the style of a paragraph.
type Style string

// The styles of paragraphs.
const (
	StyleTitle    Style = "Title"
	StyleSubtitle Style = "Subtitle"
	StyleHeading1 Style = "Heading1"
	StyleHeading2 Style = "Heading2"
	StyleHeading3 Style = "Heading3"
	StyleText     Style = "Normal"
	StyleNotice   Style = "Notice"  // a line that a reader must see first
	StyleCaption  Style = "Caption" // above a table, below a chart
	StyleRemark   Style = "Remark"  // below a table
	styleCell     Style = "Cell"
	styleHead     Style = "Head"
)

// Paragraph is a paragraph.
type Paragraph struct {
	Style Style
	Runs  []Run
	Keep  bool // on the page of what follows
}

// Run is a piece of text with the numbers of the notes behind it. A note that is
// named a second time is a reference to the first one.
type Run struct {
	Text  string
	Bold  bool
	Notes []int
}

// Align says on which side the text of a column stands.
type Align string

// The alignments.
const (
	AlignLeft   Align = "left"
	AlignCenter Align = "center"
	AlignRight  Align = "right"
)

// Column is a column of a table.
type Column struct {
	Head   []Run
	Weight float64 // of its width
	Align  Align
}

// Cell is a cell of a table.
type Cell struct {
	Runs []Run
}

// Table is a table over the width of the page. Its header row repeats.
type Table struct {
	Columns []Column
	Rows    [][]Cell
}

// ChartKind says how a chart is drawn.
type ChartKind string

// The kinds of charts.
const (
	ChartLine ChartKind = "line"
	ChartBar  ChartKind = "bar" // horizontal, the first category on top
)

// Chart is a native chart. Its values are written as the cache that programs
// draw from, and Workbook, when given, is embedded so that they can be edited.
type Chart struct {
	Kind         ChartKind
	Description  string // for those who cannot see it
	AxisX, AxisY string
	Decimals     int
	Categories   []string
	Series       []Series
	Workbook     []byte // XLSX: categories in column A from row 2, series in B, C, …; their names in row 1 of Sheet1
}

// Series is a line, or a set of bars.
type Series struct {
	Name   string
	Values []*float64 // nil where there is none
	Dashed bool
}

// Write writes the document.
func Write(w io.Writer, d *Document) error { return newArchive(w).document(d) }
