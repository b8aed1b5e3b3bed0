package monthly

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
)

// monthsOfYear is how many places the axis of a line has.
const monthsOfYear = 12

func (b *building) chart(ctx context.Context, c *city.ReportChart) error {
	b.charts++
	out := &Chart{Number: say(b.lang, chartNumber, b.charts), Title: c.Title.In(b.lang), Kind: c.Kind, Categories: []string{}, Series: []Series{}}
	var err error
	if c.Kind == city.ChartBar {
		err = b.bars(ctx, c, out)
	} else {
		err = b.line(ctx, c, out)
	}
	if err != nil {
		return err
	}
	out.Notes = merged(out.Notes)
	b.add(Block{Kind: BlockChart, Chart: out})
	return nil
}

// bars draws the members of a dimension, the greatest first. What may not be
// told, or has not come, is left out.
func (b *building) bars(ctx context.Context, c *city.ReportChart, out *Chart) error {
	a, err := b.ask(ctx, analysis.Question{Indicator: c.Indicator, By: []string{c.By}})
	if err != nil {
		return err
	}
	b.describe(out, a)
	out.AxisX = b.dimension(c)
	rows := slices.DeleteFunc(slices.Clone(a.Rows), func(r analysis.Row) bool { return r.Value == nil })
	slices.SortStableFunc(rows, func(x, y analysis.Row) int { return cmp.Compare(*y.Value, *x.Value) })
	series := Series{Name: a.Indicator.Title.In(b.lang), Values: []*float64{}}
	for _, r := range rows {
		out.Categories = append(out.Categories, cmp.Or(r.Labels[c.By].In(b.lang), say(b.lang, wordOther)))
		series.Values = append(series.Values, r.Value)
	}
	out.Series = append(out.Series, series)
	return nil
}

func (b *building) describe(out *Chart, a *analysis.Answer) {
	out.Notes = append(out.Notes, b.notes.answer(a))
	out.AxisY, out.Decimals = heading(b.lang, a.Indicator.Title.In(b.lang), a.Unit.Title), a.Decimals
}

func (b *building) dimension(c *city.ReportChart) string {
	if ind, err := b.city.Indicator(c.Indicator); err == nil {
		if ds, err := b.city.Dataset(ind.Dataset); err == nil {
			if f, ok := ds.Readable(c.By); ok && f.Title.In(b.lang) != "" {
				return f.Title.In(b.lang)
			}
		}
	}
	return c.By
}

// line draws the months of the year up to the report's, those of the year before
// and, where the indicator has a target that grows through the year, its pace.
func (b *building) line(ctx context.Context, c *city.ReportChart, out *Chart) error {
	year := b.month.From.Year
	a, err := b.ask(ctx, analysis.Question{Indicator: c.Indicator, Period: city.Span{From: city.NewDate(year, 1, 1), To: b.month.To}, Against: []city.Against{}})
	if err != nil {
		return err
	}
	b.describe(out, a)
	out.AxisX = say(b.lang, axisMonth)
	last, err := b.ask(ctx, analysis.Question{Indicator: c.Indicator, Period: city.Span{From: city.NewDate(year-1, 1, 1), To: city.NewDate(year-1, 12, 31)}, Against: []city.Against{}})
	if err != nil {
		return err
	}
	for m := 1; m <= monthsOfYear; m++ {
		out.Categories = append(out.Categories, b.monthOnAxis(m))
	}
	out.Series = append(out.Series, Series{Name: say(b.lang, seriesThis, year), Values: monthly(a)}, Series{Name: say(b.lang, seriesThis, year-1), Values: monthly(last), Dashed: true})
	return b.pace(ctx, c.Indicator, out)
}

func (b *building) monthOnAxis(m int) string {
	if b.lang == "en" {
		return strconv.Itoa(m)
	}
	return strconv.Itoa(m) + "月"
}

// monthly spreads an answer over the months of its year.
func monthly(a *analysis.Answer) []*float64 {
	out := make([]*float64, monthsOfYear)
	for _, r := range a.Rows {
		out[r.To.Month-1] = r.Value
	}
	return out
}

// pace adds what the indicator's target expects of each month.
func (b *building) pace(ctx context.Context, indicator string, out *Chart) error {
	t, err := b.find(ctx, indicator)
	if err != nil || t == nil {
		return err
	}
	s := Series{Name: say(b.lang, seriesPace), Values: make([]*float64, monthsOfYear), Dashed: true}
	any := false
	for _, p := range t.Curve {
		day, err := city.ParseDate(p.Period + "-01")
		if err != nil || day.Year != b.month.From.Year || p.Pace == nil {
			continue
		}
		s.Values[day.Month-1], any = p.Pace, true
	}
	if !any {
		return nil
	}
	note, err := b.targetNote(ctx, t)
	if err != nil {
		return err
	}
	out.Series, out.Notes = append(out.Series, s), append(out.Notes, note)
	return nil
}
