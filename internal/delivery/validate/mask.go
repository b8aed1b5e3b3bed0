package validate

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jinyang-city/jinyang/internal/delivery/format"
)

// maskedText is the longest text, in bytes, that Mask gives.
const maskedText = 2000

// longNumber finds what may be an ID, bank or telephone number wherever it
// stands, so that a value in the wrong column is not shown either.
var longNumber = regexp.MustCompile(`[0-9０-９][0-9０-９ -]{9,}[0-9０-９xXｘＸ]`)

// Mask gives the text of a record fit to be shown: ID columns are replaced
// whole, and every run of eleven or more digits elsewhere keeps only its ends.
// Dates and amounts are shorter and stay.
func (b *Binding) Mask(rec *format.Record) string {
	var out strings.Builder
	for i, f := range rec.Fields {
		if i > 0 {
			out.WriteByte(',')
		}
		if slices.Contains(b.persons, i) {
			out.WriteString(maskAll(f))
		} else {
			out.WriteString(maskNumbers(f))
		}
		if out.Len() > maskedText {
			return strings.ToValidUTF8(out.String()[:maskedText], "") + "…"
		}
	}
	return out.String()
}

// maskAll shows that something stood there, not what, and how long it was.
func maskAll(f []byte) string {
	return strings.Repeat("*", min(utf8.RuneCount(bytes.TrimSpace(f)), 24))
}

func maskNumbers(f []byte) string {
	text := strings.ToValidUTF8(string(f), "\ufffd")
	return longNumber.ReplaceAllStringFunc(text, func(s string) string {
		r := []rune(s)
		return string(r[:4]) + strings.Repeat("*", len(r)-6) + string(r[len(r)-2:])
	})
}
