package pack

import (
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// didYouMean is the hint for an unknown word: the word that was probably
// meant, else all that are possible.
func didYouMean(s string, words []string) string {
	if w := city.Nearest(s, words); w != "" {
		return "did you mean " + w + "?"
	}
	return oneOfThese(words)
}

// oneOfThese is the hint that lists what is possible, when it is not much.
func oneOfThese(words []string) string {
	switch n := len(words); {
	case n == 1:
		return "write " + words[0]
	case n > 1 && n <= 16:
		return "use one of " + strings.Join(words, ", ")
	}
	return ""
}
