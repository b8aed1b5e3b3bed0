package monthly

import (
	"context"
	"slices"
	"strconv"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/explore"
)

// markNone stands in a cell that has no figure.
const markNone = "—"

// newTable numbers a table.
func (b *building) newTable(title string) *Table {
	b.tables++
	return &Table{Number: say(b.lang, tableNumber, b.tables), Title: title, Notes: []int{}, Columns: []Column{}, Rows: []Row{}, Remarks: []string{}}
}

// place adds a table to the document, with what its marks mean.
func (b *building) place(t *Table) {
	for i := range t.Columns {
		t.Columns[i].Notes = merged(t.Columns[i].Notes)
		t.Notes = merged(t.Notes, t.Columns[i].Notes)
	}
	b.add(Block{Kind: BlockTable, Table: t})
}

func (b *building) table(ctx context.Context, t *city.ReportTable) error {
	q := explore.Question{Period: city.GrainMonth.Label(b.month.From), Grain: city.GrainMonth, Totals: t.Totals}
	for _, m := range t.Measures {
		q.Measures = append(q.Measures, measureOf(m))
	}
	switch {
	case t.By != "":
		q.By = []string{t.By}
	case t.Months > 0:
		from := city.NewDate(b.month.From.Year, b.month.From.Month-monthsBack(t.Months), 1)
		q.Period = city.GrainMonth.Label(from) + ".." + q.Period
	}
	answer, err := b.explore(ctx, q)
	if err != nil {
		return err
	}
	out := b.newTable(t.Title.In(b.lang))
	if t.By == "" && t.Months == 0 {
		b.byMeasure(out, t, answer)
	} else {
		b.byRow(out, answer)
		if len(t.Measures) == 1 {
			b.shorten(out, answer)
		}
	}
	b.place(out)
	return nil
}

func measureOf(m city.ReportMeasure) explore.Measure {
	out := explore.Measure{Indicator: m.Indicator, Show: []explore.Show{explore.ShowValue}}
	if len(m.Show) > 0 {
		out.Show = nil
	}
	for _, s := range m.Show {
		out.Show = append(out.Show, explore.Show(s))
	}
	return out
}

// byRow writes a table as package explore made it: members or months down.
func (b *building) byRow(out *Table, t *explore.Table) {
	var columns []explore.Column
	for _, c := range t.Columns {
		if c.Kind == explore.ColumnPeriod && len(t.Columns) > 1 && t.Columns[0].Kind == explore.ColumnDimension {
			continue // all rows are of the report's month
		}
		columns = append(columns, c)
		col := Column{Title: c.Title.In(b.lang), Numeric: c.Kind == explore.ColumnMeasure}
		if c.Unit != nil {
			col.Title = heading(b.lang, col.Title, c.Unit.Title)
		}
		if c.Indicator != "" {
			col.Notes = []int{b.exploreNote(t, c.Indicator)}
		}
		out.Columns = append(out.Columns, col)
	}
	for i := range t.Rows {
		r := &t.Rows[i]
		line := Row{Total: r.Kind != explore.RowCell}
		for n, c := range columns {
			line.Cells = append(line.Cells, b.exploreCell(r, c, line.Total && n == 0))
		}
		out.Rows = append(out.Rows, line)
	}
	b.remarks(out, t)
}

// exploreCell writes a cell; the first one of a total says so.
func (b *building) exploreCell(r *explore.Row, c explore.Column, total bool) Cell {
	switch {
	case total:
		return textCell(say(b.lang, wordTotal))
	case c.Kind == explore.ColumnDimension:
		label := r.Labels[c.Key].In(b.lang)
		if label == "" {
			label = say(b.lang, wordOther)
		}
		return textCell(label)
	case c.Kind == explore.ColumnPeriod:
		return textCell(b.monthOf(r.To))
	}
	return b.cell(r.Cells[c.Key], c)
}

// monthOf names the month of a day.
func (b *building) monthOf(d city.Date) string {
	if b.lang == "en" {
		return city.GrainMonth.Label(d)
	}
	return strconv.Itoa(d.Year) + "年" + strconv.Itoa(int(d.Month)) + "月"
}

// cell writes a figure; where there is none a mark, which a remark explains.
func (b *building) cell(c explore.Cell, col explore.Column) Cell {
	out := Cell{Decimals: col.Decimals, Notes: []int{}}
	switch {
	case c.Status == analysis.StatusSuppressed:
		out.Text = "*"
	case c.Value == nil:
		out.Text = markNone
	default:
		v := *c.Value
		out.Value, out.Text = &v, grouped(c.Display)
		if col.Show == explore.ShowRankChange {
			out.Text = b.rankChange(int(v))
		}
		if c.Status == analysis.StatusProvisional {
			out.Text += say(b.lang, markProvisional)
		}
	}
	return out
}

// rankChange words the ranks won or lost.
func (b *building) rankChange(won int) string {
	switch {
	case won > 0:
		return say(b.lang, ranksUp, won)
	case won < 0:
		return say(b.lang, ranksDown, -won)
	}
	return say(b.lang, ranksSame)
}

