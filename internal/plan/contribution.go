package plan

import (
	"math"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Contribution is what one member of a whole (a district, a kind, a month) adds
// to the gap between the actual value and the one expected. The contributions of
// a whole sum to its gap.
type Contribution struct {
	Member   string
	Actual   *float64 // the member's own value; nil where what is left over has none
	Expected *float64 // what the member would have without a gap
	Gap      float64  // its part of the gap, in the unit of the value
}

// Rest is the member that holds what cannot be given to any: rows without a
// member, persons counted in several, members that may not be shown.
const Rest = ""

// Member is what is known of one part of a whole. Which fields count depends on
// how the whole is made up.
type Member struct {
	Name   string
	Value  float64 // its value now
	Before float64 // its value in the same window of the year before
	Weight float64 // its denominator, or the rows behind its mean
}

// Additive explains a gap of a whole that is the sum of its members: each is
// expected to have the part of the expected value that it had of the year
// before's, which before is the whole of, or an equal part where nothing is
// known of that. What a member takes away (those who left work) is a negative
// part.
func Additive(actual, expected float64, members []Member, before float64) []Contribution {
	var out []Contribution
	own, due := 0.0, 0.0
	for _, m := range members {
		share := 1 / float64(len(members))
		if before > 0 {
			share = m.Before / before
		}
		v, e := m.Value, expected*share
		own, due = own+v, due+e
		out = append(out, Contribution{m.Name, &v, &e, v - e})
	}
	out = rest(out, actual-expected)
	if n := len(out); n > len(members) {
		left, leftDue := actual-own, expected-due
		out[n-1].Actual, out[n-1].Expected = &left, &leftDue
	}
	return out
}

// Weighed explains a gap of a whole that is a mean of its members by their
// weights, as a mean or a ratio of sums is: a member adds its share of the
// weights times how far its own value is from the expected one.
//
//	V − E = Σ wᵢ/W · (vᵢ − E)
//
// It holds exactly, because V = Σ wᵢ/W · vᵢ and the shares sum to one. Whether a
// member's weight has changed is part of its contribution.
func Weighed(actual, expected float64, members []Member) []Contribution {
	all := 0.0
	for _, m := range members {
		all += m.Weight
	}
	var out []Contribution
	for _, m := range members {
		if all == 0 {
			break
		}
		own, due := m.Value, expected
		out = append(out, Contribution{m.Name, &own, &due, m.Weight / all * (own - due)})
	}
	return rest(out, actual-expected)
}

// Grown explains a gap of a growth on the year before, in percent: a member adds
// what it grew by over what the whole was, and is expected to add the expected
// rate on what it was itself.
//
//	G − E = Σ 100·(nowᵢ − beforeᵢ)/B − E·beforeᵢ/B
func Grown(actual, expected float64, members []Member, before float64) []Contribution {
	var out []Contribution
	for _, m := range members {
		if before <= 0 {
			break
		}
		own, due := 100*(m.Value-m.Before)/before, expected*m.Before/before
		out = append(out, Contribution{m.Name, &own, &due, own - due})
	}
	return rest(out, actual-expected)
}

// rest adds what is left of the gap, unless it is noise of binary fractions.
func rest(list []Contribution, gap float64) []Contribution {
	left, size := gap, math.Abs(gap)
	for _, c := range list {
		left -= c.Gap
		size = max(size, math.Abs(*c.Actual), math.Abs(*c.Expected))
	}
	if math.Abs(left) > 1e-12*max(1, size) { // more than rounding of the last digits
		list = append(list, Contribution{Member: Rest, Gap: left})
	}
	return list
}

// ByMonth explains a gap by the months of the year: what each added against
// what the pace had it add; for a mean or a ratio its share of the weight so far
// times how far its own value is from the pace; for a stock its change against
// that of the pace. Member names are months such as 2024-03; what came before
// January is the rest.
func ByMonth(in Input, r Result) []Contribution {
	if r.Actual == nil || r.Pace == nil || in.Indicator == nil || in.Target.Kind == city.TargetRelative {
		return nil
	}
	e := newEvaluation(in)
	month := r.At.MonthStart()
	switch e.accumulates() {
	case asTotal:
		if e.Indicator.Window != city.WindowAll {
			return e.monthly(r, e.series.added(month, stepOf(e.series.known(month)), true))
		}
	case asMean:
		values, weights := e.series.means(month, stepOf(e.series.known(month)))
		return e.weighedMonths(r, values, weights)
	case asRatio:
		step := stepOf(e.series.known(month))
		return e.ratioMonths(r, byMonth(e.Parts.Over).added(month, step, true), byMonth(e.Parts.Under).added(month, step, true))
	}
	return nil
}

// monthly sets what each month added against what the pace had it add.
func (e *evaluation) monthly(r Result, added past) []Contribution {
	p, ok := e.promise(r.At.MonthStart())
	if !ok {
		return nil
	}
	var out []Contribution
	before := 0.0
	for i, v := range added.values {
		d := ahead(added.first, i*added.step)
		if d.Year != r.At.Year || math.IsNaN(v) {
			continue
		}
		to := p.expected(e.pace, d)
		due := to
		if e.pace.kind != city.PaceLevel {
			due = to - before
		} else if d.Month > 1 { // a limit for the whole year is there from January
			due = 0
		}
		before = to
		own := v
		out = append(out, Contribution{city.GrainMonth.Label(d), &own, &due, own - due})
	}
	return rest(out, *r.Actual-*r.Pace)
}

func (e *evaluation) weighedMonths(r Result, values, weights past) []Contribution {
	var members []Member
	for i, v := range values.values {
		if d := ahead(values.first, i*values.step); d.Year == r.At.Year && !math.IsNaN(v) {
			members = append(members, Member{Name: city.GrainMonth.Label(d), Value: v, Weight: weights.values[i]})
		}
	}
	return Weighed(*r.Actual, *r.Pace, members)
}

func (e *evaluation) ratioMonths(r Result, over, under past) []Contribution {
	var members []Member
	for i, b := range under.values {
		d := ahead(under.first, i*under.step)
		k := between(over.first, d) / max(1, over.step)
		if d.Year != r.At.Year || k < 0 || k >= len(over.values) || !(b > 0) || math.IsNaN(over.values[k]) {
			continue
		}
		members = append(members, Member{Name: city.GrainMonth.Label(d), Value: e.scale() * over.values[k] / b, Weight: b})
	}
	return Weighed(*r.Actual, *r.Pace, members)
}

// Latest is the month that a promise is judged by, if there is one.
func Latest(in Input) (city.Date, bool) {
	if in.Indicator == nil {
		return city.Date{}, false
	}
	return newEvaluation(in).latest()
}

// Form says how the members of a whole make its value up.
type Form string

const (
	FormAdditive Form = "additive"
	FormWeighed  Form = "weighed" // by Member.Weight
	FormGrowth   Form = "growth"
	FormNone     Form = "" // cannot be taken apart: a percentile, a published rate
)

// FormOf is the form of a measure.
func FormOf(m *city.Measure) Form {
	switch {
	case m == nil:
		return FormNone
	case m.Flows():
		return FormAdditive
	case m.Kind == city.MeasureMean, m.Kind == city.MeasureRatio:
		return FormWeighed
	case m.Kind == city.MeasureGrowth && m.On != city.AgainstPeriod && m.On != city.AgainstFestival:
		return FormGrowth
	}
	return FormNone
}
