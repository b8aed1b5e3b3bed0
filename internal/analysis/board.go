package analysis

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/plan"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// lightsRule is the pack's rule that turns a lag into a light.
const lightsRule = "lights.default"

// Board gives the targets of all plans of a year, or of the newest plan year
// when year is 0, in the order of the pack: plan, chapter, declaration.
func (s *Service) Board(ctx context.Context, who policy.Principal, year int) (*Board, error) {
	if err := who.Known(); err != nil {
		return nil, err
	}
	c := s.City()
	b := &Board{Years: years(c), Today: s.Today(), Counts: map[State]int{}, Targets: []TargetStatus{}}
	if year == 0 {
		year = currentYear(b.Years, b.Today)
	}
	b.Year = year
	if !slices.Contains(b.Years, year) {
		return nil, city.Errorf(city.CodeNotFound, "no plan of %d is declared", year).WithHint("%s", yearsHint(b.Years))
	}
	for _, p := range c.Plans {
		if p.Year != year {
			continue
		}
		if b.Plan.Name == "" {
			b.Plan = planInfo(c, p)
		}
		for _, t := range targetsOf(c, p) {
			ts, _, _, err := s.targetStatus(ctx, who, c, p, t)
			if err != nil {
				return nil, err
			}
			b.add(ts)
		}
	}
	return b, nil
}

func (b *Board) add(t TargetStatus) {
	b.Targets = append(b.Targets, t)
	b.Counts[t.State]++
	b.Simulated = b.Simulated || t.Simulated
	if !t.CompleteTo.IsZero() && (b.CompleteTo.IsZero() || t.CompleteTo.Before(b.CompleteTo)) {
		b.CompleteTo = t.CompleteTo
	}
}

// currentYear is the newest plan year that has begun.
func currentYear(years []int, today city.Date) int {
	for _, y := range years {
		if y <= today.Year {
			return y
		}
	}
	if len(years) > 0 {
		return years[0]
	}
	return today.Year
}

