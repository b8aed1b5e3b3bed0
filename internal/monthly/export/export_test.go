package export_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/monthly"
	"github.com/jinyang-city/jinyang/internal/monthly/export"
)

func sample() *monthly.Document {
	v, w, p := 12345.0, 9000.5, 1.25
	notes := func(n ...int) []int { return n }
	return &monthly.Document{
		Report: "jobs.monthly", Title: "2024年10月就业分析", Organisation: "市人社局", Month: "2024-10", Lang: "zh", Date: city.NewDate(2024, 10, 31), Simulated: true,
		Notices: []string{"数据未到齐。"},
		Blocks: []monthly.Block{
			{Kind: monthly.BlockHeading, Level: 1, Number: "一、", Runs: []monthly.Run{{Text: "总体"}}},
			{Kind: monthly.BlockParagraph, Runs: []monthly.Run{{Text: "新增"}, {Text: "12,345人", Figure: true, Notes: notes(1)}, {Text: "，同比增长1%", Figure: true, Notes: notes(1), Mark: true}}},
			{Kind: monthly.BlockTable, Table: &monthly.Table{Number: "表1", Title: "各区", Notes: notes(1), Columns: []monthly.Column{{Title: "区"}, {Title: "人", Numeric: true, Notes: notes(1)}, {Title: "同比", Numeric: true}},
				Rows: []monthly.Row{{Cells: []monthly.Cell{{Text: "=1+1"}, {Text: "9,000.5", Value: &w, Decimals: 1}, {Text: "1.3个百分点", Value: &p, Decimals: 1, Unit: "个百分点"}}},
					{Total: true, Cells: []monthly.Cell{{Text: "合计"}, {Text: "*"}, {Text: "—"}}}}, Remarks: []string{"*：不予公布。"}}},
			{Kind: monthly.BlockChart, Chart: &monthly.Chart{Number: "图1", Title: "累计", Kind: city.ChartLine, Notes: notes(1, 2), AxisX: "月份", AxisY: "新增（人）", Categories: []string{"1月", "2月"},
				Series: []monthly.Series{{Name: "2024年", Values: []*float64{&v, nil}}, {Name: "2023年", Values: []*float64{&w, &v}, Dashed: true}}}},
		},
		Notes: []monthly.Note{{Number: 1, Text: "新增：来源", Dataset: "jobs.people", SnapshotID: "42", CompleteTo: city.NewDate(2024, 10, 31), Version: "0123", Simulated: true}, {Number: 2, Text: "目标"}},
	}
}

func write(t *testing.T, f export.Format) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := export.Write(&out, f, sample()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestSameBytes(t *testing.T) {
	t.Parallel()
	for _, f := range export.Formats() {
		if !bytes.Equal(write(t, f), write(t, f)) {
			t.Errorf("the same document gives another %s", f)
		}
	}
}

// The workbook holds numbers as numbers, texts as texts, a chart of its own data,
// and says where everything comes from.
func TestWorkbook(t *testing.T) {
	t.Parallel()
	f, err := excelize.OpenReader(bytes.NewReader(write(t, export.XLSX)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := strings.Join(f.GetSheetList(), " "); got != "正文 表1 图1 数据来源" {
		t.Errorf("the sheets are %s", got)
	}
	for _, c := range []struct{ sheet, cell, want string }{
		{"正文", "A6", "新增12,345人，同比增长1%[1]"}, {"表1", "A4", "=1+1"}, {"表1", "B4", "9,000.5"}, {"表1", "C4", "1.3个百分点"}, {"表1", "B5", "*"},
		{"图1", "A4", "1月"}, {"图1", "B4", "12345"}, {"图1", "B5", ""}, {"数据来源", "E4", "42"}, {"数据来源", "F4", "2024-10-31"}, {"数据来源", "F5", ""},
	} {
		if got, err := f.GetCellValue(c.sheet, c.cell); err != nil || got != c.want {
			t.Errorf("%s!%s is %q, want %q (%v)", c.sheet, c.cell, got, c.want, err)
		}
	}
	if raw, err := f.GetCellValue("表1", "B4", excelize.Options{RawCellValue: true}); err != nil || raw != "9000.5" {
		t.Errorf("the number is kept as %q (%v)", raw, err)
	}
	if formula, err := f.GetCellFormula("表1", "A4"); err != nil || formula != "" {
		t.Errorf("a text is run as the formula %q (%v)", formula, err)
	}
}

// The file for Word says what must be known first, marks the notes where the
// model does, and holds the chart with its workbook.
func TestWordFile(t *testing.T) {
	t.Parallel()
	data := write(t, export.DOCX)
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(text)
	}
	text := parts["word/document.xml"]
	for _, want := range []string{"数据未到齐。", "一、", "<w:tblHeader/>", `<w:pStyle w:val="Heading1"/>`, "图1　累计"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %s", want)
		}
	}
	if n := strings.Count(text, `w:endnoteReference w:id="1"`); n != 1 {
		t.Errorf("note 1 is marked %d times", n)
	}
	if strings.Index(text, "12,345人") > strings.Index(text, `w:endnoteReference w:id="1"`) {
		t.Error("the note stands before its figure")
	}
	if !strings.Contains(parts["word/header1.xml"], "模拟数据") || !strings.Contains(parts["word/charts/chart1.xml"], "<c:v>12345</c:v>") {
		t.Error("the header does not say that the data are simulated, or the chart has no values")
	}
	if book, err := excelize.OpenReader(strings.NewReader(parts["word/embeddings/chart1.xlsx"])); err != nil {
		t.Errorf("the chart's workbook cannot be opened: %v", err)
	} else if got, err := book.GetCellValue("Sheet1", "C3"); err != nil || got != "12345" {
		t.Errorf("the chart's workbook has %q (%v)", got, err)
	}
}

func TestFormats(t *testing.T) {
	t.Parallel()
	if f, err := export.Of("A.DOCX"); err != nil || f != export.DOCX {
		t.Errorf("%s, %v", f, err)
	}
	if _, err := export.Of("a.pdf"); city.CodeOf(err) != city.CodeInvalid {
		t.Errorf("a.pdf: %v", err)
	}
	if err := export.Write(io.Discard, "pdf", sample()); city.CodeOf(err) != city.CodeInvalid {
		t.Errorf("pdf: %v", err)
	}
	if got := export.Name(sample(), export.DOCX); got != "jobs.monthly_2024-10_zh.docx" {
		t.Errorf("the name is %s", got)
	}
	if err := export.Write(failing{}, export.DOCX, sample()); err == nil {
		t.Error("nothing was written, and nothing said")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("full") }
