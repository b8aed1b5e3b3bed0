package validate

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jinyang-city/jinyang/internal/delivery/format"
)

// maskedText is the longest text, in bytes, that Mask gives.
const maskedText = 2000

// Mask gives the text of a record fit to be shown and kept: ID columns are
// replaced whole, and what may be an ID, bank or telephone number elsewhere
// keeps only its ends, so that a value in the wrong column is not shown either.
// Control characters are replaced. Dates and amounts stay. Fields with commas or
// quotes are quoted, so that 1,000.00 does not look like two.
func (b *Binding) Mask(rec *format.Record) string {
	var out strings.Builder
	for i, f := range rec.Fields {
		if i > 0 {
			out.WriteByte(',')
		}
		switch {
		case slices.Contains(b.persons, i):
			out.WriteString(maskAll(f))
		case len(rec.Fields) > 1 && bytes.ContainsAny(f, `,"`):
			out.WriteString(`"` + strings.ReplaceAll(maskNumbers(f), `"`, `""`) + `"`)
		default: // a single field may be a line that could not be taken apart
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

// The numbers that are masked. An ID number has 15 or 18 digits and is hidden
// however it is broken up, if not by letters; a telephone number has 11 and is
// written in one piece or with single spaces and hyphens.
const (
	fewestID, longestIDGap       = 15, 3
	fewestPhone, longestPhoneGap = 11, 1
)

func maskNumbers(f []byte) string {
	text := []rune(strings.Map(printable, strings.ToValidUTF8(string(f), "\ufffd")))
	maskRuns(text, fewestID, longestIDGap, func(r rune) bool { return !unicode.IsLetter(r) })
	maskRuns(text, fewestPhone, longestPhoneGap, func(r rune) bool { return r == '-' || unicode.IsSpace(r) })
	return string(text)
}

// printable replaces what would move the cursor of a terminal, or what a
// database does not keep.
func printable(r rune) rune {
	switch {
	case r == '\n' || r == '\r' || r == '\t':
		return ' '
	case unicode.IsControl(r):
		return utf8.RuneError
	}
	return r
}

// maskRuns stars out the runs of at least fewest digits, which may be broken
// by up to longest runes in a row that gap accepts. Digits are those of every
// script, full-width ones for example.
func maskRuns(text []rune, fewest, longest int, gap func(rune) bool) {
	for from := 0; from < len(text); from++ {
		if !unicode.IsNumber(text[from]) {
			continue
		}
		digits, end := 0, from
		for i := from; i < len(text) && i-end <= longest; i++ {
			if unicode.IsNumber(text[i]) {
				digits, end = digits+1, i+1
			} else if !gap(text[i]) {
				break
			}
		}
		if digits >= fewest {
			hide(text, from, end)
		}
		from = end
	}
}

// hide stars out a run but for its ends. A check character behind it is
// hidden with it.
func hide(text []rune, from, end int) {
	const front, back = 4, 2
	if end < len(text) && strings.ContainsRune("xXｘＸ", text[end]) {
		end++
	}
	for i := from + front; i < end-back; i++ {
		text[i] = '*'
	}
}
