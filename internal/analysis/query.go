package analysis

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/metric"
)

// Question asks for one indicator.
type Question struct {
	Indicator string
	By        []string         // dimensions
	Period    city.Span        // zero: from the first to the last row
	Grain     city.Grain       // "" means month
	Where     []city.Condition // narrows the rows
	AsOf      time.Time        // zero: now
}

// mostPeriods bounds the length of an answer.
const mostPeriods = 4000

// Query answers a question.
func (s *Service) Query(ctx context.Context, q Question) (*Answer, error) {
	c := s.City()
	ind, err := c.Indicator(q.Indicator)
	if err != nil {
		return nil, err
	}
	return s.query(ctx, c, ind, q)
}

// query answers a question about an indicator that need not be declared as it
// stands: a target is judged on the year to date of its indicator.
func (s *Service) query(ctx context.Context, c *city.City, ind *city.Indicator, q Question) (*Answer, error) {
	ds, err := c.Dataset(ind.Dataset)
	if err != nil {
		return nil, err
	}
	if q.Grain == "" {
		q.Grain = city.GrainMonth
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
		CompleteTo, Today     city.Date
	}{c.Pack.SHA256, metric.Version(ind), string(ind.Window), q, st.view.SnapshotID, st.completeTo, s.Today()})
	if err != nil {
		return "", city.Errorf(city.CodeInternal, "cannot name the question: %w", err)
	}
	return string(doc), nil
}

func (s *Service) compute(ctx context.Context, c *city.City, ind *city.Indicator, q Question, st state) (*Answer, error) {
	a := &Answer{
		Indicator: Named{ind.Name, ind.Title}, Unit: unit(c, ind.Unit), Decimals: ind.Decimals, Better: ind.Better,
		Grain: q.Grain, By: slices.Clone(q.By), Rows: []Row{}, Source: s.source(c, st), AsOf: q.AsOf, Today: s.Today(),
		Definition: definition(c, ind),
	}
	if a.By == nil {
		a.By = []string{}
	}
	if err := s.bound(ctx, ind, &q, st); err != nil {
		return nil, err
	}
	a.Period = q.Period
	req := metric.Request{Indicator: ind, By: q.By, Period: q.Period, Grain: q.Grain, Where: q.Where, Previous: true}
	shown, err := metric.Compile(c, req, metric.Source{Relation: st.dataset.Name, Fraction: st.view.Fraction})
	if err != nil {
		return nil, err
	}
	a.Definition.SQL = shown.SQL
	if q.Period.IsZero() {
		return a, nil // no rows at all
	}
	src := metric.Source{Relation: s.Engine.Relation(st.view), Fraction: st.view.Fraction}
	a.Rows, err = s.rows(ctx, c, req, src)
	if err != nil {
		return nil, err
	}
	j, err := s.judge(ctx, c, req, src, st)
	if err != nil {
		return nil, err
	}
	for i := range a.Rows {
		j.row(&a.Rows[i])
	}
	return a, nil
}

func definition(c *city.City, ind *city.Indicator) Definition {
	return Definition{Words: metric.Words(c, ind), Note: ind.Note, Source: ind.Source, Version: metric.Version(ind), Pos: ind.Pos.String()}
}

// bound fills in the period of a question that names none, and refuses one
// that is too long.
func (s *Service) bound(ctx context.Context, ind *city.Indicator, q *Question, st state) error {
	if q.Period.IsZero() && len(st.view.Files) > 0 {
		rows, err := s.Engine.Query(ctx, fmt.Sprintf(`SELECT min("%[1]s"), max("%[1]s") FROM %s`, ind.Time, s.Engine.Relation(st.view)))
		if err != nil {
			return err
		}
		defer rows.Close()
		var from, to *time.Time
		if rows.Next() {
			if err := rows.Scan(&from, &to); err != nil {
				return city.Errorf(city.CodeInternal, "cannot read the range of %s: %w", st.dataset.Name, err)
			}
		}
		if from != nil {
			// Whole periods: what is missing at the ends must count as missing.
			q.Period = city.Span{From: q.Grain.Start(city.DateOf(*from)), To: q.Grain.Next(q.Grain.Start(city.DateOf(*to))).AddDays(-1)}
		}
	}
	if q.Period.IsZero() {
		return nil
	}
	if n := len(q.Period.Periods(q.Grain)); n > mostPeriods {
		return city.Errorf(city.CodeInvalid, "the question spans %d periods, at most %d are answered", n, mostPeriods).
			WithHint("ask for a shorter period or a coarser grain")
	}
	return nil
}
