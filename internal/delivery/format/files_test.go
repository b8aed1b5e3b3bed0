package format_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
)

// inMemory is a scratch file in memory, which counts those not closed.
type inMemory struct {
	bytes.Buffer
	open *int
}

func (m *inMemory) ReadAt(p []byte, off int64) (int, error) {
	return bytes.NewReader(m.Bytes()).ReadAt(p, off)
}

func (m *inMemory) Close() error { *m.open--; return nil }

// tableNames are the columns of the tables in the tests.
var tableNames = [][]string{{"编号"}, {"日期"}, {"金额", "发放金额"}}

// openFile opens content as a delivery would. It fails the test when a scratch
// file or a pass over the source stays open.
func openFile(t testing.TB, content []byte, change ...func(*format.Options)) ([]string, error) {
	t.Helper()
	open := 0
	o := format.Options{
		Columns: tableNames, Other: []string{"备注", "合计"}, Location: time.FixedZone("CST", 8*3600),
		Scratch: func() (format.Scratch, error) { open++; return &inMemory{open: &open}, nil },
	}
	for _, c := range change {
		c(&o)
	}
	p := &format.Probe{}
	_, _ = p.Write(content)
	src := func() (io.ReadCloser, error) {
		open++
		return &counted{bytes.NewReader(content), &open}, nil
	}
	r, err := format.Open(src, p, o)
	if err != nil {
		if open != 0 {
			t.Errorf("%d files stay open after an error", open)
		}
		return nil, err
	}
	var out []string
	for {
		rec, err := r.Next()
		if err != nil {
			if cerr := r.Close(); cerr != nil || open != 0 {
				t.Errorf("%d files stay open, %v", open, cerr)
			}
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return out, err
		}
		if rec.Number != int64(len(out)+1) {
			t.Errorf("record %d has the number %d", len(out)+1, rec.Number)
		}
		row := string(bytes.Join(rec.Fields, []byte("|")))
		if rec.Malformed {
			row = "!" + rec.Fault.Code
		}
		out = append(out, row)
	}
}

type counted struct {
	io.Reader
	open *int
}

func (c *counted) Close() error { *c.open--; return nil }

func gz(content string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, content)
	_ = w.Close()
	return b.Bytes()
}

// zipOf packs files given as name, content, name, content.
func zipOf(files ...string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, _ := w.CreateHeader(&zip.FileHeader{Name: files[i], Method: zip.Deflate})
		_, _ = io.WriteString(f, files[i+1])
	}
	_ = w.Close()
	return b.Bytes()
}

// locked marks every file of an archive as encrypted, as the format has it in
// the local header and in the directory.
func locked(b []byte) []byte {
	for _, m := range []struct {
		magic string
		flags int
	}{{"PK\x03\x04", 6}, {"PK\x01\x02", 8}} {
		for i := 0; ; {
			j := bytes.Index(b[i:], []byte(m.magic))
			if j < 0 {
				break
			}
			b[i+j+m.flags] |= 1
			i += j + 4
		}
	}
	return b
}

const someCSV = "编号,日期,金额\n1,2024-01-05,3.50\n"

func TestPacked(t *testing.T) {
	t.Parallel()
	want := "编号|日期|金额/1|2024-01-05|3.50"
	for name, content := range map[string][]byte{
		"plain":                     []byte(someCSV),
		"gzip":                      gz(someCSV),
		"gzip in two parts":         append(gz(someCSV[:10]), gz(someCSV[10:])...),
		"zip":                       zipOf("数据.csv", someCSV),
		"zip with a folder":         zipOf("a/", "", "a/b.csv", someCSV),
		"zip by a desktop system":   zipOf("b.csv", someCSV, "__MACOSX/._b.csv", "x", ".DS_Store", "y"),
		"JSON Lines in gzip":        gz(`{"编号":1,"日期":"2024-01-05","金额":3.50}`),
		"Parquet's name, CSV in it": zipOf("a.parquet", someCSV),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, err := openFile(t, content)
			if got := strings.Join(rows, "/"); err != nil || got != want {
				t.Errorf("got %s, %v", got, err)
			}
		})
	}
}

