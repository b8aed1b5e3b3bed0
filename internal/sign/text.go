package sign

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// str reads a text and gives its characters in UTF-8.
func (p *parser) str() ([]byte, error) {
	if !p.take('"') {
		return nil, p.bad("a name in quotes is expected")
	}
	var out []byte
	for p.at < len(p.text) {
		c := p.text[p.at]
		switch {
		case c == '"':
			p.at++
			return out, nil
		case c == '\\':
			p.at++
			var ok bool
			if out, ok = p.escape(out); !ok {
				return nil, p.bad("a text holds an escape that is no character")
			}
		case c < ' ':
			return nil, p.bad("a text holds a control character")
		default:
			r, n := utf8.DecodeRune(p.text[p.at:])
			if r == utf8.RuneError && n == 1 {
				return nil, p.bad("a text is not UTF-8")
			}
			out = append(out, p.text[p.at:p.at+n]...)
			p.at += n
		}
	}
	return nil, p.bad("a text has no end")
}

// escape reads what follows a backslash.
func (p *parser) escape(dst []byte) ([]byte, bool) {
	if p.at >= len(p.text) {
		return dst, false
	}
	c := p.text[p.at]
	p.at++
	switch c {
	case '"', '\\', '/':
		return append(dst, c), true
	case 'b':
		return append(dst, '\b'), true
	case 't':
		return append(dst, '\t'), true
	case 'n':
		return append(dst, '\n'), true
	case 'f':
		return append(dst, '\f'), true
	case 'r':
		return append(dst, '\r'), true
	case 'u':
		r, ok := p.unit()
		if ok && utf16.IsSurrogate(r) {
			r, ok = p.low(r)
		}
		return utf8.AppendRune(dst, r), ok
	}
	return dst, false
}

// low reads the second half of a surrogate pair.
func (p *parser) low(high rune) (rune, bool) {
	if !p.take('\\') || !p.take('u') {
		return 0, false
	}
	second, ok := p.unit()
	r := utf16.DecodeRune(high, second)
	return r, ok && r != utf8.RuneError
}

// unit reads four hexadecimal digits.
func (p *parser) unit() (rune, bool) {
	if p.at+4 > len(p.text) {
		return 0, false
	}
	var n rune
	for _, c := range p.text[p.at : p.at+4] {
		d, err := strconv.ParseUint(string(rune(c)), 16, 8)
		if err != nil {
			return 0, false
		}
		n = n<<4 | rune(d)
	}
	p.at += 4
	return n, true
}

// quoted appends a text in quotes.
func quoted(dst, s []byte) []byte {
	const hex, special, letters = "0123456789abcdef", "\"\\\b\t\n\f\r", `"\btnfr`
	dst = append(dst, '"')
	for _, c := range s {
		switch i := strings.IndexByte(special, c); {
		case i >= 0:
			dst = append(dst, '\\', letters[i])
		case c < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}
