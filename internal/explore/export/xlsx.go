package export

import (
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/explore"
)

// The sheets of a workbook.
const (
	sheetTable = "数据"
	sheetNotes = "说明"
)

// The marks of figures that are not there, as official tables write them.
const (
	markSuppressed = "*"
	markNone       = "…"
)

// The widths of columns, in characters.
const (
	widthDimension = 16
	widthFigure    = 18
	widthNotes     = 100
)

// writeXLSX writes a workbook of two sheets: the table, with numbers as numbers,
// and what it was computed from.
func writeXLSX(w io.Writer, question explore.Question, t *explore.Table) error {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", sheetTable); err != nil {
		return xlsxError(err)
	}
	if _, err := f.NewSheet(sheetNotes); err != nil {
		return xlsxError(err)
	}
	if err := tableSheet(f, t); err != nil {
		return xlsxError(err)
	}
	if err := notesSheet(f, question, t); err != nil {
		return xlsxError(err)
	}
	if _, err := f.WriteTo(w); err != nil {
		return xlsxError(err)
	}
	return nil
}

func xlsxError(err error) error { return city.Outside(err, "cannot write the workbook") }

func tableSheet(f *excelize.File, t *explore.Table) error {
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}})
	if err != nil {
		return err
	}
	styles, err := numberStyles(f, t)
	if err != nil {
		return err
	}
	out, err := f.NewStreamWriter(sheetTable)
	if err != nil {
		return err
	}
	if err := out.SetColWidth(1, len(t.Columns), widthFigure); err != nil {
		return err
	}
	if n := len(t.Columns) - figures(t); n > 0 {
		if err := out.SetColWidth(1, n, widthDimension); err != nil {
			return err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	var head []any
	for _, c := range t.Columns {
		head = append(head, excelize.Cell{Value: heading(c), StyleID: bold})
	}
	if err := out.SetRow("A1", head); err != nil {
		return err
	}
	for i := range t.Rows {
		cell, err := excelize.CoordinatesToCellName(1, i+2)
		if err != nil {
			return err
		}
		if err := out.SetRow(cell, tableRow(t, &t.Rows[i], styles)); err != nil {
			return err
		}
	}
	return out.Flush()
}

func figures(t *explore.Table) (n int) {
	for _, c := range t.Columns {
		if c.Kind == explore.ColumnMeasure {
			n++
		}
	}
	return n
}

// numberStyles gives the style of each column that holds figures: its decimals,
// with thousands apart.
func numberStyles(f *excelize.File, t *explore.Table) ([]int, error) {
	out := make([]int, len(t.Columns))
	for i, c := range t.Columns {
		format := "#,##0"
		if c.Decimals > 0 {
			format += "." + strings.Repeat("0", c.Decimals)
		}
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format, Alignment: &excelize.Alignment{Horizontal: "right"}})
		if err != nil {
			return nil, err
		}
		out[i] = style
	}
	return out, nil
}

func tableRow(t *explore.Table, r *explore.Row, styles []int) []any {
	var row []any
	named := false
	for i, c := range t.Columns {
		switch c.Kind {
		case explore.ColumnDimension:
			label := r.Labels[c.Key].In("zh")
			if _, ok := r.Dims[c.Key]; !ok && !named {
				label, named = kinds[r.Kind].ZH, true
			}
			row = append(row, label)
		case explore.ColumnPeriod:
			row = append(row, r.Period)
		default:
			row = append(row, excelize.Cell{Value: figure(r.Cells[c.Key]), StyleID: styles[i]})
		}
	}
	return row
}

// figure is a number, or a mark where there is none.
func figure(c explore.Cell) any {
	switch {
	case c.Value != nil:
		return *c.Value
	case c.Status == analysis.StatusSuppressed:
		return markSuppressed
	}
	return markNone
}
