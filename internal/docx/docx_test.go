package docx_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/docx"
)

func sample() *docx.Document {
	one, two := 1.5, 2.25
	return &docx.Document{
		Title: "甲<乙>&\x01", Author: "局", Lang: "zh-CN", Date: time.Date(2024, 10, 31, 0, 0, 0, 0, time.UTC), Header: "标题", Mark: "模拟", Endings: "注释",
		Body: []docx.Block{
			docx.Paragraph{Style: docx.StyleTitle, Runs: []docx.Run{{Text: "甲<乙>&\x01"}}},
			docx.Paragraph{Style: docx.StyleText, Runs: []docx.Run{{Text: "值", Notes: []int{1}}, {Text: "再", Notes: []int{1, 2}}}},
			&docx.Table{Columns: []docx.Column{{Head: []docx.Run{{Text: "列", Notes: []int{2}}}, Weight: 2, Align: docx.AlignLeft}, {Head: []docx.Run{{Text: "数"}}, Align: docx.AlignRight}},
				Rows: [][]docx.Cell{{{Runs: []docx.Run{{Text: "a"}}}, {Runs: []docx.Run{{Text: "1", Notes: []int{3}}}}}}},
			&docx.Chart{Kind: docx.ChartLine, Description: `"线"`, AxisX: "月", AxisY: "人（%）", Decimals: 1, Categories: []string{"1月", "2月", "3月"}, Workbook: []byte("PK"),
				Series: []docx.Series{{Name: "今年", Values: []*float64{&one, nil, &two}}, {Name: "上年", Values: []*float64{nil, nil, nil}, Dashed: true}}},
			&docx.Chart{Kind: docx.ChartBar, AxisX: "区", AxisY: "人", Categories: []string{"甲"}, Series: []docx.Series{{Name: "人", Values: []*float64{&one}}}},
		},
		Notes: []string{"第一", "第二<", "第三"},
	}
}

func parts(t *testing.T, d *docx.Document) map[string]string {
	t.Helper()
	var out bytes.Buffer
	if err := docx.Write(&out, d); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(data)
	}
	return all
}

// Every part is XML, has a content type, and is there when another one refers to
// it.
func TestParts(t *testing.T) {
	t.Parallel()
	all := parts(t, sample())
	types := all["[Content_Types].xml"]
	target := regexp.MustCompile(`Target="([^"]+)"`)
	for name, text := range all {
		if strings.HasSuffix(name, ".xlsx") {
			continue
		}
		for dec := xml.NewDecoder(strings.NewReader(text)); ; {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if !strings.HasSuffix(name, ".rels") && name != "[Content_Types].xml" && !strings.Contains(types, `PartName="/`+name+`"`) {
			t.Errorf("%s has no content type", name)
		}
		if !strings.HasSuffix(name, ".rels") {
			continue
		}
		base := path.Dir(path.Dir(name)) // of the part that the relationships are of
		for _, m := range target.FindAllStringSubmatch(text, -1) {
			if _, ok := all[path.Join(base, m[1])]; !ok {
				t.Errorf("%s refers to %s, which is not there", name, m[1])
			}
		}
	}
	rels := all["word/_rels/document.xml.rels"]
	for _, m := range regexp.MustCompile(`r:id="([^"]+)"`).FindAllStringSubmatch(all["word/document.xml"], -1) {
		if !strings.Contains(rels, `Id="`+m[1]+`"`) {
			t.Errorf("the text refers to %s, which has no relationship", m[1])
		}
	}
}

// A note is marked once, and a second mention is a field that repeats its number.
func TestNotes(t *testing.T) {
	t.Parallel()
	all := parts(t, sample())
	text, notes := all["word/document.xml"], all["word/endnotes.xml"]
	for id, fields := range map[string]int{"1": 1, "2": 1, "3": 0} {
		if n := strings.Count(text, `<w:endnoteReference w:id="`+id+`"/>`); n != 1 {
			t.Errorf("note %s is marked %d times", id, n)
		}
		if n := strings.Count(text, "NOTEREF _note"+id+" "); n != fields {
			t.Errorf("note %s is repeated %d times, want %d", id, n, fields)
		}
		if !strings.Contains(notes, `<w:endnote w:id="`+id+`">`) {
			t.Errorf("there is no note %s", id)
		}
	}
	if first, second := strings.Index(text, `endnoteReference w:id="1"`), strings.Index(text, `endnoteReference w:id="2"`); first > second {
		t.Error("the notes are not numbered in the order of the text")
	}
}

// Programs draw a chart from its cache: as many places as categories, and no
// point where there is no value.
func TestChartCache(t *testing.T) {
	t.Parallel()
	all := parts(t, sample())
	line := all["word/charts/chart1.xml"]
	for _, want := range []string{
		`<c:numCache><c:formatCode>#,##0.0</c:formatCode><c:ptCount val="3"/><c:pt idx="0"><c:v>1.5</c:v></c:pt><c:pt idx="2"><c:v>2.25</c:v></c:pt></c:numCache>`,
		`<c:numCache><c:formatCode>#,##0.0</c:formatCode><c:ptCount val="3"/></c:numCache>`,
		`<c:strCache><c:ptCount val="3"/><c:pt idx="0"><c:v>1月</c:v></c:pt>`, `<a:t>人（%）</a:t>`, `Sheet1!$C$2:$C$4`, `<c:externalData r:id="rBook">`,
	} {
		if !strings.Contains(line, want) {
			t.Errorf("the line lacks %s", want)
		}
	}
	if bar := all["word/charts/chart2.xml"]; !strings.Contains(bar, `<c:barDir val="bar"/>`) || strings.Contains(bar, "externalData") {
		t.Error("the bars are not horizontal, or name a workbook that is not there")
	}
}

func TestSameBytes(t *testing.T) {
	t.Parallel()
	var a, b bytes.Buffer
	if err := errors.Join(docx.Write(&a, sample()), docx.Write(&b, sample())); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same document gives other bytes")
	}
}

// A writer that fails is told of.
func TestFailingWriter(t *testing.T) {
	t.Parallel()
	if err := docx.Write(failing{}, sample()); err == nil {
		t.Error("nothing was written, and nothing said")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("full") }
