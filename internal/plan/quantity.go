package plan

import (
	"math"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/forecast"
)

// quantity is a value on its way: what is thought of it some steps on.
type quantity interface {
	at(h int) forecast.Distribution
	backtest() *Backtest
}

// way is what the quantities of a promise share: the month that is known, the
// steps to the deadline, and whether the value begins anew each year.
type way struct {
	last   city.Date // the month judged
	step   int       // months
	h      int       // steps to the deadline
	resets bool
	low    float64 // what the value cannot leave
	high   float64
}

// date is the month of the step h.
func (w way) date(h int) city.Date { return ahead(w.last, h*w.step) }

// counts says whether what comes in step k is part of the value at step h.
func (w way) counts(k, h int) bool { return !w.resets || w.date(k).Year == w.date(h).Year }

// carries says whether what is known now is part of the value at step h.
func (w way) carries(h int) bool { return w.counts(0, h) }

// linear is a value that adds up from what it is and from steps to come: every
// kind but the ratio.
type linear struct {
	way
	model *forecast.Model
	// weight is what the step k counts for in the value at step h.
	weight func(k, h int) float64
	// base is the part of the value at step h that is known.
	base func(h int) float64
	end  bool // the value is the last step itself, and no sum
	rate bool // a percentage, of which no percentage is taken
}

func (q *linear) total(h int) forecast.Total {
	if q.end {
		return forecast.Last(h)
	}
	t := forecast.Total{Weights: make([]float64, h)}
	for k := range t.Weights {
		if q.counts(k+1, h) {
			t.Weights[k] = q.weight(k+1, h)
		}
	}
	return t
}

func (q *linear) at(h int) forecast.Distribution {
	t := q.total(h)
	errors, _ := q.model.Errors(t)
	return forecast.NewDistribution(q.base(h)+t.Of(q.model.Path), errors, h).Within(q.low, q.high).Stepped(q.model.Step(t), q.base(h))
}

// Level is the probability that an interval stands for.
const Level = 0.8

func (q *linear) backtest() *Backtest {
	b := &Backtest{Record: q.model.Record(q.total(q.h), Level), Method: q.model.Method}
	b.Months = b.Horizon * q.step
	if q.rate {
		b.Model.MAPE, b.Floor.MAPE = nil, nil
	}
	return b
}

// quotient is a ratio of two running totals. Its errors are those of both sides
// at the same origins, because they go together.
type quotient struct {
	way
	over, under       *forecast.Model
	overNow, underNow float64
	scale             float64
	part              bool // what is over is part of what is under, in every step
}

func (q *quotient) total(h int) forecast.Total {
	t := forecast.Sum(h)
	for k := range t.Weights {
		if !q.counts(k+1, h) {
			t.Weights[k] = 0
		}
	}
	return t
}

// of is the ratio at step h when the sums to come are off by so much.
func (q *quotient) of(h int, over, under float64) float64 {
	t := q.total(h)
	a, b := t.Of(q.over.Path)+over, t.Of(q.under.Path)+under
	if q.carries(h) {
		a, b = a+q.overNow, b+q.underNow
	}
	if b <= 0 {
		return math.NaN()
	}
	return q.scale * a / b
}

// reach are the least and the greatest that the ratio can come to at step h, when
// what is to come is all or nothing: a part that has missed once does not
// reach the whole any more.
func (q *quotient) reach(h int) (low, high float64) {
	if !q.part {
		return q.low, q.high
	}
	come := q.total(h).Of(q.under.Path)
	have, of := 0.0, come
	if q.carries(h) {
		have, of = q.overNow, of+q.underNow
	}
	if of <= 0 {
		return q.low, q.high
	}
	return max(q.low, q.scale*have/of), min(q.high, q.scale*(have+come)/of)
}

// off are the errors of the ratio for errors of its sides. What neither side has
// been seen to be off by does not go together: the upper side alone is.
func (q *quotient) off(h int, over, under []forecast.Error) []forecast.Error {
	byOrigin := map[int]float64{}
	for _, e := range under {
		byOrigin[e.Origin] = e.Value
	}
	point := q.of(h, 0, 0)
	var out []forecast.Error
	for _, e := range over {
		other, ok := byOrigin[e.Origin]
		if e.Origin == forecast.Unseen {
			other, ok = 0, true
		}
		if ok {
			if v := q.of(h, e.Value, other) - point; !math.IsNaN(v) {
				out = append(out, forecast.Error{Origin: e.Origin, Value: v})
			}
		}
	}
	return out
}

func (q *quotient) at(h int) forecast.Distribution {
	over, _ := q.over.Errors(q.total(h))
	under, _ := q.under.Errors(q.total(h))
	low, high := q.reach(h)
	step, from := q.of(h, q.over.Step(q.total(h)), 0)-q.of(h, 0, 0), 0.0
	if q.part {
		from = high
	}
	return forecast.NewDistribution(q.of(h, 0, 0), q.off(h, over, under), h).Within(low, high).Stepped(step, from)
}

func (q *quotient) backtest() *Backtest {
	t := q.total(q.h)
	over, seen := q.over.Errors(t)
	under, _ := q.under.Errors(t)
	ours, floor := q.off(q.h, tried(over), under), q.off(q.h, q.over.FloorErrors(t), q.under.FloorErrors(t))
	b := &Backtest{Method: q.over.Method, Months: seen * q.step}
	b.Folds, b.Horizon = len(ours), seen
	b.Model.MAE, b.Floor.MAE = meanSize(ours), meanSize(floor)
	if b.Floor.MAE > 0 {
		b.Skill = 1 - b.Model.MAE/b.Floor.MAE
	}
	return b
}

// tried leaves out what no trial has seen.
func tried(errors []forecast.Error) []forecast.Error {
	return slices.DeleteFunc(errors, func(e forecast.Error) bool { return e.Origin == forecast.Unseen })
}

func meanSize(errors []forecast.Error) float64 {
	sum := 0.0
	for _, e := range errors {
		sum += math.Abs(e.Value)
	}
	return sum / float64(max(1, len(errors)))
}
