package format_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
)

func read(t *testing.T, r io.Reader, comma rune) (out [][]string, err error) {
	t.Helper()
	c := format.NewCSV(r, comma)
	for {
		rec, err := c.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		var row []string
		for _, f := range rec.Fields {
			row = append(row, string(f))
		}
		if rec.Malformed {
			row = append(row, "!malformed")
		}
		out = append(out, row)
	}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, in, want string
		comma          rune
	}{
		{"plain", "a,b\nc,d\n", "a|b/c|d", ','},
		{"no last line end", "a,b\nc,d", "a|b/c|d", ','},
		{"CRLF and blank lines", "a,b\r\n\r\nc,d\r\n", "a|b/c|d", ','},
		{"empty fields", ",\n,,\n", "|/||", ','},
		{"quoted", `"a,1","b ""x"""` + "\n", `a,1|b "x"`, ','},
		{"line break in quotes", "a,\"x\n\n y\",b\nc,d,e\n", "a|x\n\n y|b/c|d|e", ','},
		{"bare quote", "5\" pipe,b\n", "5\" pipe|b", ','},
		{"text after a quote", "\"a\"x,b\nc,d\n", "ax|b|!malformed/c|d", ','},
		{"tab", "a\tb\n", "a|b", '\t'},
		{"quoted empty last", "a,\"\"\n", "a|", ','},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, r := range []io.Reader{strings.NewReader(c.in), iotest.OneByteReader(strings.NewReader(c.in))} {
				rows, err := read(t, r, c.comma)
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, r := range rows {
					got = append(got, strings.Join(r, "|"))
				}
				if g := strings.Join(got, "/"); g != c.want {
					t.Errorf("got %q, want %q", g, c.want)
				}
			}
		})
	}
}

// endless gives the same byte for ever.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

func TestBounds(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		in   io.Reader
		want string
	}{
		"a line without end": {io.LimitReader(endless('x'), 2<<30), "line 1: a record is longer"},
		"a quote never closed": {
			io.MultiReader(strings.NewReader("a,b\nc,\""), io.LimitReader(endless('\n'), 1<<31)), "line 2: a record is longer"},
		"cut inside quotes":         {strings.NewReader("a,b\nc,\"d\n\n"), "line 2: a quoted field is not closed"},
		"lines that end in CR":      {strings.NewReader("a,b\rc,d\r"), "line 1: the lines end in CR alone"},
		"many lines that end in CR": {strings.NewReader(strings.Repeat("a,b\r", 1<<20)), "line 1: the lines end in CR alone"},
		"too many fields":           {strings.NewReader(strings.Repeat(",", format.MaxFields)), "more than 4096 fields"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := read(t, c.in, ',')
			if err == nil || !strings.Contains(err.Error(), c.want) || city.CodeOf(err) != "invalid.csv" {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestEncoding(t *testing.T) {
	t.Parallel()
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("区划,名称\n140105,小店区\n")
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name, in, declared, want string
		code                     city.Code
	}{
		{name: "utf-8", in: "小店区", want: "小店区"},
		{name: "byte order mark", in: "\xef\xbb\xbf小店区", want: "小店区"},
		{name: "shorter than a mark", in: "a", want: "a"},
		{name: "gb18030", in: gb, want: "区划,名称\n140105,小店区\n"},
		{name: "gb18030 declared as gbk", in: gb, declared: "gbk", want: "区划,名称\n140105,小店区\n"},
		{name: "gb18030 declared as utf-8", in: gb, declared: "utf-8", code: "invalid.encoding"},
		{name: "unknown", in: "x", declared: "latin1", code: "invalid.encoding"},
		{name: "empty", in: "", code: "invalid.empty"},
		{name: "old Excel", in: "\xd0\xcf\x11\xe0zzzz", code: "invalid.format"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := decode(c.in, c.declared)
			if c.code != "" {
				if city.CodeOf(err) != c.code {
					t.Errorf("got %v, want the code %s", err, c.code)
				}
				return
			}
			if err != nil || got != c.want {
				t.Errorf("got %q, %v; want %q", got, err, c.want)
			}
		})
	}
}

func decode(in, declared string) (string, error) {
	e, err := format.ParseEncoding(declared)
	if err != nil {
		return "", err
	}
	var p format.Probe
	if _, err := io.Copy(&p, iotest.OneByteReader(strings.NewReader(in))); err != nil {
		return "", err
	}
	if e, err = p.Encoding(e); err != nil {
		return "", err
	}
	b, err := io.ReadAll(format.Decode(iotest.OneByteReader(strings.NewReader(in)), e))
	return string(b), err
}

// FuzzCSV checks that no input breaks the reader, and that it agrees with
// encoding/csv on everything which that package accepts.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n", "\"a\n\"\"b\",c\r\n", "\"", "a\"b,\"c\"d\n", ",,\n\n,", "\r\n\r"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		rows, err := read(t, bytes.NewReader(in), ',')
		std := csv.NewReader(bytes.NewReader(in))
		std.FieldsPerRecord = -1
		want, stdErr := std.ReadAll()
		if stdErr != nil || bytes.ContainsRune(in, '\r') {
			return // it refuses more than we do, and folds CR differently
		}
		if err != nil {
			t.Fatalf("encoding/csv accepts what we refuse: %v", err)
		}
		if len(rows) != len(want) {
			t.Fatalf("%d records, encoding/csv has %d", len(rows), len(want))
		}
		for i := range rows {
			if strings.Join(rows[i], "\x00") != strings.Join(want[i], "\x00") {
				t.Fatalf("record %d: %q, encoding/csv has %q", i+1, rows[i], want[i])
			}
		}
	})
}

