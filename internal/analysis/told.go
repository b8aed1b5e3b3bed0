package analysis

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/disclosure"
	"github.com/jinyang-city/jinyang/internal/metric"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// CodeDisclosure is the code of a question that would tell too much of persons.
const CodeDisclosure = city.CodeInvalid + ".disclosure"

// keep withholds the figures of an answer that stand for too few persons, and
// all that could be computed with them (package disclosure).
func (s *Service) keep(ctx context.Context, c *city.City, a *Answer, req metric.Request, st state, access policy.Access) error {
	a.MinGroup = max(a.MinGroup, access.MinGroup)
	if access.MinGroup <= 1 || len(a.Rows) == 0 || len(st.view.Files) == 0 {
		return nil
	}
	g, err := s.guard(ctx, c, req, st, access.MinGroup)
	if err != nil {
		return err
	}
	for i := range a.Rows {
		if a.Rows[i].Status != StatusSuppressed && withhold(g, req, &a.Rows[i], access.MinGroup) {
			a.Suppressed++
		}
	}
	return nil
}

// withhold takes from a row what may not be told, and says whether that was the
// value itself.
func withhold(g *disclosure.Guard, req metric.Request, r *Row, least int) bool {
	cell := cellOf(req, r.Dimensions)
	untold := func(windows []city.Span) bool {
		return slices.ContainsFunc(windows, func(w city.Span) bool {
			if req.Indicator.Window == city.WindowStock {
				w = g.Last(w)
			}
			return !g.Tells(cell, w)
		})
	}
	if untold(r.period.Needs) {
		r.Value, r.Display, r.Previous, r.Before, r.Festival, r.Change, r.Rows = nil, "", nil, nil, nil, nil, 0
		r.Status, r.Reason = StatusSuppressed, tooFew(least)
		return true
	}
	for _, e := range []struct {
		against metric.Against
		value   **float64
	}{{metric.AgainstYear, &r.Previous}, {metric.AgainstPeriod, &r.Before}, {metric.AgainstFestival, &r.Festival}} {
		if *e.value != nil && untold(r.period.Earlier[e.against]) {
			*e.value = nil
			r.Withheld = append(r.Withheld, e.against)
		}
	}
	if r.Previous == nil {
		r.Change = nil
	}
	return false
}

func tooFew(least int) city.Text {
	n := formatID(int64(least))
	return city.Text{ZH: "不予显示：不足" + n + "人，或可据此推算出不足" + n + "人的分组",
		EN: "withheld: it stands for fewer than " + n + " persons, or a group of fewer could be computed with it"}
}

// cellOf says which rows a row of the answer stands for.
func cellOf(req metric.Request, dims map[string]string) map[string]disclosure.Set {
	cell := map[string]disclosure.Set{}
	for _, w := range req.Where {
		set := disclosure.Set{Not: w.Not, Values: w.Values}
		if before, twice := cell[w.Field]; twice {
			set = both(before, set)
		}
		cell[w.Field] = set
	}
	for f, v := range dims {
		cell[f] = disclosure.Set{Values: []string{v}}
	}
	return cell
}

// both is what two sets over the same field have in common.
func both(a, b disclosure.Set) disclosure.Set {
	switch {
	case a.Not && b.Not:
		return disclosure.Set{Not: true, Values: append(slices.Clone(a.Values), b.Values...)}
	case a.Not:
		a, b = b, a
	}
	kept := slices.DeleteFunc(slices.Clone(a.Values), func(v string) bool { return slices.Contains(b.Values, v) == b.Not })
	return disclosure.Set{Values: kept}
}

