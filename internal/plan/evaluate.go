package plan

import (
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Evaluate says how a promise stands. It never fails: what cannot be judged has
// the state no_data and a reason.
func Evaluate(in Input) Result {
	t := in.Target
	if in.Indicator == nil && in.Reported != nil {
		return reported(in)
	}
	if in.Indicator == nil || t.Kind == city.TargetMilestone || (t.Value == nil && t.Kind != city.TargetRelative) {
		return none(unbound(t))
	}
	e := newEvaluation(in)
	r := Result{Curve: e.curve(), Basis: e.basis()}
	e.judge(&r)
	return r
}

func none(reason city.Text) Result {
	return Result{Light: LightNone, State: StateNoData, Reason: reason}
}

// evaluation is a promise with its values at hand.
type evaluation struct {
	Input
	series   months
	relative months
	pace     pacer
}

func newEvaluation(in Input) *evaluation {
	series := byMonth(in.Series)
	return &evaluation{in, series, byMonth(in.Relative), newPacer(in, series)}
}

// promise is the promise as it stands in a month; false when the indicator that
// a relative target is compared with has no value there.
func (e *evaluation) promise(month city.Date) (promise, bool) {
	value := 0.0
	if e.Target.Value != nil {
		value = *e.Target.Value
	}
	if e.Target.Kind == city.TargetRelative {
		other, ok := e.relative.value(month)
		if !ok {
			return promise{}, false
		}
		value += other
	}
	return promised(e.Target, e.Indicator.Better, value), true
}

func (e *evaluation) judge(r *Result) {
	r.Light, r.State = LightNone, StateNoData
	if e.Today.Before(e.Target.From) {
		r.Reason = notYet(e.Target)
		return
	}
	month, ok := e.latest()
	if !ok {
		r.Reason = e.noValue()
		return
	}
	if m := e.series[month]; m.Status == StatusNotValid {
		r.Reason = notValid(month, m.Reason)
		return
	}
	p, ok := e.promise(month)
	if !ok {
		r.Reason = noComparison(month)
		return
	}
	e.weigh(r, month, p)
}

// latest is the first day of the latest month since the begin that is complete,
// not after the deadline, and has a value or a rule that forbids it.
func (e *evaluation) latest() (city.Date, bool) {
	last := e.CompleteTo
	if e.Target.Deadline.Before(last) {
		last = e.Target.Deadline.MonthEnd()
	}
	for m := last.MonthStart(); !m.Before(e.pace.begin.MonthStart()); m = city.NewDate(m.Year, m.Month-1, 1) {
		if m.MonthEnd().After(e.CompleteTo) {
			continue
		}
		if _, ok := e.series.value(m); ok || e.series[m].Status == StatusNotValid {
			return m, true
		}
	}
	return city.Date{}, false
}

// weigh fills a result for the month's value.
func (e *evaluation) weigh(r *Result, month city.Date, p promise) {
	v, _ := e.series.value(month)
	s := p.stand(e.stated(v), e.pace, month)
	expected := p.expected(e.pace, month)
	r.At, r.Actual, r.Pace, r.Lag = month.MonthEnd(), &v, &expected, &s.lag
	if before, ok := e.series.value(yearBefore(month)); ok {
		r.Previous = &before
	}
	if p.low != nil && p.value > 0 && e.Target.Kind != city.TargetRelative {
		progress := 100 * v / p.value
		r.Progress = &progress
	}
	e.look(r, month, p)
	r.State, r.Light = e.state(p, e.stated(v), s, r.Probability)
	r.Reason = e.sentence(*r, p, s)
}

// final says that the data hold everything up to the deadline.
func (e *evaluation) final() bool { return !e.CompleteTo.Before(e.Target.Deadline.MonthEnd()) }

// state turns a standing into a state and its light.
func (e *evaluation) state(p promise, v float64, s standing, probability *float64) (State, Light) {
	kept := p.kept(v)
	yellow, red, ok := e.thresholds(p, s)
	switch {
	case e.final() && kept:
		return StateMet, LightGreen
	case e.final():
		return StateMissed, LightRed
	case e.settled(p, kept) && kept:
		return StateMet, LightGreen
	case e.settled(p, kept):
		return StateWillMiss, LightRed
	case probability != nil && len(e.Likelihood.Params) > 0:
		return e.likely(*probability)
	case !ok:
		return StateNoData, LightNone
	case s.lag > 0 && s.lag > red:
		return StateWillMiss, LightRed
	case s.lag > 0 && s.lag >= yellow, s.level && !kept:
		return StateAtRisk, LightYellow
	}
	return StateOnPace, LightGreen
}

// likely is the light of a probability.
func (e *evaluation) likely(probability float64) (State, Light) {
	switch params := e.Likelihood.Params; {
	case probability >= params["green"]:
		return StateOnPace, LightGreen
	case probability < params["red"]:
		return StateWillMiss, LightRed
	}
	return StateAtRisk, LightYellow
}

// thresholds are those of the rule; false when the pack's rule lacks them.
func (e *evaluation) thresholds(p promise, s standing) (yellow, red float64, ok bool) {
	params := e.Lights.Params
	yellow, hasYellow := params["yellow"]
	red, hasRed := params["red"]
	if p.limit() && (s.level || e.pace.kind == city.PaceRamp) {
		if v, ok := params["limit_yellow"]; ok {
			yellow = v
		}
		if v, ok := params["limit_red"]; ok {
			red = v
		}
	}
	return yellow, red, hasYellow && hasRed
}

// settled says that nothing that may still happen can change whether the
// promise is kept: a count that grows to the end has reached what it must
// reach, or passed what it must not.
func (e *evaluation) settled(p promise, kept bool) bool {
	if e.Indicator.Window != city.WindowYear && e.Indicator.Window != city.WindowAll || !grows(e.Indicator.Measure) {
		return false
	}
	sameYear := e.pace.begin.Year == e.Target.Deadline.Year || e.Indicator.Window == city.WindowAll
	return sameYear && (p.limit() && !kept || p.high == nil && kept)
}

// grows says whether more rows can only raise the measure. A sum is taken to be
// one of amounts, which are not negative; a difference may fall.
func grows(m *city.Measure) bool {
	if m == nil || m.Factor < 0 {
		return false
	}
	switch m.Kind {
	case city.MeasureCount, city.MeasureCountDistinct, city.MeasureSum, city.MeasureMax:
		return true
	}
	return false
}

// curve lists the months from January of the plan's year to December, and on to
// today while a later deadline is open.
func (e *evaluation) curve() []Point {
	end := e.Year
	if last := min(e.Target.Deadline.Year, e.Today.Year); last > end {
		end = last
	}
	var out []Point
	for m := (city.Date{Year: e.Year, Month: time.January, Day: 1}); m.Year <= end; m = city.GrainMonth.Next(m) {
		out = append(out, e.point(m))
	}
	return out
}

func (e *evaluation) point(m city.Date) Point {
	p := Point{Period: city.GrainMonth.Label(m), Status: StatusNoData}
	begun := !m.MonthEnd().Before(e.pace.begin)
	if pr, ok := e.promise(m); ok && begun && !m.After(e.Target.Deadline) {
		expected := pr.expected(e.pace, m)
		p.Pace = &expected
	}
	if before, ok := e.series.value(yearBefore(m)); ok {
		p.Previous = &before
	}
	known := !m.After(e.CompleteTo) && !m.After(e.Today)
	if v, ok := e.series.value(m); ok && known {
		p.Value, p.Status = &v, e.status(m)
	} else if s := e.series[m].Status; s == StatusNotValid && known {
		p.Status = s
	}
	return p
}

// status of a value that may be stated: a month that is not complete is
// provisional, whatever its source says.
func (e *evaluation) status(m city.Date) Status {
	if e.series[m].Status == StatusProvisional || m.MonthEnd().After(e.CompleteTo) {
		return StatusProvisional
	}
	return StatusValid
}
