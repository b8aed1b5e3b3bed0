package analysis

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/forecast"
	"github.com/jinyang-city/jinyang/internal/plan"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// mostMembers bounds the members of a dimension that a gap is explained by: a
// list of hundreds explains nothing.
const mostMembers = 60

// byMonth is the name of the dimension that the months of the year are.
const byMonth = "month"

// contributions explain the gap between a target's value and its pace, by every
// dimension that the indicator may be broken down by and by month.
func (s *Service) contributions(ctx context.Context, who policy.Principal, c *city.City, ind *city.Indicator, st *standing) ([]Contributions, error) {
	out := []Contributions{}
	r, t := st.result, st.input.Target
	if r.Actual == nil || r.Pace == nil || t.Kind == city.TargetRelative {
		return out, nil
	}
	for _, dim := range ind.Dimensions {
		if plan.FormOf(ind.Measure) == plan.FormNone || fixed(c, ind, t, dim) {
			continue
		}
		list, labels, err := s.byDimension(ctx, who, c, ind, st, dim)
		if err != nil {
			return nil, err
		}
		if len(list) > 1 && len(list) <= mostMembers {
			out = append(out, st.contributions(c, ind, dim, list, labels))
		}
	}
	if list := plan.ByMonth(st.input, r); len(list) > 1 {
		out = append(out, st.contributions(c, ind, byMonth, list, nil))
	}
	return out, nil
}

// fixed says that a target keeps one value of a dimension only.
func fixed(c *city.City, ind *city.Indicator, t *city.Target, dim string) bool {
	return slices.ContainsFunc(slices.Concat(narrowed(c, ind, t), ind.Scope), func(w city.Condition) bool {
		return w.Field == dim && !w.Not && len(w.Values) == 1
	})
}

// byDimension sets each member of a dimension against what is expected of it.
func (s *Service) byDimension(ctx context.Context, who policy.Principal, c *city.City, ind *city.Indicator, st *standing, dim string) ([]plan.Contribution, map[string]city.Text, error) {
	r := st.result
	ask := func(of *city.Indicator) (map[string]Row, error) {
		a, err := s.query(ctx, who, c, toDate(of), Question{again: true,
			Indicator: ind.Name, By: []string{dim}, Grain: city.GrainMonth, Where: narrowed(c, ind, st.input.Target), Period: city.Span{From: r.At.MonthStart(), To: r.At},
		})
		rows := map[string]Row{}
		if err == nil {
			for _, row := range a.Rows {
				rows[row.Dimensions[dim]] = row
			}
		}
		return rows, err
	}
	p, err := partition(ind, ask)
	if err != nil {
		return nil, nil, err
	}
	switch p.form {
	case plan.FormAdditive:
		return plan.Additive(*r.Actual, *r.Pace, p.members, value(r.Previous)), p.labels, nil
	case plan.FormWeighed:
		return plan.Weighed(*r.Actual, *r.Pace, p.members), p.labels, nil
	}
	before := 0.0
	for _, m := range p.members {
		before += m.Before
	}
	return plan.Grown(*r.Actual, *r.Pace, p.members, before), p.labels, nil
}

// parted is a whole by its members.
type parted struct {
	form    plan.Form
	members []plan.Member
	labels  map[string]city.Text
}

// partition asks for what the form of a measure needs of each member. Members
// whose figures may not be told are left out, and end in the rest.
func partition(ind *city.Indicator, ask func(*city.Indicator) (map[string]Row, error)) (parted, error) {
	p := parted{form: plan.FormOf(ind.Measure), labels: map[string]city.Text{}}
	value, weight := ind, (*city.Indicator)(nil)
	switch m := ind.Measure; {
	case m.Kind == city.MeasureRatio:
		value, weight = operand(ind, m.Of[0]), operand(ind, m.Of[1])
		value.Window, weight.Window = ind.Window, ind.Window
	case p.form == plan.FormGrowth:
		value = operand(ind, m.Of[0])
	}
	rows, err := ask(value)
	if err != nil {
		return p, err
	}
	under := map[string]Row{}
	if weight != nil {
		if under, err = ask(weight); err != nil {
			return p, err
		}
	}
	for _, name := range names(rows, under) {
		r := rows[name]
		m := plan.Member{Name: name, Value: valueOf(r), Before: valueOf(Row{Value: r.Previous}), Weight: float64(r.Rows)}
		p.labels[name] = label(r, under[name])
		if weight != nil {
			if m.Weight = valueOf(under[name]); m.Weight == 0 || under[name].Status == StatusSuppressed {
				continue
			}
			m.Value *= scaleOf(ind) / m.Weight
		}
		if r.Status != StatusSuppressed && (weight != nil || !slices.Contains(r.Withheld, city.AgainstYear)) {
			p.members = append(p.members, m)
		}
	}
	return p, nil
}

