package analysis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/metric"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// Question asks for one indicator.
type Question struct {
	Indicator string
	By        []string         // dimensions
	Period    city.Span        // zero: from the first to the last row
	Grain     city.Grain       // "" means month
	Where     []city.Condition // narrows the rows
	AsOf      lake.AsOf        // zero: now

	Window  city.Window    // in place of the indicator's; "" keeps that
	Rolling int            // a window of that many periods, ending with each; 0 is not rolling
	Against []city.Against // earlier times to show beside; the year before when it is nil
	Combine bool           // states the months together that the indicator's calendar combines

	again bool // it will be asked again when the data change, so that what it sums up is worth keeping
}

// Query answers a question.
func (s *Service) Query(ctx context.Context, who policy.Principal, q Question) (*Answer, error) {
	if err := who.Known(); err != nil {
		return nil, err
	}
	c := s.City()
	ind, err := c.Indicator(q.Indicator)
	if err != nil {
		return nil, err
	}
	return s.query(ctx, who, c, ind, q)
}

// query answers a question about an indicator that need not be declared as it
// stands: a target is judged on the year to date of its indicator.
func (s *Service) query(ctx context.Context, who policy.Principal, c *city.City, ind *city.Indicator, q Question) (*Answer, error) {
	ds, err := c.Dataset(ind.Dataset)
	if err != nil {
		return nil, err
	}
	if q.Grain == "" {
		q.Grain = city.GrainMonth
	}
	access, err := policy.Read(who, c, ds.Name)
	if err != nil {
		return nil, err
	}
	if q, err = narrow(c, ds, q, access); err != nil {
		return nil, err
	}
	if q.AsOf, err = s.Lake.Resolve(ctx, q.AsOf); err != nil {
		return nil, err
	}
	st, err := s.state(ctx, ds, q.AsOf)
	if err != nil {
		return nil, err
	}
	if st, err = s.join(ctx, who, c, ind, st, q.AsOf); err != nil {
		return nil, err
	}
	st.again = q.again
	key, err := s.key(c, ind, q, st, access)
	if err != nil {
		return nil, err
	}
	if a, ok := s.answers.get(key); ok {
		return a, nil
	}
	a, err := s.compute(ctx, c, ind, q, st, access)
	if err != nil {
		return nil, err
	}
	s.answers.put(key, a)
	return a, nil
}

// key names everything that an answer depends on.
func (s *Service) key(c *city.City, ind *city.Indicator, q Question, st state, access policy.Access) (string, error) {
	snapshots, others := st.snapshots()
	doc, err := json.Marshal(struct {
		Pack, Version, Window string
		Question              Question
		Snapshots             []int64
		Others                []policy.Access
		Covered               coverage
		Today                 city.Date
		MinGroup              int // what else a principal may see is among the conditions
	}{c.Pack.SHA256, metric.Fingerprint(ind), string(ind.Window), q, snapshots, others, st.covered, s.Today(), access.MinGroup})
	if err != nil {
		return "", city.Errorf(city.CodeInternal, "cannot name the question: %w", err)
	}
	return string(doc), nil
}

func (s *Service) compute(ctx context.Context, c *city.City, ind *city.Indicator, q Question, st state, access policy.Access) (*Answer, error) {
	a := &Answer{
		Indicator: Named{Name: ind.Name, Title: ind.Title}, Unit: c.UnitNamed(ind.Unit), Decimals: ind.Decimals, Better: ind.Better,
		Grain: q.Grain, By: slices.Clone(q.By), Rows: []Row{}, Source: s.source(c, st), AsOf: q.AsOf.At, Tag: q.AsOf.Tag, Today: s.Today(),
	}
	if a.By == nil {
		a.By = []string{}
	}
	var err error
	if a.Period, err = s.period(ctx, ind, q, st); err != nil {
		return nil, err
	}
	a.Definition = definition(c, ind, a.Period, q.By)
	req := metric.Request{Indicator: ind, By: q.By, Period: a.Period, Grain: q.Grain, Where: q.Where, Window: q.Window, Rolling: q.Rolling, Against: q.Against, Combine: q.Combine}
	if req.Against == nil {
		req.Against = []metric.Against{metric.AgainstYear}
	}
	empty := a.Period.IsZero()
	if empty { // the SQL is shown for this year
		req.Period = city.Span{From: city.GrainYear.Start(a.Today), To: a.Today}
	}
	shown, err := metric.Compile(c, req, st.reading(func(v *lake.View) string { return v.Dataset }))
	if err != nil {
		return nil, err
	}
	a.Definition.SQL = shown.SQL
	if empty {
		return a, nil
	}
	if a.periods, err = metric.Periods(c, req); err != nil {
		return nil, err
	}
	if err := s.fill(ctx, c, a, req, st); err != nil {
		return nil, err
	}
	if err := s.keep(ctx, c, a, req, st, access); err != nil {
		return nil, err
	}
	return a, s.keepOthers(ctx, c, a, req, st)
}

