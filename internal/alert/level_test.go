package alert_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/city"
)

func ptr(f float64) *float64 { return &f }

func TestSeries(t *testing.T) {
	t.Parallel()
	w := &city.IndicatorWatch{Above: ptr(75), Clear: 60, Periods: 2}
	low := &city.IndicatorWatch{Below: ptr(-15), Clear: -10, Periods: 1}
	for name, c := range map[string]struct {
		w    *city.IndicatorWatch
		of   []*float64
		want alert.Level
	}{
		"nothing": {w, nil, alert.Unknown}, "one is not enough": {w, []*float64{ptr(80)}, alert.Hold}, "two": {w, []*float64{ptr(80), ptr(90)}, alert.Raise},
		"a gap": {w, []*float64{ptr(80), nil, ptr(90)}, alert.Hold}, "at the threshold": {w, []*float64{ptr(75), ptr(75)}, alert.Hold},
		"at clear": {w, []*float64{ptr(99), ptr(60)}, alert.Clear}, "between": {w, []*float64{ptr(99), ptr(61)}, alert.Hold},
		"falls": {low, []*float64{ptr(-15.1)}, alert.Raise}, "falls to it": {low, []*float64{ptr(-15)}, alert.Hold}, "back": {low, []*float64{ptr(-10)}, alert.Clear},
	} {
		if got := alert.Series(c.w, c.of); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestPromise(t *testing.T) {
	t.Parallel()
	w := &city.TargetWatch{Light: "yellow", Probability: ptr(0.5), Clear: 0.6}
	for name, c := range map[string]struct {
		light string
		p     *float64
		want  alert.Level
	}{
		"red": {"red", ptr(0.9), alert.Raise}, "yellow": {"yellow", nil, alert.Raise}, "green": {"green", nil, alert.Clear}, "no data": {"none", nil, alert.Unknown},
		"unlikely": {"green", ptr(0.4), alert.Raise}, "between": {"green", ptr(0.55), alert.Hold}, "likely": {"green", ptr(0.6), alert.Clear}, "likely without a light": {"none", ptr(0.7), alert.Clear},
	} {
		if got := alert.Promise(w, c.light, c.p); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestHysteresis holds that no number both raises and clears, and that a number
// which raises does so beyond the threshold alone.
func TestHysteresis(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raise, gap, v := rapid.Float64Range(-100, 100).Draw(t, "raise"), rapid.Float64Range(0, 50).Draw(t, "gap"), rapid.Float64Range(-200, 200).Draw(t, "v")
		got := alert.Rising(v, raise, raise-gap)
		if (got == alert.Raise) != (v > raise) || (got == alert.Clear) != (v <= raise-gap) {
			t.Fatalf("%v is %s between %v and %v", v, got, raise, raise-gap)
		}
		if down := alert.Falling(-v, -raise, -(raise - gap)); down != got {
			t.Fatalf("not alike downwards: %s, %s", got, down)
		}
	})
}

func TestMissing(t *testing.T) {
	t.Parallel()
	day := func(s string) city.Date {
		d, err := city.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	month := func(s string) city.Span {
		p, err := city.ParseSpan(s)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	monthly := city.DeliverySpec{Every: city.GrainMonth, LateAfter: "5wd"}
	daily := city.DeliverySpec{Every: city.GrainDay, LateAfter: "3d"}
	for name, c := range map[string]struct {
		spec      city.DeliverySpec
		delivered []city.Span
		beyond    string
		today     string
		want      string
	}{
		"nothing ever came":         {monthly, nil, "0d", "2024-12-01", ""},
		"the last day":              {monthly, []city.Span{month("2024-09")}, "0d", "2024-11-07", ""}, // Thursday, the fifth working day after October
		"the day after":             {monthly, []city.Span{month("2024-09")}, "0d", "2024-11-08", "2024-10"},
		"two days beyond":           {monthly, []city.Span{month("2024-09")}, "2d", "2024-11-09", ""},
		"more than two days beyond": {monthly, []city.Span{month("2024-09")}, "2d", "2024-11-10", "2024-10"},
		"a gap":                     {monthly, []city.Span{month("2024-07"), month("2024-09")}, "0d", "2024-10-20", "2024-08"},
		"part of a month counts":    {monthly, []city.Span{month("2024-08"), month("2024-09-03")}, "0d", "2024-10-20", ""},
		"a gap of long ago":         {monthly, []city.Span{month("2020-01"), month("2023-01..2024-09")}, "0d", "2024-10-20", ""},
		"days":                      {daily, []city.Span{month("2024-10-01..2024-10-20"), month("2024-10-22")}, "0d", "2024-10-26", "2024-10-21"},
	} {
		beyond, err := city.ParseDelay(c.beyond)
		if err != nil {
			t.Fatal(err)
		}
		missing, err := alert.Missing(c.spec, c.delivered, beyond, day(c.today))
		got := ""
		for _, p := range missing {
			got += c.spec.Every.Label(p.From)
		}
		if err != nil || got != c.want {
			t.Errorf("%s: missing %q, %v; want %q", name, got, err, c.want)
		}
	}
}
