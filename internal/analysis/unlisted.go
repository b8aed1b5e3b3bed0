package analysis

import (
	"cmp"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/disclosure"
	"github.com/jinyang-city/jinyang/internal/metric"
)

// mostGroups bounds how many groups and periods a question about person data
// may name: each of them is decided about, also when nobody is in it, which
// takes some microseconds, and may become a line of the answer.
const mostGroups = 200_000

// unlisted gives lines for the groups that an answer has none of, because nobody
// is in them, where just that may not be told: a list of groups tells by what it
// leaves out.
func unlisted(g *disclosure.Guard, c *city.City, a *Answer, req metric.Request, least int) ([]Row, error) {
	if len(req.By) == 0 || !g.Withholds() {
		return nil, nil
	}
	groups, err := groupsOf(g, req, len(a.periods))
	if err != nil {
		return nil, err
	}
	listed := map[string]bool{}
	for i := range a.Rows {
		listed[lineKey(req.By, &a.Rows[i])] = true
	}
	label := labeller(c, req.Indicator)
	var out []Row
	for _, p := range a.periods {
		for _, dims := range groups {
			r := rowOf(req, metric.Line{Period: p, Dims: dims}, label)
			if !listed[lineKey(req.By, &r)] && withhold(g, req, &r, least) {
				out = append(out, r)
			}
		}
	}
	return out, nil
}

// groupsOf lists the combinations of values that rows of the release have and
// the conditions of a question keep.
func groupsOf(g *disclosure.Guard, req metric.Request, periods int) ([][]*string, error) {
	out, n := [][]*string{nil}, periods
	for _, field := range req.By {
		values := slices.DeleteFunc(g.Values(field), func(v string) bool {
			return slices.ContainsFunc(req.Where, func(w city.Condition) bool { return w.Field == field && slices.Contains(w.Values, v) == w.Not })
		})
		if n *= max(len(values), 1); n > mostGroups {
			return nil, city.Errorf(CodeDisclosure, "a question about person data may name at most %d groups and periods", mostGroups).
				WithHint("leave out a dimension, narrow the rows, or ask for a shorter period")
		}
		var longer [][]*string
		for _, dims := range out {
			for i := range values {
				longer = append(longer, append(slices.Clone(dims), &values[i]))
			}
		}
		out = longer
	}
	return out, nil
}

// lineKey names a line of an answer.
func lineKey(by []string, r *Row) string {
	out := []string{r.period.Start.String()}
	for _, f := range by {
		out = append(out, r.Dimensions[f])
	}
	return strings.Join(out, "\x00")
}

// inOrder puts lines into the order of package metric: by period, then by the
// values of the dimensions, where no value comes last.
func inOrder(by []string, rows []Row) {
	slices.SortStableFunc(rows, func(x, y Row) int {
		order := x.period.Start.Compare(y.period.Start)
		for _, f := range by {
			v, w := x.Dimensions[f], y.Dimensions[f]
			none := func(v string) int {
				if v == "" {
					return 1
				}
				return 0
			}
			order = cmp.Or(order, none(v)-none(w), strings.Compare(v, w))
		}
		return order
	})
}
