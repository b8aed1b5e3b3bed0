package plan

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
)

// rank orders the lights from bad to good.
func rank(t *rapid.T, l Light) int {
	switch l {
	case LightRed:
		return 0
	case LightYellow:
		return 1
	case LightGreen:
		return 2
	}
	t.Fatalf("light %q of a promise that can be judged", l)
	return -1
}

// drawScene draws a promise that can be judged, without its actual value.
func drawScene(t *rapid.T, comparators ...city.Comparator) Input {
	number := func(name string) float64 { return float64(rapid.IntRange(1, 400).Draw(t, name)) / 4 }
	return scene(func(in *Input) {
		in.Target.Comparator = rapid.SampledFrom(comparators).Draw(t, "comparator")
		in.Target.Pace = rapid.SampledFrom([]city.Pace{city.PaceLinear, city.PaceLastYear, city.PaceLevel, city.PaceRamp}).Draw(t, "pace")
		in.Target.Value = ptr(number("value"))
		in.Target.Tolerance = ptr(number("tolerance") / 10)
		in.Indicator.Better = rapid.SampledFrom([]city.Better{city.BetterHigher, city.BetterNone}).Draw(t, "better")
		in.Indicator.Window = rapid.SampledFrom([]city.Window{city.WindowYear, city.WindowStock, city.WindowPeriod, city.WindowAll}).Draw(t, "window")
		in.Indicator.Measure.Kind = rapid.SampledFrom([]city.MeasureKind{city.MeasureCount, city.MeasureDifference, city.MeasureMean}).Draw(t, "measure")
		in.Series = []Month{at("2023-10", number("then")), at("2023-12", number("end"))}
		if rapid.Bool().Draw(t, "over") {
			in.CompleteTo, in.Today = day("2024-12-31"), day("2025-02-01")
		}
		if rapid.Bool().Draw(t, "limits") {
			in.Lights.Params["limit_yellow"], in.Lights.Params["limit_red"] = 0, 5
		}
	})
}

func withActual(in Input, v float64) Input {
	in.Series = append(append([]Month(nil), in.Series...), at("2024-10", v))
	return in
}

// TestMoreIsNeverWorse: where only a lower bound is promised, a higher actual
// never worsens the light and never raises the lag.
func TestMoreIsNeverWorse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawScene(t, city.AtLeast, city.Above)
		a := float64(rapid.IntRange(-100, 500).Draw(t, "a")) / 4
		b := a + float64(rapid.IntRange(0, 100).Draw(t, "more"))/4
		ra, rb := Evaluate(withActual(in, a)), Evaluate(withActual(in, b))
		if rank(t, rb.Light) < rank(t, ra.Light) || *rb.Lag > *ra.Lag {
			t.Fatalf("%v is %s (lag %v), %v is %s (lag %v)", a, ra.Light, *ra.Lag, b, rb.Light, *rb.Lag)
		}
	})
}

// TestLessIsNeverWorse: the same for an upper bound.
func TestLessIsNeverWorse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawScene(t, city.AtMost, city.Below)
		a := float64(rapid.IntRange(-100, 500).Draw(t, "a")) / 4
		b := a - float64(rapid.IntRange(0, 100).Draw(t, "less"))/4
		ra, rb := Evaluate(withActual(in, a)), Evaluate(withActual(in, b))
		if rank(t, rb.Light) < rank(t, ra.Light) || *rb.Lag > *ra.Lag {
			t.Fatalf("%v is %s (lag %v), %v is %s (lag %v)", a, ra.Light, *ra.Lag, b, rb.Light, *rb.Lag)
		}
	})
}

// TestLightsAgreeWithTheirStates, and after the deadline nothing but met and
// missed is left, decided by the comparator alone.
func TestLightsAgreeWithTheirStates(t *testing.T) {
	t.Parallel()
	lights := map[State]Light{StateOnPace: LightGreen, StateMet: LightGreen, StateAtRisk: LightYellow,
		StateWillMiss: LightRed, StateMissed: LightRed, StateNoData: LightNone}
	rapid.Check(t, func(t *rapid.T) {
		in := drawScene(t, city.AtLeast, city.AtMost, city.Above, city.Below, city.Around)
		v := float64(rapid.IntRange(-100, 500).Draw(t, "v")) / 4
		r := Evaluate(withActual(in, v))
		if lights[r.State] != r.Light {
			t.Fatalf("%s with %s", r.State, r.Light)
		}
		over := in.CompleteTo == in.Target.Deadline
		if ended := r.State == StateMet || r.State == StateMissed; over && !ended || r.State == StateMissed && !over {
			t.Fatalf("%s when the deadline has passed: %v", r.State, over)
		}
		if r.State == StateMet && !promised(in.Target, in.Indicator.Better, *in.Target.Value).kept(v) {
			t.Fatalf("%v is met by %v", *in.Target.Value, v)
		}
		if r.Reason.ZH == "" || r.Reason.EN == "" || math.IsNaN(*r.Lag) || math.IsInf(*r.Lag, 0) {
			t.Fatalf("%+v", r)
		}
	})
}

// TestPaceGrowsToThePromise: a pace towards a lower bound never falls within
// the year and ends at the promise.
func TestPaceGrowsToThePromise(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawScene(t, city.AtLeast)
		if in.Target.Pace == city.PaceLastYear {
			in.Target.Pace = city.PaceLinear // the shape of a year is whatever it was
		}
		curve := Evaluate(in).Curve
		for i, p := range curve[1:] {
			if *p.Pace < *curve[i].Pace {
				t.Fatalf("%s: %v after %v", p.Period, *p.Pace, *curve[i].Pace)
			}
		}
		if last := *curve[11].Pace; math.Abs(last-*in.Target.Value) > 1e-9 {
			t.Fatalf("the pace ends at %v, the promise is %v", last, *in.Target.Value)
		}
	})
}
