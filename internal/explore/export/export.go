// Package export writes a table of package explore as a file: XLSX for offices,
// CSV for everything, Parquet for other programs. Each file says what it was
// computed from, and holds no figure that the table withholds.
package export

import (
	"io"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/explore"
)

// Format is a form of file.
type Format string

// The forms of files.
const (
	XLSX    Format = "xlsx"
	CSV     Format = "csv"
	Parquet Format = "parquet"
)

// Formats lists the forms of files.
func Formats() []Format { return []Format{XLSX, CSV, Parquet} }

// Of finds the format that a file's name ends with.
func Of(name string) (Format, error) {
	for _, f := range Formats() {
		if strings.HasSuffix(strings.ToLower(name), "."+string(f)) {
			return f, nil
		}
	}
	return "", city.Errorf(city.CodeInvalid, "%q has no ending that says how to write it", name).WithHint("use .xlsx, .csv or .parquet")
}

// MediaType is the media type of a form of file.
func (f Format) MediaType() string {
	switch f {
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case CSV:
		return "text/csv; charset=utf-8"
	}
	return "application/vnd.apache.parquet"
}

// Name proposes a file name: the first indicator and the last period.
func Name(t *explore.Table, f Format) string {
	name := "explore"
	if len(t.Definitions) > 0 {
		name = t.Definitions[0].Indicator
	}
	if n := len(t.Rows); n > 0 {
		name += "_" + t.Rows[n-1].Period
	}
	return name + "." + string(f)
}

// Write writes a table. question is what it answers, for the sheet of sources.
func Write(w io.Writer, f Format, question explore.Question, t *explore.Table) error {
	switch f {
	case XLSX:
		return writeXLSX(w, question, t)
	case CSV:
		return writeCSV(w, t)
	case Parquet:
		return writeParquet(w, t)
	}
	return city.Errorf(city.CodeInvalid, "there is no format %q", f).WithHint("use xlsx, csv or parquet")
}

// safe keeps a spreadsheet from running a text as a formula: one that begins
// like a formula gets an apostrophe before it, which the program shows as a mark
// and does not count.
func safe(text string) string {
	if text == "" {
		return text
	}
	switch text[0] {
	case '=', '+', '-', '@', '\t', '\r', '\n':
		return "'" + text
	}
	return text
}

// kinds are the words for kinds of rows.
var kinds = map[explore.RowKind]city.Text{
	explore.RowCell:     {ZH: "", EN: ""},
	explore.RowSubtotal: {ZH: "小计", EN: "subtotal"},
	explore.RowTotal:    {ZH: "合计", EN: "total"},
	explore.RowRest:     {ZH: "其余", EN: "rest"},
}
