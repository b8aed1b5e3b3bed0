package forecast

import "math"

// Model is how a series is foretold, with the record of how that went wrong
// before.
type Model struct {
	Method string    // the name of the leading method
	Path   []float64 // the steps after the series, as many as the horizon
	Trials []Trial   // by origin, oldest first
	floor  []float64 // what seasonal naive foretells
	season int
	steps  int     // known now
	level  float64 // the mean of the last year
	change float64 // the root of the mean square of the changes from step to step
	scaled bool    // errors grow with the level
	whole  bool    // the series has whole numbers only
}

// Trial is one origin of the backtest: what the procedure would have said then,
// and what came.
type Trial struct {
	Origin int       // steps known then
	Method string    // the leading one by what was known then
	Path   []float64 // what it foretold, as far as the truth is known by now
	Floor  []float64 // what seasonal naive foretold
	Truth  []float64
	past   []float64 // the series as it was known then
	level  float64
}

// attempt is the paths of all methods from one origin.
type attempt struct {
	origin int
	paths  [][]float64 // by method; nil where it could not be applied
	truth  []float64
	level  float64
}

// Tried is a series with what every method says of its future and would have
// said at each moment of its past. What is asked of it decides which to believe.
type Tried struct {
	series   Series
	methods  []Method
	now      [][]float64 // by method
	attempts []attempt   // by origin, oldest first
}

// Try applies every method to a series for a number of steps ahead, now and at
// each past moment. It is false when the series is too short.
func Try(s Series, ahead int) (*Tried, bool) {
	s, ok := prepare(s)
	if !ok || ahead < 1 {
		return nil, false
	}
	t := &Tried{series: s, methods: Methods()}
	for n := s.Season; n < len(s.Values); n++ {
		past := s.until(n)
		t.attempts = append(t.attempts, attempt{n, paths(t.methods, past, ahead), s.Values[n:min(len(s.Values), n+ahead)], levelOf(past)})
	}
	t.now = paths(t.methods, s, ahead)
	return t, true
}

// New tries a series for a total over the next steps. It is false when the
// series is too short.
func New(s Series, a Total) (*Model, bool) {
	t, ok := Try(s, len(a.Weights))
	if !ok {
		return nil, false
	}
	return t.Model(a), true
}

// Model chooses for a total, which reaches no further than what was tried.
func (t *Tried) Model(a Total) *Model {
	s, n := t.series, len(t.series.Values)
	m := &Model{season: s.Season, level: levelOf(s), change: s.changes(), scaled: s.positive(), whole: s.whole(), steps: n}
	j := m.judge(a, t)
	for i, at := range t.attempts {
		chosen, path := j.choose(i, at.origin, at.paths)
		k := min(len(at.truth), len(a.Weights))
		m.Trials = append(m.Trials, Trial{at.origin, t.methods[chosen].Name, path[:k], at.paths[0][:k], at.truth[:k], s.Values[:at.origin], at.level})
	}
	chosen, path := j.choose(len(t.attempts), n, t.now)
	m.floor = t.now[0]
	m.Method, m.Path = t.methods[chosen].Name, path
	return m
}

// levelOf is the mean size of the last year.
func levelOf(s Series) float64 {
	sum, from := 0.0, max(0, len(s.Values)-s.Season)
	for _, v := range s.Values[from:] {
		sum += math.Abs(v)
	}
	return sum / float64(len(s.Values)-from)
}

// paths applies every method. The last one combines the others but the floor.
func paths(methods []Method, s Series, h int) [][]float64 {
	out := make([][]float64, len(methods))
	var usable [][]float64
	for i, m := range methods {
		if m.Path == nil {
			continue
		}
		if p := m.Path(s, h); p != nil && sound(p, s) {
			out[i] = p
			if i > 0 {
				usable = append(usable, p)
			}
		}
	}
	out[len(out)-1] = combine(usable, h)
	return out
}

// wild is how many times the largest value known a forecast may be.
const wild = 5

// sound refuses paths that have run away, and takes negative values off those
// of a series that has none.
func sound(p []float64, s Series) bool {
	top := 0.0
	for _, v := range s.Values {
		top = max(top, math.Abs(v))
	}
	positive := s.positive()
	for k, v := range p {
		if unknown(v) || math.Abs(v) > wild*top {
			return false
		}
		if positive {
			p[k] = max(0, v)
		}
	}
	return true
}

// scale carries an error from the level of its origin to the present one.
func (m *Model) scale(then float64) float64 {
	if !m.scaled || then <= 0 || m.level <= 0 {
		return 1
	}
	return min(max(m.level/then, 0.5), 2)
}
