package analysis

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/metric"
)

// judge decides how far the rows of an answer may be trusted.
type judge struct {
	ind     *city.Indicator
	rule    *city.Rule // nil when the indicator needs none
	by      []string
	days    map[string]map[city.Date]int // by dimension values, then by month: days with a value
	covered coverage
	today   city.Date
}

// closedAfter is how many days after its end a period counts as closed: what
// has not come by then is missing, not late.
const closedAfter = 31

// judge prepares to judge the rows of an answer. days are those that have a
// value, as far as they are known; nil has them counted.
func (s *Service) judge(ctx context.Context, c *city.City, req metric.Request, src metric.Source, st state, days []metric.MonthDays) (*judge, error) {
	j := &judge{ind: req.Indicator, by: req.By, covered: st.covered, today: s.Today()}
	if j.ind.Complete == "" {
		return j, nil
	}
	rule, err := c.Rule(j.ind.Complete)
	if err != nil {
		return nil, err
	}
	j.rule, j.days = rule, map[string]map[city.Date]int{}
	if days == nil {
		if days, err = s.countDays(ctx, c, req, src); err != nil {
			return nil, err
		}
	}
	for _, d := range days {
		key := dimKey(d.Dims)
		if j.days[key] == nil {
			j.days[key] = map[city.Date]int{}
		}
		j.days[key][d.Month] = d.Days
	}
	return j, nil
}

