package analysis

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/plan"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// feeder fetches what one target is judged by, and remembers the answers that
// it came from.
type feeder struct {
	*Service
	who    policy.Principal
	city   *city.City
	target *city.Target
	in     *plan.Input
	ts     *TargetStatus
	used   []*Answer
}

// pastYears is how many years before the plan's are looked at, where there are
// data: a forecast and a pace live on them.
const pastYears = 7

// feed fetches the monthly values that a target is judged by, those that they
// are computed from, and the rule that rounds them. The answer holds the first.
func (f *feeder) feed(ctx context.Context) (*Answer, error) {
	t, in, ts := f.target, f.in, f.ts
	if t.Indicator == "" {
		ts.Decimals = decimalsOf(t.Value)
		return nil, f.reported(ctx, f.city, t, in, ts)
	}
	ind, err := f.city.Indicator(t.Indicator)
	if err != nil {
		return nil, err
	}
	ts.Indicator, ts.Decimals = &Named{Name: ind.Name, Title: ind.Title}, ind.Decimals
	a, err := f.monthly(ctx, ind, narrowed(f.city, ind, t))
	if err != nil {
		return nil, err
	}
	in.Indicator, in.Series, in.CompleteTo = ind, months(ind, a), a.Source.CompleteTo
	ts.CompleteTo, ts.Simulated = a.Source.CompleteTo, a.Source.Simulated
	in.Rounding = rounding(f.city, ind, t)
	if err := f.relative(ctx); err != nil {
		return nil, err
	}
	if err := f.parts(ctx, ind); err != nil {
		return nil, err
	}
	return a, f.missing(ctx, ind)
}

// relative fetches the indicator that a target is compared with.
func (f *feeder) relative(ctx context.Context) error {
	if f.target.Relative == "" {
		return nil
	}
	rel, err := f.city.Indicator(f.target.Relative)
	if err != nil {
		return err
	}
	other, err := f.monthly(ctx, rel, nil)
	if err != nil {
		return err
	}
	f.in.Relative = months(rel, other)
	if other.Source.CompleteTo.Before(f.in.CompleteTo) {
		f.in.CompleteTo = other.Source.CompleteTo
	}
	f.ts.CompleteTo, f.ts.Simulated = f.in.CompleteTo, f.ts.Simulated || other.Source.Simulated
	return nil
}

// parts fetches the running totals that a ratio of the year, a growth or an
// increase is computed from.
func (f *feeder) parts(ctx context.Context, ind *city.Indicator) error {
	over, under := operands(ind)
	if over == nil {
		return nil
	}
	f.in.Parts = &plan.Parts{}
	where := narrowed(f.city, ind, f.target)
	a, err := f.monthly(ctx, over, where)
	if err != nil {
		return err
	}
	f.in.Parts.Over = months(over, a)
	if under == nil {
		return nil
	}
	if a, err = f.monthly(ctx, under, where); err == nil {
		f.in.Parts.Under = months(under, a)
	}
	return err
}

// operands are the indicators of the running totals behind a ratio of the year,
// or a change on the year before; nil for other measures.
func operands(ind *city.Indicator) (over, under *city.Indicator) {
	m := ind.Measure
	if m == nil || ind.Window == city.WindowStock || ind.Window == city.WindowAll {
		return nil, nil
	}
	switch {
	case m.Kind == city.MeasureRatio && m.Of[0].Flows() && m.Of[1].Flows():
		return operand(ind, m.Of[0]), operand(ind, m.Of[1])
	case m.Changes() && (m.On == "" || m.On == city.AgainstYear) && m.Of[0].Flows():
		return operand(ind, m.Of[0]), nil
	}
	return nil, nil
}

// operand is the indicator of a part of another's measure: a number of its own,
// which no rule of the whole speaks of.
func operand(ind *city.Indicator, m *city.Measure) *city.Indicator {
	v := *ind
	v.Measure, v.Window, v.Unit, v.Complete = m, city.WindowYear, "", ""
	return &v
}

// rounding is how the rule of an indicator has its value published at the
// deadline; nil where no rule prescribes it.
func rounding(c *city.City, ind *city.Indicator, t *city.Target) *plan.Rounding {
	if ind.Complete == "" {
		return nil
	}
	rule, err := c.Rule(ind.Complete)
	if err != nil {
		return nil
	}
	v, ok := rule.At(t.Deadline)
	if !ok || v.Decimals < 0 {
		return nil
	}
	return &plan.Rounding{Decimals: v.Decimals, Rule: v.Source}
}

