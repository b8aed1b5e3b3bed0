package http

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// FuzzRows holds that what is read without an error is the list of a whole
// JSON document, element by element.
func FuzzRows(f *testing.F) {
	for _, s := range []string{`[]`, `[{"a":1.10},2]`, `{"items":[1],"x":{}}`, `{"items":[[1],{"b":[]}]}`, `{"items":[1]`, `[1]]`, `{"items":null}`, `[1 2]`} {
		f.Add([]byte(s), s[0] == '[')
	}
	f.Fuzz(func(t *testing.T, doc []byte, whole bool) {
		path := "items"
		if whole {
			path = "."
		}
		out, err := io.ReadAll(rowsOf(io.NopCloser(bytes.NewReader(doc)), path))
		if err != nil {
			return
		}
		if !json.Valid(doc) {
			t.Fatalf("%q is no JSON document and is taken for one: %q", doc, out)
		}
		n := 0
		for line := range bytes.Lines(out) {
			if n++; !json.Valid(line) {
				t.Fatalf("%q gives the line %q", doc, line)
			}
		}
		var list []json.RawMessage
		if whole && (json.Unmarshal(doc, &list) != nil || len(list) != n) {
			t.Fatalf("%q gives %d lines, want %d", doc, n, len(list))
		}
	})
}

// FuzzLink holds that the target of a link is one that stands in the header.
func FuzzLink(f *testing.F) {
	for _, s := range []string{`<a>; rel=next`, `<a>; rel="prev", <b?x=1,2>; title="x, y"; rel="last next"`, `<a`, `>;<`, `<>; rel=next`, `<a>;rel`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		got := linkNext(http.Header{"Link": {value}})
		if got != "" && (!strings.Contains(value, got) || !strings.Contains(strings.ToLower(value), "next")) {
			t.Fatalf("%q gives %q", value, got)
		}
	})
}