// countDays counts the days that have a value.
func (s *Service) countDays(ctx context.Context, c *city.City, req metric.Request, src metric.Source) ([]metric.MonthDays, error) {
	q, err := metric.CompileDays(c, req, src)
	if err != nil {
		return nil, err
	}
	res, err := s.Engine.Query(ctx, q.SQL, q.Args...)
	if err != nil {
		return nil, err
	}
	defer res.Close()
	var out []metric.MonthDays
	for res.Next() {
		var month time.Time
		d := metric.MonthDays{Dims: make([]*string, len(req.By))}
		dest := []any{&month}
		for i := range d.Dims {
			dest = append(dest, &d.Dims[i])
		}
		if err := res.Scan(append(dest, &d.Days)...); err != nil {
			return nil, city.Errorf(city.CodeInternal, "cannot count the days of %s: %w", req.Indicator.Name, err)
		}
		d.Month = city.DateOf(month)
		out = append(out, d)
	}
	return out, res.Err()
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

// row sets the status of a row, takes the values away that cannot stand, and
// writes the display.
func (j *judge) row(r *Row) {
	decimals := j.ind.Decimals
	window := needed(j.ind, city.Span{From: r.From, To: r.To})
	switch {
	case j.unknown(r, window):
		r.Status, r.Reason, r.Rows = StatusNoData, noRows, 0 // rows of earlier months are not the period's
	case r.Value == nil && r.Rows == 0:
		r.Status, r.Reason = StatusNoData, noneCounted
	case r.Value == nil, !j.stands(r.period.Needs):
		r.Status, r.Reason = StatusNoData, noValue
	case j.rule != nil:
		decimals = j.byRule(r)
	case !j.covered.holds(window):
		r.Status, r.Reason = StatusProvisional, j.soFar(window)
	default:
		r.Status = StatusValid
	}
	if r.Status == StatusNoData || r.Status == StatusNotValid {
		r.Value, r.Previous, r.Before, r.Festival = nil, nil, nil, nil
		return
	}
	r.Display = city.Figure(*r.Value, decimals)
	j.earlier(r, metric.AgainstYear, &r.Previous)
	j.earlier(r, metric.AgainstPeriod, &r.Before)
	j.earlier(r, metric.AgainstFestival, &r.Festival)
	r.Change = j.change(r)
}

// The reasons for a row without value.
var (
	noRows      = city.Text{ZH: "该期尚无数据交付", EN: "no rows have been delivered for this period"}
	noneCounted = city.Text{ZH: "该期数据已交付，但没有可统计的记录", EN: "the period was delivered, but holds no rows that count"}
	noValue     = city.Text{ZH: "数据中无可计算的数值：分母为零，或没有可比的上年数据", EN: "the rows give no value: there is nothing to divide by, or nothing to compare with"}
)

// unknown says that nothing is known of a row's period. No rows in days that no
// delivery speaks for are not a zero; and the year to date of a month of
// which nothing came is that of an earlier month.
func (j *judge) unknown(r *Row, window city.Span) bool {
	own := r.period.Days
	return r.Rows == 0 && !j.covered.holds(window) || own.From.After(j.today) || !j.covered.touches(own)
}

// stands says whether the deliveries cover the windows that a value needs: a
// growth over half a year is none. The first window is the value's own, which
// is judged by itself.
func (j *judge) stands(needs []city.Span) bool {
	return len(needs) > 0 && !slices.ContainsFunc(needs[1:], func(w city.Span) bool { return !j.covered.holds(needed(j.ind, w)) })
}

// earlier takes the value of an earlier time away when it may not be shown.
func (j *judge) earlier(r *Row, against metric.Against, value **float64) {
	needs := r.period.Earlier[against]
	if len(needs) == 0 || !j.covered.holds(needed(j.ind, needs[0])) || !j.stands(needs) {
		*value = nil
	}
}

// change compares with the year before, in percent. A value of which a part is
// still missing is not compared with a whole one, nor percentages with each
// other.
func (j *judge) change(r *Row) *float64 {
	if r.Status != StatusValid || r.Previous == nil || *r.Previous <= 0 || j.ind.Unit == "percent" {
		return nil
	}
	change := (*r.Value / *r.Previous - 1) * 100
	return &change
}

// soFar says which part of a window is missing.
func (j *judge) soFar(window city.Span) city.Text {
	start, end := j.covered.start(), j.covered.completeTo(j.today)
	if !window.From.IsZero() && window.From.Before(start) {
		return city.Text{ZH: "暂定：数据自" + start.String() + "起，此前未交付", EN: "provisional: the data begin on " + start.String()}
	}
	return city.Text{ZH: "暂定：数据完整截至" + end.String(), EN: "provisional: data are complete to " + end.String()}
}

// byRule applies the completeness rule in force at the period, and gives the
// decimals that it prescribes.
func (j *judge) byRule(r *Row) int {
	var values []*string
	for _, b := range j.by {
		v := r.Dimensions[b]
		values = append(values, &v)
	}
	days := j.days[dimKey(values)]
	window := city.Span{From: r.From, To: r.To}
	v := j.verdict(window, days)
	r.Status, r.Reason = v.Status, v.Reason
	for against, value := range map[metric.Against]**float64{metric.AgainstYear: &r.Previous, metric.AgainstPeriod: &r.Before, metric.AgainstFestival: &r.Festival} {
		needs := r.period.Earlier[against]
		if len(needs) == 0 || j.verdict(needs[0], days).Status != metric.StatusValid {
			*value = nil
		}
	}
	// A rule prescribes the decimals of the value that it evaluates: the year's.
	if version, ok := j.rule.At(r.To); ok && version.Decimals >= 0 && window == city.GrainYear.Span(r.To) {
		return version.Decimals
	}
	return j.ind.Decimals
}

// verdict applies the rule to a window. One without a beginning is judged by
// its last month.
func (j *judge) verdict(window city.Span, days map[city.Date]int) metric.Verdict {
	if window.From.IsZero() {
		window.From = window.To.MonthStart()
	}
	return metric.Judge(j.rule, window, days, j.closed(window))
}

// closed is the day up to which the days of a window are counted: what is
// missing in a window that ended long ago will not come any more.
func (j *judge) closed(window city.Span) city.Date {
	if window.To.AddDays(closedAfter).Before(j.today) {
		return window.To
	}
	return j.covered.completeTo(j.today)
}