func FuzzProbe(f *testing.F) {
	f.Add([]byte("太原"), 1)
	f.Add([]byte("\xe5\xa4"), 2)
	f.Fuzz(func(t *testing.T, in []byte, chunk int) {
		if chunk < 1 || chunk > 64 {
			return
		}
		var p format.Probe
		for rest := in; len(rest) > 0; {
			n := min(chunk, len(rest))
			_, _ = p.Write(rest[:n])
			rest = rest[n:]
		}
		if p.UTF8() != utf8.Valid(in) {
			t.Fatalf("UTF8 is %v for %q in chunks of %d", p.UTF8(), in, chunk)
		}
	})
}

// TestDamaged holds that a file which was cut or changed on its way is still
// read in its encoding, so that it loses the rows at fault and not all.
func TestDamaged(t *testing.T) {
	t.Parallel()
	text := "区划,名称\n140105,小店区\n140106,迎泽区\n140107,杏花岭区\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	bom, err := simplifiedchinese.GB18030.NewEncoder().String("\ufeff" + text)
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct{ in, declared, want string }{
		"cut inside a character":              {text[:len(text)-3], "", text[:len(text)-3]},
		"cut inside one, declared":            {text[:len(text)-3], "utf-8", text[:len(text)-3]},
		"a byte changed":                      {text[:len(text)-4] + "\xff\n", "", text[:len(text)-4] + "\xff\n"},
		"gb18030 cut inside a character":      {gb[:len(gb)-2], "", text[:len(text)-len("区\n")] + "\ufffd"},
		"byte order mark of gb18030":          {bom, "", text},
		"ASCII with one character of gb18030": {"a,b\n1,\xd6\xd0\n", "", "a,b\n1,中\n"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := decode(c.in, c.declared); err != nil || got != c.want {
				t.Errorf("got %q, %v; want %q", got, err, c.want)
			}
		})
	}
	for _, in := range []string{"a\x00,b\n", "\xff\xfea\x00", "%PDF-1.7", "7z\xbc\xaf\x27\x1c", "Rar!\x1a\x07", "PARE", "\x28\xb5\x2f\xfd", " [\n{"} {
		if _, err := decode(in, ""); city.CodeOf(err) != "invalid.format" {
			t.Errorf("%q: %v", in, err)
		}
	}
}
