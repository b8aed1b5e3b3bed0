package validate

import (
	"bytes"

	"github.com/jinyang-city/jinyang/internal/city"
)

// holdsPersonID says whether a text holds an ID number of a person by GB 11643,
// which belongs into a field of the type person. Only numbers of 18 characters
// count, with nothing like a digit beside them: those of 15 digits, which were
// issued until 1999, look like any serial number.
func holdsPersonID(text []byte) bool {
	if len(text) < idLength {
		return false
	}
	if bytes.IndexByte(text, fullWidth) >= 0 {
		text, _ = narrow(text)
	}
	for from := 0; ; {
		at := bytes.IndexAny(text[from:], "0123456789")
		if at < 0 {
			return false
		}
		start := from + at
		end := start
		for end < len(text) && text[end] >= '0' && text[end] <= '9' {
			end++
		}
		from = end
		if end < len(text) && end-start == idLength-1 && (text[end] == 'X' || text[end] == 'x') {
			end++
		}
		if end-start != idLength {
			continue
		}
		if _, err := city.CheckPersonID(string(text[start:end]), city.Date{}); err == nil {
			return true
		}
	}
}

const (
	idLength  = 18
	fullWidth = 0xEF // begins every full-width character in UTF-8, and hardly any other
)
