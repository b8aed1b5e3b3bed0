package export

import (
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/monthly"
)

var (
	sheetText    = city.Text{ZH: "正文", EN: "Text"}
	sheetSources = city.Text{ZH: "数据来源", EN: "Sources"}
	sourceHeads  = []city.Text{{ZH: "注", EN: "Note"}, {ZH: "说明", EN: "What it says"}, {ZH: "指标", EN: "Indicator"}, {ZH: "数据集", EN: "Dataset"}, {ZH: "快照", EN: "Snapshot"},
		{ZH: "数据完整截至", EN: "Complete to"}, {ZH: "口径版本", EN: "Definition version"}, {ZH: "模拟", EN: "Simulated"}}
	wordYes = city.Text{ZH: "是", EN: "yes"}
	wordNo  = city.Text{ZH: "否", EN: "no"}
)

// Widths of columns, in characters, and the height at which a sheet's chart
// begins to the right of its data.
const (
	widthText    = 110
	widthFirst   = 26
	widthOther   = 14
	widthWide    = 60
	chartPixels  = 720
	chartHeight  = 400
	perBar       = 26
	chartGap     = 2    // columns between the data and their chart
	rowHeight    = 16.0 // of a line, in points
	headPosition = 3    // row of a sheet's heads
)

// book is a workbook under way.
type book struct {
	*excelize.File
	doc    *monthly.Document
	styles map[string]int
}

func writeXLSX(w io.Writer, d *monthly.Document) error {
	b := &book{File: excelize.NewFile(), doc: d, styles: map[string]int{}}
	defer b.Close()
	if err := b.fill(); err != nil {
		return city.Errorf(city.CodeInternal, "cannot make the workbook: %w", err)
	}
	data, err := settled(b.File)
	if err != nil {
		return city.Errorf(city.CodeInternal, "cannot make the workbook: %w", err)
	}
	if _, err := w.Write(data); err != nil {
		return city.Outside(err, "cannot write the file")
	}
	return nil
}

func (b *book) fill() error {
	at := b.doc.Date.Time().Format("2006-01-02T15:04:05Z")
	if err := b.SetDocProps(&excelize.DocProperties{Title: b.doc.Title, Creator: b.doc.Organisation, LastModifiedBy: b.doc.Organisation, Created: at, Modified: at}); err != nil {
		return err
	}
	if err := b.SetSheetName("Sheet1", sheetText.In(b.doc.Lang)); err != nil {
		return err
	}
	if err := b.text(); err != nil {
		return err
	}
	for _, block := range b.doc.Blocks {
		var err error
		switch block.Kind {
		case monthly.BlockTable:
			err = b.table(block.Table)
		case monthly.BlockChart:
			err = b.chart(block.Chart)
		}
		if err != nil {
			return err
		}
	}
	return b.sources()
}

// style makes each style once.
func (b *book) style(name string, s *excelize.Style) (int, error) {
	if id, ok := b.styles[name]; ok {
		return id, nil
	}
	id, err := b.NewStyle(s)
	b.styles[name] = id
	return id, err
}

// line is a row of the sheet of text.
type line struct {
	text string
	bold bool
}

// text writes title, notices, headings and paragraphs, notes in brackets.
func (b *book) text() error {
	lines := []line{{b.doc.Title, true}, {subtitle(b.doc), false}}
	if b.doc.Simulated {
		lines = append(lines, line{markSimulated.In(b.doc.Lang), true})
	}
	for _, n := range b.doc.Notices {
		lines = append(lines, line{n, false})
	}
	for _, block := range b.doc.Blocks {
		switch block.Kind {
		case monthly.BlockTable:
			lines = append(lines, line{block.Table.Number + " " + block.Table.Title + bracketed(block.Table.Notes), false})
		case monthly.BlockChart:
			lines = append(lines, line{block.Chart.Number + " " + block.Chart.Title + bracketed(block.Chart.Notes), false})
		default:
			lines = append(lines, line{block.Number + plain(block.Runs), block.Kind == monthly.BlockHeading})
		}
	}
	sheet := sheetText.In(b.doc.Lang)
	if err := b.SetColWidth(sheet, "A", "A", widthText); err != nil {
		return err
	}
	for i, l := range lines {
		if err := b.put(sheet, 1, i+1, l.text, l.bold, "wrap"); err != nil {
			return err
		}
		if err := b.tall(sheet, i+1, l.text, widthText); err != nil {
			return err
		}
	}
	return nil
}

func plain(runs []monthly.Run) string {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r.Text)
		if r.Mark {
			b.WriteString(bracketed(r.Notes))
		}
	}
	return b.String()
}

func bracketed(notes []int) string {
	if len(notes) == 0 {
		return ""
	}
	list := make([]string, len(notes))
	for i, n := range notes {
		list[i] = strconv.Itoa(n)
	}
	return "[" + strings.Join(list, ",") + "]"
}

// put writes one cell: texts as texts, so that none is run as a formula.
func (b *book) put(sheet string, column, row int, v any, bold bool, kind string) error {
	cell, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return err
	}
	if err := b.SetCellValue(sheet, cell, v); err != nil {
		return err
	}
	s := &excelize.Style{Font: &excelize.Font{Bold: bold, Family: "宋体", Size: 11}, Alignment: &excelize.Alignment{Vertical: "center", WrapText: kind == "wrap"}}
	if format, ok := strings.CutPrefix(kind, "number:"); ok {
		s.CustomNumFmt = &format
	}
	id, err := b.style(strconv.FormatBool(bold)+kind, s)
	if err != nil {
		return err
	}
	return b.SetCellStyle(sheet, cell, cell, id)
}