// fill computes the rows of an answer.
func (s *Service) fill(ctx context.Context, c *city.City, a *Answer, req metric.Request, st state) (err error) {
	src, err := s.within(ctx, c, req, st)
	if err != nil {
		return err
	}
	rows, days, err := s.tallied(ctx, c, req, src, st)
	if err != nil {
		return err
	}
	a.Rows = rows
	j, err := s.judge(ctx, c, req, src, st, days)
	if err != nil {
		return err
	}
	for i := range a.Rows {
		j.row(&a.Rows[i])
	}
	return nil
}

func definition(c *city.City, ind *city.Indicator, period city.Span, by []string) Definition {
	return Definition{Words: metric.Words(c, ind), Note: ind.Note, Source: ind.Source, Version: metric.ClosureOf(c, ind).For(period, by).Version(), Pos: ind.Pos.String()}
}

// period is the one that a question names, or else the whole periods from the
// first to the last row of the dataset: what is missing at the ends must count
// as missing. It is zero when there are no rows.
func (s *Service) period(ctx context.Context, ind *city.Indicator, q Question, st state) (city.Span, error) {
	if !q.Period.IsZero() || len(st.view.Files) == 0 {
		return q.Period, nil
	}
	if q.Grain == city.GrainAll {
		q.Grain = city.GrainMonth
	}
	if span, known, err := s.footers(ctx, st.view, ind.Time); known || err != nil {
		return wholePeriods(span, q.Grain), err
	}
	rows, err := s.Engine.Query(ctx, fmt.Sprintf(`SELECT min("%[1]s"), max("%[1]s") FROM %s`, ind.Time, s.Engine.Relation(st.view)))
	if err != nil {
		return city.Span{}, err
	}
	defer rows.Close()
	var from, to *time.Time
	if rows.Next() {
		err = rows.Scan(&from, &to)
	}
	if err = errors.Join(err, rows.Err()); err != nil {
		return city.Span{}, city.Errorf(city.CodeInternal, "cannot read the range of %s: %w", st.dataset.Name, err)
	}
	if from == nil {
		return city.Span{}, nil
	}
	return wholePeriods(city.Span{From: city.DateOf(*from), To: city.DateOf(*to)}, q.Grain), nil
}

// wholePeriods widens a span to whole periods of a grain.
func wholePeriods(s city.Span, g city.Grain) city.Span {
	return city.Span{From: g.Start(s.From), To: g.Next(g.Start(s.To)).AddDays(-1)}
}

// Range is the whole months that have rows of an indicator's dataset; zero when
// there are none.
func (s *Service) Range(ctx context.Context, who policy.Principal, indicator string, asOf lake.AsOf) (city.Span, error) {
	c := s.City()
	ind, err := c.Indicator(indicator)
	if err != nil {
		return city.Span{}, err
	}
	if _, err := policy.Read(who, c, ind.Dataset); err != nil {
		return city.Span{}, err
	}
	ds, err := c.Dataset(ind.Dataset)
	if err != nil {
		return city.Span{}, err
	}
	if asOf, err = s.Lake.Resolve(ctx, asOf); err != nil {
		return city.Span{}, err
	}
	st, err := s.state(ctx, ds, asOf)
	if err != nil {
		return city.Span{}, err
	}
	return s.period(ctx, ind, Question{Grain: city.GrainMonth}, st)
}
