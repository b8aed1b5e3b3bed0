package export

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/monthly"
)

// lineDashes tell the lines of a chart apart without colour.
var lineDashes = []struct {
	colour string
	dash   excelize.LineDashType
	mark   string
}{
	{"1F4E79", excelize.LineDashSolid, "circle"},
	{"7F7F7F", excelize.LineDashDash, "triangle"},
	{"C55A11", excelize.LineDashSysDot, "none"},
}

// chart writes a sheet with the data of a chart and, beside them, the chart.
func (b *book) chart(c *monthly.Chart) error {
	sheet := c.Number
	if _, err := b.NewSheet(sheet); err != nil {
		return err
	}
	if err := b.put(sheet, 1, 1, c.Title+bracketed(c.Notes), true, ""); err != nil {
		return err
	}
	if err := chartData(b.File, sheet, headPosition, c); err != nil {
		return err
	}
	if err := b.SetColWidth(sheet, "A", "A", widthFirst); err != nil {
		return err
	}
	if len(c.Categories) == 0 {
		return nil
	}
	at, err := excelize.CoordinatesToCellName(len(c.Series)+1+chartGap, headPosition)
	if err != nil {
		return err
	}
	height := uint(chartHeight)
	if c.Kind == city.ChartBar {
		height = uint(max(chartHeight, perBar*len(c.Categories)))
	}
	kind, legend := excelize.Line, "bottom"
	if c.Kind == city.ChartBar {
		kind, legend = excelize.Bar, "none"
	}
	format := numberFormat(c.Decimals, "")[len("number:"):]
	return b.AddChart(sheet, at, &excelize.Chart{Type: kind, Series: series(sheet, c), Dimension: excelize.ChartDimension{Width: chartPixels, Height: height},
		Title:        excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: c.Title}}},
		Legend:       excelize.ChartLegend{Position: legend},
		VaryColors:   new(bool), // one colour for the bars of one series
		XAxis:        excelize.ChartAxis{Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: c.AxisX}}}, ReverseOrder: c.Kind == city.ChartBar},
		YAxis:        excelize.ChartAxis{Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: c.AxisY}}}, MajorGridLines: true, NumFmt: excelize.ChartNumFmt{CustomNumFmt: format}},
		PlotArea:     excelize.ChartPlotArea{ShowVal: c.Kind == city.ChartBar, NumFmt: excelize.ChartNumFmt{CustomNumFmt: format}},
		ShowBlanksAs: "gap",
	})
}

func series(sheet string, c *monthly.Chart) []excelize.ChartSeries {
	var out []excelize.ChartSeries
	first, last := headPosition+1, headPosition+len(c.Categories)
	for i := range c.Series {
		look := lineDashes[i%len(lineDashes)]
		column := string(rune('B' + i))
		s := excelize.ChartSeries{
			Name:       fmt.Sprintf("'%s'!$%s$%d", sheet, column, headPosition),
			Categories: fmt.Sprintf("'%s'!$A$%d:$A$%d", sheet, first, last),
			Values:     fmt.Sprintf("'%s'!$%s$%d:$%s$%d", sheet, column, first, column, last),
			Fill:       excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{look.colour}},
		}
		if c.Kind == city.ChartLine {
			s.Line = excelize.LineOptions{Width: 2, Dash: look.dash}
			s.Marker = excelize.ChartMarker{Symbol: look.mark, Size: 6}
		}
		out = append(out, s)
	}
	return out
}
