package plan

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
)

// history is a running total of 2022 to October 2024 that adds by the month.
func history(add func(year, month int) float64) []Month {
	var out []Month
	for y := 2022; y <= 2024; y++ {
		sum := 0.0
		for m := 1; m <= 12 && (y < 2024 || m <= 10); m++ {
			sum += add(y, m)
			out = append(out, at(fmt.Sprintf("%d-%02d", y, m), sum))
		}
	}
	return out
}

// counted makes a scene of a count that can only grow.
func countedScene(edit func(*Input)) Input {
	return scene(func(in *Input) {
		in.Indicator.Measure = &city.Measure{Kind: city.MeasureCount}
		in.Target.Pace = city.PacePast
		in.Likelihood = city.RuleVersion{Params: map[string]float64{"green": 0.75, "red": 0.25}}
		in.Series = history(func(_, m int) float64 { return float64(5 + m%3) })
		in.Target.Value = ptr(72)
		edit(in)
	})
}

// TestPastPace follows the city's own years, and says which.
func TestPastPace(t *testing.T) {
	t.Parallel()
	front := func(y, m int) float64 { // half of the year in March
		if m == 3 {
			return 50
		}
		return 50.0 / 11
	}
	r := Evaluate(countedScene(func(in *Input) { in.Series = history(front); in.Target.Value = ptr(200) }))
	if got := *r.Curve[2].Pace; math.Abs(got-2*(50+100.0/11)) > 1e-9 {
		t.Errorf("the pace of March is %v", got)
	}
	if !strings.Contains(r.Basis.EN, "2023, 2022") || !strings.Contains(r.Basis.ZH, "2023、2022年") {
		t.Errorf("basis: %+v", r.Basis)
	}
	one := Evaluate(countedScene(func(in *Input) { in.Series = history(front)[12:] }))
	none := Evaluate(countedScene(func(in *Input) { in.Series = history(front)[24:] }))
	if !strings.Contains(one.Basis.EN, "the only complete one") || !strings.Contains(none.Basis.EN, "straight line") {
		t.Errorf("%s %s", one.Basis.EN, none.Basis.EN)
	}
}

// TestOutlook checks what each kind of accumulation is foretold to come to. The
// past repeats itself, so the forecast is known.
func TestOutlook(t *testing.T) {
	t.Parallel()
	flat := func(v float64) func(int, int) float64 { return func(int, int) float64 { return v } }
	mean := func(in *Input) { // the mean of the year to date; every winter month 80, every other 20
		sum, days := 0.0, 0.0
		for i := range in.Series {
			d := in.Series[i].Start
			if d.Month == 1 {
				sum, days = 0, 0
			}
			v, n := 20.0, float64(d.MonthEnd().Day)
			if d.Month <= 2 || d.Month >= 11 {
				v = 80
			}
			sum, days = sum+v*n, days+n
			in.Series[i] = at(city.GrainMonth.Label(d), sum/days)
			in.Series[i].Weight = days
		}
		in.Indicator.Measure, in.Indicator.Better, in.Target.Pace = &city.Measure{Kind: city.MeasureMean}, city.BetterLower, city.PaceLevel
		in.Target.Comparator, in.Target.Value = city.AtMost, ptr(40)
	}
	ratio := func(in *Input) {
		in.Indicator.Measure = &city.Measure{Kind: city.MeasureRatio}
		in.Indicator.Unit, in.Target.Value = "percent", ptr(50)
		in.Parts = &Parts{Over: history(flat(3)), Under: history(flat(4))}
		for i := range in.Series {
			in.Series[i].Value = ptr(75)
		}
	}
	growth := func(in *Input) { // 10 % more each year
		in.Indicator.Measure = &city.Measure{Kind: city.MeasureGrowth}
		in.Indicator.Unit, in.Target.Value = "percent", ptr(15)
		in.Parts = &Parts{Over: history(func(y, m int) float64 { return 100 * math.Pow(1.1, float64(y-2022)) * float64(1+m%4) })}
		for i := range in.Series {
			in.Series[i].Value = ptr(10)
		}
	}
	stock := func(in *Input) {
		in.Indicator.Window, in.Target.Pace, in.Target.Value = city.WindowStock, city.PaceLevel, ptr(130)
		for i := range in.Series {
			in.Series[i].Value = ptr(100 + float64(i))
		}
	}
	for _, tt := range []struct {
		name     string
		edit     func(*Input)
		value    float64
		off      float64
		likely   bool
		rate     Rate
		needs    float64
		tolerant float64
	}{
		{"a total", func(*Input) {}, 72, 1e-6, true, RateMonth, 6, 1e-9},
		{"a total out of reach", func(in *Input) { in.Target.Value = ptr(100) }, 72, 1e-6, false, RateMonth, 20, 1e-9},
		{"a mean that the winter raises", mean, 39.836, 0.001, true, RateMean, 80.984, 0.001},
		{"a ratio", ratio, 75, 1e-6, true, "", 0, 0},
		{"a growth", growth, 10, 1, false, RateGrowth, 40, 1e-9},
		{"a stock", stock, 135, 1.5, true, "", 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := Evaluate(countedScene(tt.edit))
			if r.Forecast == nil || r.Probability == nil {
				t.Fatalf("no forecast: %+v", r.Note)
			}
			if math.Abs(r.Forecast.Value-tt.value) > tt.off {
				t.Errorf("forecast %v, want %v (%s)", r.Forecast.Value, tt.value, r.Forecast.Method)
			}
			if likely := *r.Probability >= 0.75; likely != tt.likely || (r.Light == LightGreen) != tt.likely {
				t.Errorf("probability %v, %s", *r.Probability, r.Light)
			}
			if (r.Needed == nil) != (tt.rate == "") || r.Needed != nil && (r.Needed.Per != tt.rate || math.Abs(r.Needed.Value-tt.needs) > tt.tolerant) {
				t.Errorf("needed %+v", r.Needed)
			}
			if !strings.Contains(r.Reason.EN, "probability") || !strings.Contains(r.Reason.ZH, "概率") {
				t.Errorf("reason: %+v", r.Reason)
			}
		})
	}
}

