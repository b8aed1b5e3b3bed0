package analysis

import (
	"context"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/metric"
)

// judge decides how far the rows of an answer may be trusted.
type judge struct {
	ind        *city.Indicator
	rule       *city.Rule // nil when the indicator needs none
	by         []string
	days       map[string]map[city.Date]int // by dimension values, then by month: days with a value
	completeTo city.Date
	today      city.Date
}

// closedAfter is how many days after its end a period counts as closed: what
// has not come by then is missing, not late.
const closedAfter = 31

func (s *Service) judge(ctx context.Context, c *city.City, req metric.Request, src metric.Source, st state) (*judge, error) {
	j := &judge{ind: req.Indicator, by: req.By, completeTo: st.completeTo, today: s.Today()}
	if j.ind.Complete == "" {
		return j, nil
	}
	rule, err := c.Rule(j.ind.Complete)
	if err != nil {
		return nil, err
	}
	j.rule, j.days = rule, map[string]map[city.Date]int{}
	q, err := metric.CompileDays(c, req, src)
	if err != nil {
		return nil, err
	}
	res, err := s.Engine.Query(ctx, q.SQL, q.Args...)
	if err != nil {
		return nil, err
	}
	defer res.Close()
	for res.Next() {
		var month time.Time
		var n int
		dims := make([]*string, len(req.By))
		dest := []any{&month}
		for i := range dims {
			dest = append(dest, &dims[i])
		}
		if err := res.Scan(append(dest, &n)...); err != nil {
			return nil, city.Errorf(city.CodeInternal, "cannot count the days of %s: %w", j.ind.Name, err)
		}
		key := dimKey(dims)
		if j.days[key] == nil {
			j.days[key] = map[city.Date]int{}
		}
		j.days[key][city.DateOf(month)] = n
	}
	return j, res.Err()
}

func dimKey(values []*string) string {
	var parts []string
	for _, v := range values {
		if v == nil {
			parts = append(parts, "")
		} else {
			parts = append(parts, *v)
		}
	}
	return strings.Join(parts, "\x00")
}

// row sets the status of a row, takes the value away when a rule forbids it,
// and writes the display.
func (j *judge) row(r *Row) {
	decimals := j.ind.Decimals
	switch {
	case r.Rows == 0 && (r.Value == nil || r.To.After(j.completeTo)):
		r.Status, r.Value = StatusNoData, nil
		r.Reason = city.Text{ZH: "该期尚无数据交付", EN: "no rows have been delivered for this period"}
	case r.Value == nil:
		r.Status = StatusNoData
		r.Reason = city.Text{ZH: "数据中无可计算的数值：分母为零，或没有可比的上年数据", EN: "the rows give no value: there is nothing to divide by, or nothing to compare with"}
	case j.rule != nil:
		decimals = j.byRule(r, decimals)
	case r.To.After(j.completeTo):
		r.Status, r.Reason = StatusProvisional, j.soFar()
	default:
		r.Status = StatusValid
	}
	if r.Value == nil {
		r.Previous = nil
		return
	}
	r.Display = format(*r.Value, decimals)
	if r.Previous != nil && *r.Previous != 0 && j.ind.Unit != "percent" {
		change := (*r.Value / *r.Previous - 1) * 100
		r.Change = &change
	}
}

// soFar says how far the data go.
func (j *judge) soFar() city.Text {
	if j.completeTo.IsZero() {
		return city.Text{ZH: "暂定：尚无完整批次", EN: "provisional: no batch is complete yet"}
	}
	return city.Text{ZH: "暂定：数据完整截至" + j.completeTo.String(), EN: "provisional: data are complete to " + j.completeTo.String()}
}

// byRule applies the completeness rule in force at the period, and gives the
// decimals that it prescribes.
func (j *judge) byRule(r *Row, decimals int) int {
	closed := j.completeTo
	if r.To.AddDays(closedAfter).Before(j.today) && r.To.After(closed) {
		closed = r.To
	}
	var values []*string
	for _, b := range j.by {
		v := r.Dimensions[b]
		values = append(values, &v)
	}
	days := j.days[dimKey(values)]
	window := city.Span{From: r.From, To: r.To}
	if window.From.IsZero() {
		window.From = r.To.MonthStart()
	}
	v := metric.Judge(j.rule, window, days, closed)
	r.Status, r.Reason = Status(v.Status), v.Reason
	if r.Status == StatusNotValid {
		r.Value = nil
	}
	before := city.Span{From: window.From.AddYears(-1), To: window.To.AddDays(1).AddYears(-1).AddDays(-1)}
	if metric.Judge(j.rule, before, days, closed).Status == metric.StatusNotValid {
		r.Previous = nil
	}
	if version, ok := j.rule.At(r.To); ok && version.Decimals >= 0 {
		return version.Decimals
	}
	return decimals
}
