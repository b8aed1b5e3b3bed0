package forecast

import "math"

// maxSteps bounds how much of the past is looked at: ten years of months. What
// lies further back says little about this year.
const maxSteps = 120

// margin is how many steps a series must have beyond its first year.
const margin = 3

// Series is a run of equal steps, oldest first.
type Series struct {
	Values []float64 // NaN where the value is unknown
	Season int       // steps in a year: 12 for months, 4 for quarters
	Phase  int       // which step of a year Values[0] is, from 0
}

// Shortest is how many steps a series of this season needs.
func Shortest(season int) int { return season + margin }

// at is the step of the year of the value at an index.
func (s Series) at(i int) int { return (s.Phase + i) % s.Season }

// positive says that no value is below zero, and some are above it: errors then
// grow with the level.
func (s Series) positive() bool {
	some := false
	for _, v := range s.Values {
		if v < 0 {
			return false
		}
		some = some || v > 0
	}
	return some
}

// prepare cuts a series to what is used and fills its gaps. It is false when
// too little is known: fewer steps than Shortest, or one in four missing.
func prepare(s Series) (Series, bool) {
	if s.Season < 1 {
		return s, false
	}
	first, last := 0, len(s.Values)
	for first < last && unknown(s.Values[first]) {
		first++
	}
	for last > first && unknown(s.Values[last-1]) {
		last--
	}
	first = max(first, last-maxSteps)
	out := Series{Values: append([]float64(nil), s.Values[first:last]...), Season: s.Season, Phase: (s.Phase + first) % s.Season}
	missing := out.fill()
	return out, len(out.Values) >= Shortest(s.Season) && 4*missing <= len(out.Values)
}

// whole says that all values are whole numbers.
func (s Series) whole() bool {
	for _, v := range s.Values {
		if v != math.Trunc(v) {
			return false
		}
	}
	return true
}

// changes is the root of the mean square of the changes from step to step.
func (s Series) changes() float64 {
	sum := 0.0
	for i := 1; i < len(s.Values); i++ {
		sum += (s.Values[i] - s.Values[i-1]) * (s.Values[i] - s.Values[i-1])
	}
	return math.Sqrt(sum / float64(max(1, len(s.Values)-1)))
}

func unknown(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }

// fill puts a value into each gap: that of the year before moved by how the
// neighbours have changed since, or else one on the line between them. It
// gives the number of gaps.
func (s Series) fill() (missing int) {
	for i, v := range s.Values {
		if !unknown(v) {
			continue
		}
		missing++
		next := i + 1
		for unknown(s.Values[next]) { // the last value is known
			next++
		}
		left, right := s.Values[i-1], s.Values[next]
		s.Values[i] = left + (right-left)/float64(next-i+1)
		if year := i - s.Season; year > 0 && next-s.Season < i {
			line := s.Values[year-1] + (s.Values[next-s.Season]-s.Values[year-1])/float64(next-i+1)
			s.Values[i] += s.Values[year] - line
		}
	}
	return missing
}

// until is the series as it was known before step n.
func (s Series) until(n int) Series { return Series{s.Values[:n], s.Season, s.Phase} }

func mean(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	return total(values) / float64(len(values))
}

func total(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum
}
