package pack

import "testing"

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
