package forecast

import (
	"math"
	"math/rand/v2"
)

// process makes a series: what kind of city it comes from.
type process struct {
	name string
	make func(r *rand.Rand, n int) []float64
}

// yearly is a smooth shape of a year of months around 1.
func yearly(i int) float64 {
	return 1 + 0.4*math.Sin(2*math.Pi*float64(i)/12) + 0.2*math.Cos(4*math.Pi*float64(i)/12)
}

// festival is the part of a month's activity that Spring Festival takes away, in
// January in some years and in February in others.
func festival(i int) float64 {
	if month, january := i%12, (i/12*7)%19 < 7; month == 0 && january || month == 1 && !january {
		return 0.55
	}
	return 1
}

func processes() []process {
	return []process{
		{"seasonal flow", func(r *rand.Rand, n int) []float64 {
			return path(n, func(i int) float64 { return 1000 * yearly(i) * math.Exp(0.15*r.NormFloat64()) })
		}},
		{"seasonal flow that grows", func(r *rand.Rand, n int) []float64 {
			return path(n, func(i int) float64 { return 1000 * (1 + 0.008*float64(i)) * yearly(i) * math.Exp(0.1*r.NormFloat64()) })
		}},
		{"flow that goes up and down", func(r *rand.Rand, n int) []float64 {
			level := 0.0
			return path(n, func(i int) float64 {
				level = 0.9*level + 0.08*r.NormFloat64()
				return 1000 * math.Exp(level+0.1*r.NormFloat64()) * yearly(i)
			})
		}},
		{"small counts", func(r *rand.Rand, n int) []float64 {
			return path(n, func(i int) float64 { return math.Round(6*yearly(i) + 2.4*math.Abs(r.NormFloat64())) })
		}},
		{"random walk", func(r *rand.Rand, n int) []float64 {
			level := 500.0
			return path(n, func(int) float64 { level += 1 + 3*r.NormFloat64(); return level })
		}},
		{"level that shifts", func(r *rand.Rand, n int) []float64 {
			level := 400.0
			return path(n, func(i int) float64 {
				if r.Float64() < 1.0/24 {
					level *= math.Exp(0.4 * r.NormFloat64())
				}
				return level * yearly(i) * math.Exp(0.06*r.NormFloat64())
			})
		}},
		{"festival that wanders", func(r *rand.Rand, n int) []float64 {
			return path(n, func(i int) float64 { return 300 * festival(i) * math.Exp(0.05*r.NormFloat64()) })
		}},
		{"rush at the end of the year", func(r *rand.Rand, n int) []float64 {
			return path(n, func(i int) float64 {
				rush := 1.0
				if i%12 >= 10 {
					rush = 3 + 0.5*r.NormFloat64()
				}
				return math.Round(max(0, 40*rush*math.Exp(0.25*r.NormFloat64())))
			})
		}},
		{"rare events", func(r *rand.Rand, n int) []float64 {
			return path(n, func(int) float64 { return poisson(r, 0.4) })
		}},
		{"share near its end", func(r *rand.Rand, n int) []float64 {
			level := 3.0
			return path(n, func(int) float64 {
				level += 0.04 + 0.15*r.NormFloat64()
				return math.Round(1000/(1+math.Exp(-level))) / 10
			})
		}},
		{"share that hardly moves", func(r *rand.Rand, n int) []float64 {
			fails := 1.0
			return path(n, func(int) float64 {
				if r.Float64() < 0.06 {
					fails = float64(r.IntN(4))
				}
				return 100 * (60 - fails) / 60
			})
		}},
		{"months reported late", func(r *rand.Rand, n int) []float64 {
			carried := 0.0
			return path(n, func(i int) float64 {
				v := 200*yearly(i)*math.Exp(0.1*r.NormFloat64()) + carried
				carried = 0
				if r.Float64() < 0.1 {
					carried = 0.6 * v
				}
				return v - carried
			})
		}},
		{"wild months", func(r *rand.Rand, n int) []float64 {
			return path(n, func(i int) float64 {
				v := 80 * yearly(i) * math.Exp(0.1*r.NormFloat64())
				if r.Float64() < 0.04 {
					v *= 4
				}
				return v
			})
		}},
		{"nothing but noise", func(r *rand.Rand, n int) []float64 {
			return path(n, func(int) float64 { return 50 + 10*r.NormFloat64() })
		}},
		{"change that may be below zero", func(r *rand.Rand, n int) []float64 {
			level := 3.0
			return path(n, func(i int) float64 {
				level = 0.95*level + 0.15 + 0.4*r.NormFloat64()
				return level + math.Sin(2*math.Pi*float64(i)/12)
			})
		}},
		{"list that is worked through", func(r *rand.Rand, n int) []float64 {
			done := 0.0
			return path(n, func(i int) float64 {
				if i%24 == 0 {
					done = 0
				}
				done = min(40, done+poisson(r, 2))
				return done
			})
		}},
	}
}

// poisson draws a count.
func poisson(r *rand.Rand, mean float64) float64 {
	limit, p, k := math.Exp(-mean), 1.0, 0.0
	for {
		if p *= r.Float64(); p <= limit {
			return k
		}
		k++
	}
}

// made draws series of every process.
func made(seed uint64, each, n int) []sample {
	var out []sample
	for i, p := range processes() {
		for city := range each {
			r := rand.New(rand.NewPCG(seed, uint64(1000*i+city)))
			out = append(out, sample{"made: " + p.name, p.name, Series{Values: p.make(r, n), Season: 12}})
		}
	}
	return out
}
