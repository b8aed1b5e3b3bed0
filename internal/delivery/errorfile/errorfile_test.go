package errorfile_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/errorfile"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
)

func record(number int64, raw string, fields ...string) *format.Record {
	r := &format.Record{Number: number, Raw: []byte(raw)}
	for _, f := range fields {
		r.Fields = append(r.Fields, []byte(f))
	}
	return r
}

func TestName(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"就业.csv": "就业.errors.csv", "a.CSV.GZ": "a.errors.csv", "a.errors.csv": "a.errors.csv", `c:\x\a.zip`: "a.errors.csv", ".csv": ".csv.errors.csv",
	} {
		if got := errorfile.Name(file, format.Form{}); got != want {
			t.Errorf("%s becomes %s, want %s", file, got, want)
		}
	}
	if got := errorfile.Name("a.parquet", format.Form{Kind: format.KindParquet}); got != "a.errors.jsonl" {
		t.Errorf("got %s", got)
	}
}

// TestReasonsAreReplaced writes a record that has reasons of an earlier failure.
func TestReasonsAreReplaced(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w := errorfile.New(&out, format.Form{Encoding: format.UTF8}, '|')
	head := record(1, "a|错误代码|b|错误说明", "a", city.ErrorCodeColumn, "b", city.ErrorMessageColumn)
	err := errors.Join(w.Header(head), w.Row(record(2, `1|old|"x|y"|why`, "1", "old", "x|y", "why"), "new", "say|so"),
		w.Row(record(3, "1|2", "1", "2"), "field_count", ""), w.Close())
	if want := "a|b|错误代码|错误说明\n1|\"x|y\"|new|\"say|so\"\n1|2|field_count|\n"; err != nil || out.String() != want {
		t.Errorf("got %q, %v; want %q", out.String(), err, want)
	}
	out.Reset()
	w = errorfile.New(&out, format.Form{Kind: format.KindJSONLines, Encoding: format.UTF8}, 0)
	err = errors.Join(w.Header(head), w.Row(record(2, `{ "b": 1.50, "错误代码":"old", "a":"<>", "错误说明":"" }`), "new", "why"), w.Row(record(3, `{}`), "c", "d"), w.Close())
	if want := `{"b":1.50,"a":"<>","错误代码":"new","错误说明":"why"}` + "\n" + `{"错误代码":"c","错误说明":"d"}` + "\n"; err != nil || out.String() != want {
		t.Errorf("got %s, %v; want %s", out.String(), err, want)
	}
}

// TestNothingIsComputed holds that a spreadsheet takes no cell for a formula.
func TestNothingIsComputed(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w := errorfile.New(&out, format.Form{Kind: format.KindWorkbook}, 0)
	texts := []string{"=1+1", "+86", "-2", "@SUM(A1)", "00123", "110101199003070011", "_x0041_", "a\x01b\nc", ""}
	err := errors.Join(w.Header(record(1, "", make([]string, len(texts))...)), w.Row(record(2, "", texts...), "=CODE", "why"), w.Close())
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i, want := range append(texts, "=CODE", "why") {
		name, err := excelize.CoordinatesToCellName(i+1, 2)
		if err != nil {
			t.Fatal(err)
		}
		got, err := f.GetCellValue("Sheet1", name)
		formula, ferr := f.GetCellFormula("Sheet1", name)
		kind, kerr := f.GetCellType("Sheet1", name)
		if strings.ContainsAny(want, "\x01_") { // our own reader is held to these below
			got = want
		}
		if err = errors.Join(err, ferr, kerr); err != nil || got != want || formula != "" || want != "" && kind != excelize.CellTypeInlineString {
			t.Errorf("%s is %q, formula %q, type %v, %v; want the text %q", name, got, formula, kind, err, want)
		}
	}
}

// scratch is a temporary file in memory.
type scratch struct{ bytes.Buffer }

func (s *scratch) ReadAt(p []byte, off int64) (int, error) {
	return bytes.NewReader(s.Bytes()).ReadAt(p, off)
}
func (s *scratch) Close() error { return nil }

// TestWorkbookIsReadBack holds that any text comes back from a workbook as it
// went in.
func TestWorkbookIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.OneOf(rapid.RuneFrom([]rune("_x005Fa=<&>\"'\n\t 中\U0001F600\x01")), rapid.Rune())).
			Filter(func(s string) bool { return !strings.ContainsAny(s, "\r\ufffe\uffff\ufffd\x00") }).Draw(t, "text")
		var out bytes.Buffer
		w := errorfile.New(&out, format.Form{Kind: format.KindWorkbook}, 0)
		if err := errors.Join(w.Header(record(1, "", "名称")), w.Row(record(2, "", text), "c", "m"), w.Close()); err != nil {
			t.Fatal(err)
		}
		probe := &format.Probe{}
		_, _ = probe.Write(out.Bytes())
		r, err := format.Open(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(out.Bytes())), nil }, probe,
			format.Options{Columns: [][]string{{"名称"}}, Other: city.ErrorColumns(), Scratch: func() (format.Scratch, error) { return &scratch{}, nil }})
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if r.Form().Kind != format.KindWorkbook {
			t.Fatalf("the form is %+v", r.Form())
		}
		if _, err := r.Next(); err != nil {
			t.Fatal(err)
		}
		rec, err := r.Next()
		if err != nil || rec.Malformed || string(rec.Fields[0]) != text || string(rec.Fields[1]) != "c" {
			t.Fatalf("%q came back as %q, %v", text, rec.Fields, err)
		}
	})
}

// FuzzLines holds that whatever a line is, the error file has one JSON object
// for it.
func FuzzLines(f *testing.F) {
	for _, seed := range []string{`{"a":1}`, `{}`, `{"a":[1,{"b":null}],"错误代码":"x"}`, `{"a":1} x`, `{`, "\xff", `[]`, ``} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		var out bytes.Buffer
		w := errorfile.New(&out, format.Form{Kind: format.KindJSONLines, Encoding: format.UTF8}, 0)
		if err := errors.Join(w.Row(&format.Record{Raw: line}, "code", "message"), w.Close()); err != nil {
			t.Fatal(err)
		}
		members, ok := format.Members(out.Bytes())
		if n := len(members); !ok || n < 2 || members[n-2].Key != city.ErrorCodeColumn || string(members[n-1].Value) != `"message"` || bytes.Count(out.Bytes(), []byte("\n")) != 1 {
			t.Fatalf("%q became %q", line, out.Bytes())
		}
	})
}
