package pack

import (
	"testing"

	"pgregory.net/rapid"
)

func TestDidYouMean(t *testing.T) {
	t.Parallel()
	words := []string{"title", "owner", "delivery", "key"}
	for word, want := range map[string]string{
		"titel":   "did you mean title?",
		"Owner":   "did you mean owner?",
		"delivry": "did you mean delivery?",
		"keys":    "did you mean key?",
		"colour":  "use one of title, owner, delivery, key",
		"":        "use one of title, owner, delivery, key",
		"k":       "use one of title, owner, delivery, key",
	} {
		if got := didYouMean(word, words); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
	if got := didYouMean("x", nil); got != "" {
		t.Errorf("no words: %q", got)
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
