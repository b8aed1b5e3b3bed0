package metric

import (
	"database/sql"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// fact is a row of the test table. Empty text and NaN stand for NULL.
type fact struct {
	day                  city.Date
	person, region, kind string
	level                float64
	delivery             string
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
	for _, p := range o.r.Period.Periods(o.r.Grain) {
		for key, in := range groups {
			if c, ok := o.cell(p, in); ok || len(o.r.By) == 0 {
				out[p.String()+key] = c
			}
		}
	}
	return out
}

func (o oracle) cell(p city.Date, in func(fact) bool) (cell, bool) {
	reach := o.r.Indicator.Measure.YearsBack()
	if o.r.Previous {
		reach++
	}
	any := false
	for back := range reach + 1 {
		any = any || len(o.rows(p, back, in)) > 0
	}
	c := cell{value: o.value(o.r.Indicator.Measure, p, 0, in), n: int64(len(o.rows(p, 0, in)))}
	if o.r.Previous && len(o.rows(p, 1, everything)) > 0 {
		c.previous = o.value(o.r.Indicator.Measure, p, 1, in)
	}
	return c, any
}

func everything(fact) bool { return true }

// rows are those of the period's window that many years back.
func (o oracle) rows(p city.Date, back int, in func(fact) bool) []fact {
	ind := o.r.Indicator
	to := o.r.Grain.Next(p).AddDays(-1)
	if to.After(o.r.Period.To) {
		to = o.r.Period.To
	}
	from := p
	if from.Before(o.r.Period.From) {
		from = o.r.Period.From
	}
	if ind.Window == city.WindowStock {
		from, to = from.MonthStart(), to.MonthEnd()
	}
	if to == to.MonthEnd() {
		to = city.NewDate(to.Year-back, to.Month, 1).MonthEnd()
	} else {
		to = to.AddYears(-back)
	}
	from = from.AddYears(-back)
	if ind.Window == city.WindowYear {
		from = city.Date{Year: to.Year, Month: 1, Day: 1}
	}
	hold := func(f fact) bool {
		return (ind.Window == city.WindowAll || !f.day.Before(from)) && !f.day.After(to) && f.satisfies(ind.Scope)
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

func (o oracle) value(m *city.Measure, p city.Date, back int, in func(fact) bool) sql.NullFloat64 {
	switch m.Kind {
	case city.MeasureDifference, city.MeasureRatio:
		a, b := o.value(m.Of[0], p, back, in), o.value(m.Of[1], p, back, in)
		ok := a.Valid && b.Valid
		if m.Kind == city.MeasureDifference {
			return sql.NullFloat64{Float64: a.Float64 - b.Float64, Valid: ok}
		}
		return sql.NullFloat64{Float64: a.Float64 / b.Float64, Valid: ok && b.Float64 != 0}
	case city.MeasureGrowth, city.MeasureIncrease:
		a, b := o.value(m.Of[0], p, back, in), o.value(m.Of[0], p, back+1, in)
		ok := a.Valid && b.Valid
		if m.Kind == city.MeasureIncrease {
			return sql.NullFloat64{Float64: a.Float64 - b.Float64, Valid: ok && len(o.rows(p, back+1, everything)) > 0}
		}
		return sql.NullFloat64{Float64: 100 * (a.Float64/b.Float64 - 1), Valid: ok && b.Float64 > 0}
	}
	return leafValue(m, o.rows(p, back, in))
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
		if !ok || g.n != w.n || !near(g.value, w.value) || !near(g.previous, w.previous) {
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