// small are limits that make a file of some KiB a bomb.
func small(o *format.Options) {
	o.Limits = format.Limits{Unpacked: 1 << 20, Ratio: 20, Free: 1 << 12, Scratch: 1 << 20, Entries: 5}
}

func TestPackedRefused(t *testing.T) {
	t.Parallel()
	damaged := zipOf("a.csv", someCSV)
	damaged[len("PK..")+40]++
	long := []string{}
	for range 5 {
		long = append(long, strings.Repeat("n", 60_000), "")
	}
	many := []string{}
	for i := range 6 {
		many = append(many, fmt.Sprint(i), "x")
	}
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"gzip cut short":         {gz(someCSV)[:30], "damaged or cut short"},
		"gzip cut in its header": {gz(someCSV)[:5], "damaged or cut short"},
		"gzip without checksum":  {gz(someCSV)[:len(gz(someCSV))-8], "damaged or cut short"},
		"gzip with rubbish":      {append(gz(someCSV), "rubbish"...), "damaged or cut short"},
		"gzip bomb":              {gz(strings.Repeat("0", 1<<16)), "far more than its packed size"},
		"gzip in gzip":           {gz(string(gz(someCSV))), "another archive"},
		"zip in gzip":            {gz(string(zipOf("a.csv", someCSV))), "another archive"},
		"zip cut short":          {zipOf("a.csv", someCSV)[:60], "damaged or cut short"},
		"zip damaged":            {damaged, "damaged or cut short"},
		"zip bomb":               {zipOf("a.csv", strings.Repeat("0", 1<<16)), "far more than its packed size"},
		"zip in zip":             {zipOf("a.zip", string(zipOf("a.csv", someCSV))), "another archive"},
		"gzip in zip":            {zipOf("a.gz", string(gz(someCSV))), "another archive"},
		"empty zip":              {zipOf(), "holds no file"},
		"two files":              {zipOf("一月.csv", someCSV, "二月.csv", someCSV), `2 files, but one is a delivery: "一月.csv", "二月.csv"`},
		"a name with a number":   {zipOf("140105199003072317.csv", someCSV, "b", ""), `"******************.csv"`},
		"a name in GBK":          {zipOf("\xd2\xbb\xd4\xc2.csv", someCSV, "b", ""), `"一月.csv"`},
		"path escape":            {zipOf("../../etc/passwd", "x"), "leads out of it"},
		"path escape of Windows": {zipOf(`..\a.csv`, "x"), "leads out of it"},
		"absolute path":          {zipOf("/a.csv", "x"), "leads out of it"},
		"drive":                  {zipOf(`C:\a.csv`, "x"), "leads out of it"},
		"encrypted":              {locked(zipOf("a.csv", someCSV)), "locked with a password"},
		"names without end":      {zipOf(long...), "too long names"},
		"too many files":         {zipOf(many...), "holds 6 files"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, err := openFile(t, c.content, small)
			if city.CodeOf(err) != "invalid.archive" || !strings.Contains(err.Error(), c.want) || len(rows) > 0 {
				t.Errorf("got %v after %d rows, want %q", err, len(rows), c.want)
			}
		})
	}
}

func TestFormsRefused(t *testing.T) {
	t.Parallel()
	for name, content := range map[string][]byte{
		"a Word document":      zipOf("[Content_Types].xml", "<Types/>", "word/document.xml", "<x/>"),
		"an ODS document":      zipOf("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
		"an empty document":    zipOf("[Content_Types].xml", "<Types/>"),
		"a JSON list":          []byte(`[{"编号":1}]`),
		"a PDF in a zip":       zipOf("a.pdf", "%PDF-1.7"),
		"larger than scratch":  append([]byte("PK\x03\x04"), make([]byte, 1<<20)...),
		"an encrypted Parquet": []byte("PARE"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := openFile(t, content, small); city.CodeOf(err) != "invalid.format" {
				t.Errorf("got %v (%s)", err, city.CodeOf(err))
			}
		})
	}
}

