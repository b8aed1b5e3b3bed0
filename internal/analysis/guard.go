package analysis

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/disclosure"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/metric"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// guarded is the rows that one guard decides about.
type guarded struct {
	city  *city.City
	ind   *city.Indicator // whose scope and time they are
	state state
	data  city.Span // the months that have rows
	by    []string
	least int
}

// guard decides about the cells that a question speaks of, once for each
// release: out of all its rows and all fields by which it may be asked about,
// not only those of the question, so that all questions agree.
func (s *Service) guard(ctx context.Context, c *city.City, req metric.Request, st state, least int) (*disclosure.Guard, error) {
	fields := slices.Clone(req.By)
	for _, w := range req.Where {
		fields = append(fields, w.Field)
	}
	r, err := s.guarded(ctx, c, req.Indicator, st, least, fields)
	if err != nil {
		return nil, err
	}
	byDay, err := cuts(c, req, r.data)
	if err != nil {
		return nil, err
	}
	return s.decided(ctx, r, byDay)
}

// guarded says which rows and fields the guard of an indicator is about: the
// fields of all questions about its dataset or, when these are too many, those
// of the indicator or of one question alone.
func (s *Service) guarded(ctx context.Context, c *city.City, ind *city.Indicator, st state, least int, fields []string) (guarded, error) {
	data, err := s.period(ctx, ind, Question{Grain: city.GrainMonth}, st)
	if err != nil {
		return guarded{}, err
	}
	r := guarded{city: c, ind: ind, state: state{dataset: st.dataset, view: st.view}, data: data, least: least}
	for _, more := range [][]string{dimensions(c, st.dataset), ind.Dimensions, nil} {
		r.by = slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(fields), more...))))
		if len(r.by) <= disclosure.MaxFields {
			break
		}
	}
	return r, nil
}

// decided gives the guard of a release, which is made once, however many ask at
// the same time.
func (s *Service) decided(ctx context.Context, r guarded, byDay bool) (*disclosure.Guard, error) {
	doc, err := json.Marshal([]any{r.rows(), r.state.view.SnapshotID, r.data, byDay})
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "cannot name the release: %w", err)
	}
	return s.guards.once(ctx, string(doc), func() (*disclosure.Guard, error) {
		if !byDay {
			count, err := s.heads(ctx, r, city.GrainMonth)
			if err != nil {
				return nil, err
			}
			return disclosure.New(r.least, r.by, count)
		}
		months, err := s.decided(ctx, r, false)
		if err != nil {
			return nil, err
		}
		count, err := s.heads(ctx, r, city.GrainDay)
		if err != nil {
			return nil, err
		}
		return months.ByDay(count)
	})
}

// rows names the rows of a release, whatever it stands at. Indicators that
// measure other things of the same rows are one release.
func (r guarded) rows() []any {
	return []any{r.city.Pack.SHA256, r.ind.Dataset, r.ind.Scope, r.ind.Time, r.by, r.least}
}

// Guard makes ready what decides about small groups, for all indicators that the
// principal may see, one after the other, so that whoever asks first after a
// delivery need not wait. Questions about single days are not foreseen. It gives
// the number of releases.
func (s *Service) Guard(ctx context.Context, who policy.Principal) (releases int, err error) {
	c, seen := s.City(), map[*disclosure.Guard]bool{}
	for _, ind := range c.Indicators {
		for _, part := range append([]*city.Indicator{ind}, metric.Others(ind)...) {
			g, err := s.ready(ctx, who, c, part)
			if city.CodeOf(err).Root() == city.CodeForbidden {
				continue
			}
			if err != nil {
				return len(seen), err
			}
			if g != nil {
				seen[g] = true
			}
		}
	}
	return len(seen), nil
}

// ready gives the guard of an indicator; nil when it needs none.
func (s *Service) ready(ctx context.Context, who policy.Principal, c *city.City, ind *city.Indicator) (*disclosure.Guard, error) {
	access, err := policy.Read(who, c, ind.Dataset)
	if err != nil || access.MinGroup <= 1 {
		return nil, err
	}
	ds, err := c.Dataset(ind.Dataset)
	if err != nil {
		return nil, err
	}
	st, err := s.state(ctx, ds, lake.AsOf{})
	if err != nil || len(st.view.Files) == 0 {
		return nil, err
	}
	r, err := s.guarded(ctx, c, ind, st, access.MinGroup, nil)
	if err != nil {
		return nil, err
	}
	return s.decided(ctx, r, false)
}

// cuts says whether a window of a question begins or ends within a month of the
// data.
func cuts(c *city.City, req metric.Request, data city.Span) (bool, error) {
	periods, err := metric.Periods(c, req)
	if err != nil {
		return false, err
	}
	for _, p := range periods {
		windows := slices.Clone(p.Needs)
		for _, list := range p.Earlier {
			windows = append(windows, list...)
		}
		for _, w := range windows {
			if w.From.After(data.From) && w.From.Day != 1 || w.To.Before(data.To) && w.To != w.To.MonthEnd() {
				return true, nil
			}
		}
	}
	return false, nil
}
