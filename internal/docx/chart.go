package docx

import (
	"fmt"
	"strconv"
	"strings"
)

// inks are the colours of series, dark enough for print; they differ in dash and
// mark as well, so that nothing depends on colour.
var inks = []struct{ colour, dash, mark string }{
	{"1F4E79", "solid", "circle"},
	{"7F7F7F", "dash", "triangle"},
	{"C55A11", "sysDot", "none"},
	{"548235", "lgDash", "square"},
}

// chartXML writes the part of a chart. What programs draw is the cache; the
// formulas point into the embedded workbook.
func chartXML(c *Chart) string {
	var b strings.Builder
	b.WriteString(`<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" ` +
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>`)
	if c.Kind == ChartBar {
		b.WriteString(`<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>`)
	} else {
		b.WriteString(`<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>`)
	}
	for i := range c.Series {
		b.WriteString(c.series(i))
	}
	if c.Kind == ChartBar {
		b.WriteString(`<c:gapWidth val="60"/><c:axId val="1"/><c:axId val="2"/></c:barChart>`)
	} else {
		b.WriteString(`<c:marker val="1"/><c:axId val="1"/><c:axId val="2"/></c:lineChart>`)
	}
	b.WriteString(c.axes())
	b.WriteString(`</c:plotArea>`)
	if len(c.Series) > 1 {
		b.WriteString(`<c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend>`)
	}
	b.WriteString(`<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart><c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>` + textLook(1000))
	if len(c.Workbook) > 0 {
		b.WriteString(`<c:externalData r:id="rBook"><c:autoUpdate val="0"/></c:externalData>`)
	}
	b.WriteString(`</c:chartSpace>`)
	return b.String()
}

// textLook is the font of a chart's texts, in hundredths of a point.
func textLook(size int) string {
	return fmt.Sprintf(`<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="%d"><a:solidFill><a:srgbClr val="262626"/></a:solidFill><a:latin typeface="%s"/><a:ea typeface="%s"/></a:defRPr></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>`,
		size, fontLatin, fontSong)
}

func (c *Chart) series(i int) string {
	s, ink := c.Series[i], inks[i%len(inks)]
	if s.Dashed && ink.dash == "solid" {
		ink.dash = "dash"
	}
	column := columnName(i + 1)
	var b strings.Builder
	fmt.Fprintf(&b, `<c:ser><c:idx val="%d"/><c:order val="%d"/><c:tx><c:strRef><c:f>Sheet1!$%s$1</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>%s</c:v></c:pt></c:strCache></c:strRef></c:tx>`,
		i, i, column, escape(s.Name))
	if c.Kind == ChartBar {
		fmt.Fprintf(&b, `<c:spPr><a:solidFill><a:srgbClr val="%s"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>`, ink.colour)
		fmt.Fprintf(&b, `<c:dLbls><c:numFmt formatCode="%s" sourceLinked="0"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>%s<c:showLegendKey val="0"/><c:showVal val="1"/>`+
			`<c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>`, c.format(), textLook(900))
	} else {
		fmt.Fprintf(&b, `<c:spPr><a:ln w="%d" cap="rnd"><a:solidFill><a:srgbClr val="%s"/></a:solidFill><a:prstDash val="%s"/><a:round/></a:ln></c:spPr>`, width(s), ink.colour, ink.dash)
		fmt.Fprintf(&b, `<c:marker><c:symbol val="%s"/>`, ink.mark)
		if ink.mark != "none" {
			fmt.Fprintf(&b, `<c:size val="6"/><c:spPr><a:solidFill><a:srgbClr val="%s"/></a:solidFill><a:ln><a:noFill/></a:ln></c:spPr>`, ink.colour)
		}
		b.WriteString(`</c:marker>`)
	}
	b.WriteString(c.categories())
	fmt.Fprintf(&b, `<c:val><c:numRef><c:f>Sheet1!$%s$2:$%s$%d</c:f><c:numCache><c:formatCode>%s</c:formatCode><c:ptCount val="%d"/>`, column, column, len(c.Categories)+1, c.format(), len(s.Values))
	for n, v := range s.Values {
		if v != nil {
			fmt.Fprintf(&b, `<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, n, strconv.FormatFloat(*v, 'g', 15, 64))
		}
	}
	b.WriteString(`</c:numCache></c:numRef></c:val>`)
	if c.Kind == ChartLine {
		b.WriteString(`<c:smooth val="0"/>`)
	}
	b.WriteString(`</c:ser>`)
	return b.String()
}

// width of a line: what was measured is heavier.
func width(s Series) int {
	if s.Dashed {
		return 19050
	}
	return 31750
}

func (c *Chart) categories() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<c:cat><c:strRef><c:f>Sheet1!$A$2:$A$%d</c:f><c:strCache><c:ptCount val="%d"/>`, len(c.Categories)+1, len(c.Categories))
	for n, text := range c.Categories {
		fmt.Fprintf(&b, `<c:pt idx="%d"><c:v>%s</c:v></c:pt>`, n, escape(text))
	}
	b.WriteString(`</c:strCache></c:strRef></c:cat>`)
	return b.String()
}

func (c *Chart) format() string {
	if c.Decimals <= 0 {
		return "#,##0"
	}
	return "#,##0." + strings.Repeat("0", c.Decimals)
}

// axes writes both axes with their titles. The categories of bars run from top
// to bottom, so that the values stand below the last one.
func (c *Chart) axes() string {
	order, catPos, valPos, crosses, turn := "minMax", "b", "l", "autoZero", "-5400000"
	if c.Kind == ChartBar {
		order, catPos, valPos, crosses, turn = "maxMin", "l", "b", "max", "0"
	}
	catTurn := "0"
	if c.Kind == ChartBar {
		catTurn = "-5400000"
	}
	return `<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="` + order + `"/></c:scaling><c:delete val="0"/><c:axPos val="` + catPos + `"/>` + axisTitle(c.AxisX, catTurn) +
		`<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="out"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>` +
		`<c:crossAx val="2"/><c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>` +
		`<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="` + valPos + `"/>` +
		`<c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="D9D9D9"/></a:solidFill></a:ln></c:spPr></c:majorGridlines>` + axisTitle(c.AxisY, turn) +
		`<c:numFmt formatCode="` + c.format() + `" sourceLinked="0"/><c:majorTickMark val="out"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>` +
		`<c:crossAx val="1"/><c:crosses val="` + crosses + `"/><c:crossBetween val="between"/></c:valAx>`
}

func axisTitle(text, turn string) string {
	return `<c:title><c:tx><c:rich><a:bodyPr rot="` + turn + `"/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="1000" b="0"/></a:pPr><a:r><a:rPr lang="zh-CN" sz="1000" b="0"><a:latin typeface="` +
		fontLatin + `"/><a:ea typeface="` + fontSong + `"/></a:rPr><a:t>` + escape(text) + `</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>`
}

// columnName is the name of a spreadsheet's column, from A for 0.
func columnName(n int) string { return string(rune('A' + n)) }
