package format

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"
)

// FuzzSplitCSV holds that the raw text of a sound record, kept by itself, gives
// its fields again.
func FuzzSplitCSV(f *testing.F) {
	for _, seed := range []string{"a,b\r\n1,2\n", "\"a\"\"b\",\"c\nd\"\n", "a|b,c\n", "\"x\"y,1\n", "\n\n1\n"} {
		f.Add([]byte(seed), byte(','))
		f.Add([]byte(seed), byte('|'))
	}
	f.Fuzz(func(t *testing.T, text []byte, comma byte) {
		if comma >= 0x80 || bytes.IndexByte([]byte("\"\r\n\x00"), comma) >= 0 {
			t.Skip("no delimiter")
		}
		c := NewCSV(bytes.NewReader(text), rune(comma))
		for {
			rec, err := c.Next()
			if err != nil {
				return
			}
			fields, ok := SplitCSV(rec.Raw, rune(comma))
			if rec.Malformed {
				if ok {
					t.Fatalf("the malformed record %q was split into %q", rec.Raw, fields)
				}
				continue
			}
			if !ok || !slices.EqualFunc(fields, rec.Fields, bytes.Equal) {
				t.Fatalf("%q was split into %q, %v; its fields are %q", rec.Raw, fields, ok, rec.Fields)
			}
		}
	})
}

// FuzzSplitObject holds that a line which the reader of JSON Lines takes gives
// the same texts by itself, and that its members say the same.
func FuzzSplitObject(f *testing.F) {
	for _, seed := range []string{`{"a":1,"b":"x\ny","c":null,"d":true}`, `{}`, `{"a":"1"} `, `{"a":[1]}`, `{`, `{"a":1}{}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		texts, ok := SplitObject(line)
		members, sound := Members(line)
		if ok && (!sound || len(members) < len(texts)) {
			t.Fatalf("%q has the texts %q and the members %q", line, texts, members)
		}
		j, err := newJSONL(bytes.NewReader(line))
		if err != nil || bytes.ContainsAny(line, "\n") {
			return
		}
		header, err := j.Next()
		if err != nil {
			t.Fatal(err)
		}
		names := []string{}
		for _, n := range header.Fields {
			names = append(names, string(n))
		}
		rec, err := j.Next()
		if errors.Is(err, io.EOF) || rec.Malformed {
			return
		}
		for i, name := range names {
			if !ok || texts[name] != string(rec.Fields[i]) {
				t.Fatalf("%q: %s is %q, the reader gives %q", line, name, texts[name], rec.Fields[i])
			}
		}
	})
}

func TestForm(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Form{
		"a,b\n":              {Encoding: UTF8},
		"\ufeffa,b\r\n1,2\n": {Encoding: UTF8, BOM: true, CRLF: true},
		"{\"a\":1}\n":        {Kind: KindJSONLines, Encoding: UTF8},
		"\xd2\xb5\xce\xf1\n": {Encoding: GB18030},
	} {
		p := &Probe{}
		_, _ = p.Write([]byte(text))
		r, err := Open(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader([]byte(text))), nil }, p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Next(); err != nil || r.Form() != want {
			t.Errorf("%q: %+v, %v; want %+v", text, r.Form(), err, want)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}