// guard decides about the cells that a question speaks of, once for each
// release: out of all its rows, not only those of the question's time, so that
// questions about different times agree.
func (s *Service) guard(ctx context.Context, c *city.City, req metric.Request, st state, least int) (*disclosure.Guard, error) {
	fields := slices.Clone(req.By)
	for _, w := range req.Where {
		fields = append(fields, w.Field)
	}
	fields = slices.Compact(slices.Sorted(slices.Values(fields)))
	data, err := s.period(ctx, req.Indicator, Question{Grain: city.GrainMonth}, st)
	if err != nil {
		return nil, err
	}
	byDay, err := cuts(c, req, data)
	if err != nil {
		return nil, err
	}
	doc, err := json.Marshal([]any{c.Pack.SHA256, metric.Version(req.Indicator), req.Indicator.Name, st.view.SnapshotID, fields, byDay, least})
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "cannot name the release: %w", err)
	}
	if g, ok := s.guards.get(string(doc)); ok {
		return g, nil
	}
	g, err := disclosure.New(least, fields, byDay, func(by []string, unit city.Grain) ([]disclosure.Count, error) {
		return s.persons(ctx, c, req.Indicator, st, by, unit, data)
	})
	if err == nil {
		s.guards.put(string(doc), g)
	}
	return g, err
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

// persons counts who stands behind the rows of an indicator: persons where the
// dataset names them, and rows where it does not.
func (s *Service) persons(ctx context.Context, c *city.City, ind *city.Indicator, st state, by []string, unit city.Grain, data city.Span) ([]disclosure.Count, error) {
	measure := &city.Measure{Kind: city.MeasureCount}
	for _, f := range st.dataset.Fields {
		if f.Type == city.TypePerson {
			measure = &city.Measure{Kind: city.MeasureCountDistinct, Field: f.Name}
		}
	}
	counted := &city.Indicator{Name: ind.Name, Dataset: ind.Dataset, Scope: ind.Scope, Time: ind.Time, Window: city.WindowPeriod, Measure: measure, Dimensions: by}
	req := metric.Request{Indicator: counted, By: by, Period: data, Grain: unit}
	st = state{dataset: st.dataset, view: st.view, again: st.again}
	src, err := s.within(ctx, c, req, st)
	if err != nil {
		return nil, err
	}
	src.Fraction = 1 // persons in the rows, not in the population
	rows, err := s.answered(ctx, c, req, src, st)
	if err != nil {
		return nil, err
	}
	out := make([]disclosure.Count, 0, len(rows))
	for _, r := range rows {
		count := disclosure.Count{Values: make([]string, len(by)), Start: r.period.Start}
		for i, f := range by {
			count.Values[i] = r.Dimensions[f]
		}
		if r.Value != nil {
			// Rows that name nobody are somebody's all the same.
			count.Persons = max(int64(*r.Value), min(r.Rows, 1))
		}
		out = append(out, count)
	}
	return out, nil
}

// narrow adds to a question what the principal may see of its dataset, and
// refuses conditions by which single persons could be looked for.
func narrow(c *city.City, ds *city.Dataset, q Question, access policy.Access) (Question, error) {
	for _, w := range q.Where {
		if _, masked := access.Masks[w.Field]; masked {
			return q, city.Errorf(CodeDisclosure, "the column %q is masked, so that rows cannot be chosen by it", w.Field).WithHint("%s", narrowHint(c, ds))
		}
		if access.MinGroup > 1 && (!slices.Contains(dimensions(c, ds), w.Field) || w.Min != "" || w.Max != "") {
			return q, city.Errorf(CodeDisclosure, "rows about persons cannot be chosen by %q", w.Field).WithHint("%s", narrowHint(c, ds))
		}
	}
	q.Where = append(slices.Clone(q.Where), access.Rows...)
	return q, nil
}

// dimensions are the fields that the indicators over a dataset may be broken
// down by, and its regions.
func dimensions(c *city.City, ds *city.Dataset) []string {
	var out []string
	for _, f := range ds.Fields {
		if f.Type == city.TypeRegion {
			out = append(out, f.Name)
		}
	}
	for _, ind := range c.Indicators {
		if ind.Dataset == ds.Name {
			out = append(out, ind.Dimensions...)
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(out)))
}

func narrowHint(c *city.City, ds *city.Dataset) string {
	hint := "use one of its dimensions"
	for i, d := range dimensions(c, ds) {
		sep := ", "
		if i == 0 {
			sep = ": "
		}
		hint += sep + d
	}
	return hint
}
