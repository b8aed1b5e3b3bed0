package forecast

import "math"

// Unseen is the origin of an error that no trial made: what a forecast may be off
// by though none was (see Errors).
const Unseen = -1

// restless is the part of the usual change from step to step that an error which
// was not seen yet is taken to be.
const restless = 0.5

// surprise is one more error where those of the trials are small beside how the
// series moves: it may move so when no trial has seen it to.
func (m *Model) surprise(a Total, errors []Error) []Error {
	size := restless * m.change * math.Pow(a.size(), a.growing().usual)
	if a.Last {
		size *= math.Abs(a.Weights[len(a.Weights)-1])
	}
	if size <= spread(errors) {
		return nil
	}
	return []Error{{Unseen, size}}
}

// spans are the powers of the distance that the errors of a total are taken to
// grow by: the least, the usual and the greatest.
type spans struct{ least, usual, most float64 }

// growing are the spans of a total. The error of a single step of a series with a
// season hardly grows; that of a walk grows with the root. Errors of steps in a
// row go together, so that of a sum grows nearly with its size, and with a walk
// below it faster.
func (a Total) growing() spans {
	if a.Last {
		return spans{0, 0.1, 0.5}
	}
	return spans{0.5, 0.9, 1.3}
}

// growth measures how the errors of a total grew up to the distance seen, drawn
// towards what is usual, the more the fewer trials there are and the shorter
// the distance.
func (m *Model) growth(a Total, seen int) float64 {
	by := a.growing()
	if seen < 2 {
		return by.usual
	}
	said := func(t Trial) []float64 { return t.Path }
	near, far := m.at(a.first(1), said), m.at(a.first(seen), said)
	if spread(near) == 0 || spread(far) == 0 {
		return by.usual
	}
	measured := math.Log(spread(far)/spread(near)) / math.Log(a.first(seen).size()/a.first(1).size())
	belief := independent(len(far), seen)
	belief *= float64(seen) / float64(len(a.Weights))
	belief /= belief + doubt
	return min(max(belief*measured+(1-belief)*by.usual, by.least), by.most)
}

// independent is what n errors over h steps each, one from each step, count for:
// neighbours share all steps but one.
func independent(n, h int) float64 {
	if n == 0 {
		return 0
	}
	return 1 + float64(n-1)/float64(max(h, 1))
}

// carry is what an error of a trial is multiplied by to stand for one of today:
// by the level, by the season and by what is known.
func (m *Model) carry(a Total, t Trial) float64 {
	return m.scale(t.level) * m.inSeason(a, t) * m.ripe(t.Origin)
}

// inSeason carries an error to the steps of the year that the total is of: the
// rush in December errs by more than a quiet month, though by less than in
// proportion to what the floor expects of both.
func (m *Model) inSeason(a Total, t Trial) float64 {
	if !m.scaled || len(m.floor) < len(a.Weights) || len(t.Floor) < len(a.Weights) {
		return 1
	}
	now, then := a.Of(m.floor), a.Of(t.Floor)
	if now <= 0 || then <= 0 {
		return 1
	}
	return math.Sqrt(min(max(now/then/m.scale(t.level), 0.2), 5))
}

// ripe carries an error from what was known at its origin to what is known now:
// a season that is known from n years is off by the error of a mean of n.
func (m *Model) ripe(steps int) float64 {
	year := float64(m.season)
	return math.Sqrt((1 + year/float64(m.steps)) / (1 + year/float64(steps)))
}

// spread is the root of the mean square.
func spread(errors []Error) float64 {
	sum := 0.0
	for _, e := range errors {
		sum += e.Value * e.Value
	}
	return math.Sqrt(sum / float64(max(1, len(errors))))
}
