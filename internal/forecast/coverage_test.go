package forecast

import (
	"math"
	"math/rand/v2"
	"testing"
)

// process makes a series: what kind of city it comes from.
type process struct {
	name string
	make func(r *rand.Rand, n int) []float64
}

func processes() []process {
	season := func(i int) float64 {
		return 1 + 0.4*math.Sin(2*math.Pi*float64(i)/12) + 0.2*math.Cos(4*math.Pi*float64(i)/12)
	}
	return []process{
		{"seasonal flow", func(r *rand.Rand, n int) []float64 {
			return path(n, func(i int) float64 { return 1000 * season(i) * math.Exp(0.15*r.NormFloat64()) })
		}},
		{"seasonal flow that grows", func(r *rand.Rand, n int) []float64 {
			return path(n, func(i int) float64 { return 1000 * (1 + 0.008*float64(i)) * season(i) * math.Exp(0.1*r.NormFloat64()) })
		}},
		{"flow that goes up and down", func(r *rand.Rand, n int) []float64 {
			level := 0.0
			return path(n, func(i int) float64 {
				level = 0.9*level + 0.08*r.NormFloat64()
				return 1000 * math.Exp(level+0.1*r.NormFloat64()) * season(i)
			})
		}},
		{"small counts", func(r *rand.Rand, n int) []float64 {
			return path(n, func(i int) float64 { return math.Round(6*season(i) + 2.4*math.Abs(r.NormFloat64())) })
		}},
		{"random walk", func(r *rand.Rand, n int) []float64 {
			level := 500.0
			return path(n, func(int) float64 { level += 1 + 3*r.NormFloat64(); return level })
		}},
	}
}

// TestCoverage holds that intervals of 80 % hold the truth about that often, on
// cities that are not like each other, with much history and with little.
func TestCoverage(t *testing.T) {
	t.Parallel()
	const cities = 40
	for _, p := range processes() {
		for _, n := range []int{16, 22, 36} {
			for _, h := range []int{2, 9} {
				r := rand.New(rand.NewPCG(1, uint64(n*100+h)))
				hits, width := 0, 0.0
				for range cities {
					all := p.make(r, n+h)
					a := Sum(h)
					if p.name == "random walk" {
						a = Last(h)
					}
					m, ok := New(Series{Values: all[:n], Season: 12}, a)
					if !ok {
						t.Fatalf("%d steps are too short", n)
					}
					d := m.Distribution(a)
					low, high := d.Interval(0.8)
					truth := a.Of(all[n:])
					if low <= truth && truth <= high {
						hits++
					}
					width += (high - low) / truth
				}
				share := float64(hits) / cities
				t.Logf("%-28s n %2d h %d: %3.0f %% inside, mean width %3.0f %%", p.name, n, h, 100*share, 100*width/cities)
				if share < 0.6 {
					t.Errorf("%s, %d steps, %d ahead: %.0f %% inside", p.name, n, h, 100*share)
				}
			}
		}
	}
}
