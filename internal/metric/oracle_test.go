package metric

import (
	"database/sql"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// fact is a row of the test table. Empty text and NaN stand for NULL.
type fact struct {
	day                  city.Date
	person, region, kind string
	level                float64
	delivery             string
	other                bool // stands in the other dataset
}

func (f fact) sql() string {
	text := func(s string) string {
		if s == "" {
			return "NULL"
		}
		return "'" + s + "'"
	}
	level := "NULL"
	if !math.IsNaN(f.level) {
		level = fmt.Sprint(f.level)
	}
	return fmt.Sprintf("('%s', %s, %s, %s, %s, '%s')", f.day, text(f.person), text(f.region), text(f.kind), level, f.delivery)
}

func (f fact) text(field string) string {
	switch field {
	case "person":
		return f.person
	case "region":
		return f.region
	}
	return f.kind
}

func (f fact) satisfies(list []city.Condition) bool {
	for _, c := range list {
		if v := f.text(c.Field); (v != "" && slices.Contains(c.Values, v)) == c.Not {
			return false
		}
	}
	return true
}

// oracle answers questions by brute force over rows in memory. It shares no
// code with the compiler but the declared types.
type oracle struct {
	facts []fact
	r     Request
}

func (o oracle) answer() map[string]cell {
	groups := map[string]func(fact) bool{"": func(fact) bool { return true }}
	if len(o.r.By) > 0 {
		groups = map[string]func(fact) bool{}
		for _, f := range o.facts {
			key := ""
			for _, d := range o.r.By {
				v := f.text(d)
				if v == "" {
					v = "NULL"
				}
				key += " " + v
			}
			groups[key] = func(g fact) bool {
				return !slices.ContainsFunc(o.r.By, func(d string) bool { return f.text(d) != g.text(d) })
			}
		}
	}
	out := map[string]cell{}
	for _, p := range o.periods() {
		for key, in := range groups {
			if c, ok := o.cell(p, in); ok || len(o.r.By) == 0 {
				out[p.String()+key] = c
			}
		}
	}
	return out
}

// periods lists the first days of the periods.
func (o oracle) periods() []city.Date {
	if o.r.Grain == city.GrainAll {
		return []city.Date{o.r.Period.From}
	}
	var out []city.Date
	for d := o.r.Period.From; !d.After(o.r.Period.To); d = d.AddDays(1) {
		start := d
		switch {
		case o.r.Grain == city.GrainYear:
			start = city.NewDate(d.Year, 1, 1)
		case o.r.Grain == city.GrainQuarter:
			start = city.NewDate(d.Year, d.Month-(d.Month-1)%3, 1)
		case o.r.Grain == city.GrainMonth && o.r.Combine && d.Month == 2:
			start = city.NewDate(d.Year, 1, 1)
		case o.r.Grain == city.GrainMonth:
			start = city.NewDate(d.Year, d.Month, 1)
		}
		if !slices.Contains(out, start) {
			out = append(out, start)
		}
	}
	return out
}

// months is how many months the period has, 0 for one that is not of whole months.
func (o oracle) months(p city.Date) int {
	switch o.r.Grain {
	case city.GrainYear:
		return 12
	case city.GrainQuarter:
		return 3
	case city.GrainMonth:
		if o.r.Combine && p.Month == 1 {
			return 2
		}
		return 1
	case city.GrainDay:
		return 0
	}
	n := 0
	for d := o.r.Period.From; d.Day == 1 && !d.After(o.r.Period.To); d = city.NewDate(d.Year, d.Month+1, 1) {
		if n++; city.NewDate(d.Year, d.Month+1, 0) == o.r.Period.To {
			return n
		}
	}
	return 0
}

func (o oracle) cell(p city.Date, in func(fact) bool) (cell, bool) {
	var shifts []shift
	for _, s := range append([]shift{{}}, o.against()...) {
		shifts = append(shifts, o.reach(o.r.Indicator.Measure, s)...)
	}
	any := false
	ind := o.r.Indicator
	for _, s := range shifts {
		for _, part := range indicatorsOf(ind, ind.Measure) {
			any = any || len(o.rows(part, p, s, in)) > 0
		}
	}
	c := cell{value: o.value(ind, ind.Measure, p, shift{}, in), n: int64(len(o.rows(ind, p, shift{}, in)))}
	for _, s := range o.against() {
		if len(o.rows(ind, p, s, everything)) == 0 {
			continue
		}
		v := o.value(ind, ind.Measure, p, s, in)
		switch s {
		case shift{years: 1}:
			c.previous = v
		case shift{periods: 1}:
			c.before = v
		default:
			c.festival = v
		}
	}
	return c, any
}

// against lists the shifts that are to be shown.
func (o oracle) against() []shift {
	var out []shift
	for _, a := range o.r.Against {
		out = append(out, earlier(shift{}, a))
	}
	return out
}

func earlier(s shift, a Against) shift {
	switch a {
	case AgainstPeriod:
		s.periods++
	case AgainstFestival:
		s.festivals++
	default:
		s.years++
	}
	return s
}

func (o oracle) reach(m *city.Measure, s shift) []shift {
	out := []shift{s}
	for _, of := range m.Of {
		out = append(out, o.reach(of, s)...)
		if m.Kind == city.MeasureGrowth || m.Kind == city.MeasureIncrease {
			out = append(out, o.reach(of, earlier(s, m.On))...)
		}
	}
	return out
}

// indicatorsOf lists whose rows a measure reads.
func indicatorsOf(own *city.Indicator, m *city.Measure) []*city.Indicator {
	out := []*city.Indicator{own}
	if m.Indicator != nil {
		out, own = append(out, m.Indicator), m.Indicator
	}
	for _, of := range m.Of {
		out = append(out, indicatorsOf(own, of)...)
	}
	return out
}

func everything(fact) bool { return true }

// window gives the days of a period's window, moved by a shift.
func (o oracle) window(ind *city.Indicator, p city.Date, s shift) (from, to city.Date, ok bool) {
	months := o.months(p)
	last := o.r.Period.To
	switch {
	case months > 0:
		last = city.NewDate(p.Year, p.Month+time.Month(months), 0)
	case o.r.Grain == city.GrainDay:
		last = p
	}
	days := 0
	for d := p; !d.After(last); d = d.AddDays(1) {
		days++
	}
	start, from, to := p, p, last
	if to.After(o.r.Period.To) {
		to = o.r.Period.To
	}
	if from.Before(o.r.Period.From) {
		from = o.r.Period.From
	}
	earlierDay := func(d city.Date, periods int, last bool) city.Date {
		if months == 0 {
			return backMonths(d.AddDays(-days*periods), 12*s.years, false)
		}
		return backMonths(backMonths(d, months*periods, last), 12*s.years, last)
	}
	from, to = earlierDay(from, s.periods, false), earlierDay(to, s.periods, true)
	kind := ind.Window
	if o.r.Window != "" && kind != city.WindowStock {
		kind = o.r.Window
	}
	rolling := o.r.Rolling > 0 && kind != city.WindowStock
	switch {
	case rolling:
		from = earlierDay(start, s.periods+o.r.Rolling-1, false)
	case kind == city.WindowStock:
		from, to = from.MonthStart(), to.MonthEnd()
	case kind == city.WindowYear:
		from = city.NewDate(to.Year, 1, 1)
	case kind == city.WindowAll:
		from = city.NewDate(1, 1, 1)
	}
	if s.festivals == 0 {
		return from, to, true
	}
	now, then := festivals[to.Year], festivals[to.Year-s.festivals]
	if now == 0 || then == 0 {
		return from, to, false
	}
	// Both are days of the year, so the same day of the year is to move by
	// their difference, and back by the days of the years between.
	n := 0
	for y := to.Year - s.festivals; y < to.Year; y++ {
		n += city.NewDate(y, 12, 31).Time().YearDay()
	}
	n += now - then
	if kind != city.WindowAll || rolling {
		from = from.AddDays(-n)
	}
	return from, to.AddDays(-n), true
}

// festivals are the days of the year of the test city's festival; 2022 and all
// before are not known.
var festivals = map[int]int{2023: 22, 2024: 41}

func backMonths(d city.Date, n int, last bool) city.Date {
	end := city.NewDate(d.Year, d.Month-time.Month(n)+1, 0)
	if n == 0 {
		return d
	}
	if last && city.NewDate(d.Year, d.Month+1, 0) == d || d.Day > end.Day {
		return end
	}
	return city.NewDate(end.Year, end.Month, d.Day)
}

// rows are those of the period's window, moved by a shift.
func (o oracle) rows(ind *city.Indicator, p city.Date, s shift, in func(fact) bool) []fact {
	from, to, ok := o.window(ind, p, s)
	if !ok {
		return nil
	}
	hold := func(f fact) bool {
		return f.other == (ind.Dataset == "test.other") && !f.day.Before(from) && !f.day.After(to) && f.satisfies(ind.Scope)
	}
	if ind.Window == city.WindowStock {
		var last city.Date
		for _, f := range o.facts {
			if hold(f) && f.day.After(last) {
				last = f.day
			}
		}
		if last.IsZero() {
			return nil
		}
		from = last.MonthStart()
	}
	var out []fact
	for _, f := range o.facts {
		if hold(f) && f.satisfies(o.r.Where) && in(f) {
			out = append(out, f)
		}
	}
	return out
}

func (o oracle) value(ind *city.Indicator, m *city.Measure, p city.Date, s shift, in func(fact) bool) sql.NullFloat64 {
	v := o.plain(ind, m, p, s, in)
	if m.Factor != 0 {
		v.Float64 *= m.Factor
	}
	return v
}

func (o oracle) plain(ind *city.Indicator, m *city.Measure, p city.Date, s shift, in func(fact) bool) sql.NullFloat64 {
	of := func(i int, s shift) sql.NullFloat64 { return o.value(ind, m.Of[i], p, s, in) }
	switch m.Kind {
	case city.MeasureIndicator:
		return o.value(m.Indicator, m.Of[0], p, s, in)
	case city.MeasureLimit:
		return o.limit(p, s)
	case city.MeasureIndex:
		sum := num(0)
		for i := range m.Of {
			v := of(i, s)
			sum.Float64, sum.Valid = sum.Float64+v.Float64, sum.Valid && v.Valid
		}
		return sum
	case city.MeasureDifference, city.MeasureRatio, city.MeasureShare:
		a, b := of(0, s), of(1, s)
		ok := a.Valid && b.Valid
		if m.Kind == city.MeasureDifference {
			return sql.NullFloat64{Float64: a.Float64 - b.Float64, Valid: ok}
		}
		return sql.NullFloat64{Float64: a.Float64 / b.Float64, Valid: ok && b.Float64 != 0}
	case city.MeasureGrowth, city.MeasureIncrease:
		then := earlier(s, m.On)
		a, b := of(0, s), of(0, then)
		ok := a.Valid && b.Valid
		if m.Kind == city.MeasureIncrease {
			return sql.NullFloat64{Float64: a.Float64 - b.Float64, Valid: ok && len(o.rows(ind, p, then, everything)) > 0}
		}
		return sql.NullFloat64{Float64: 100 * (a.Float64/b.Float64 - 1), Valid: ok && b.Float64 > 0}
	}
	return leafValue(m, o.rows(ind, p, s, in))
}

// limit is the parameter s of the rule test.limits on the last day of a window.
func (o oracle) limit(p city.Date, s shift) sql.NullFloat64 {
	_, to, ok := o.window(o.r.Indicator, p, s)
	switch {
	case !ok || to.After(city.NewDate(2024, 3, 31)):
		return sql.NullFloat64{}
	case to.After(city.NewDate(2023, 6, 30)):
		return num(2.5)
	}
	return num(4)
}

func leafValue(m *city.Measure, rows []fact) sql.NullFloat64 {
	var values []float64
	persons := map[string]bool{}
	matching := 0
	for _, f := range rows {
		if !f.satisfies(m.Where) {
			continue
		}
		matching++
		if f.person != "" {
			persons[f.person] = true
		}
		if !math.IsNaN(f.level) {
			values = append(values, f.level)
		}
	}
	sort.Float64s(values)
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	n := len(values)
	switch m.Kind {
	case city.MeasureCount:
		return num(float64(matching))
	case city.MeasureCountDistinct:
		return num(float64(len(persons)))
	case city.MeasureSum:
		return sql.NullFloat64{Float64: sum, Valid: n > 0 || len(m.Where) > 0 && len(rows) > matching}
	}
	if n == 0 {
		return sql.NullFloat64{}
	}
	switch m.Kind {
	case city.MeasureMean:
		return num(sum / float64(n))
	case city.MeasureMin:
		return num(values[0])
	case city.MeasureMax:
		return num(values[n-1])
	}
	k := float64(n-1) * m.P / 100
	s := int(k)
	if s == n-1 {
		return num(values[s])
	}
	return num(values[s] + (values[s+1]-values[s])*(k-float64(s)))
}

// differ says how two answers differ; empty when they do not.
func differ(got, want map[string]cell) string {
	var out []string
	for key, w := range want {
		g, ok := got[key]
		if !ok || g.n != w.n || !near(g.value, w.value) || !near(g.previous, w.previous) || !near(g.before, w.before) || !near(g.festival, w.festival) {
			out = append(out, fmt.Sprintf("%s: got %+v (%v), want %+v", key, g, ok, w))
		}
	}
	for key, g := range got {
		if _, ok := want[key]; !ok {
			out = append(out, fmt.Sprintf("%s: got %+v, want no such row", key, g))
		}
	}
	sort.Strings(out)
	return strings.Join(out, "\n")
}