// scaleOf is what the quotient of a ratio is multiplied by.
func scaleOf(ind *city.Indicator) float64 {
	scale := 1.0
	if f := ind.Measure.Factor; f != 0 {
		scale = f
	}
	if ind.Unit == percentUnit {
		scale *= 100
	}
	return scale
}

// percentUnit is the unit of shares and rates.
const percentUnit = "percent"

// names lists the members of both sides of a quotient in order.
func names(rows, under map[string]Row) []string {
	var out []string
	for name := range rows {
		out = append(out, name)
	}
	for name := range under {
		if _, ok := rows[name]; !ok {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

func label(rows ...Row) city.Text {
	for _, r := range rows {
		for _, l := range r.Labels {
			return l
		}
	}
	return city.Text{}
}

func valueOf(r Row) float64 { return value(r.Value) }

func value(v *float64) float64 {
	if v == nil {
		return 0
	}
	return *v
}

// contributions words and orders the explanation by one dimension.
func (st *standing) contributions(c *city.City, ind *city.Indicator, dim string, list []plan.Contribution, labels map[string]city.Text) Contributions {
	gap := *st.result.Actual - *st.result.Pace
	out := Contributions{Dimension: dim, Title: dimensionTitle(c, ind, dim), Form: plan.FormOf(ind.Measure), Items: []Contribution{}, Gap: gap}
	for _, m := range list {
		item := Contribution{Value: m.Member, Label: labels[m.Member], Actual: m.Actual, Expected: m.Expected, Gap: m.Gap}
		switch {
		case m.Member == plan.Rest && labels[m.Member].EN == "":
			item.Label = restLabel
		case dim == byMonth:
			item.Label = city.Text{ZH: m.Member, EN: m.Member}
		}
		if math.Abs(gap) > 1e-9 {
			share := 100 * m.Gap / gap
			item.Share = &share
		}
		out.Items = append(out.Items, item)
	}
	if dim == byMonth {
		return out
	}
	bad := -1.0 // what is below the pace stands first, or for a limit what is above
	if t := st.input.Target; t.Comparator == city.AtMost || t.Comparator == city.Below {
		bad = 1
	}
	slices.SortStableFunc(out.Items, func(a, b Contribution) int { return cmp.Compare(bad*b.Gap, bad*a.Gap) })
	return out
}

var restLabel = city.Text{ZH: "其余（未归类、重复计算或不予显示）", EN: "the rest (not assigned, counted in several, or withheld)"}

func dimensionTitle(c *city.City, ind *city.Indicator, dim string) city.Text {
	if dim == byMonth {
		return city.Text{ZH: "月份", EN: "Month"}
	}
	ds, err := c.Dataset(ind.Dataset)
	if err != nil {
		return city.Text{ZH: dim, EN: dim}
	}
	f, ok := ds.Field(dim)
	if !ok {
		return city.Text{ZH: dim, EN: dim}
	}
	return f.Title
}

// backtest shows how wrong forecasts were.
func backtest(b *plan.Backtest) *Backtest {
	if b == nil {
		return nil
	}
	return &Backtest{
		Model: Accuracy{b.Method, b.Model.MAE, b.Model.MAPE}, Naive: Accuracy{forecast.SeasonalNaive, b.Floor.MAE, b.Floor.MAPE},
		Folds: b.Folds, Horizon: b.Months, Skill: b.Skill, Level: plan.Level, Within: b.Within, Judged: b.Judged,
	}
}
