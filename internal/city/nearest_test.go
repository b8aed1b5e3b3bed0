package city

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	words := []string{"air.pm25_mean", "air.pm10_mean", "employment.new_urban"}
	for word, want := range map[string]string{
		"employment.new_urbn":  "employment.new_urban",
		"employment.newurban":  "employment.new_urban",
		"Air.PM25_mean":        "air.pm25_mean",
		"air.pm52_mean":        "air.pm25_mean",
		"water.class3":         "",
		"":                     "",
		"employment.new_urban": "employment.new_urban",
	} {
		if got := Nearest(word, words); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

// A name that is unknown is answered with the one that was probably meant, and
// a very long one without the work of comparing it.
func TestFindSuggests(t *testing.T) {
	t.Parallel()
	c := &City{Datasets: []*Dataset{{Name: "env.air_daily"}, {Name: "env.air_dally"}, {Name: "hrss.training"}}}
	c.Index()
	for name, want := range map[string]string{
		"env.air_dayly":                       "did you mean env.air_daily?",
		"hrss.trainig":                        "did you mean hrss.training?",
		"other.thing":                         "",
		strings.Repeat("env.air_daily", 1000): "",
	} {
		_, err := c.Dataset(name)
		e, ok := err.(*Error)
		if !ok || e.Code != CodeNotFound || e.Hint != want {
			t.Errorf("%q: %+v, want the hint %q", name, err, want)
		}
	}
}

// The distance is symmetric, zero only for equal words, and at most the length
// of the longer one.
func TestDistance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.StringMatching(`[a-d城]{0,8}`).Draw(t, "a")
		b := rapid.StringMatching(`[a-d城]{0,8}`).Draw(t, "b")
		d := distance(a, b)
		if d != distance(b, a) || (d == 0) != (a == b) || d > max(len([]rune(a)), len([]rune(b))) {
			t.Errorf("distance(%q, %q) = %d, back %d", a, b, d, distance(b, a))
		}
	})
}
