package export

import (
	"io"
	"unicode/utf8"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/docx"
	"github.com/jinyang-city/jinyang/internal/monthly"
)

var (
	markSimulated = city.Text{ZH: "模拟数据，仅供演示", EN: "Simulated data, for demonstration"}
	notesTitle    = city.Text{ZH: "注释：数据来源", EN: "Notes: where the figures come from"}
	notesHint     = city.Text{ZH: "方括号内的数字为注释编号，每个数的数据来源见文末注释。", EN: "Numbers in brackets refer to the notes at the end, which say where each figure comes from."}
	unitAt        = city.Text{ZH: "（数据状态：%s）", EN: " (as of %s)"}
)

func writeDOCX(w io.Writer, d *monthly.Document) error {
	out := &docx.Document{Title: d.Title, Author: d.Organisation, Lang: tag(d.Lang), Date: d.Date.Time(), Header: d.Title, Endings: notesTitle.In(d.Lang)}
	if d.Simulated {
		out.Mark = markSimulated.In(d.Lang)
	}
	out.Body = append(out.Body, docx.Paragraph{Style: docx.StyleTitle, Runs: words(d.Title)}, docx.Paragraph{Style: docx.StyleSubtitle, Runs: words(subtitle(d))})
	if len(d.Notes) > 0 {
		out.Body = append(out.Body, docx.Paragraph{Style: docx.StyleRemark, Runs: words(notesHint.In(d.Lang))})
	}
	for _, n := range d.Notices {
		out.Body = append(out.Body, docx.Paragraph{Style: docx.StyleNotice, Runs: words(n)})
	}
	for _, b := range d.Blocks {
		blocks, err := blocksOf(b)
		if err != nil {
			return err
		}
		out.Body = append(out.Body, blocks...)
	}
	for _, n := range d.Notes {
		out.Notes = append(out.Notes, n.Text)
	}
	if err := docx.Write(w, out); err != nil {
		return city.Outside(err, "cannot write the file")
	}
	return nil
}

func tag(lang string) string {
	if lang == "en" {
		return "en-GB"
	}
	return "zh-CN"
}

// subtitle names who circulates the document and the day of its data.
func subtitle(d *monthly.Document) string {
	return d.Organisation + monthly.Say(d.Lang, unitAt, monthly.Day(d.Lang, d.Date))
}

func words(text string) []docx.Run { return []docx.Run{{Text: text}} }

var headings = map[int]docx.Style{1: docx.StyleHeading1, 2: docx.StyleHeading2, 3: docx.StyleHeading3}

func blocksOf(b monthly.Block) ([]docx.Block, error) {
	switch b.Kind {
	case monthly.BlockHeading:
		return []docx.Block{docx.Paragraph{Style: headings[b.Level], Runs: append(words(b.Number), runsOf(b.Runs)...), Keep: true}}, nil
	case monthly.BlockTable:
		return tableOf(b.Table), nil
	case monthly.BlockChart:
		return chartOf(b.Chart)
	}
	return []docx.Block{docx.Paragraph{Style: docx.StyleText, Runs: runsOf(b.Runs)}}, nil
}

func runsOf(runs []monthly.Run) []docx.Run {
	out := make([]docx.Run, 0, len(runs))
	for _, r := range runs {
		run := docx.Run{Text: r.Text}
		if r.Mark {
			run.Notes = r.Notes
		}
		out = append(out, run)
	}
	return out
}

func tableOf(t *monthly.Table) []docx.Block {
	table := &docx.Table{}
	for i, c := range t.Columns {
		table.Columns = append(table.Columns, docx.Column{Head: []docx.Run{{Text: c.Title, Notes: columnNotes(t, c)}}, Weight: weight(t, i), Align: align(c, i)})
	}
	for _, r := range t.Rows {
		var row []docx.Cell
		for _, c := range r.Cells {
			row = append(row, docx.Cell{Runs: []docx.Run{{Text: c.Text, Bold: r.Total, Notes: c.Notes}}})
		}
		table.Rows = append(table.Rows, row)
	}
	out := []docx.Block{docx.Paragraph{Style: docx.StyleCaption, Runs: []docx.Run{{Text: t.Number + "　" + t.Title, Notes: t.Notes}}, Keep: true}, table}
	for _, remark := range t.Remarks {
		out = append(out, docx.Paragraph{Style: docx.StyleRemark, Runs: words(remark)})
	}
	return out
}

// columnNotes repeats the note of a column in its head where a table has several
// sources; the title alone names a single one.
func columnNotes(t *monthly.Table, c monthly.Column) []int {
	if len(t.Notes) < 2 {
		return nil
	}
	return c.Notes
}

func align(c monthly.Column, n int) docx.Align {
	switch {
	case c.Numeric:
		return docx.AlignRight
	case c.Wide || n == 0:
		return docx.AlignLeft
	}
	return docx.AlignCenter
}

// The weights of columns lie between these, so that none is squeezed and no
// sentence takes the page.
const (
	leastWeight = 5.0
	mostWeight  = 14.0
)

// weight is how wide a column should be: as its longest cell, and its head on two
// lines.
func weight(t *monthly.Table, column int) float64 {
	longest := width(t.Columns[column].Title) / 2
	for _, r := range t.Rows {
		if column < len(r.Cells) {
			longest = max(longest, width(r.Cells[column].Text)+float64(len(r.Cells[column].Notes)))
		}
	}
	return min(max(longest, leastWeight), mostWeight)
}

// width of a text in characters of full width.
func width(text string) float64 {
	n := 0.0
	for _, r := range text {
		if utf8.RuneLen(r) > 2 {
			n++
		} else {
			n += 0.55
		}
	}
	return n
}

func chartOf(c *monthly.Chart) ([]docx.Block, error) {
	book, err := chartBook(c)
	if err != nil {
		return nil, err
	}
	chart := &docx.Chart{Kind: docx.ChartKind(c.Kind), Description: c.Title, AxisX: c.AxisX, AxisY: c.AxisY, Decimals: c.Decimals, Categories: c.Categories, Workbook: book}
	for _, s := range c.Series {
		chart.Series = append(chart.Series, docx.Series{Name: s.Name, Values: s.Values, Dashed: s.Dashed})
	}
	caption := docx.Paragraph{Style: docx.StyleCaption, Runs: []docx.Run{{Text: c.Number + "　" + c.Title, Notes: c.Notes}}}
	return []docx.Block{chart, caption}, nil
}
