package analysis

import (
	"context"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/metric"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// Fixed is a question of which every circumstance is given, so that its answer
// depends on nothing else: what a figure was, and what it would be were only one
// thing different.
type Fixed struct {
	City      *city.City // the declarations by which it is answered
	Indicator string
	By        []string
	Period    city.Span
	Grain     city.Grain
	Tables    map[string]FixedTable // by dataset: those of Datasets
	Today     city.Date
}

// FixedTable is the state of a dataset in a Fixed question.
type FixedTable struct {
	View     *lake.View  // the state: what may be told of the rows is decided about all that it holds
	Relation string      // the rows in place of the view's, after FROM; from the engine, never from a user; "" for these
	Fraction float64     // of the population that the rows are
	Periods  []city.Span // that deliveries speak for
}

// Datasets lists the datasets that an indicator is made of, its own first.
func Datasets(ind *city.Indicator) []string {
	out := []string{ind.Dataset}
	for _, sub := range metric.Others(ind) {
		if !slices.Contains(out, sub.Dataset) {
			out = append(out, sub.Dataset)
		}
	}
	return out
}

// Fixed answers a question under given circumstances, as Query does: with the
// rows that the principal may see, and what may not be told withheld. Rows in
// place of a view's lie between two states, and are told as those of the view,
// unless they are themselves fewer than may be told of. Nothing of the answer is
// kept.
func (s *Service) Fixed(ctx context.Context, who policy.Principal, f Fixed) ([]Row, error) {
	ind, err := f.City.Indicator(f.Indicator)
	if err != nil {
		return nil, err
	}
	// The year before is asked for as Query asks for it: a member that has rows
	// only then has a line all the same.
	req := metric.Request{Indicator: ind, By: f.By, Period: f.Period, Grain: f.Grain, Against: []metric.Against{metric.AgainstYear}}
	tables, err := f.tables(who, ind)
	if err != nil {
		return nil, err
	}
	src, days := s.reads(f, tables)
	var views []*lake.View
	for _, t := range tables {
		views = append(views, t.state.view)
	}
	rows, counted, err := s.reckoned(ctx, f.City, req, src, func(plan *metric.Plan) ([][]metric.Unit, bool, error) { return s.summed(ctx, plan, views) })
	if err != nil {
		return nil, err
	}
	a := Answer{Rows: rows}
	if a.periods, err = metric.Periods(f.City, req); err != nil {
		return nil, err
	}
	j, err := s.judge(ctx, f.City, req, src, state{covered: days}, counted)
	if err != nil {
		return nil, err
	}
	j.today = f.Today
	for i := range a.Rows {
		j.row(&a.Rows[i])
	}
	for _, t := range tables {
		r := req
		r.Indicator, r.Where = t.indicator, t.access.Rows
		if err := s.keep(ctx, f.City, &a, r, t.state, t.access); err != nil {
			return nil, err
		}
		fewest(a.Rows, t.access.MinGroup)
	}
	return a.Rows, nil
}

// fewest withholds what is made of fewer rows than persons may be told of.
func fewest(rows []Row, least int) {
	for i := range rows {
		if r := &rows[i]; r.Value != nil && r.Rows > 0 && r.Rows < int64(least) {
			*r = Row{Dimensions: r.Dimensions, Labels: r.Labels, Period: r.Period, From: r.From, To: r.To, period: r.period,
				Status: StatusSuppressed, Reason: tooFew(least)}
		}
	}
}

// tables gives what the principal may see of each table of a question, that of
// the indicator's own dataset first.
func (f Fixed) tables(who policy.Principal, ind *city.Indicator) ([]other, error) {
	var out []other
	for _, part := range append([]*city.Indicator{ind}, metric.Others(ind)...) {
		t, ok := f.Tables[part.Dataset]
		if !ok {
			return nil, city.Errorf(city.CodeInternal, "the state of %s is not given", part.Dataset)
		}
		ds, err := f.City.Dataset(part.Dataset)
		if err != nil {
			return nil, err
		}
		access, err := policy.Read(who, f.City, ds.Name)
		if err != nil {
			return nil, err
		}
		out = append(out, other{part, state{dataset: ds, view: t.View, covered: covered(t.Periods)}, access})
	}
	return out, nil
}

// reads says where the rows of the tables are, and which days they all cover.
func (s *Service) reads(f Fixed, tables []other) (metric.Source, coverage) {
	src := metric.Source{Others: map[string]metric.Source{}}
	var days coverage
	for i, t := range tables {
		fixed := f.Tables[t.indicator.Dataset]
		one := metric.Source{Relation: fixed.Relation, Fraction: fixed.Fraction, Where: t.access.Rows}
		if one.Relation == "" {
			one.Relation = s.Engine.Relation(fixed.View)
		}
		if i > 0 {
			src.Others[t.indicator.Dataset], days = one, days.and(t.state.covered)
			continue
		}
		src.Relation, src.Fraction, src.Where, days = one.Relation, one.Fraction, one.Where, t.state.covered
	}
	return src, days
}

// Standing is what a dataset stands at.
type Standing struct {
	View    *lake.View
	Periods []city.Span // that deliveries speak for
	Source  Source
}

// Standing says what a dataset stands at, now or at a past moment.
func (s *Service) Standing(ctx context.Context, dataset string, asOf lake.AsOf) (Standing, error) {
	c := s.City()
	ds, err := c.Dataset(dataset)
	if err != nil {
		return Standing{}, err
	}
	if asOf, err = s.Lake.Resolve(ctx, asOf); err != nil {
		return Standing{}, err
	}
	v, err := s.Lake.ViewAsOf(ctx, ds, asOf)
	if err != nil {
		return Standing{}, err
	}
	periods, err := s.periods(ctx, v, asOf.At)
	if err != nil {
		return Standing{}, err
	}
	return Standing{v, periods, s.source(c, state{dataset: ds, view: v, covered: covered(periods)})}, nil
}

// Covers says whether deliveries that speak for the given periods, of each of an
// indicator's datasets, cover every day that the value of a period needs.
func Covers(ind *city.Indicator, periods [][]city.Span, grain city.Grain, period city.Span) bool {
	window := needed(ind, metric.Window(ind, grain, period.From, period))
	return !slices.ContainsFunc(periods, func(p []city.Span) bool { return !covered(p).holds(window) })
}
