package forecast

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// year repeats a shape.
func year(n int, at func(i int) float64) Series {
	return Series{Values: path(n, at), Season: 12}
}

// TestMethodsOnWhatTheyAreFor holds that each method foretells the series that
// it is made for.
func TestMethodsOnWhatTheyAreFor(t *testing.T) {
	t.Parallel()
	season := func(i int) float64 { return 100 + 40*math.Sin(2*math.Pi*float64(i)/12) }
	for _, tt := range []struct {
		method string
		at     func(i int) float64
		off    float64 // percent
	}{
		{SeasonalNaive, season, 0.001}, {SeasonalMean, season, 0.001}, {RunRate, season, 0.1},
		{SeasonalGrowth, func(i int) float64 { return season(i) * math.Pow(1.1, float64(i/12)) }, 2},
		{LastValue, func(int) float64 { return 7 }, 0.001}, {Level, func(int) float64 { return 7 }, 0.001},
		{Drift, func(i int) float64 { return 100 + 2*float64(i) }, 4},
		{HoltWinters, func(i int) float64 { return season(i) + float64(i) }, 4},
		{HoltWintersMul, func(i int) float64 { return season(i) * (1 + float64(i)/100) }, 4},
		{Theta, func(i int) float64 { return season(i) * (1 + float64(i)/100) }, 12},
	} {
		i := slices.IndexFunc(Methods(), func(m Method) bool { return m.Name == tt.method })
		got := Methods()[i].Path(year(48, tt.at), 6)
		for k, v := range got {
			if truth := tt.at(48 + k); math.Abs(v-truth) > tt.off/100*truth {
				t.Errorf("%s, step %d: %v, want %v", tt.method, k, v, truth)
			}
		}
	}
}

// TestTheFloorStands where nothing is clearly better, and yields where
// something is.
func TestTheFloorStands(t *testing.T) {
	t.Parallel()
	still, ok := New(year(40, func(i int) float64 { return float64(10 + i%12) }), Sum(5))
	if !ok || still.Method != SeasonalNaive {
		t.Errorf("a series that repeats itself is foretold by %s", still.Method)
	}
	walk, ok := New(year(40, func(i int) float64 { return 1000 + 10*float64(i) }), Last(5))
	if !ok || walk.Method == SeasonalNaive {
		t.Errorf("a series that climbs is foretold by %s", walk.Method)
	}
	r := walk.Record(Last(5), 0.8)
	if r.Skill < 0.8 || r.Folds == 0 || r.Horizon != 5 || *r.Model.MAPE > *r.Floor.MAPE {
		t.Errorf("%+v", r)
	}
}

// TestTooShort holds the least that a forecast is made from.
func TestTooShort(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]bool{0: false, 3: false, 14: false, 15: true, 16: true} {
		if _, ok := New(year(n, func(i int) float64 { return float64(i) }), Sum(3)); ok != want {
			t.Errorf("%d months: %v", n, ok)
		}
	}
	gaps := year(40, func(i int) float64 {
		if i%3 == 1 {
			return math.NaN()
		}
		return 1
	})
	if _, ok := New(gaps, Sum(3)); ok {
		t.Error("a series with a third missing is taken")
	}
}

// TestGapsAreFilled by the year before where it is known.
func TestGapsAreFilled(t *testing.T) {
	t.Parallel()
	s := year(30, func(i int) float64 { return float64(i % 12) })
	s.Values[17], s.Values[5] = math.NaN(), math.NaN()
	got, ok := prepare(s)
	if !ok || got.Values[17] != 5 || got.Values[5] != 5 {
		t.Errorf("%v", got.Values)
	}
}

// TestStretched takes errors at a distance that nothing has seen from shorter
// ones, wider.
func TestStretched(t *testing.T) {
	t.Parallel()
	s := year(16, func(i int) float64 { return 100 + 10*float64(i*i%7) })
	m, ok := New(s, Sum(9))
	if !ok {
		t.Fatal("too short")
	}
	errors, seen := m.Errors(Sum(9))
	near, _ := m.Errors(Sum(seen))
	if seen >= 9 || len(errors) == 0 || spread(errors) <= spread(near) {
		t.Errorf("seen %d, %v from %v", seen, spread(errors), spread(near))
	}
}

