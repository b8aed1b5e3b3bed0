package forecast

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// A wide backtest: many series of many kinds, each cut off at several moments and
// told with little history and with much, against what came. The series come
// from sources_test.go and processes_test.go.

// sample is a series of whole steps with where it comes from.
type sample struct {
	group, name string
	Series
}

// probe is one question put to one moment of a series.
type probe struct {
	group         string
	steps, season int // known, and in a year
	ahead         int // in months
	whole         bool
	point, floor  float64 // foretold, by the procedure and by seasonal naive
	truth, scale  float64 // what came, and the usual change on the year before
	quantiles     []float64
	chances       []chance
	low, high     [3]float64 // of levels
}

// chance is a probability of reaching a mark, and whether it was reached.
type chance struct {
	said float64
	came bool
}

var (
	levels  = [3]float64{0.5, 0.8, 0.95}
	grades  = []float64{0.1, 0.3, 0.5, 0.7, 0.9}
	marks   = []float64{-1, -0.5, 0, 0.5, 1}
	lengths = []float64{1.25, 1.5, 2, 3, 5, 8} // years of history
	leads   = []int{1, 3, 6, 9, 12}            // months ahead
)

// question is a total over so many months: the last step itself, or the mean of a
// year that they end.
func question(s Series, months int, whole bool) (Total, bool) {
	h := months * s.Season / 12
	if h < 1 || h*12 != months*s.Season {
		return Total{}, false
	}
	if whole {
		return yearOf(h, s.Season), true
	}
	return Last(h), true
}

// examine cuts a series off at a moment and asks it everything.
func examine(s sample, from, moment int) []probe {
	known := s.Series.until(moment)
	known = Series{known.Values[from:], s.Season, (s.Phase + from) % s.Season}
	filled, ok := prepare(Series{append([]float64(nil), known.Values...), known.Season, known.Phase})
	if !ok {
		return nil
	}
	usual := usualChange(filled)
	tried, ok := Try(known, s.Season)
	if !ok {
		return nil
	}
	var out []probe
	for _, months := range leads {
		for _, whole := range []bool{false, true} {
			a, ok := question(s.Series, months, whole)
			if !ok || moment+len(a.Weights) > len(s.Values) || slices.ContainsFunc(s.Values[moment:moment+len(a.Weights)], unknown) {
				continue
			}
			p := probe{group: s.group, steps: len(known.Values), season: s.Season, ahead: months, whole: whole}
			p.ask(tried.Model(a), a, filled, s.Values[moment:], usual)
			out = append(out, p)
		}
	}
	return out
}

// usualChange is the mean change on the year before, of one step.
func usualChange(s Series) float64 {
	sum, n := 0.0, 0
	for i := s.Season; i < len(s.Values); i++ {
		sum += math.Abs(s.Values[i] - s.Values[i-s.Season])
		n++
	}
	if sum == 0 {
		return max(1e-3*levelOf(s), 1e-9)
	}
	return sum / float64(n)
}

func (p *probe) ask(m *Model, a Total, known Series, truth []float64, usual float64) {
	d := m.Distribution(a)
	p.point, p.floor, p.truth = d.Point, a.Of(seasonalNaive(known, len(a.Weights))), a.Of(truth)
	p.scale = usual
	if !a.Last {
		p.scale *= a.size()
	}
	for _, g := range grades {
		p.quantiles = append(p.quantiles, d.quantile(g))
	}
	for i, level := range levels {
		p.low[i], p.high[i] = d.Interval(level)
	}
	for _, k := range marks {
		mark := p.floor + k*p.scale
		p.chances = append(p.chances, chance{d.AtLeast(mark), p.truth >= mark})
	}
}

// pinball is the mean loss of the quantiles in proportion to the scale.
func (p *probe) pinball() float64 {
	sum := 0.0
	for i, q := range p.quantiles {
		off := p.truth - q
		sum += max(grades[i]*off, (grades[i]-1)*off)
	}
	return 2 * sum / float64(len(grades)) / p.scale
}

// score sums probes up.
type score struct {
	n                          int
	ours, floor, pinball, size float64
	within                     [3]int
	brier                      float64
	chances                    int
	bins, came                 [11]float64
	sums                       [11]float64
}

func (s *score) add(p *probe) {
	s.n++
	s.ours += min(math.Abs(p.truth-p.point)/p.scale, 20)
	s.floor += min(math.Abs(p.truth-p.floor)/p.scale, 20)
	s.pinball += min(p.pinball(), 20)
	s.size += min((p.high[1]-p.low[1])/p.scale, 40)
	for i := range levels {
		slack := 1e-9 * math.Abs(p.truth)
		if p.low[i]-slack <= p.truth && p.truth <= p.high[i]+slack {
			s.within[i]++
		}
	}
	for _, c := range p.chances {
		came := 0.0
		if c.came {
			came = 1
		}
		at := min(10, int(math.Floor(c.said*10+0.5)))
		s.brier += (c.said - came) * (c.said - came)
		s.bins[at]++
		s.came[at] += came
		s.sums[at] += c.said
		s.chances++
	}
}

func (s *score) skill() float64 { return 1 - s.ours/s.floor }

func (s *score) share(i int) float64 { return float64(s.within[i]) / float64(s.n) }

func (s *score) String() string {
	n := float64(s.n)
	return fmt.Sprintf("%6d  MASE %5.2f (%5.2f) skill %+.3f  pinball %.3f  held %3.0f %3.0f %3.0f  width %5.2f  Brier %.3f",
		s.n, s.ours/n, s.floor/n, s.skill(), s.pinball/n, 100*s.share(0), 100*s.share(1), 100*s.share(2), s.size/n, s.brier/float64(s.chances))
}

// reliability compares what was said with how often it came.
func (s *score) reliability() string {
	var b strings.Builder
	for i := range s.bins {
		if s.bins[i] > 0 {
			fmt.Fprintf(&b, "  said %3.0f %% came %3.0f %% (%.0f)\n", 100*s.sums[i]/s.bins[i], 100*s.came[i]/s.bins[i], s.bins[i])
		}
	}
	return b.String()
}

// miscalibration is the mean distance between what was said and how often it
// came, over the bins.
func (s *score) miscalibration() float64 {
	sum := 0.0
	for i := range s.bins {
		if s.bins[i] > 0 {
			sum += math.Abs(s.sums[i] - s.came[i])
		}
	}
	return sum / float64(s.chances)
}

// scores groups probes by a word.
func scores(list []probe, by func(p *probe) string) map[string]*score {
	out := map[string]*score{}
	for i := range list {
		key := by(&list[i])
		if out[key] == nil {
			out[key] = &score{}
		}
		out[key].add(&list[i])
	}
	return out
}

// sorted lists the words of a grouping.
func sorted(m map[string]*score) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
