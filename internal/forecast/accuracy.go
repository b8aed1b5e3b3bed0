package forecast

import "math"

// Accuracy is how wrong forecasts of a total were.
type Accuracy struct {
	MAE  float64  // mean absolute error, in the unit of the total
	MAPE *float64 // in percent of what the year came to; nil where that was nothing
}

// Record is the backtest of a total, beside the floor's.
type Record struct {
	Model, Floor Accuracy
	Folds        int // origins that saw the whole distance
	Horizon      int // the distance, which is shorter than asked when nothing has seen all of it
	// Skill is the part of the floor's error that the procedure saved; negative
	// when it did worse, zero when it chose the floor.
	Skill float64
	// Within is how many of Judged intervals, each drawn from what was known
	// then, held the truth.
	Within, Judged int
}

// Record looks back at how a total was foretold, at the distance asked for or
// at the longest that was seen. level is that of the intervals, as 0.8.
func (m *Model) Record(a Total, level float64) Record {
	_, seen := m.Errors(a)
	a = a.first(seen)
	r := Record{Horizon: seen}
	r.Model, r.Folds = m.accuracy(a, func(t Trial) []float64 { return t.Path })
	r.Floor, _ = m.accuracy(a, func(t Trial) []float64 { return t.Floor })
	if r.Floor.MAE > 0 {
		r.Skill = 1 - r.Model.MAE/r.Floor.MAE
	}
	for i, t := range m.Trials {
		if known := m.known(a, m.Trials[:i], t); len(t.Truth) >= seen && len(known) >= margin {
			low, high := NewDistribution(a.Of(t.Path), known, seen).Interval(level)
			r.Judged++
			if truth := a.Of(t.Truth); low <= truth && truth <= high {
				r.Within++
			}
		}
	}
	return r
}

// known are the errors that had been seen when a later trial began, in
// proportion to its level.
func (m *Model) known(a Total, before []Trial, later Trial) []Error {
	then := Model{level: later.level, scaled: m.scaled, season: m.season, steps: later.Origin, floor: later.Floor}
	for _, t := range before {
		if t.Origin+len(a.Weights) <= later.Origin {
			then.Trials = append(then.Trials, t)
		}
	}
	return then.at(a, func(t Trial) []float64 { return t.Path })
}

func (m *Model) accuracy(a Total, said func(Trial) []float64) (acc Accuracy, folds int) {
	share, shares := 0.0, 0
	for _, t := range m.saw(len(a.Weights)) {
		wrong := math.Abs(a.Of(t.Truth) - a.Of(said(t)))
		acc.MAE += wrong
		folds++
		if whole := math.Abs(m.year(a, t)); whole > 0 {
			share += wrong / whole
			shares++
		}
	}
	if folds > 0 {
		acc.MAE /= float64(folds)
	}
	if shares > 0 {
		percent := 100 * share / float64(shares)
		acc.MAPE = &percent
	}
	return acc, folds
}

// year is what the year came to that the total ends: the total with the steps
// known before it that make a year together.
func (m *Model) year(a Total, t Trial) float64 {
	truth := a.Of(t.Truth)
	rest := min(m.season-len(a.Weights), len(t.past))
	if a.Last || rest <= 0 {
		return truth
	}
	return truth + a.size()/float64(len(a.Weights))*total(t.past[len(t.past)-rest:])
}
