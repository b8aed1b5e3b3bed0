package watch

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
)

// lookBack is how many periods before the watched ones are asked for: the newest
// figures may not be valid, and those that are valid lie before them.
const lookBack = 12

// indicator reads the members of an indicator.
func (l *look) indicator(ctx context.Context, w *city.IndicatorWatch) ([]alert.Reading, error) {
	ind, err := l.city.Indicator(w.Indicator)
	if err != nil {
		return nil, err
	}
	ds, err := l.city.Dataset(ind.Dataset)
	if err != nil {
		return nil, err
	}
	delivered, err := l.Store.CommittedPeriods(ctx, ds.Name, time.Time{})
	if err != nil {
		return nil, err
	}
	q := analysis.Question{Indicator: w.Indicator, By: w.By, Where: w.Where, Grain: w.Grain, Period: lookedAt(w, delivered, l.today), Against: against(w.Show)}
	a, err := l.Answers.Query(ctx, l.who, q)
	if err != nil {
		return nil, err
	}
	members := map[string][]analysis.Row{}
	var order []string
	for _, row := range a.Rows {
		key := member(w, row)
		if _, ok := members[key]; !ok {
			order = append(order, key)
		}
		members[key] = append(members[key], row)
	}
	var out []alert.Reading
	for _, key := range order {
		r := reading(w, a, members[key])
		r.Subject, r.Owner = strings.TrimSpace(w.Indicator+" "+key), ds.Owner
		r.Basis = fmt.Sprintf("%s %s %s", a.Source.SnapshotID, l.today, r.Basis)
		out = append(out, r)
	}
	return out, nil
}

// lookedAt is what a rule asks for: the periods up to the newest that data were
// delivered for, however long ago that is. Days that are delivered by the month
// would else be out of sight for most of it.
func lookedAt(w *city.IndicatorWatch, delivered []city.Span, today city.Date) city.Span {
	newest := today
	if len(delivered) > 0 {
		last := slices.MaxFunc(delivered, func(a, b city.Span) int { return a.To.Compare(b.To) }).To
		newest = slices.MinFunc([]city.Date{today, last}, city.Date.Compare)
	}
	return city.Span{From: back(w.Grain, newest, w.Periods+lookBack), To: w.Grain.Span(newest).To}
}

// back is the first day of the period so many periods before the one of a day.
func back(g city.Grain, day city.Date, n int) city.Date {
	for range n {
		day = g.Start(g.Start(day).AddDays(-1))
	}
	return g.Start(day)
}

func against(show city.Show) []city.Against {
	switch show {
	case city.ShowYoY:
		return []city.Against{city.AgainstYear}
	case city.ShowMoM:
		return []city.Against{city.AgainstPeriod}
	}
	return []city.Against{}
}

// member names the cell of a row, in the order of the rule's dimensions.
func member(w *city.IndicatorWatch, row analysis.Row) string {
	parts := make([]string, len(w.By))
	for i, field := range w.By {
		parts[i] = field + "=" + row.Dimensions[field]
	}
	return strings.Join(parts, " ")
}

// reading judges the rows of one member. The rows that follow the newest valid
// one have not come yet.
func reading(w *city.IndicatorWatch, a *analysis.Answer, rows []analysis.Row) alert.Reading {
	slices.SortFunc(rows, func(x, y analysis.Row) int { return periodOf(w, x).Compare(periodOf(w, y)) })
	var figures []*float64
	last := -1
	for i, row := range rows {
		if i > 0 && w.Grain.Next(periodOf(w, rows[i-1])) != periodOf(w, row) {
			figures = append(figures, nil) // a period without rows breaks the row of periods
		}
		f := figure(w, a, row)
		if figures = append(figures, f); f != nil {
			last = i
		}
	}
	for len(figures) > 0 && figures[len(figures)-1] == nil {
		figures = figures[:len(figures)-1]
	}
	r := alert.Reading{Level: alert.Series(w, figures), Facts: alert.Facts{Title: titled(a, w, rows), Link: alert.LinkIndicator, Name: a.Indicator.Name, Simulated: a.Source.Simulated}}
	if last < 0 {
		r.Text = city.Text{ZH: "尚无有效数据", EN: "there is no valid figure yet"}
		return r
	}
	r.Basis = rows[last].Period
	r.Display, r.Text = sentence(w, a, rows[last], *figures[len(figures)-1])
	return r
}

func periodOf(w *city.IndicatorWatch, row analysis.Row) city.Date { return w.Grain.Start(row.To) }

// figure is what is watched of a row; nil where it is not valid. Provisional
// figures of a month that is not over would call people for nothing.
func figure(w *city.IndicatorWatch, a *analysis.Answer, row analysis.Row) *float64 {
	if row.Status != analysis.StatusValid || row.Value == nil {
		return nil
	}
	base := row.Previous
	switch w.Show {
	case city.ShowValue:
		return row.Value
	case city.ShowMoM:
		base = row.Before
	}
	if base == nil {
		return nil
	}
	var v float64
	switch {
	case a.Unit.Name == alert.PercentUnit:
		v = *row.Value - *base
	case *base > 0:
		v = (*row.Value / *base - 1) * 100
	default:
		return nil
	}
	return &v
}

func titled(a *analysis.Answer, w *city.IndicatorWatch, rows []analysis.Row) city.Text {
	out := a.Indicator.Title
	if len(rows) == 0 {
		return out
	}
	for _, field := range w.By {
		label, ok := rows[0].Labels[field]
		if !ok {
			label = city.Text{ZH: rows[0].Dimensions[field], EN: rows[0].Dimensions[field]}
		}
		out.ZH, out.EN = out.ZH+"·"+label.ZH, out.EN+" · "+label.EN
	}
	return out
}

// sentence says the newest figure and the threshold.
func sentence(w *city.IndicatorWatch, a *analysis.Answer, row analysis.Row, v float64) (string, city.Text) {
	what := map[city.Show]city.Text{city.ShowValue: {}, city.ShowYoY: {ZH: "同比", EN: "on the year before "}, city.ShowMoM: {ZH: "环比", EN: "on the period before "}}[w.Show]
	decimals, u := a.Decimals, alert.Unit(a.Unit, w.Show)
	if w.Show != city.ShowValue {
		decimals = 1
	}
	limit, side := w.Above, city.Text{ZH: "预警线为高于", EN: "watched above"}
	if w.Below != nil {
		limit, side = w.Below, city.Text{ZH: "预警线为低于", EN: "watched below"}
	}
	display := city.Figure(v, decimals)
	zh := fmt.Sprintf("%s %s %s%s，%s %s%s", row.Period, what.ZH, display, u.ZH, side.ZH, strconv.FormatFloat(*limit, 'f', -1, 64), u.ZH)
	en := fmt.Sprintf("%s: %s%s%s, %s %s%s", row.Period, what.EN, display, u.EN, side.EN, strconv.FormatFloat(*limit, 'f', -1, 64), u.EN)
	if w.Periods > 1 {
		zh += fmt.Sprintf("（连续 %d 期）", w.Periods)
		en += fmt.Sprintf(" (%d periods in a row)", w.Periods)
	}
	return display + u.EN, city.Text{ZH: strings.ReplaceAll(zh, "  ", " "), EN: en}
}