// TestQuarters foretells figures that come once a quarter.
func TestQuarters(t *testing.T) {
	t.Parallel()
	r := Evaluate(countedScene(func(in *Input) {
		in.CompleteTo, in.Today = day("2024-09-30"), day("2024-10-31")
		var quarters []Month
		for _, m := range history(func(int, int) float64 { return 1 }) {
			if m.Start.Month%3 == 0 {
				quarters = append(quarters, m)
			}
		}
		in.Series, in.Target.Value = quarters, ptr(12)
	}))
	if r.Forecast == nil || math.Abs(r.Forecast.Value-12) > 1e-6 || *r.Probability < 0.75 {
		t.Errorf("%+v %v", r.Forecast, r.Probability)
	}
}

// TestRounding compares what a rule has published: whole micrograms.
func TestRounding(t *testing.T) {
	t.Parallel()
	for v, state := range map[float64]State{40: StateMet, 40.4: StateMet, 40.5: StateMet, 40.51: StateMissed, 41: StateMissed} {
		r := Evaluate(scene(func(in *Input) {
			in.Target.Comparator, in.Target.Value, in.Target.Pace = city.AtMost, ptr(40), city.PaceLevel
			in.Indicator.Measure = &city.Measure{Kind: city.MeasureMean}
			in.Rounding = &Rounding{Decimals: 0, Rule: city.Text{ZH: "HJ 663-2013", EN: "HJ 663-2013"}}
			in.CompleteTo, in.Today = day("2024-12-31"), day("2025-01-31")
			in.Series = []Month{at("2024-12", v)}
		}))
		if r.State != state {
			t.Errorf("%v is %s: %s", v, r.State, r.Reason.EN)
		}
		if said := strings.Contains(r.Reason.EN, "before it is compared (HJ 663-2013)"); said != (v != 40 && v != 41) {
			t.Errorf("%v: %s", v, r.Reason.EN)
		}
		if *r.Actual != v {
			t.Errorf("the actual value is rounded: %v", *r.Actual)
		}
	}
}

// TestProbability holds that a probability is one, falls as the promise rises,
// and is certain where nothing can change.
func TestProbability(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		noise := rapid.SliceOfN(rapid.IntRange(0, 20), 34, 34).Draw(t, "noise")
		window := rapid.SampledFrom([]city.Window{city.WindowYear, city.WindowStock, city.WindowAll}).Draw(t, "window")
		value := float64(rapid.IntRange(1, 300).Draw(t, "value"))
		chance := func(value float64) float64 {
			r := Evaluate(countedScene(func(in *Input) {
				in.Indicator.Window, in.Target.Value = window, &value
				in.Series = history(func(y, m int) float64 { return float64(noise[(y-2022)*12+m-1]) })
			}))
			if r.Probability == nil || r.Forecast == nil {
				t.Fatalf("no forecast: %+v", r.Note)
			}
			f := r.Forecast
			if f.Low > f.Value || f.Value > f.High {
				t.Fatalf("%v is not between %v and %v", f.Value, f.Low, f.High)
			}
			if reached := window != city.WindowStock && *r.Actual >= value; reached && (*r.Probability != 1 || r.State != StateMet) {
				t.Fatalf("%v has reached %v with a probability of %v, %s", *r.Actual, value, *r.Probability, r.State)
			}
			return *r.Probability
		}
		p, q := chance(value), chance(value+float64(rapid.IntRange(0, 100).Draw(t, "more")))
		if p < 0 || p > 1 || q > p {
			t.Fatalf("probabilities %v and %v of a higher promise", p, q)
		}
	})
}

// TestTheForecastBecomesTheValue at the deadline.
func TestTheForecastBecomesTheValue(t *testing.T) {
	t.Parallel()
	in := countedScene(func(in *Input) {
		in.CompleteTo, in.Today = day("2024-12-31"), day("2025-01-10")
		in.Series = append(in.Series, at("2024-11", 70), at("2024-12", 77))
	})
	r := Evaluate(in)
	if f := r.Forecast; f == nil || f.Value != 77 || f.Low != 77 || f.High != 77 || *r.Probability != 1 {
		t.Errorf("%+v %v", r.Forecast, r.Probability)
	}
}

