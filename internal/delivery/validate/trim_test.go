package validate

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// TestTrim holds that trim is bytes.TrimSpace on all text in UTF-8.
func TestTrim(t *testing.T) {
	t.Parallel()
	piece := rapid.OneOf(rapid.SampledFrom([]rune(" \t\u0085\u00a0\u1680\u2003\u2028\u202f\u205f\u3000太Ａ￥\U0001f600é~!\x7f")), rapid.Rune())
	rapid.Check(t, func(t *rapid.T) {
		var field []byte
		for _, r := range rapid.SliceOfN(piece, 0, 6).Draw(t, "text") {
			field = utf8.AppendRune(field, r)
		}
		if got, want := trim(field), bytes.TrimSpace(field); !bytes.Equal(got, want) {
			t.Fatalf("%q: got %q, want %q", field, got, want)
		}
	})
}
