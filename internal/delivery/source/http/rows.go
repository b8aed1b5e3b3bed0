package http

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// mostRow bounds one row of a JSON document, in bytes.
const mostRow = 4 << 20

// rows turns a JSON document into JSON Lines as it is read: each element of the
// list at a path becomes a line, with its numbers as they are written. The
// document is checked to its end, so that a cut is an error.
type rows struct {
	body io.ReadCloser
	dec  *json.Decoder
	path []string // what is left to go down
	in   bool     // in the list
	line bytes.Buffer
	read int64 // bytes of the document
	done error // what ends the reading
}

func rowsOf(body io.ReadCloser, path string) io.ReadCloser {
	r := &rows{body: body}
	r.dec = json.NewDecoder(readFunc(r.more))
	if path != "." {
		r.path = strings.Split(path, ".")
	}
	return r
}

type readFunc func(p []byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

// more reads on in the document. What the decoder has read and not yet given
// out is one row, which is bounded.
func (r *rows) more(p []byte) (int, error) {
	if r.read-r.dec.InputOffset() > mostRow {
		return 0, city.Errorf("invalid.response", "a row of the answer is larger than %d MiB", mostRow>>20)
	}
	n, err := r.body.Read(p)
	r.read += int64(n)
	return n, err
}

// Close closes the answer.
func (r *rows) Close() error { return r.body.Close() }

// Read gives the lines.
func (r *rows) Read(p []byte) (int, error) {
	for r.line.Len() == 0 {
		if r.done != nil {
			return 0, r.done
		}
		r.line.Reset()
		if err := r.next(); err != nil {
			r.done = r.fail(err)
		}
	}
	return r.line.Read(p)
}

// fail tells a document that is wrong from a connection that broke.
func (r *rows) fail(err error) error {
	var syntax *json.SyntaxError
	var coded *city.Error
	switch {
	case errors.As(err, &coded) || err == io.EOF && r.in:
		return err
	case errors.As(err, &syntax), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return city.Errorf("invalid.response", "the answer is not a whole JSON document with a list where rows says")
	}
	return city.Outside(err, "the answer could not be read to its end")
}

// next writes the next element as a line; io.EOF after the document's end.
func (r *rows) next() error {
	if !r.in {
		if err := r.descend(); err != nil {
			return err
		}
		r.in = true
	}
	if r.dec.More() {
		var element json.RawMessage
		if err := r.dec.Decode(&element); err != nil {
			return unexpected(err)
		}
		if err := json.Compact(&r.line, element); err != nil {
			return err
		}
		return r.line.WriteByte('\n')
	}
	return r.rest()
}

// descend goes down to the list.
func (r *rows) descend() error {
	for _, key := range r.path {
		if err := r.expect(json.Delim('{')); err != nil {
			return err
		}
		if err := r.find(key); err != nil {
			return err
		}
	}
	return r.expect(json.Delim('['))
}

var errShape = city.Errorf("invalid.response", "the answer has no list where rows says").WithHint("rows names the keys down to the list, for example data.items")

func (r *rows) expect(want json.Delim) error {
	t, err := r.dec.Token()
	if err != nil {
		return unexpected(err)
	}
	if t != want {
		return errShape
	}
	return nil
}

// find skips the members of an object up to a key.
func (r *rows) find(key string) error {
	for r.dec.More() {
		t, err := r.dec.Token()
		if err != nil {
			return unexpected(err)
		}
		if t == key {
			return nil
		}
		if err := r.skip(); err != nil {
			return err
		}
	}
	return errShape
}

// skip reads over one value without keeping it.
func (r *rows) skip() error {
	for depth := 0; ; {
		t, err := r.dec.Token()
		if err != nil {
			return unexpected(err)
		}
		if d, ok := t.(json.Delim); ok {
			if d == '{' || d == '[' {
				depth++
			} else {
				depth--
			}
		}
		if depth == 0 {
			return nil
		}
	}
}

// rest reads from the end of the list to that of the document, and beyond it
// only space.
func (r *rows) rest() error {
	if err := r.expect(json.Delim(']')); err != nil {
		return err
	}
	for range r.path {
		for r.dec.More() {
			if _, err := r.dec.Token(); err != nil { // the key
				return unexpected(err)
			}
			if err := r.skip(); err != nil {
				return err
			}
		}
		if err := r.expect(json.Delim('}')); err != nil {
			return err
		}
	}
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		return errShape
	}
	return io.EOF
}

// unexpected makes the end of the text an error: the document is not over.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