// years lists the years of plans, newest first.
func years(c *city.City) []int {
	var out []int
	for _, p := range c.Plans {
		out = append(out, p.Year)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	slices.Reverse(out)
	if out == nil {
		out = []int{}
	}
	return out
}

// targetsOf lists a plan's targets in the order of its chapters.
func targetsOf(c *city.City, p *city.Plan) []*city.Target {
	order := map[string]int{}
	for i, ch := range p.Chapters {
		order[ch.Name] = i
	}
	var out []*city.Target
	for _, t := range c.Targets {
		if t.Plan == p.Name {
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(a, b *city.Target) int { return cmp.Compare(order[a.Chapter], order[b.Chapter]) })
	return out
}

func yearsHint(years []int) string {
	if len(years) == 0 {
		return "the pack declares no plans"
	}
	return "there are plans of " + strings.ReplaceAll(strings.Trim(fmt.Sprint(years), "[]"), " ", ", ")
}

func planInfo(c *city.City, p *city.Plan) PlanInfo {
	info := PlanInfo{Name: p.Name, Title: p.Title, Chapters: []Named{}}
	if d, err := c.Document(p.Document); err == nil {
		info.Document, info.Publisher, info.Published = d.Title, d.Publisher, d.Published
	}
	for _, ch := range p.Chapters {
		info.Chapters = append(info.Chapters, Named(ch))
	}
	return info
}

// targetStatus judges one target. The Answer holds its monthly values, and is
// nil when no data is bound; judged is the last day of the month that the
// target was judged by, and zero when there is no value.
func (s *Service) targetStatus(ctx context.Context, who policy.Principal, c *city.City, p *city.Plan, t *city.Target) (ts TargetStatus, a *Answer, judged city.Date, err error) {
	ts = TargetStatus{
		Target: Named{t.Name, t.Title}, Plan: p.Name, Year: p.Year, Chapter: chapter(p, t.Chapter), Owner: owner(c, t.Owner),
		Kind: t.Kind, Comparator: t.Comparator, Value: t.Value, Unit: unit(c, t.Unit), Deadline: t.Deadline, Curve: []Point{},
	}
	if r, err := c.Region(t.Region); err == nil {
		ts.Region = &Named{r.Code, r.Name}
	}
	in := plan.Input{Target: t, Year: p.Year, Unit: ts.Unit.Title, Today: s.Today()}
	rule, err := c.Rule(lightsRule)
	if err != nil {
		return ts, nil, judged, city.Errorf(city.CodeInvalid, "the pack declares no rule %s", lightsRule).WithHint("targets cannot be judged without it")
	}
	if v, ok := rule.At(in.Today); ok {
		in.Lights = v
	}
	if a, err = s.feed(ctx, who, c, t, &in, &ts); err != nil {
		return ts, nil, judged, err
	}
	r := plan.Evaluate(in)
	ts.take(r)
	ts.Promise = promise(t, ts.Decimals)
	return ts, a, r.At, nil
}

// feed fetches the monthly values that a target is judged by.
func (s *Service) feed(ctx context.Context, who policy.Principal, c *city.City, t *city.Target, in *plan.Input, ts *TargetStatus) (*Answer, error) {
	if t.Indicator == "" {
		ts.Decimals = decimalsOf(t.Value)
		return nil, nil
	}
	ind, err := c.Indicator(t.Indicator)
	if err != nil {
		return nil, err
	}
	ts.Indicator, ts.Decimals = &Named{ind.Name, ind.Title}, ind.Decimals
	a, err := s.monthly(ctx, who, c, ind, t, *in)
	if err != nil {
		return nil, err
	}
	in.Indicator, in.Series, in.CompleteTo = ind, months(a), a.Source.CompleteTo
	ts.CompleteTo, ts.Simulated = a.Source.CompleteTo, a.Source.Simulated
	if t.Relative != "" {
		rel, err := c.Indicator(t.Relative)
		if err != nil {
			return nil, err
		}
		other, err := s.monthly(ctx, who, c, rel, &city.Target{Deadline: t.Deadline}, *in)
		if err != nil {
			return nil, err
		}
		in.Relative = months(other)
		if other.Source.CompleteTo.Before(in.CompleteTo) {
			in.CompleteTo = other.Source.CompleteTo
		}
		ts.CompleteTo, ts.Simulated = in.CompleteTo, ts.Simulated || other.Source.Simulated
	}
	return a, nil
}

// monthly asks for the months of the year before the plan's up to the
// deadline or today, as a target needs them: a value of the period (a mean, a
// rate) is judged on the year to date.
func (s *Service) monthly(ctx context.Context, who policy.Principal, c *city.City, ind *city.Indicator, t *city.Target, in plan.Input) (*Answer, error) {
	end := city.Date{Year: in.Year, Month: time.December, Day: 31}
	if t.Deadline.After(end) && in.Today.After(end) {
		end = in.Today.MonthEnd()
		if t.Deadline.Before(end) {
			end = t.Deadline.MonthEnd()
		}
	}
	return s.query(ctx, who, c, toDate(ind), Question{
		Indicator: ind.Name, Grain: city.GrainMonth, Where: narrowed(c, ind, t),
		Period: city.Span{From: city.Date{Year: in.Year - 1, Month: time.January, Day: 1}, To: end},
	})
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

func months(a *Answer) []plan.Month {
	var out []plan.Month
	for _, r := range a.Rows {
		out = append(out, plan.Month{Start: r.To.MonthStart(), Value: r.Value, Status: plan.Status(r.Status), Reason: r.Reason})
	}
	return out
}

// take copies a judgement into the line of the board.
func (ts *TargetStatus) take(r plan.Result) {
	ts.Light, ts.State, ts.Reason = Light(r.Light), State(r.State), r.Reason
	ts.Actual, ts.Pace, ts.Progress, ts.Lag, ts.Previous = r.Actual, r.Pace, r.Progress, r.Lag, r.Previous
	if r.Actual != nil {
		ts.Display = city.Figure(*r.Actual, ts.Decimals)
	}
	for _, p := range r.Curve {
		ts.Curve = append(ts.Curve, Point{p.Period, p.Value, p.Pace, p.Previous, Status(p.Status)})
	}
}

func chapter(p *city.Plan, name string) Named {
	for _, ch := range p.Chapters {
		if ch.Name == name {
			return Named(ch)
		}
	}
	return Named{Name: name}
}

// promise writes the promised value as a board prints it.
func promise(t *city.Target, decimals int) string {
	if t.Value == nil {
		return ""
	}
	sign := map[city.Comparator]string{city.AtLeast: "≥ ", city.AtMost: "≤ ", city.Around: "≈ ", city.Above: "> ", city.Below: "< "}[t.Comparator]
	return sign + city.Figure(*t.Value, min(decimals, max(decimalsOf(t.Value), 0)))
}

// decimalsOf counts the decimals that a value is written with.
func decimalsOf(v *float64) int {
	if v == nil {
		return 0
	}
	_, frac, _ := strings.Cut(strconv.FormatFloat(*v, 'f', -1, 64), ".")
	return len(frac)
}
