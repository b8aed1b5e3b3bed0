package analysis

import (
	"context"
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
	if access.MinGroup <= 1 || len(st.view.Files) == 0 {
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
	more, err := unlisted(g, c, a, req, access.MinGroup)
	if err != nil || len(more) == 0 {
		return err
	}
	a.Rows, a.Suppressed = append(a.Rows, more...), a.Suppressed+len(more)
	inOrder(req.By, a.Rows)
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
	needs := r.period.Needs
	if len(needs) == 0 { // it has no value, and rows all the same
		needs = []city.Span{r.period.Window}
	}
	if untold(needs) {
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
