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
	if q.AsOf, err = s.Lake.Resolve(ctx, q.AsOf); err != nil {
		return nil, err
	}
	st, err := s.state(ctx, ds, q.AsOf)
	if err != nil {
		return nil, err
	}
	key, err := s.key(c, ind, q, st)
	if err != nil {
		return nil, err
	}
	if a, ok := s.answers.get(key); ok {
		return a, nil
	}
	a, err := s.compute(ctx, c, ind, q, st)
	if err != nil {
		return nil, err
	}
	s.answers.put(key, a)
	return a, nil
}

// key names everything that an answer depends on.
func (s *Service) key(c *city.City, ind *city.Indicator, q Question, st state) (string, error) {
	doc, err := json.Marshal(struct {
		Pack, Version, Window string
		Question              Question
		Snapshot              int64
		Covered               coverage
		Today                 city.Date
	}{c.Pack.SHA256, metric.Version(ind), string(ind.Window), q, st.view.SnapshotID, st.covered, s.Today()})
	if err != nil {
		return "", city.Errorf(city.CodeInternal, "cannot name the question: %w", err)
	}
	return string(doc), nil
}

func (s *Service) compute(ctx context.Context, c *city.City, ind *city.Indicator, q Question, st state) (*Answer, error) {
	a := &Answer{
		Indicator: Named{ind.Name, ind.Title}, Unit: unit(c, ind.Unit), Decimals: ind.Decimals, Better: ind.Better,
		Grain: q.Grain, By: slices.Clone(q.By), Rows: []Row{}, Source: s.source(c, st), AsOf: q.AsOf.At, Tag: q.AsOf.Tag, Today: s.Today(),
		Definition: definition(c, ind),
	}
	if a.By == nil {
		a.By = []string{}
	}
	var err error
	if a.Period, err = s.period(ctx, ind, q, st); err != nil {
		return nil, err
	}
	req := metric.Request{Indicator: ind, By: q.By, Period: a.Period, Grain: q.Grain, Where: q.Where, Previous: true}
	empty := a.Period.IsZero()
	if empty { // the SQL is shown for this year
		req.Period = city.Span{From: city.GrainYear.Start(a.Today), To: a.Today}
	}
	shown, err := metric.Compile(c, req, metric.Source{Relation: st.dataset.Name, Fraction: st.view.Fraction})
	if err != nil {
		return nil, err
	}
	a.Definition.SQL = shown.SQL
	if empty {
		return a, nil
	}
	return a, s.fill(ctx, c, a, req, st)
}

// fill computes the rows of an answer.
func (s *Service) fill(ctx context.Context, c *city.City, a *Answer, req metric.Request, st state) (err error) {
	src := metric.Source{Relation: s.Engine.Relation(st.view), Fraction: st.view.Fraction}
	if a.Rows, err = s.rows(ctx, c, req, src); err != nil {
		return err
	}
	j, err := s.judge(ctx, c, req, src, st)
	if err != nil {
		return err
	}
	for i := range a.Rows {
		j.row(&a.Rows[i])
	}
	return nil
}

func definition(c *city.City, ind *city.Indicator) Definition {
	return Definition{Words: metric.Words(c, ind), Note: ind.Note, Source: ind.Source, Version: metric.Version(ind), Pos: ind.Pos.String()}
}

// period is the one that a question names, or else the whole periods from the
// first to the last row of the dataset: what is missing at the ends must count
// as missing. It is zero when there are no rows.
func (s *Service) period(ctx context.Context, ind *city.Indicator, q Question, st state) (city.Span, error) {
	if !q.Period.IsZero() || len(st.view.Files) == 0 {
		return q.Period, nil
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
	return city.Span{From: q.Grain.Start(city.DateOf(*from)), To: q.Grain.Next(q.Grain.Start(city.DateOf(*to))).AddDays(-1)}, nil
}
