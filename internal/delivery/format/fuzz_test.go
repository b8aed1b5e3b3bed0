package format_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
)

// told holds that a failure is one that says what is wrong with the file.
func told(t *testing.T, err error) {
	t.Helper()
	if err != nil && city.CodeOf(err).Root() != city.CodeInvalid {
		t.Fatalf("the file is at fault, but the error is %v (%s)", err, city.CodeOf(err))
	}
}

// FuzzOpen holds that no file of any form breaks the readers.
func FuzzOpen(f *testing.F) {
	sheet := book(f, func(x *excelize.File) { rowsOf(x, "Sheet1", []any{"编号", "日期"}, []any{1, 2}) })
	for _, seed := range [][]byte{
		[]byte(someCSV), gz(someCSV), zipOf("a.csv", someCSV), sheet, texts(f, 20), []byte(`{"a":1}`), gz(string(sheet)),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		_, err := openFile(t, in, small)
		told(t, err)
	})
}

// FuzzParquet changes bytes of a good file: its own form has no checksum that
// would stop the reader early.
func FuzzParquet(f *testing.F) {
	good := texts(f, 50)
	f.Add(uint(10), []byte("\xff\xff"))
	f.Add(uint(len(good)-40), []byte("\x00"))
	f.Fuzz(func(t *testing.T, at uint, change []byte) {
		in := bytes.Clone(good)
		copy(in[at%uint(len(in)):], change)
		_, err := openFile(t, in, small)
		told(t, err)
	})
}

// FuzzSheet reads any XML as a sheet of a good workbook.
func FuzzSheet(f *testing.F) {
	parts := func(sheet string) []byte {
		return zipOf("[Content_Types].xml", `<Types><Override ContentType="x.spreadsheetml.sheet.main+xml"/></Types>`,
			"xl/workbook.xml", `<workbook><sheets><sheet name="a" r:id="r1"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="s.xml"/><Relationship Id="r2" Type="x/sharedStrings" Target="t.xml"/></Relationships>`,
			"xl/t.xml", `<sst><si><t>编号</t></si></sst>`, "xl/s.xml", sheet)
	}
	f.Add(`<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row><row><c><v>1</v></c></row></sheetData></worksheet>`)
	f.Add(`<worksheet><sheetData><row r="2"><c r="B2" t="inlineStr"><is><t>a</t></is></c></row></sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>`)
	f.Fuzz(func(t *testing.T, sheet string) {
		_, err := openFile(t, parts(sheet))
		told(t, err)
	})
}

// FuzzJSONLines compares what is read with encoding/json.
func FuzzJSONLines(f *testing.F) {
	for _, s := range []string{`{"a":1,"b":"x"}`, `{"a":null}`, `{"a":{}}`, `{"a":"\ud800"}`, `{"a":1}x`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(text, "\r\n") {
			return
		}
		rows, err := openFile(t, []byte("{\"a\":0,\"b\":0}\n"+text))
		told(t, err)
		if err == nil && len(rows) > 2 && rows[2] == "!malformed_json" && json.Valid([]byte(text)) && text[0] == '{' &&
			!strings.Contains(text, `\`) && strings.Count(text, `"a"`) < 2 && strings.Count(text, `"b"`) < 2 && strings.Count(text, ":") < 3 {
			t.Fatalf("%q was called malformed", text)
		}
		if err != nil || len(rows) < 3 || strings.HasPrefix(rows[2], "!") || strings.HasPrefix(rows[0], "a|b|") {
			return
		}
		var want map[string]any
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&want); err != nil {
			t.Fatalf("%q was read as %s, encoding/json says %v", text, rows[2], err)
		}
		got := strings.SplitN(rows[2], "|", 2)
		for i, key := range []string{"a", "b"} {
			switch v := want[key].(type) {
			case json.Number:
				if got[i] != v.String() {
					t.Fatalf("%q: %s is %s", text, key, got[i])
				}
			case string:
				if utf8.ValidString(text) && !strings.Contains(text, "|") && !strings.Contains(text, `u007c`) && !strings.Contains(text, `u007C`) && got[i] != v {
					t.Fatalf("%q: %s is %q, encoding/json has %q", text, key, got[i], v)
				}
			case map[string]any, []any:
				t.Fatalf("%q: a nested value was read as %s", text, got[i])
			}
		}
	})
}

// TestLimits holds that a packed file may be as large as its packed size
// allows, and no larger.
func TestLimits(t *testing.T) {
	t.Parallel()
	line := "1,2024-01-05,3.50\n"
	for n, good := range map[int]bool{100: true, 300: false} {
		content := gz(strings.Repeat(line, n))
		_, err := openFile(t, content, func(o *format.Options) {
			o.Limits = format.Limits{Unpacked: 1 << 30, Ratio: 1, Free: 2000}
		})
		if (err == nil) != good {
			t.Errorf("%d lines: %v", n, err)
		}
	}
}
