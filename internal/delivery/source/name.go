package source

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MostName is the length of a file name, in bytes, that every system can have.
const MostName = 255

// SafeName says whether a file name can be used as it is: it names something in
// a folder itself, is UTF-8, and does not act upon a terminal.
func SafeName(name string) bool {
	return name != "" && name != "." && name != ".." && len(name) <= MostName && utf8.ValidString(name) && !strings.ContainsFunc(name, func(r rune) bool {
		return r == '/' || r == '\\' || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == utf8.RuneError
	})
}
