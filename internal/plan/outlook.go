package plan

import (
	"fmt"
	"math"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/forecast"
)

// farthest is how many months ahead a forecast is made.
const farthest = 24

// look fills in where a value goes, and the curve of it. month is the one
// judged, and p the promise as it stands there.
func (e *evaluation) look(r *Result, month city.Date, p promise) {
	r.Needed = e.needed(month, p)
	if e.final() || e.settled(p, p.kept(e.stated(*r.Actual))) {
		e.sure(r, p, month)
		if e.final() {
			return
		}
	}
	if months := between(month, e.Target.Deadline.MonthStart()); months > farthest {
		r.Note = city.Text{
			ZH: fmt.Sprintf("距期限还有%d个月，最多预测%d个月。", months, farthest),
			EN: fmt.Sprintf("The deadline is %d months off; forecasts are made for %d at most.", months, farthest),
		}
		return
	}
	q, ok := e.quantity(month)
	if !ok {
		r.Note = e.tooShort(month)
		return
	}
	way := e.steps(e.series, month)
	d := q.at(way.h)
	if math.IsNaN(d.Point) {
		r.Note = e.tooShort(month)
		return
	}
	low, high := d.Interval(Level)
	b := q.backtest()
	shift := e.shift(month) // a relative target's difference, back to its own value
	r.Forecast = &Forecast{At: e.Target.Deadline, Value: d.Point + shift, Low: low + shift, High: high + shift, Level: Level, Method: b.Method}
	r.Backtest = b
	if r.Probability == nil {
		chance := math.Round(1e4*e.chance(d)) / 1e4 // the rest is noise
		r.Probability = &chance
	}
	e.ahead(r, month, q, way, shift)
}

// sure is the probability of what nothing can change any more, and at the
// deadline the forecast that has become the value.
func (e *evaluation) sure(r *Result, p promise, month city.Date) {
	kept := 0.0
	if p.kept(e.stated(*r.Actual)) {
		kept = 1
	}
	r.Probability = &kept
	if e.final() {
		r.Forecast = &Forecast{At: r.At, Value: *r.Actual, Low: *r.Actual, High: *r.Actual, Level: Level}
	}
}

// ahead puts the forecast on the curve, from the month judged on.
func (e *evaluation) ahead(r *Result, month city.Date, q quantity, w way, shift float64) {
	at := map[string]int{}
	for i, p := range r.Curve {
		at[p.Period] = i
	}
	put := func(d city.Date, v, low, high float64) {
		if i, ok := at[city.GrainMonth.Label(d)]; ok {
			r.Curve[i].Forecast, r.Curve[i].Low, r.Curve[i].High = &v, &low, &high
		}
	}
	put(month, *r.Actual, *r.Actual, *r.Actual)
	for h := 1; h <= w.h; h++ {
		d := q.at(h)
		low, high := d.Interval(Level)
		put(w.date(h), d.Point+shift, low+shift, high+shift)
	}
}

// shift is what a difference is set on: the last value of the indicator that a
// relative target is compared with, and nothing for other targets.
func (e *evaluation) shift(month city.Date) float64 {
	if e.Target.Kind != city.TargetRelative {
		return 0
	}
	other, _ := e.relative.value(month)
	return other
}

// chance is the probability that a value so distributed keeps the promise. That
// of a relative target is about the difference.
func (e *evaluation) chance(d forecast.Distribution) float64 {
	margin := 0.0
	if e.Target.Value != nil {
		margin = *e.Target.Value
	}
	p := promised(e.Target, e.Indicator.Better, margin)
	low, high := 0.0, 1.0
	if p.low != nil {
		if bound := e.edge(*p.low, false, p.strict); p.strict {
			low = d.Below(bound)
		} else {
			low = 1 - d.AtLeast(bound)
		}
	}
	if p.high != nil {
		if bound := e.edge(*p.high, true, p.strict); p.strict {
			high = 1 - d.AtLeast(bound)
		} else {
			high = d.Below(bound)
		}
	}
	return min(1, max(0, high-low))
}

// tooShort says why nothing is foretold.
func (e *evaluation) tooShort(month city.Date) city.Text {
	known := e.series.known(month)
	step := stepOf(known)
	need := forecast.Shortest(12/step) * step
	if e.accumulates() == asRatio || between(known[0], month)+step < need {
		return city.Text{
			ZH: fmt.Sprintf("预测至少需要%d个月的历史数据，目前有%d个月，暂不预测。", need, between(known[0], month)+step),
			EN: fmt.Sprintf("A forecast needs %d months of past values; known so far: %d.", need, between(known[0], month)+step),
		}
	}
	return city.Text{ZH: "往年同期的数据不全，暂不预测。", EN: "The past is known with too many gaps for a forecast."}
}