// TestContributionsSumToTheGap for every form, whatever the members.
func TestContributionsSumToTheGap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Float64Range(0, 1e6)
		members := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Member {
			return Member{Name: "m", Value: number.Draw(t, "v"), Before: number.Draw(t, "b"), Weight: number.Draw(t, "w")}
		}), 0, 12).Draw(t, "members")
		actual, expected, before := number.Draw(t, "actual"), number.Draw(t, "expected"), number.Draw(t, "before")
		for form, list := range map[Form][]Contribution{
			FormAdditive: Additive(actual, expected, members, before),
			FormWeighed:  Weighed(actual, expected, members),
			FormGrowth:   Grown(actual, expected, members, before),
		} {
			sum, size := 0.0, 1.0
			for _, c := range list {
				sum += c.Gap
				size = max(size, math.Abs(c.Gap))
			}
			if math.Abs(sum-(actual-expected)) > 1e-6*size*float64(len(list)+1) {
				t.Fatalf("%s: the parts sum to %v, the gap is %v", form, sum, actual-expected)
			}
		}
	})
}

// TestMonthsExplainTheGap without a rest, where the year is known from January.
func TestMonthsExplainTheGap(t *testing.T) {
	t.Parallel()
	in := countedScene(func(in *Input) {
		in.Series = history(func(y, m int) float64 {
			if y == 2024 && m == 6 {
				return 1
			}
			return float64(5 + m%3)
		})
	})
	r := Evaluate(in)
	list := ByMonth(in, r)
	if len(list) != 10 {
		t.Fatalf("%d months: %+v", len(list), list)
	}
	for _, c := range list {
		if late := c.Member == "2024-06"; late != (c.Gap < -3) {
			t.Errorf("%s: %v of %v", c.Member, *c.Actual, *c.Expected)
		}
	}
}

// TestMissingMembersAreNamed, five of them at most.
func TestMissingMembersAreNamed(t *testing.T) {
	t.Parallel()
	r := Evaluate(scene(func(in *Input) {
		in.Series = []Month{at("2024-10", 30)}
		for i := range 7 {
			in.Missing = append(in.Missing, city.Text{ZH: fmt.Sprint("县", i), EN: fmt.Sprint("County ", i)})
		}
	}))
	if !strings.Contains(r.Reason.EN, "Not there yet: County 0, County 1, County 2, County 3, County 4 and 2 more.") || !strings.Contains(r.Reason.ZH, "尚未达到：县0、县1、县2、县3、县4等7个。") {
		t.Errorf("%+v", r.Reason)
	}
}

// TestTooShort says what is missing for a forecast.
func TestTooShort(t *testing.T) {
	t.Parallel()
	r := Evaluate(countedScene(func(in *Input) { in.Series = history(func(int, int) float64 { return 6 })[24:] }))
	if r.Forecast != nil || r.Probability != nil || !strings.Contains(r.Note.EN, "needs 15 months of past values; known so far: 10") {
		t.Errorf("%+v %+v", r.Forecast, r.Note)
	}
	far := Evaluate(countedScene(func(in *Input) { in.Target.Deadline = city.Date{Year: 2035, Month: time.December, Day: 31} }))
	if far.Forecast != nil || !strings.Contains(far.Note.EN, "134 months off") {
		t.Errorf("%+v", far.Note)
	}
}

// TestAPartThatMissedOnce does not reach the whole any more, which is certain; one
// that may still miss has an interval that says so.
func TestAPartThatMissedOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		missed int // month of 2024 with one miss in six; 0 none
		chance func(p float64) bool
	}{
		{"missed in July", 7, func(p float64) bool { return p == 0 }},
		{"not missed yet", 0, func(p float64) bool { return p > 0.5 && p < 1 }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := Evaluate(countedScene(func(in *Input) {
				in.Indicator.Measure = &city.Measure{Kind: city.MeasureRatio}
				in.Indicator.Unit, in.Target.Value = "percent", ptr(100)
				in.Parts = &Parts{
					Over: history(func(y, m int) float64 {
						if y == 2023 && m == 9 || y == 2022 && m == 4 || y == 2024 && m == tt.missed {
							return 5
						}
						return 6
					}),
					Under: history(func(int, int) float64 { return 6 }),
				}
				for i := range in.Series {
					in.Series[i].Value = ptr(100 * *in.Parts.Over[i].Value / *in.Parts.Under[i].Value)
				}
			}))
			if r.Forecast == nil || r.Probability == nil || !tt.chance(*r.Probability) {
				t.Fatalf("%+v %v", r.Forecast, *r.Probability)
			}
			if f := r.Forecast; f.Low >= f.High || f.High > 100 || f.Low > f.Value || f.Value > f.High {
				t.Errorf("%v in [%v, %v]", f.Value, f.Low, f.High)
			}
		})
	}
}
