package validate

import (
	"bytes"
	"unicode/utf8"

	"github.com/jinyang-city/jinyang/internal/city"
)

// narrow gives a text with full-width letters, digits and signs (ＷＩＤＥ， as
// Chinese input methods write them) as the ordinary ones, and says whether that
// changed anything. The full-width minus and the mathematical one are the
// hyphen, the ideographic space is a space. Nothing else changes, so that what
// may mean two things, as a bracket around a number does, still fails.
func narrow(raw []byte) ([]byte, bool) {
	out := make([]byte, 0, len(raw))
	for rest := raw; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		switch {
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		case r == '\u3000':
			r = ' '
		case r == '−':
			r = '-'
		}
		out = utf8.AppendRune(out, r)
		rest = rest[n:]
	}
	return bytes.TrimSpace(out), !bytes.Equal(out, raw)
}

// narrows says whether values of the type may be written in full-width
// characters: those that are read, not kept as they were written.
func narrows(t city.FieldType) bool {
	switch t {
	case city.TypeInt, city.TypeNumber, city.TypeDecimal, city.TypeDate, city.TypeDateTime, city.TypeMonth, city.TypeRegion, city.TypePerson, city.TypeCredit:
		return true
	}
	return false
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
