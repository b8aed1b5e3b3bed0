package docx

import (
	"fmt"
	"strconv"
	"strings"
)

// The page, in twentieths of a point: A4 with the margins of GB/T 9704.
const (
	pageWidth    = 11906
	pageHeight   = 16838
	marginTop    = 2098 // 37 mm
	marginBottom = 1984 // 35 mm
	marginLeft   = 1588 // 28 mm
	marginRight  = 1474 // 26 mm
	textWidth    = pageWidth - marginLeft - marginRight
)

// The size of a chart, in English Metric Units (36,000 to the millimetre).
const (
	chartWidth     = 156 * 36_000
	lineHeight     = 82 * 36_000
	barHeight      = 7 * 36_000 // of each bar
	barRest        = 24 * 36_000
	mostChartHight = 190 * 36_000
)

// body writes the main part.
type body struct {
	strings.Builder
	doc    *Document
	charts []*Chart
	noted  map[int]bool // notes that stand in the text already
}

func newBody(d *Document) *body { return &body{doc: d, noted: map[int]bool{}} }

func (b *body) text() string { return b.String() }

func (b *body) all() {
	b.WriteString(`<w:document ` + namespaces + `><w:body>`)
	for _, block := range b.doc.Body {
		block.write(b)
	}
	fmt.Fprintf(b, `<w:sectPr><w:headerReference w:type="default" r:id="rHeader"/><w:footerReference w:type="default" r:id="rFooter"/>`+
		`<w:endnotePr><w:numFmt w:val="decimal"/></w:endnotePr><w:pgSz w:w="%d" w:h="%d"/>`+
		`<w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="1134" w:footer="1134" w:gutter="0"/></w:sectPr></w:body></w:document>`,
		pageWidth, pageHeight, marginTop, marginRight, marginBottom, marginLeft)
}

func (p Paragraph) write(b *body) { b.paragraph(p, "") }

// paragraph writes a paragraph; align overrides its style's.
func (b *body) paragraph(p Paragraph, align Align) {
	b.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + string(p.Style) + `"/>`)
	if p.Keep {
		b.WriteString(`<w:keepNext/>`)
	}
	if align != "" {
		b.WriteString(`<w:jc w:val="` + string(align) + `"/>`)
	}
	b.WriteString(`</w:pPr>`)
	for _, r := range p.Runs {
		b.run(r)
	}
	b.WriteString(`</w:p>`)
}

func (b *body) run(r Run) {
	if r.Text != "" {
		b.WriteString(`<w:r>`)
		if r.Bold {
			b.WriteString(`<w:rPr><w:b/></w:rPr>`)
		}
		b.WriteString(`<w:t xml:space="preserve">` + escape(r.Text) + `</w:t></w:r>`)
	}
	for i, n := range r.Notes {
		switch {
		case i == 0:
			b.raised("[")
		default:
			b.raised(",")
		}
		b.note(n)
		if i == len(r.Notes)-1 {
			b.raised("]")
		}
	}
}

const noteStyle = `<w:rPr><w:rStyle w:val="EndnoteReference"/></w:rPr>`

func (b *body) raised(text string) {
	b.WriteString(`<w:r>` + noteStyle + `<w:t>` + escape(text) + `</w:t></w:r>`)
}

// note writes the mark of a note where it stands for the first time, and
// elsewhere a field that repeats its number.
func (b *body) note(n int) {
	number, mark := strconv.Itoa(n), "_note"+strconv.Itoa(n)
	if !b.noted[n] {
		b.noted[n] = true
		b.WriteString(`<w:bookmarkStart w:id="` + number + `" w:name="` + mark + `"/><w:r>` + noteStyle + `<w:endnoteReference w:id="` + number +
			`"/></w:r><w:bookmarkEnd w:id="` + number + `"/>`)
		return
	}
	field := func(inner string) { b.WriteString(`<w:r>` + noteStyle + inner + `</w:r>`) }
	field(`<w:fldChar w:fldCharType="begin"/>`)
	field(`<w:instrText xml:space="preserve"> NOTEREF ` + mark + ` \h </w:instrText>`)
	field(`<w:fldChar w:fldCharType="separate"/>`)
	field(`<w:t>` + number + `</w:t>`)
	field(`<w:fldChar w:fldCharType="end"/>`)
}

func (t *Table) write(b *body) {
	widths := t.widths()
	b.WriteString(`<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/><w:tblW w:w="` + strconv.Itoa(textWidth) + `" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>`)
	for _, w := range widths {
		b.WriteString(`<w:gridCol w:w="` + strconv.Itoa(w) + `"/>`)
	}
	b.WriteString(`</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`)
	for i, c := range t.Columns {
		b.cell(widths[i], `<w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/>`, Paragraph{Style: styleHead, Runs: c.Head}, "")
	}
	b.WriteString(`</w:tr>`)
	for n, row := range t.Rows {
		b.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
		for i, c := range row { // the last row stays with the remarks below
			b.cell(widths[i], "", Paragraph{Style: styleCell, Runs: c.Runs, Keep: n == len(t.Rows)-1}, t.Columns[i].Align)
		}
		b.WriteString(`</w:tr>`)
	}
	b.WriteString(`</w:tbl>`)
}

func (b *body) cell(width int, shade string, p Paragraph, align Align) {
	b.WriteString(`<w:tc><w:tcPr><w:tcW w:w="` + strconv.Itoa(width) + `" w:type="dxa"/>` + shade + `<w:vAlign w:val="center"/></w:tcPr>`)
	b.paragraph(p, align)
	b.WriteString(`</w:tc>`)
}

// widths shares the width of the page among the columns by their weights.
func (t *Table) widths() []int {
	all := 0.0
	for _, c := range t.Columns {
		all += max(c.Weight, 0.1)
	}
	out, left := make([]int, len(t.Columns)), textWidth
	for i, c := range t.Columns {
		out[i] = int(textWidth * max(c.Weight, 0.1) / all)
		left -= out[i]
	}
	if len(out) > 0 {
		out[0] += left // what rounding left over
	}
	return out
}

func chartID(n int) string { return "rChart" + strconv.Itoa(n) }

func (c *Chart) write(b *body) {
	b.charts = append(b.charts, c)
	n := len(b.charts)
	height := lineHeight
	if c.Kind == ChartBar {
		height = min(barRest+barHeight*len(c.Categories), mostChartHight)
	}
	fmt.Fprintf(b, `<w:p><w:pPr><w:pStyle w:val="Picture"/><w:keepNext/></w:pPr><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/>`+
		`<wp:docPr id="%d" name="Chart %d" descr="%s"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">`+
		`<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="%s"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`,
		chartWidth, height, n, n, escape(c.Description), chartID(n))
}