// byMeasure writes one row for each indicator of a single month.
func (b *building) byMeasure(out *Table, t *city.ReportTable, a *explore.Table) {
	var shows []explore.Show
	for _, m := range t.Measures {
		for _, s := range measureOf(m).Show {
			if s = growthOf(s); !slices.Contains(shows, s) {
				shows = append(shows, s)
			}
		}
	}
	out.Columns = append(out.Columns, Column{Title: say(b.lang, columnIndicator)}, Column{Title: say(b.lang, columnUnit)})
	for _, s := range shows {
		out.Columns = append(out.Columns, Column{Title: say(b.lang, showWords[s]), Numeric: true})
	}
	for i, m := range t.Measures {
		ind, err := b.city.Indicator(m.Indicator)
		if err != nil {
			continue // the pack was checked
		}
		unit, _ := b.city.Unit(ind.Unit)
		name := textCell(ind.Title.In(b.lang))
		name.Notes = []int{b.exploreNote(a, m.Indicator)}
		line := Row{Cells: []Cell{name, textCell(unit.Title.In(b.lang))}}
		for _, s := range shows {
			line.Cells = append(line.Cells, b.measured(a, i, s))
		}
		out.Rows = append(out.Rows, line)
	}
	b.remarks(out, a)
}

// growthOf puts growths and differences of a table into one column: an indicator
// has the one or, when it is a percentage, the other.
func growthOf(s explore.Show) explore.Show {
	switch s {
	case explore.ShowYoYDiff:
		return explore.ShowYoY
	case explore.ShowMoMDiff:
		return explore.ShowMoM
	}
	return s
}

// changes says whether a column compares.
func changes(s explore.Show) bool {
	return growthOf(s) == explore.ShowYoY || growthOf(s) == explore.ShowMoM
}

// measured finds the figure of a measure in a table of one row.
func (b *building) measured(a *explore.Table, measure int, show explore.Show) Cell {
	for _, c := range a.Columns {
		if c.Measure != nil && *c.Measure == measure && growthOf(c.Show) == show && len(a.Rows) > 0 {
			cell := b.cell(a.Rows[0].Cells[c.Key], c)
			if cell.Value != nil && c.Unit != nil && changes(c.Show) {
				cell.Unit = unitAfter(b.lang, c.Unit.Title)
				cell.Text += cell.Unit
			}
			return cell
		}
	}
	return textCell(markNone)
}

// exploreNote is the note of an indicator of a table.
func (b *building) exploreNote(t *explore.Table, indicator string) int {
	ind, err := b.city.Indicator(indicator)
	if err != nil {
		return 0
	}
	var source analysis.Source
	for _, s := range t.Sources {
		if s.Dataset == ind.Dataset {
			source = s
		}
	}
	var definition analysis.Definition
	for _, d := range t.Definitions {
		if d.Indicator == indicator {
			definition = d.Definition
		}
	}
	return b.notes.source(analysis.Named{Name: indicator, Title: ind.Title}, source, definition)
}

// remarks says below a table what package explore notes of it; that data are
// simulated or a sample stands in the notes of the sources.
func (b *building) remarks(out *Table, t *explore.Table) {
	marks := map[string]bool{}
	for _, r := range out.Rows {
		for _, c := range r.Cells {
			marks[c.Text] = true
			marks["provisional"] = marks["provisional"] || c.Value != nil && len(c.Text) > 0 && hasMark(c.Text, say(b.lang, markProvisional))
		}
	}
	if marks["*"] {
		out.Remarks = append(out.Remarks, say(b.lang, remarkWithheld, t.MinGroup))
	}
	if marks["provisional"] {
		out.Remarks = append(out.Remarks, say(b.lang, remarkProvisional))
	}
	if marks[markNone] {
		out.Remarks = append(out.Remarks, say(b.lang, remarkNone))
	}
}

func (b *building) ranking(ctx context.Context, r *city.ReportRanking) error {
	q := explore.Question{By: []string{r.By}, Period: city.GrainMonth.Label(b.month.From), Grain: city.GrainMonth, Top: r.Top,
		Sort: []explore.Sort{{Column: "m0.rank"}}, Measures: []explore.Measure{{Indicator: r.Indicator,
			Show: []explore.Show{explore.ShowRank, explore.ShowValue, explore.ShowRankChange}}}}
	ind, err := b.city.Indicator(r.Indicator)
	if err != nil {
		return err
	}
	growth := explore.ShowYoY
	if ind.Unit == percentUnit {
		growth = explore.ShowYoYDiff
	}
	q.Measures[0].Show = append(q.Measures[0].Show, growth)
	if ind.Measure.Additive() || ind.Measure.Flows() {
		q.Measures[0].Show = append(q.Measures[0].Show, explore.ShowShare)
	}
	t, err := b.explore(ctx, q)
	if err != nil {
		return err
	}
	out := b.newTable(r.Title.In(b.lang))
	b.byRow(out, t)
	b.shorten(out, t)
	b.place(out)
	return nil
}

// shorten leaves the indicator's title out of the columns of a table that is of
// nothing else; its own column keeps it.
func (b *building) shorten(out *Table, t *explore.Table) {
	n := 0
	for _, c := range t.Columns {
		if c.Kind == explore.ColumnPeriod {
			continue
		}
		if c.Kind == explore.ColumnMeasure && c.Show != explore.ShowValue {
			out.Columns[n].Title = say(b.lang, showWords[c.Show])
			if c.Unit != nil && c.Show != explore.ShowRank && c.Show != explore.ShowRankChange {
				out.Columns[n].Title = heading(b.lang, out.Columns[n].Title, c.Unit.Title)
			}
		}
		n++
	}
}

func textCell(text string) Cell { return Cell{Text: text, Notes: []int{}} }
