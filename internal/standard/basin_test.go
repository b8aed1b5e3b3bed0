package standard_test

import (
	"math"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/standard"
)

// classSamples gives a sample of each class by dissolved oxygen alone.
func classSamples(classes string) []map[string]float64 {
	oxygen := map[string]float64{"1": 9, "2": 6.5, "3": 5.5, "4": 4, "5": 2.5, "6": 1}
	var out []map[string]float64
	for _, c := range strings.Split(classes, "") {
		out = append(out, map[string]float64{"do": oxygen[c]})
	}
	return out
}

// TestBasins holds the vectors of domain/rules.md 2.2.
func TestBasins(t *testing.T) {
	t.Parallel()
	c := declared(t)
	table, params := edition(t, c, "gb3838.class", in2012).Grading, edition(t, c, "water.basin", in2012).Params
	for classes, want := range map[string]int{
		"112233":     0, // 100 %: 优
		"11122246":   1, // exactly 75 %: 良好
		"1112223666": 3, // 70 %, 30 % beyond V: 中度污染
		"1112223446": 2, // 70 %, 10 %: 轻度污染
		"1112666666": 4, // 40 %, 60 %: 重度污染
		"1122333336": 0, // exactly 90 %
		"1166":       1, // few sections: their mean of 5.0 mg/L of oxygen is class III
	} {
		got, ok := standard.BasinOf(table, params, classSamples(classes))
		if !ok || got.Verdict != want || got.Averaged != (len(classes) < 5) {
			t.Errorf("%s: %+v, want verdict %d", classes, got, want)
		}
	}
	if _, ok := standard.BasinOf(table, params, []map[string]float64{{}, {}}); ok {
		t.Error("a basin without a measurement has a verdict")
	}
}

func TestTrends(t *testing.T) {
	t.Parallel()
	params := edition(t, declared(t), "water.basin", in2012).Params
	for _, tt := range []struct {
		before, after int
		want          standard.Trend
	}{{2, 2, 0}, {3, 2, 1}, {2, 3, -1}, {5, 2, 2}, {0, 3, -2}} {
		if got := standard.SectionTrend(tt.before, tt.after); got != tt.want {
			t.Errorf("class %d to %d: %d, want %d", tt.before, tt.after, got, tt.want)
		}
	}
	for _, tt := range []struct {
		good, worst float64
		want        standard.Trend
	}{{10, 0, 0}, {10.1, 0, 1}, {10, -10, 1}, {15, -6, 2}, {-10, 0, 0}, {-12, 9, -2}, {-12, 0, -1}} {
		got := standard.BasinTrend(params, standard.Basin{Good: 50, Worst: 20}, standard.Basin{Good: 50 + tt.good, Worst: 20 + tt.worst})
		if got != tt.want {
			t.Errorf("good %+v, worst %+v: %d, want %d", tt.good, tt.worst, got, tt.want)
		}
	}
}

// TestStability: eleven months of class III and one of IV whose annual means
// all keep III (domain/rules.md 2.2).
func TestStability(t *testing.T) {
	t.Parallel()
	c := declared(t)
	table := edition(t, c, "gb3838.class", in2012).Grading
	months := classSamples("333333333334")
	for name, tt := range map[string]struct {
		params map[string]float64
		want   bool
	}{
		"S1 annual mean":                {map[string]float64{"annual_mean": 1}, true},
		"S2 every month":                {map[string]float64{}, false},
		"S2 of the pack":                {edition(t, c, "water.stable", in2012).Params, false},
		"S3 the last twelve":            {map[string]float64{"last": 12}, false},
		"S3 with one failure":           {map[string]float64{"last": 12, "valid": 10, "failures": 1}, true},
		"S3 wants more valid months":    {map[string]float64{"last": 12, "valid": 13, "failures": 1}, false},
		"S3 wants more months than are": {map[string]float64{"last": 13, "failures": 1}, false},
	} {
		if got := standard.StabilityOf(tt.params).Holds(table, months); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
	mean := standard.Mean([]map[string]float64{{"nh3n": 0.8}, {"nh3n": 1.1}, {"nh3n": 1.0}})
	if g := standard.GradeOf(table, mean); table.Classes[g.Class].Name != "III" {
		t.Errorf("a month of 0.8, 1.1, 1.0 ammonia is class %s", table.Classes[g.Class].Name)
	}
}

// TestValidity holds the vectors of domain/rules.md 1.4.
func TestValidity(t *testing.T) {
	t.Parallel()
	c := declared(t)
	for _, day := range []standard.Minimum{
		standard.MinimumOf(edition(t, c, "gb3095.minimum", in2012).Params),
		standard.MinimumOf(edition(t, c, "gb3095.minimum", in2026).Params),
	} {
		if day.Day(19) || !day.Day(20) || day.Eight(5) || !day.Eight(6) || day.Hour(44) || !day.Hour(45) {
			t.Errorf("the bounds of %+v are not where the standard has them", day)
		}
		if !day.MaxEight(13, 170, 160) || day.MaxEight(13, 150, 160) || !day.MaxEight(14, 150, 160) || day.MaxEight(0, 0, 160) {
			t.Errorf("O3 by %+v: 13 windows count only above the limit", day)
		}
	}
}

func TestPercentiles(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		n       int
		p, want float64
	}{
		{10, 90, 9.1}, {20, 95, 19.05}, {365, 90, 328.6}, {365, 95, 346.8}, {365, 98, 357.72},
		{366, 90, 329.5}, {366, 95, 347.75}, {366, 98, 358.7}, {324, 90, 291.7}, {324, 95, 307.85}, {324, 98, 317.54},
		{7, 100, 7}, {7, 0, 1}, {1, 50, 1},
	} {
		var values []float64
		for i := tt.n; i > 0; i-- {
			values = append(values, float64(i))
		}
		if got := standard.Percentile(values, tt.p); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("1..%d p%v: %v, want %v", tt.n, tt.p, got, tt.want)
		}
	}
	if !math.IsNaN(standard.Percentile(nil, 50)) || !math.IsNaN(standard.Percentile([]float64{1}, 101)) {
		t.Error("a percentile of nothing, or the 101st, is a number")
	}
}
