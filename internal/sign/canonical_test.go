package sign_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/sign"
)

func TestCanonical(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ doc, want string }{
		"empty":            {" { } ", `{}`},
		"order and space":  {"{\"b\" : 1,\n\t\"a\": [ true , false,null ]}", `{"a":[true,false,null],"b":1}`},
		"by character":     {"{\"é\":1,\"z\":2,\"Z\":3,\"\":4,\"😀\":5,\"\ue000\":6}", "{\"\":4,\"Z\":3,\"z\":2,\"é\":1,\"\ue000\":6,\"😀\":5}"},
		"numbers":          {`{"a":[1.50,-0,1e+5,0.02,12345678901234567890]}`, `{"a":[1.50,-0,1e+5,0.02,12345678901234567890]}`},
		"escapes":          {`{"a":"\u0041\/\u000a\u001F\"\\\ud83d\ude00\u2028"}`, "{\"a\":\"A/\\n\\u001f\\\"\\\\😀\u2028\"}"},
		"every short one":  {`{"a":"\b\t\n\f\r\u0000"}`, `{"a":"\b\t\n\f\r\u0000"}`},
		"html stays":       {`{"a":"\u003c&>"}`, `{"a":"<&>"}`},
		"signature":        {`{"signature":{"x":1},"a":{"signature":2}}`, `{"a":{"signature":2}}`},
		"signature hidden": {`{"\u0073ignature":1,"z":0}`, `{"z":0}`},
	} {
		if got, err := sign.Canonical([]byte(c.doc), "signature"); err != nil || string(got) != c.want {
			t.Errorf("%s: %s, %v; want %s", name, got, err, c.want)
		}
	}
}

func TestCanonicalRefuses(t *testing.T) {
	t.Parallel()
	for name, doc := range map[string]string{
		"nothing":            ``,
		"no object":          `[]`,
		"cut":                `{"a":1`,
		"more":               `{} {}`,
		"twice":              `{"a":1,"a":1}`,
		"twice, hidden":      `{"a":1,"\u0061":1}`,
		"two signatures":     `{"signature":1,"signature":2}`,
		"twice inside":       `{"a":[{"b":1,"b":2}]}`,
		"trailing comma":     `{"a":1,}`,
		"no name":            `{1:2}`,
		"no colon":           `{"a" 1}`,
		"lone surrogate":     `{"a":"\ud83d"}`,
		"second half first":  `{"a":"\ude00\ud83d"}`,
		"not UTF-8":          "{\"a\":\"\xff\"}",
		"surrogate in UTF-8": "{\"a\":\"\xed\xa0\x80\"}",
		"control character":  "{\"a\":\"\n\"}",
		"bad escape":         `{"a":"\x41"}`,
		"short escape":       `{"a":"\u004"}`,
		"leading zero":       `{"a":01}`,
		"plus":               `{"a":+1}`,
		"no digit":           `{"a":1.}`,
		"no exponent":        `{"a":1e}`,
		"not a number":       `{"a":NaN}`,
		"byte order mark":    "\ufeff{}",
		"deep":               `{"a":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `}`,
	} {
		if got, err := sign.Canonical([]byte(doc), "signature"); city.CodeOf(err) != sign.CodeJSON {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}

// FuzzCanonical holds that the canonical form of a document says the same as
// the document, is its own canonical form, and exists only for what
// encoding/json reads too.
func FuzzCanonical(f *testing.F) {
	f.Add(`{"b":[1.5,{"c":"\u00e9\ud83d\ude00"}],"a":null,"signature":{}}`)
	f.Add(`{"a":"\u0000","a ":-0e-0}`)
	f.Add(`{"a":1,"a":2}`)
	f.Fuzz(func(t *testing.T, doc string) {
		got, err := sign.Canonical([]byte(doc), "")
		if err != nil {
			if city.CodeOf(err) != sign.CodeJSON {
				t.Fatalf("an error without a code: %v", err)
			}
			return
		}
		if want, have := decode(t, doc), decode(t, string(got)); !reflect.DeepEqual(want, have) {
			t.Fatalf("%q became %q", doc, got)
		}
		again, err := sign.Canonical(got, "")
		if err != nil || !bytes.Equal(got, again) {
			t.Fatalf("%q is not its own canonical form: %q, %v", got, again, err)
		}
	})
}

func decode(t *testing.T, doc string) any {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(doc))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("encoding/json refuses %q: %v", doc, err)
	}
	return v
}
