package format

import (
	"encoding/xml"
	"errors"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Bounds of the table of texts: how much of it stays in memory, and how many
// texts there may be.
const (
	textsInMemory = 32 << 20
	mostTexts     = 16 << 20
)

// stringTable keeps the texts that cells refer to by number. The first ones
// are in memory, the others in a scratch file.
type stringTable struct {
	ends    []int64
	text    []byte // the first texts
	first   int    // how many of them
	spill   func() (Scratch, error)
	file    Scratch
	pending []byte // on their way to file
	most    int64  // bytes of all texts
	buf     []byte
}

// add appends a text.
func (t *stringTable) add(s []byte) error {
	from := int64(0)
	if n := len(t.ends); n > 0 {
		from = t.ends[n-1]
	}
	if len(t.ends) == mostTexts || from+int64(len(s)) > t.most {
		return city.Errorf(CodeXLSX, "the workbook holds too many texts").WithHint("deliver the table in parts, or as CSV")
	}
	t.ends = append(t.ends, from+int64(len(s)))
	if t.file == nil && len(t.text)+len(s) <= textsInMemory {
		t.text, t.first = append(t.text, s...), len(t.ends)
		return nil
	}
	if t.file == nil {
		var err error
		if t.file, err = t.spill(); err != nil {
			return err
		}
	}
	if t.pending = append(t.pending, s...); len(t.pending) < 1<<20 {
		return nil
	}
	return t.flush()
}

func (t *stringTable) flush() error {
	if len(t.pending) == 0 {
		return nil
	}
	_, err := t.file.Write(t.pending)
	t.pending = t.pending[:0]
	return err
}

// get gives the text of a number, valid until the next call; false when there
// is none.
func (t *stringTable) get(i int) ([]byte, bool, error) {
	if i < 0 || i >= len(t.ends) {
		return nil, false, nil
	}
	from, end := int64(0), t.ends[i]
	if i > 0 {
		from = t.ends[i-1]
	}
	if i < t.first {
		return t.text[from:end], true, nil
	}
	if n := int(end - from); cap(t.buf) < n {
		t.buf = make([]byte, n)
	}
	t.buf = t.buf[:end-from]
	_, err := t.file.ReadAt(t.buf, from-int64(len(t.text)))
	return t.buf, true, notAtEnd(err)
}

// Close removes the scratch file.
func (t *stringTable) Close() error {
	if t.file == nil {
		return nil
	}
	return t.file.Close()
}

// readStrings reads the table of texts.
func (b *workbook) readStrings(name string) error {
	if name == "" {
		return nil
	}
	p, err := b.openPart(name)
	if err != nil {
		return err
	}
	var text []byte
	for err == nil {
		var t xml.Token
		if t, err = p.next(); err != nil {
			break
		}
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "si" {
			if text, err = p.content(text[:0], "rPh"); err == nil {
				err = b.strings.add(unescape(text))
			}
		}
	}
	return errors.Join(notAtEnd(err), b.strings.flush(), p.Close())
}

// unescape resolves _xHHHH_, by which workbooks write control characters.
func unescape(b []byte) []byte {
	s := string(b)
	if !strings.Contains(s, "_x") {
		return b
	}
	var out strings.Builder
	for i := 0; i < len(s); {
		if r, ok := escaped(s[i:]); ok {
			out.WriteRune(r)
			i += len("_xHHHH_")
			continue
		}
		out.WriteByte(s[i])
		i++
	}
	return []byte(out.String())
}

func escaped(s string) (rune, bool) {
	if len(s) < len("_xHHHH_") || s[0] != '_' || s[1] != 'x' || s[6] != '_' {
		return 0, false
	}
	var r rune
	for _, c := range []byte(strings.ToLower(s[2:6])) {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}
