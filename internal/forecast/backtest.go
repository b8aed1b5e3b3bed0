package forecast

import "math"

// Model is how a series is foretold, with the record of how that went wrong
// before.
type Model struct {
	Method string    // the name of the leading method
	Path   []float64 // the steps after the series, as many as the horizon
	Trials []Trial   // by origin, oldest first
	season int
	level  float64 // the mean of the last year
	scaled bool    // errors grow with the level
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

// New chooses a method for a total over the next steps. It is false when the
// series is too short.
func New(s Series, a Total) (*Model, bool) {
	s, ok := prepare(s)
	h := len(a.Weights)
	if !ok || h == 0 {
		return nil, false
	}
	methods, n := Methods(), len(s.Values)
	m := &Model{season: s.Season, level: levelOf(s), scaled: s.positive()}
	var tried []attempt
	for t := s.Season; t < n; t++ {
		past := s.until(t)
		tried = append(tried, attempt{t, paths(methods, past, h), s.Values[t:min(n, t+h)], levelOf(past)})
	}
	now := paths(methods, s, h)
	for i, at := range tried {
		chosen, path := m.choose(a, tried[:i], at.origin, at.paths)
		k := len(at.truth)
		m.Trials = append(m.Trials, Trial{at.origin, methods[chosen].Name, path[:k], at.paths[0][:k], at.truth, s.Values[:at.origin], at.level})
	}
	chosen, path := m.choose(a, tried, n, now)
	m.Method, m.Path = methods[chosen].Name, path
	return m, true
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

// choose weighs the methods by how they did in the trials before a moment, and
// gives the leading one with the path that they make together. Truth after the
// moment is not looked at. The floor alone is taken when none was clearly
// better. Otherwise all that were better go together, the floor with them, each
// by a high power of its accuracy: between methods that do about as well the
// record cannot tell, and their mean errs less than either; one that did much
// better is left alone.
func (m *Model) choose(a Total, tried []attempt, moment int, now [][]float64) (leading int, path []float64) {
	shares, best, clear := make([]float64, len(now)), 1.0, false
	shares[0] = 1
	for i := 1; i < len(now); i++ {
		ratio, n := m.ratio(a, tried, moment, i)
		if now[i] == nil || n < margin || ratio >= 1 {
			continue
		}
		shares[i] = math.Pow(max(ratio, 0.01), -sharpness)
		if ratio < best {
			best, leading = ratio, i
		}
		clear = clear || ratio < 1-bar(1+float64(n-1)/float64(len(a.Weights)))
	}
	if !clear {
		return 0, now[0]
	}
	return leading, mix(now, shares)
}

// sharpness is the power of the accuracy that methods are weighed by.
const sharpness = 3

// mix is the mean of paths by their shares.
func mix(paths [][]float64, shares []float64) []float64 {
	out, all := make([]float64, len(paths[0])), total(shares)
	for i, p := range paths {
		for k := range p {
			out[k] += p[k] * shares[i] / all
		}
	}
	return out
}

// ratio compares a method's errors before a moment with the floor's, over the
// trials where it could be applied.
func (m *Model) ratio(a Total, tried []attempt, moment, method int) (ratio float64, trials int) {
	ours, floor := 0.0, 0.0
	for _, at := range tried {
		k := min(len(at.truth), moment-at.origin)
		if at.paths[method] == nil || k == 0 {
			continue
		}
		scale := m.scale(at.level)
		ours += scale * a.loss(at.paths[method][:k], at.truth[:k])
		floor += scale * a.loss(at.paths[0][:k], at.truth[:k])
		trials++
	}
	if floor == 0 {
		return 1, trials
	}
	return ours / floor, trials
}

// bar is by how much a method must have been better than the floor in so many
// trials that share nothing.
func bar(n float64) float64 { return 0.05 + 1/n }

// scale carries an error from the level of its origin to the present one.
func (m *Model) scale(then float64) float64 {
	if !m.scaled || then <= 0 || m.level <= 0 {
		return 1
	}
	return min(max(m.level/then, 0.5), 2)
}
