package analysis

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/plan"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// The pack's rules that turn a lag, and a probability, into a light.
const (
	lightsRule     = "lights.default"
	likelihoodRule = "lights.likelihood"
)

// Board gives the targets of all plans of a year, or of the newest plan year
// when year is 0, in the order of the pack: plan, chapter, declaration.
func (s *Service) Board(ctx context.Context, who policy.Principal, year int) (*Board, error) {
	if err := who.Known(); err != nil {
		return nil, err
	}
	c := s.City()
	b := &Board{Years: years(c), Today: s.Today(), Counts: map[State]int{}, Plans: []PlanInfo{}, Targets: []TargetStatus{}}
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
		b.Plans = append(b.Plans, planInfo(c, p))
		for _, t := range targetsOf(c, p) {
			st, err := s.stand(ctx, who, c, p, t)
			if err != nil {
				return nil, err
			}
			b.add(st.status)
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

// standing is how a target stands, with what it was judged from.
type standing struct {
	status TargetStatus
	answer *Answer // its monthly values; nil when no data is bound
	input  plan.Input
	result plan.Result
}

// stand judges one target.
func (s *Service) stand(ctx context.Context, who policy.Principal, c *city.City, p *city.Plan, t *city.Target) (*standing, error) {
	st := &standing{status: TargetStatus{
		Target: Named{Name: t.Name, Title: t.Title}, Plan: p.Name, Year: p.Year, Chapter: chapter(p, t.Chapter), Owner: c.OrganisationNamed(t.Owner),
		Kind: t.Kind, Comparator: t.Comparator, Value: t.Value, Unit: c.UnitNamed(t.Unit), Deadline: t.Deadline, Curve: []Point{}, Missing: []Named{},
	}}
	ts := &st.status
	if r, err := c.Region(t.Region); err == nil {
		ts.Region = &Named{Name: r.Code, Title: r.Name}
	}
	st.input = plan.Input{Target: t, Year: p.Year, Unit: ts.Unit.Title, Today: s.Today()}
	if err := lightRules(c, &st.input); err != nil {
		return nil, err
	}
	f := feeder{Service: s, who: who, city: c, target: t, in: &st.input, ts: ts}
	var err error
	if st.answer, err = f.feed(ctx); err != nil {
		return nil, err
	}
	st.result = s.evaluate(c, st.input, f.used)
	ts.take(st.result)
	ts.Promise = promise(t, ts.Pace, ts.Decimals)
	return st, nil
}

// lightRules puts the rules that make lights into an input: the one by the lag,
// which every pack with targets has, and the one by the probability, which it
// may have.
func lightRules(c *city.City, in *plan.Input) error {
	rule, err := c.Rule(lightsRule)
	if err != nil {
		return city.Errorf(city.CodeInvalid, "the pack declares no rule %s", lightsRule).WithHint("targets cannot be judged without it")
	}
	in.Lights, _ = rule.At(in.Today)
	if rule, err = c.Rule(likelihoodRule); err == nil {
		in.Likelihood, _ = rule.At(in.Today)
	}
	return nil
}

// take copies a judgement into the line of the board.
func (ts *TargetStatus) take(r plan.Result) {
	ts.Light, ts.State, ts.Reason = r.Light, r.State, r.Reason
	ts.Actual, ts.Pace, ts.Progress, ts.Lag, ts.Previous = r.Actual, r.Pace, r.Progress, r.Lag, r.Previous
	if r.Actual != nil {
		ts.Display = city.Figure(*r.Actual, ts.Decimals)
	}
	for _, p := range r.Curve {
		ts.Curve = append(ts.Curve, Point{p.Period, p.Value, p.Pace, p.Previous, p.Forecast, p.Low, p.High, p.Status})
	}
	ts.Probability, ts.ForecastNote = r.Probability, r.Note
	if f := r.Forecast; f != nil {
		ts.Forecast = &Forecast{f.At, f.Value, city.Figure(f.Value, ts.Decimals), f.Low, f.High, f.Level, f.Method}
	}
	if n := r.Needed; n != nil {
		decimals := ts.Decimals
		if n.Per == plan.RateMonth && r.Actual != nil && *r.Actual != 0 && math.Abs(n.Value) < 10 {
			decimals = max(decimals, 1)
		}
		ts.Needed = &Needed{n.Per, n.Value, city.Figure(n.Value, decimals), n.Recent, city.Figure(n.Recent, decimals)}
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

// promise writes the promised value as a board prints it. Against another
// indicator that is what it comes to now, the pace: the actual value of the
// indicator stands beside it, not the difference.
func promise(t *city.Target, pace *float64, decimals int) string {
	sign := map[city.Comparator]string{city.AtLeast: "≥ ", city.AtMost: "≤ ", city.Around: "≈ ", city.Above: "> ", city.Below: "< "}[t.Comparator]
	if t.Kind == city.TargetRelative && pace != nil {
		return sign + city.Figure(*pace, decimals)
	}
	if t.Value == nil {
		return ""
	}
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
