package format

import (
	"archive/zip"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// shown gives the name of a file fit for a message: archives made in China
// often write it in GBK, and a long number in it may be a person's.
func shown(f *zip.File) string {
	name := f.Name
	if !utf8.ValidString(name) {
		if s, err := simplifiedchinese.GB18030.NewDecoder().String(name); err == nil {
			name = s
		}
	}
	return shownText(name)
}

// shownText quotes a name without its long numbers and its tail.
func shownText(name string) string {
	const most, longest = 60, 10
	var out []rune
	digits := 0
	for _, r := range name {
		if digits = digits + 1; !unicode.IsNumber(r) {
			digits = 0
		}
		if digits > longest {
			r = '*'
			for i := 1; i <= min(digits-1, len(out)); i++ {
				out[len(out)-i] = '*'
			}
		}
		if out = append(out, r); len(out) == most {
			out = append(out, '…')
			break
		}
	}
	return fmt.Sprintf("%q", string(out))
}

// list joins the first few names.
func list[T any](items []T, name func(T) string) string {
	const most = 8
	var parts []string
	for i, x := range items {
		if i == most {
			parts = append(parts, fmt.Sprintf("and %d more", len(items)-most))
			break
		}
		parts = append(parts, name(x))
	}
	return strings.Join(parts, ", ")
}