// tall makes a row as high as a text needs in a column so many characters wide:
// not all programs do so by themselves.
func (b *book) tall(sheet string, row int, text string, columns float64) error {
	lines := math.Ceil(2 * width(text) / columns)
	return b.SetRowHeight(sheet, row, rowHeight*max(lines, 1))
}

// numberFormat shows a number with its decimals and, behind it, its unit.
func numberFormat(decimals int, unit string) string {
	format := "number:#,##0"
	if decimals > 0 {
		format += "." + strings.Repeat("0", decimals)
	}
	if unit != "" {
		format += `"` + strings.ReplaceAll(unit, `"`, "") + `"`
	}
	return format
}

// table writes a sheet with the numbers themselves, each cell as it is displayed.
func (b *book) table(t *monthly.Table) error {
	sheet := t.Number
	if _, err := b.NewSheet(sheet); err != nil {
		return err
	}
	if err := b.put(sheet, 1, 1, t.Title+bracketed(t.Notes), true, ""); err != nil {
		return err
	}
	for i, c := range t.Columns {
		if err := b.column(sheet, i+1, c); err != nil {
			return err
		}
	}
	row := headPosition + 1
	for _, r := range t.Rows {
		for i, c := range r.Cells {
			if err := b.cell(sheet, i+1, row, c, r.Total); err != nil {
				return err
			}
		}
		row++
	}
	for _, remark := range t.Remarks {
		if err := b.put(sheet, 1, row, remark, false, ""); err != nil {
			return err
		}
		row++
	}
	return b.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: headPosition, TopLeftCell: "A" + strconv.Itoa(headPosition+1), ActivePane: "bottomLeft"})
}

func (b *book) column(sheet string, n int, c monthly.Column) error {
	name, err := excelize.ColumnNumberToName(n)
	if err != nil {
		return err
	}
	width := float64(widthOther)
	switch {
	case c.Wide:
		width = widthWide
	case n == 1:
		width = widthFirst
	}
	if err := b.SetColWidth(sheet, name, name, width); err != nil {
		return err
	}
	return b.put(sheet, n, headPosition, c.Title+bracketed(c.Notes), true, "wrap")
}

// cell writes a figure as a number, and words as words. The notes of a cell
// stand behind its words; those of a number in the head of its column.
func (b *book) cell(sheet string, column, row int, c monthly.Cell, bold bool) error {
	if c.Value != nil {
		return b.put(sheet, column, row, *c.Value, bold, numberFormat(c.Decimals, c.Unit))
	}
	return b.put(sheet, column, row, c.Text+bracketed(c.Notes), bold, "wrap")
}

// sources writes what each note says, and what it names in columns.
func (b *book) sources() error {
	sheet := sheetSources.In(b.doc.Lang)
	if _, err := b.NewSheet(sheet); err != nil {
		return err
	}
	for i, head := range sourceHeads {
		if err := b.column(sheet, i+1, monthly.Column{Title: head.In(b.doc.Lang), Wide: i == 1}); err != nil {
			return err
		}
	}
	for i, n := range b.doc.Notes {
		simulated := wordNo
		if n.Simulated {
			simulated = wordYes
		}
		if err := b.tall(sheet, headPosition+1+i, n.Text, widthWide); err != nil {
			return err
		}
		completeTo := ""
		if !n.CompleteTo.IsZero() {
			completeTo = n.CompleteTo.String()
		}
		for col, v := range []any{n.Number, n.Text, n.Indicator, n.Dataset, n.SnapshotID, completeTo, n.Version, simulated.In(b.doc.Lang)} {
			if err := b.put(sheet, col+1, headPosition+1+i, v, false, "wrap"); err != nil {
				return err
			}
		}
	}
	return nil
}

// chartBook is the workbook that is embedded beside a chart of a DOCX.
func chartBook(c *monthly.Chart) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	at := "1980-01-01T00:00:00Z" // a part of a document has no time of its own
	if err := f.SetDocProps(&excelize.DocProperties{Created: at, Modified: at}); err != nil {
		return nil, city.Errorf(city.CodeInternal, "cannot make the workbook of a chart: %w", err)
	}
	if err := chartData(f, "Sheet1", 1, c); err != nil {
		return nil, city.Errorf(city.CodeInternal, "cannot make the workbook of a chart: %w", err)
	}
	data, err := settled(f)
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "cannot make the workbook of a chart: %w", err)
	}
	return data, nil
}

// chartData writes categories and series in columns, the names in row top.
func chartData(f *excelize.File, sheet string, top int, c *monthly.Chart) error {
	head := []any{c.AxisX}
	for _, s := range c.Series {
		head = append(head, s.Name)
	}
	if err := f.SetSheetRow(sheet, "A"+strconv.Itoa(top), &head); err != nil {
		return err
	}
	for i, name := range c.Categories {
		row := []any{name}
		for _, s := range c.Series {
			if s.Values[i] == nil {
				row = append(row, nil)
			} else {
				row = append(row, *s.Values[i])
			}
		}
		if err := f.SetSheetRow(sheet, "A"+strconv.Itoa(top+1+i), &row); err != nil {
			return err
		}
	}
	return nil
}