// TestLaws holds what must be true of any series: the same twice, a probability
// that is one and falls, an interval that holds its point and grows with its
// level, no negative totals of what is never negative.
func TestLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(15, 28).Draw(t, "n")
		values := rapid.SliceOfN(rapid.Float64Range(0, 1e6), n, n).Draw(t, "values")
		s := Series{Values: values, Season: 12, Phase: rapid.IntRange(0, 11).Draw(t, "phase")}
		a := Sum(rapid.IntRange(1, 14).Draw(t, "h"))
		if rapid.Bool().Draw(t, "last") {
			a = Last(len(a.Weights))
		}
		m, ok := New(s, a)
		if !ok {
			t.Fatal("no forecast")
		}
		again, _ := New(s, a)
		if m.Method != again.Method || !slices.Equal(m.Path, again.Path) {
			t.Fatal("the same series gives another forecast")
		}
		d := m.Distribution(a)
		if d.Point < 0 || math.IsNaN(d.Point) {
			t.Fatalf("point %v", d.Point)
		}
		low, high := d.Interval(0.8)
		wideLow, wideHigh := d.Interval(0.9)
		if low > d.Point || high < d.Point || wideLow > low || wideHigh < high {
			t.Fatalf("%v in [%v, %v] in [%v, %v]", d.Point, low, high, wideLow, wideHigh)
		}
		x, more := rapid.Float64Range(-1e6, 2e7).Draw(t, "x"), rapid.Float64Range(0, 1e6).Draw(t, "more")
		p, q := d.AtLeast(x), d.AtLeast(x+more)
		if p < 0 || p > 1 || q > p {
			t.Fatalf("%v, then %v", p, q)
		}
	})
}

// TestBounds holds that a distribution does not leave them.
func TestBounds(t *testing.T) {
	t.Parallel()
	d := NewDistribution(95, []Error{{1, 10}, {2, -4}, {3, 7}}, 1).Within(90, 100)
	if low, high := d.Interval(0.99); low < 90 || high > 100 {
		t.Errorf("[%v, %v]", low, high)
	}
	if d.AtLeast(90) != 1 || d.Below(100) != 1 || d.AtLeast(100.1) != 0 || d.AtLeast(100) <= 0 {
		t.Errorf("%v %v %v %v", d.AtLeast(90), d.Below(100), d.AtLeast(100.1), d.AtLeast(100))
	}
}

// TestOnABound holds that a number foretold to end on its bound errs inwards, by
// as much as errors said in both directions, and stays there when they say nothing.
func TestOnABound(t *testing.T) {
	t.Parallel()
	often := []Error{{1, 0}, {2, 0}, {3, 0}, {4, 0}, {5, -2}, {6, 2}, {7, 0}, {8, 0}, {9, 0}, {10, 0}}
	d := NewDistribution(100, often, 1).Within(0, 100)
	if p := d.AtLeast(100); p < 0.75 || p > 0.95 {
		t.Errorf("at the bound with %v", p)
	}
	if low, high := d.Interval(0.8); low >= 100 || high != 100 {
		t.Errorf("[%v, %v]", low, high)
	}
	still := NewDistribution(100, []Error{{1, 0}, {2, 0}, {3, 0}}, 1).Within(0, 100)
	if low, high := still.Interval(0.8); low != 100 || high != 100 || still.AtLeast(100) < 0.9 || still.AtLeast(100) == 1 {
		t.Errorf("[%v, %v] %v", low, high, still.AtLeast(100))
	}
	if sure := d.Within(100, 100); sure.AtLeast(100) != 1 || sure.Below(99.9) != 0 {
		t.Errorf("%v %v", sure.AtLeast(100), sure.Below(99.9))
	}
}

// TestMovedOnce widens an interval for a series that no trial has seen to move
// though it did: in its first year.
func TestMovedOnce(t *testing.T) {
	t.Parallel()
	s := year(20, func(i int) float64 { return 90 + 5*math.Floor(min(1, float64(i)/6)) })
	s.Values = append([]float64{s.Values[0]}, s.Values...)
	m, ok := New(s, Last(3))
	if !ok {
		t.Fatal("too short")
	}
	if low, high := m.Distribution(Last(3)).Interval(0.8); low >= high {
		t.Errorf("[%v, %v]", low, high)
	}
}

// TestRushIsNotQuiet holds that an error of quiet months stands for a larger one
// in a rush that the year before had too, and that what was known less well
// counts for less.
func TestRushIsNotQuiet(t *testing.T) {
	t.Parallel()
	a := Sum(2)
	quiet := Trial{Origin: 24, Floor: []float64{40, 40}, level: 50}
	m := Model{season: 12, steps: 24, level: 50, scaled: true, floor: []float64{160, 160}}
	if got := m.carry(a, quiet); math.Abs(got-2) > 1e-9 {
		t.Errorf("an error before a rush four times as large counts %v times", got)
	}
	m.floor = []float64{40, 40}
	young := Trial{Origin: 12, Floor: quiet.Floor, level: 50}
	if old, first := m.carry(a, quiet), m.carry(a, young); old != 1 || math.Abs(first-math.Sqrt(0.75)) > 1e-9 {
		t.Errorf("%v and %v", old, first)
	}
}