// TestSourceFailure holds that a source which fails is never called a damaged
// file: it would be rejected for good.
func TestSourceFailure(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk on fire")
	for name, content := range map[string][]byte{
		"CSV": []byte(someCSV), "gzip": gz(someCSV), "zip": zipOf("a.csv", someCSV), "JSON Lines": []byte("{\"编号\":1}\n{\"编号\":2}"), "Parquet": []byte("PAR1xxxxPAR1"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := &format.Probe{}
			_, _ = p.Write(content)
			src := func() (io.ReadCloser, error) {
				return io.NopCloser(io.MultiReader(bytes.NewReader(content[:len(content)/2]), iotest.ErrReader(broken))), nil
			}
			open := 0
			r, err := format.Open(src, p, format.Options{Scratch: func() (format.Scratch, error) { return &inMemory{open: &open}, nil }})
			for err == nil {
				_, err = r.Next()
			}
			if !errors.Is(err, broken) || city.CodeOf(err).Root() == city.CodeInvalid {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestJSONLines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"types", `{"a":"x","b":1.50,"c":true,"d":null,"e":"é\n"}`, "a|b|c|d|e/x|1.50|true||é\n"},
		{"numbers as written", `{"a":140105199003072317,"b":1E+2,"c":-0.10}`, "a|b|c/140105199003072317|1E+2|-0.10"},
		{"keys in another order, and left out", "{\"a\":1,\"b\":2}\n{\"b\":4,\"a\":3}\n{\"b\":5}", "a|b/1|2/3|4/|5"},
		{"a key that the first object lacks", "{\"a\":1}\n{\"a\":2,\"b\":3}", "a|b/1|/2|3"},
		{"blank lines and CRLF", "{\"a\":1}\r\n\r\n \n{\"a\":2}\r\n", "a/1/2"},
		{"byte order mark", "\ufeff{\"a\":1}", "a/1"},
		{"cut short", "{\"a\":1}\n{\"a\":", "a/1/!malformed_json"},
		{"two objects in a line", "{\"a\":1}\n{\"a\":2}{\"a\":3}", "a/1/!malformed_json"},
		{"no object", "{\"a\":1}\n[2]\n3\nx", "a/1/!malformed_json/!malformed_json/!malformed_json"},
		{"key twice", "{\"a\":1}\n{\"a\":2,\"a\":3}", "a/1/!malformed_json"},
		{"nested", "{\"a\":1}\n{\"a\":{\"b\":1}}\n{\"a\":[]}", "a/1/!nested_value/!nested_value"},
		{"no text", "{\"a\":1}\n{\"a\":\"\\u0000\"}\n{\"a\":\"\\ud800\"}", "a/1/!bad_encoding/!bad_encoding"},
		{"unknown key far below", strings.Repeat("{\"a\":1}\n", 1000) + "{\"b\":1}", strings.Repeat("/1", 1000)[1:] + "/!unknown_key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rows, err := openFile(t, []byte(c.in))
			got, want := strings.Join(rows, "/"), c.want
			if strings.HasPrefix(want, "1/1") {
				want = "a/" + want
			}
			if err != nil || got != want {
				t.Errorf("got %.200s, %v", got, err)
			}
		})
	}
	for name, in := range map[string]string{
		"a long line": "{\"a\":\"" + strings.Repeat("x", format.MaxRecord+10) + "\"}",
		"no keys":     "{}\n{}",
		"many keys":   manyKeys(format.MaxFields + 1),
	} {
		if _, err := openFile(t, []byte(in)); city.CodeOf(err) != "invalid.jsonl" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ",\"k%d\":1", i)
	}
	return "{" + b.String()[1:] + "}"
}
