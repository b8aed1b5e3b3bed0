package sim

import (
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/jinyang-city/jinyang/internal/city"
)

// form is how a sender's system writes its files. Real ones differ, so the
// simulated ones do.
type form struct {
	gb18030  bool
	bom      bool // UTF-8 only
	crlf     bool
	noHeader bool
}

// encoding names the form's encoding for the manifest.
func (f form) encoding() string {
	if f.gb18030 {
		return "gb18030"
	}
	return "utf-8"
}

// encode gives a cell's bytes in the form's encoding, quoted where CSV
// (RFC 4180) needs it.
func (f form) encode(s string) ([]byte, error) {
	s = quote(s)
	if !f.gb18030 {
		return []byte(s), nil
	}
	b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
	if err != nil {
		return nil, city.Errorf(city.CodeInvalid, "%q cannot be written in GB18030: %w", s, err)
	}
	return b, nil
}

func quote(s string) string {
	plain := true
	for i := range len(s) {
		switch s[i] {
		case ',', '"', '\r', '\n':
			plain = false
		}
	}
	if plain {
		return s
	}
	out := []byte{'"'}
	for i := range len(s) {
		if s[i] == '"' {
			out = append(out, '"')
		}
		out = append(out, s[i])
	}
	return string(append(out, '"'))
}
