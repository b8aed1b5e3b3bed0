package sign

import (
	"bytes"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// CodeJSON is the code of documents that have no canonical form.
const CodeJSON = city.CodeInvalid + ".json"

// Bounds of a document: what is signed is a receipt or a manifest.
const (
	mostBytes = 16 << 20
	mostDepth = 100
)

// Canonical gives the canonical form of a JSON object (see the package) without
// the member of the given name, if it has one; other members of that name,
// further inside, stay. The error has the code invalid.json.
func Canonical(doc []byte, without string) ([]byte, error) {
	if len(doc) > mostBytes {
		return nil, city.Errorf(CodeJSON, "the document is larger than %d MiB", mostBytes>>20)
	}
	p := &parser{text: doc}
	p.space()
	if !p.is('{') {
		return nil, p.bad("an object is expected")
	}
	out, err := p.object(make([]byte, 0, len(doc)), 1, without)
	if err != nil {
		return nil, err
	}
	if p.space(); p.at < len(p.text) {
		return nil, p.bad("something follows the document")
	}
	return out, nil
}

// parser reads a document once and appends its canonical form to dst, which
// each method takes and gives back.
type parser struct {
	text []byte
	at   int
}

// member is a member of an object: its name, and both in canonical form.
type member struct{ name, text []byte }

func (p *parser) object(dst []byte, depth int, without string) ([]byte, error) {
	var members []member
	err := p.each('}', depth, func() error {
		name, err := p.str()
		if err != nil {
			return err
		}
		if p.space(); !p.take(':') {
			return p.bad("a colon is expected")
		}
		text := append(quoted(nil, name), ':')
		text, err = p.value(text, depth+1)
		members = append(members, member{name, text})
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(members, func(a, b member) int { return bytes.Compare(a.name, b.name) })
	dst = append(dst, '{')
	comma := false
	for i, m := range members {
		switch {
		case i > 0 && bytes.Equal(m.name, members[i-1].name):
			return nil, p.bad("an object has a member twice")
		case without != "" && string(m.name) == without:
			continue
		case comma:
			dst = append(dst, ',')
		}
		dst, comma = append(dst, m.text...), true
	}
	return append(dst, '}'), nil
}

func (p *parser) array(dst []byte, depth int) ([]byte, error) {
	dst = append(dst, '[')
	first := true
	err := p.each(']', depth, func() (err error) {
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst, err = p.value(dst, depth+1)
		return err
	})
	return append(dst, ']'), err
}

// each reads the elements between a bracket, at which the parser stands, and
// its end.
func (p *parser) each(end byte, depth int, element func() error) error {
	if depth > mostDepth {
		return p.bad("it is nested too deeply")
	}
	p.at++
	if p.space(); p.take(end) {
		return nil
	}
	for {
		p.space()
		if err := element(); err != nil {
			return err
		}
		p.space()
		switch {
		case p.take(end):
			return nil
		case !p.take(','):
			return p.bad("a comma or the end of a list or object is expected")
		}
	}
}

func (p *parser) value(dst []byte, depth int) ([]byte, error) {
	p.space()
	switch {
	case p.is('{'):
		return p.object(dst, depth, "")
	case p.is('['):
		return p.array(dst, depth)
	case p.is('"'):
		s, err := p.str()
		return quoted(dst, s), err
	}
	for _, word := range []string{"true", "false", "null"} {
		if bytes.HasPrefix(p.text[p.at:], []byte(word)) {
			p.at += len(word)
			return append(dst, word...), nil
		}
	}
	return p.number(dst)
}

// number takes a number as it is written.
func (p *parser) number(dst []byte) ([]byte, error) {
	from := p.at
	p.take('-')
	if !p.take('0') && !p.digits() {
		return nil, p.bad("a value is expected")
	}
	if p.take('.') && !p.digits() {
		return nil, p.bad("a number has no digit after its point")
	}
	if p.take('e') || p.take('E') {
		if !p.take('-') {
			p.take('+')
		}
		if !p.digits() {
			return nil, p.bad("a number has no exponent")
		}
	}
	return append(dst, p.text[from:p.at]...), nil
}

func (p *parser) digits() bool {
	from := p.at
	for p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9' {
		p.at++
	}
	return p.at > from
}

func (p *parser) space() {
	for p.at < len(p.text) && bytes.IndexByte([]byte(" \t\r\n"), p.text[p.at]) >= 0 {
		p.at++
	}
}

func (p *parser) is(c byte) bool { return p.at < len(p.text) && p.text[p.at] == c }

func (p *parser) take(c byte) bool {
	if !p.is(c) {
		return false
	}
	p.at++
	return true
}

func (p *parser) bad(why string) error {
	return city.Errorf(CodeJSON, "the document is not JSON that can be signed: at byte %d %s", p.at+1, why)
}
