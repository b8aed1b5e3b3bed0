package forecast

import "math"

// Total is what is asked of the next steps: their sum with weights, or with
// Last the last of them alone.
type Total struct {
	Weights []float64 // as many as there are steps to the moment asked for
	Last    bool
}

// Sum asks for the sum of the next h steps.
func Sum(h int) Total { return Total{Weights: path(h, func(int) float64 { return 1 })} }

// Last asks for the value h steps on.
func Last(h int) Total { return Total{Weights: path(h, func(int) float64 { return 1 }), Last: true} }

// first asks the same of the first k steps. Where these do not count at all (the
// sum of next year, asked for in autumn), they are taken to count.
func (a Total) first(k int) Total {
	out := Total{a.Weights[:k], a.Last}
	if out.size() == 0 {
		return Sum(k)
	}
	return out
}

// size is what errors that never cancel out would grow with.
func (a Total) size() float64 {
	if a.Last {
		return float64(len(a.Weights))
	}
	sum := 0.0
	for _, w := range a.Weights {
		sum += math.Abs(w)
	}
	return sum
}

// Of computes the total of a path, which is as long as the weights at least.
func (a Total) Of(p []float64) float64 {
	h := len(a.Weights)
	if a.Last {
		return p[h-1] * a.Weights[h-1]
	}
	sum := 0.0
	for k, w := range a.Weights {
		sum += w * p[k]
	}
	return sum
}

// loss is how wrong a path is, half by its total and half step by step: the
// total is what is asked, and the steps say more where origins are few.
func (a Total) loss(p, truth []float64) float64 {
	k := len(truth)
	a = a.first(k)
	steps := 0.0
	for i := range truth {
		steps += math.Abs(truth[i] - p[i])
	}
	whole := math.Abs(a.Of(truth) - a.Of(p))
	if !a.Last {
		whole /= a.size()
	}
	return whole + steps/float64(k)
}

// Error is how far the truth was above the forecast of a total.
type Error struct {
	Origin int // steps known then
	Value  float64
}

// fewest is how many trials an error is taken from directly.
const fewest = 6

// Errors are the errors of a total in the backtest, in proportion to the
// present level, and the distance that they were seen at: where too few origins
// lie as far back as the total reaches, errors at a shorter distance are
// stretched. One of the origin Unseen may stand at the end.
func (m *Model) Errors(a Total) (errors []Error, seen int) {
	h := len(a.Weights)
	need := min(fewest, len(m.Trials))
	seen = h
	for seen > 1 && len(m.saw(seen)) < need {
		seen--
	}
	errors = m.at(a.first(seen), func(t Trial) []float64 { return t.Path })
	if seen == h {
		return append(errors, m.surprise(a, errors)...), seen
	}
	stretch := math.Pow(a.size()/a.first(seen).size(), m.growth(a, seen))
	for i := range errors {
		errors[i].Value *= stretch
	}
	return append(errors, m.surprise(a, errors)...), seen
}

// saw lists the trials that have seen a distance. The first few of all had no
// record to choose a method by and took the floor; they are left out where
// enough others are left.
func (m *Model) saw(k int) []Trial {
	var out, informed []Trial
	for i, t := range m.Trials {
		if len(t.Truth) < k {
			continue
		}
		out = append(out, t)
		if i >= margin {
			informed = append(informed, t)
		}
	}
	if len(informed) >= fewest {
		return informed
	}
	return out
}

func (m *Model) at(a Total, said func(Trial) []float64) []Error {
	var out []Error
	for _, t := range m.saw(len(a.Weights)) {
		out = append(out, Error{t.Origin, m.carry(a, t) * (a.Of(t.Truth) - a.Of(said(t)))})
	}
	return out
}

// Distribution is what is thought of a total, which is not below zero where the
// series never was.
func (m *Model) Distribution(a Total) Distribution {
	errors, _ := m.Errors(a)
	d := NewDistribution(a.Of(m.Path), errors, len(a.Weights)).Stepped(m.Step(a), 0)
	if m.scaled {
		d = d.Within(0, math.Inf(1))
	}
	return d
}

// Step is the step that a total moves in where the series has whole numbers only
// and all that is counted counts alike; otherwise zero, it takes any value.
func (m *Model) Step(a Total) float64 {
	if !m.whole {
		return 0
	}
	step := 0.0
	for k, w := range a.Weights {
		switch {
		case w == 0 || a.Last && k < len(a.Weights)-1:
		case step == 0:
			step = math.Abs(w)
		case math.Abs(w) != step:
			return 0
		}
	}
	return step
}

// FloorErrors are what the errors of a total would have been with seasonal
// naive, at the distance that Errors are seen at.
func (m *Model) FloorErrors(a Total) []Error {
	_, seen := m.Errors(a)
	return m.at(a.first(seen), func(t Trial) []float64 { return t.Floor })
}
