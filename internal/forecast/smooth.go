package forecast

import "math"

// weightsTried are the smoothing weights of the search: few, because a finer
// one follows the noise of a short series.
func weightsTried() []float64 { return []float64{0.05, 0.15, 0.3, 0.5, 0.8} }

// smoothLevel is simple exponential smoothing, its weight chosen by the mean
// absolute error one step ahead, which a single wild month does not rule.
func smoothLevel(s Series, h int) []float64 {
	if len(s.Values) < 4 {
		return nil
	}
	level := smoothed(s.Values)
	return path(h, func(int) float64 { return level })
}

// smoothed is the level that smoothing ends with.
func smoothed(values []float64) float64 {
	best, bestErr := 0.0, math.Inf(1)
	for _, alpha := range weightsTried() {
		level, errSum := mean(values[:min(3, len(values))]), 0.0
		for _, v := range values {
			errSum += math.Abs(v - level)
			level += alpha * (v - level)
		}
		if errSum < bestErr {
			best, bestErr = level, errSum
		}
	}
	return best
}

// winters is the state of Holt-Winters smoothing.
type winters struct {
	level, trend float64
	season       []float64 // by step of the year
	mul          bool
}

// weights are how fast each part of the state follows the series.
type weights struct{ level, trend, season, phi float64 }

// holtWinters smooths level, damped trend and season, the weights chosen by a
// search over a grid. With less than two years the trend begins at nothing.
func holtWinters(s Series, h int, mul bool) []float64 {
	n := len(s.Values)
	if n < s.Season+margin || mul && !allAbove(s.Values, 0) {
		return nil
	}
	var best winters
	bestErr, phi := math.Inf(1), 0.0
	for _, w := range grid() {
		state, err := run(s, w, mul)
		if err < bestErr {
			best, bestErr, phi = state, err, w.phi
		}
	}
	if math.IsInf(bestErr, 1) {
		return nil
	}
	return path(h, func(k int) float64 { return best.expect(damped(phi, k+1), s.at(n+k)) })
}

func grid() []weights {
	var out []weights
	for _, a := range weightsTried() {
		for _, b := range []float64{0, 0.05, 0.2} {
			for _, g := range []float64{0.05, 0.2, 0.5} {
				for _, phi := range []float64{0.8, 0.95} {
					if b > 0 || phi == 0.8 { // without a trend the damping says nothing
						out = append(out, weights{a, b, g, phi})
					}
				}
			}
		}
	}
	return out
}

// begin is the state before the first step as the first two years show it: the
// trend from one to the other, the level on its line, and the season as what is
// left of both when the line is taken off.
func begin(s Series, mul bool) winters {
	n := s.Season
	if len(s.Values) < 2*n {
		return beginOne(s, mul)
	}
	first, second := mean(s.Values[:n]), mean(s.Values[n:2*n])
	trend := (second - first) / float64(n)
	line := func(i int) float64 { return (first+second)/2 + trend*(float64(i)-float64(2*n-1)/2) }
	w := winters{level: line(-1), trend: trend, season: make([]float64, n), mul: mul}
	for i := range 2 * n {
		if mul {
			w.season[s.at(i)] += s.Values[i] / max(line(i), 1e-9) / 2
		} else {
			w.season[s.at(i)] += (s.Values[i] - line(i)) / 2
		}
	}
	return w
}

// beginOne is the state as little more than one year shows it: the trend is how
// the steps of the second year that are known differ from the first, believed by
// half when there is one of them, and the season what the line leaves.
func beginOne(s Series, mul bool) winters {
	n := s.Season
	known := len(s.Values) - n
	change := mean(s.Values[n:]) - mean(s.Values[:known])
	trend := change / float64(n) * float64(known) / float64(known+1)
	line := func(i int) float64 { return mean(s.Values[:n]) + trend*(float64(i)-float64(n-1)/2) }
	w := winters{level: line(-1), trend: trend, season: make([]float64, n), mul: mul}
	for i := range n {
		if mul {
			w.season[s.at(i)] = s.Values[i] / max(line(i), 1e-9)
		} else {
			w.season[s.at(i)] = s.Values[i] - line(i)
		}
	}
	return w
}

// run smooths a whole series and gives the mean absolute error one step ahead
// after the first year.
func run(s Series, by weights, mul bool) (winters, float64) {
	w, errSum := begin(s, mul), 0.0
	for i, v := range s.Values {
		at := s.at(i)
		if i >= s.Season {
			errSum += math.Abs(v - w.expect(by.phi, at))
		}
		w.learn(v, at, by)
	}
	if unknown(errSum) || unknown(w.level) {
		return w, math.Inf(1)
	}
	return w, errSum
}

// expect is the value when the trend counts so many times.
func (w *winters) expect(times float64, at int) float64 {
	if w.mul {
		return (w.level + times*w.trend) * w.season[at]
	}
	return w.level + times*w.trend + w.season[at]
}

func (w *winters) learn(v float64, at int, by weights) {
	before, rest := w.level+by.phi*w.trend, v-w.season[at]
	if w.mul {
		rest = v / max(w.season[at], 1e-9)
	}
	level := by.level*rest + (1-by.level)*before
	w.trend = by.trend*(level-w.level) + (1-by.trend)*by.phi*w.trend
	w.level = level
	own := v - level
	if w.mul {
		own = v / max(level, 1e-9)
	}
	w.season[at] = by.season*own + (1-by.season)*w.season[at]
}

func allAbove(values []float64, bound float64) bool {
	for _, v := range values {
		if v <= bound {
			return false
		}
	}
	return true
}

// theta takes the season out, goes on from the smoothed level with half of the
// linear trend, and puts the season back. Without two years there is no season
// to tell from the trend.
func theta(s Series, h int) []float64 {
	n := len(s.Values)
	if n < 2*s.Season {
		return nil
	}
	index, ok := s.shape()
	flat := make([]float64, n)
	for i, v := range s.Values {
		flat[i] = v
		if ok {
			flat[i] = v / max(index[s.at(i)], 1e-9)
		}
	}
	if !ok && s.Season > 1 {
		return nil
	}
	level, slope := smoothed(flat), slope(flat)/2
	return path(h, func(k int) float64 { return (level + slope*float64(k+1)) * index[s.at(n+k)] })
}

// slope is that of the line of least squares.
func slope(values []float64) float64 {
	n := float64(len(values))
	mx, my, num, den := (n-1)/2, mean(values), 0.0, 0.0
	for i, v := range values {
		num += (float64(i) - mx) * (v - my)
		den += (float64(i) - mx) * (float64(i) - mx)
	}
	return num / den
}