// monthly asks for the months of the years before the plan's, up to the
// deadline or today, as a target needs them: a value of the period (a mean, a
// rate) is judged on the year to date.
func (f *feeder) monthly(ctx context.Context, ind *city.Indicator, where []city.Condition) (*Answer, error) {
	from, err := f.since(ctx, ind)
	if err != nil {
		return nil, err
	}
	end := city.Date{Year: f.in.Year, Month: time.December, Day: 31}
	if f.target.Deadline.After(end) && f.in.Today.After(end) {
		end = f.in.Today.MonthEnd()
		if f.target.Deadline.Before(end) {
			end = f.target.Deadline.MonthEnd()
		}
	}
	a, err := f.query(ctx, f.who, f.city, toDate(ind), Question{again: true,
		Indicator: ind.Name, Grain: city.GrainMonth, Where: where,
		Period: city.Span{From: city.Date{Year: from, Month: time.January, Day: 1}, To: end},
	})
	if err == nil {
		f.used = append(f.used, a)
	}
	return a, err
}

// since is the first year that is looked at: the year before the plan's, and
// earlier ones as far as deliveries speak for them.
func (f *feeder) since(ctx context.Context, ind *city.Indicator) (int, error) {
	ds, err := f.city.Dataset(ind.Dataset)
	if err != nil {
		return 0, err
	}
	st, err := f.state(ctx, ds, lake.AsOf{})
	if err != nil {
		return 0, err
	}
	first := f.in.Year - 1
	if start := st.covered.start(); !start.IsZero() {
		first = min(first, start.Year)
	}
	return max(first, f.in.Year-pastYears), nil
}

// toDate gives the indicator as targets use it.
func toDate(ind *city.Indicator) *city.Indicator {
	if ind.Window != city.WindowPeriod {
		return ind
	}
	v := *ind
	v.Window = city.WindowYear
	return &v
}

// months are the values of an answer. A running total of a month that was
// delivered and holds no rows that count is nothing so far.
func months(ind *city.Indicator, a *Answer) []plan.Month {
	var out []plan.Month
	total := ind.Measure != nil && ind.Measure.Flows() && ind.Window != city.WindowStock
	for _, r := range a.Rows {
		if total && r.Value == nil && r.Reason == noneCounted {
			r.Value, r.Status = new(float64), StatusValid
		}
		out = append(out, plan.Month{Start: r.To.MonthStart(), Value: r.Value, Status: r.Status, Reason: r.Reason, Weight: float64(r.Rows)})
	}
	return out
}

// missing names the members of a list that a coverage does not reach yet.
func (f *feeder) missing(ctx context.Context, ind *city.Indicator) error {
	t := f.target
	month, ok := plan.Latest(*f.in)
	dim := listed(f.city, ind)
	if t.Kind != city.TargetCoverage || !t.Lower() || !ok || dim == "" {
		return nil
	}
	a, err := f.query(ctx, f.who, f.city, toDate(ind), Question{again: true,
		Indicator: ind.Name, By: []string{dim}, Grain: city.GrainMonth, Where: narrowed(f.city, ind, t), Period: city.Span{From: month, To: month.MonthEnd()},
	})
	if err != nil {
		return err
	}
	f.used = append(f.used, a)
	for _, r := range a.Rows {
		if r.Value != nil && *r.Value < *t.Value {
			f.ts.Missing = append(f.ts.Missing, Named{Name: r.Dimensions[dim], Title: r.Labels[dim]})
			f.in.Missing = append(f.in.Missing, r.Labels[dim])
		}
	}
	return nil
}

// listed is the dimension whose values are the members of an indicator's list:
// one that identifies the rows of the dataset, else the region.
func listed(c *city.City, ind *city.Indicator) string {
	ds, err := c.Dataset(ind.Dataset)
	if err != nil {
		return ""
	}
	region, _ := regionDimension(c, ind)
	for _, dim := range ind.Dimensions {
		if dim != region && slices.Contains(ds.Key, dim) {
			return dim
		}
	}
	return region
}

// judgement is a result with the answers that it was computed from. It holds
// them, so that their addresses name them for as long as it is kept.
type judgement struct {
	result plan.Result
	city   *city.City
	target *city.Target
	from   []*Answer
}

// evaluate judges a target once for each state of the data that it rests on:
// answers are shared by all who may see the same, so their addresses say what
// the judgement depends on.
func (s *Service) evaluate(c *city.City, in plan.Input, used []*Answer) plan.Result {
	if len(used) == 0 {
		return plan.Evaluate(in)
	}
	var key strings.Builder
	fmt.Fprintf(&key, "%p %p %s", c, in.Target, in.Today)
	for _, a := range used {
		fmt.Fprintf(&key, " %p", a)
	}
	if j, ok := s.judged.get(key.String()); ok {
		return j.result
	}
	r := plan.Evaluate(in)
	s.judged.put(key.String(), &judgement{r, c, in.Target, used})
	return r
}
