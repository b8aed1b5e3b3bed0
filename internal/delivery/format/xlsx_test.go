package format_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
)

// book builds a workbook with another program's writer.
func book(t testing.TB, fill func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	var b bytes.Buffer
	if err := errorsOf(f.Write(&b), f.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func errorsOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// rowsOf sets rows of the first sheet, from row 1; nil is a blank row.
func rowsOf(f *excelize.File, sheet string, rows ...[]any) {
	for i, r := range rows {
		for j, v := range r {
			if v != nil {
				name, _ := excelize.CoordinatesToCellName(j+1, i+1)
				_ = f.SetCellValue(sheet, name, v)
			}
		}
	}
}

// edited changes the text of one part of a workbook.
func edited(t testing.TB, content []byte, part, pattern, with string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	changed := false
	for _, f := range z.File {
		r, _ := f.Open()
		b, _ := io.ReadAll(r)
		if f.Name == part {
			after := regexp.MustCompile(pattern).ReplaceAll(b, []byte(with))
			changed = !bytes.Equal(after, b)
			b = after
		}
		files = append(files, f.Name, string(b))
	}
	if !changed {
		t.Fatalf("%s has nothing like %s", part, pattern)
	}
	return zipOf(files...)
}

const sheet1 = "xl/worksheets/sheet1.xml"

func header(f *excelize.File) { rowsOf(f, "Sheet1", []any{"编号", "日期", "金额"}) }

func TestXLSX(t *testing.T) {
	t.Parallel()
	day := time.Date(2024, 1, 5, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, want string
		fill       func(*excelize.File)
		replace    []string // part, pattern and text: what the writer cannot be told to write
	}{
		{"plain", "编号|日期|金额/A1|2024-01-05|3.5", func(f *excelize.File) {
			rowsOf(f, "Sheet1", []any{"编号", "日期", "金额"}, []any{"A1", "2024-01-05", 3.5})
		}, nil},
		{"titles, blank rows, line breaks in names", "编号|日期|金额/A1||3/A2||4", func(f *excelize.File) {
			rowsOf(f, "Sheet1", []any{"补贴发放表"}, []any{"单位：", "某局", "日期："}, nil, []any{"编\n号", " 日期", "金额"}, []any{"A1", nil, 3}, nil, []any{"A2", nil, 4})
			_ = f.MergeCell("Sheet1", "A1", "C1")
		}, nil},
		{"a header of two rows", "编号|日期|发放金额|合计/A1|2024-01-05|3|4", func(f *excelize.File) {
			rowsOf(f, "Sheet1", []any{"编号", "日期", "发放", nil}, []any{nil, nil, "金额", "合计"}, []any{"A1", "2024-01-05", 3, 4})
			_ = f.MergeCell("Sheet1", "A1", "A2")
			_ = f.MergeCell("Sheet1", "B1", "B2")
			_ = f.MergeCell("Sheet1", "C1", "D1")
		}, nil},
		{"dates whatever they look like", "编号|日期/1|2024-01-05/2|2024-01-05/3|2024-01-05/4|2024-01-05 18:30:00/5|45296", func(f *excelize.File) {
			rowsOf(f, "Sheet1", []any{"编号", "日期"}, []any{1, day}, []any{2, 45296}, []any{3, 45296}, []any{4, day.Add(18*time.Hour + 30*time.Minute)}, []any{5, 45296})
			for row, code := range map[int]string{3: `yyyy"年"m"月"`, 4: "[$-804]dddd", 6: `0.0" months"`} {
				id, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
				_ = f.SetCellStyle("Sheet1", fmt.Sprintf("B%d", row), fmt.Sprintf("B%d", row), id)
			}
		}, nil},
		{"numbers", "编号|金额/007|0.1/1|1234567.89/2|123456789012345/3|-0.0000001/4|0.3", func(f *excelize.File) {
			rowsOf(f, "Sheet1", []any{"编号", "金额"}, []any{"007", 0.1}, []any{1, 1234567.89}, []any{2, 123456789012345}, []any{3, -1e-7}, []any{4, 0.1 + 0.2})
			id, _ := f.NewStyle(&excelize.Style{NumFmt: 11}) // 0.00E+00
			_ = f.SetCellStyle("Sheet1", "B2", "B5", id)
		}, nil},
		{"an ID number as a number", "编号|金额/!imprecise_number", func(f *excelize.File) {
			rowsOf(f, "Sheet1", []any{"编号", "金额"}, []any{140105199003072317, 1})
		}, nil},
		{"truth and rich text", "编号|备注/true|粗细", func(f *excelize.File) {
			rowsOf(f, "Sheet1", []any{"编号", "备注"}, []any{true})
			_ = f.SetCellRichText("Sheet1", "B2", []excelize.RichTextRun{{Text: "粗", Font: &excelize.Font{Bold: true}}, {Text: "细"}})
		}, nil},
		{"a formula, an error", "编号|金额/!formula/!cell_error/1|2", func(f *excelize.File) {
			rowsOf(f, "Sheet1", []any{"编号", "金额"}, []any{1}, []any{2}, []any{1, 2})
			_ = f.SetCellFormula("Sheet1", "B2", "1+1")
			_ = f.SetCellStr("Sheet1", "B3", "#N/A")
		}, []string{sheet1, `<c r="B3"[^>]*>.*?</c>`, `<c r="B3" t="e"><v>#N/A</v></c>`}},
		{"beyond the header", "编号|金额/1|2/1|2|3" + strings.Repeat("/y|", 146) + "/||x", func(f *excelize.File) {
			rowsOf(f, "Sheet1", []any{"编号", "金额"}, []any{1, 2, ""}, []any{1, 2, 3})
			_ = f.SetCellStr("Sheet1", "EZZ150", "x") // below the rows that are looked at
			for row := 4; row < 150; row++ {
				_ = f.SetCellStr("Sheet1", fmt.Sprint("A", row), "y")
			}
		}, nil},
		{"several sheets, one fits", "编号|日期|金额/A1||3", func(f *excelize.File) {
			_, _ = f.NewSheet("说明")
			_, _ = f.NewSheet("数据")
			rowsOf(f, "说明", []any{"编号"}, []any{"必填"})
			rowsOf(f, "数据", []any{"编号", "日期", "金额"}, []any{"A1", nil, 3})
		}, nil},
		{"without declared names", "甲|乙/1|2", func(f *excelize.File) {
			rowsOf(f, "Sheet1", []any{"甲", "乙"}, []any{1, 2})
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			content := book(t, c.fill)
			if r := c.replace; r != nil {
				content = edited(t, content, r[0], r[1], r[2])
			}
			rows, err := openFile(t, content)
			if got := strings.Join(rows, "/"); err != nil || got != c.want {
				t.Errorf("got %s, %v; want %s", got, err, c.want)
			}
		})
	}
}

// TestXLSXPacked holds that a workbook may be packed once more.
func TestXLSXPacked(t *testing.T) {
	t.Parallel()
	content := book(t, func(f *excelize.File) { header(f); _ = f.SetCellStr("Sheet1", "A2", "x") })
	for _, packed := range [][]byte{gz(string(content)), zipOf("表.xlsx", string(content))} {
		if rows, err := openFile(t, packed); err != nil || strings.Join(rows, "/") != "编号|日期|金额/x||" {
			t.Errorf("got %v, %v", rows, err)
		}
	}
}

// TestXLSXByPosition holds that without a header every row is a row.
func TestXLSXByPosition(t *testing.T) {
	t.Parallel()
	content := book(t, func(f *excelize.File) { rowsOf(f, "Sheet1", []any{"编号", 1}, nil, []any{2, 3, 4}) })
	rows, err := openFile(t, content, func(o *format.Options) { o.Positional = true })
	if err != nil || strings.Join(rows, "/") != "编号|1|/2|3|4" {
		t.Errorf("got %v, %v", rows, err)
	}
}

// TestXLSXEpoch reads a workbook that counts its days from 1904, as those of
// older Macs do, and the days before March 1900, which others count wrongly.
func TestXLSXEpoch(t *testing.T) {
	t.Parallel()
	content := book(t, func(f *excelize.File) {
		rowsOf(f, "Sheet1", []any{"编号", "日期"}, []any{1, 1}, []any{2, 59}, []any{3, 60}, []any{4, 61}, []any{5, 0.5}, []any{6, 3e6})
		id, _ := f.NewStyle(&excelize.Style{NumFmt: 14})
		_ = f.SetCellStyle("Sheet1", "B2", "B7", id)
	})
	if rows, err := openFile(t, content); err != nil || strings.Join(rows[1:], "/") != "1|1900-01-01/2|1900-02-28/!cell_error/4|1900-03-01/5|12:00:00/!cell_error" {
		t.Errorf("got %v, %v", rows, err)
	}
	content = edited(t, content, "xl/workbook.xml", `<workbookPr[^>]*>`, `<workbookPr date1904="1">`)
	if rows, err := openFile(t, content); err != nil || rows[1] != "1|1904-01-02" || rows[3] != "3|1904-03-01" {
		t.Errorf("got %v, %v", rows, err)
	}
}

func TestXLSXRefused(t *testing.T) {
	t.Parallel()
	good := book(t, func(f *excelize.File) {
		rowsOf(f, "Sheet1", []any{"编号", "日期", "金额"}, []any{"A1", "2024-01-05", 3}, []any{"A2", "2024-01-05", 4})
	})
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"macros by type": {edited(t, good, "[Content_Types].xml", `spreadsheetml.sheet.main`, `ms-excel.sheet.macroEnabled.main`), "macros"},
		"two sheets that fit": {book(t, func(f *excelize.File) {
			header(f)
			_, _ = f.NewSheet("二月")
			rowsOf(f, "二月", []any{"编号", "日期", "金额"})
		}), `"Sheet1", "二月"`},
		"two sheets, none fits": {book(t, func(f *excelize.File) {
			rowsOf(f, "Sheet1", []any{"甲"})
			_, _ = f.NewSheet("二月")
			rowsOf(f, "二月", []any{"乙"})
		}), `2 sheets`},
		"merged below the header": {book(t, func(f *excelize.File) {
			header(f)
			rowsOf(f, "Sheet1", []any{"编号", "日期", "金额"}, []any{"A1"}, nil)
			_ = f.MergeCell("Sheet1", "A2", "A3")
		}), "A2:A3 are merged"},
		"no sheet":             {edited(t, good, "xl/_rels/workbook.xml.rels", `relationships/worksheet"`, `relationships/chartsheet"`), "no sheet with cells"},
		"a part is missing":    {edited(t, good, "xl/_rels/workbook.xml.rels", `worksheets/sheet1.xml`, `worksheets/sheet9.xml`), "lacks the part"},
		"cut XML":              {edited(t, good, sheet1, `</row></sheetData>.*`, ``), "damaged"},
		"no rows element":      {edited(t, good, sheet1, `<sheetData>.*</sheetData>`, ``), "damaged"},
		"not XML":              {edited(t, good, sheet1, `(?s).*`, `PK`), "damaged"},
		"document type":        {edited(t, good, sheet1, `<worksheet`, `<!DOCTYPE x [<!ENTITY a "b">]><worksheet`), "damaged"},
		"entity":               {edited(t, good, "xl/sharedStrings.xml", `A1`, `&a;`), "damaged"},
		"rows out of order":    {edited(t, good, sheet1, `<row r="3"`, `<row r="1"`), "out of order"},
		"cells out of order":   {edited(t, good, sheet1, `r="B2"`, `r="A2"`), "out of order"},
		"cell beyond":          {edited(t, good, sheet1, `r="C3"`, `r="ZZZ3"`), "beyond column"},
		"row beyond":           {edited(t, good, sheet1, `<row r="3"`, `<row r="1048577"`), "more than 1048576 rows"},
		"deep XML":             {edited(t, good, sheet1, `<sheetData>`, strings.Repeat("<a>", 100)+"<sheetData>"), "nested too deeply"},
		"a cell of many bytes": {edited(t, good, "xl/sharedStrings.xml", `A1`, strings.Repeat("x", 3<<20)), "longer than"},
		"a tag of many bytes":  {edited(t, good, sheet1, `<sheetData>`, `<sheetData a="`+strings.Repeat("x", 3<<20)+`">`), "longer than"},
		"cut file":             {good[:len(good)/2], "cut short"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, err := openFile(t, c.content)
			if code := city.CodeOf(err); code != "invalid.xlsx" && code != "invalid.archive" || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, %v; want %q", rows, err, c.want)
			}
		})
	}
	blank := book(t, func(*excelize.File) {})
	if _, err := openFile(t, blank); city.CodeOf(err) != "invalid.empty" {
		t.Errorf("without rows: %v", err)
	}
	macros := zipOf("[Content_Types].xml", "<Types/>", "xl/vbaProject.bin", "x")
	if _, err := openFile(t, macros); city.CodeOf(err) != "invalid.xlsx" {
		t.Errorf("macros: %v", err)
	}
	dup := zipOf("[Content_Types].xml", "<Types/>", "[content_types].xml", "<Types/>")
	if _, err := openFile(t, dup); city.CodeOf(err) != "invalid.xlsx" {
		t.Errorf("a part twice: %v", err)
	}
}

// TestXLSXManyTexts spills the table of texts to a scratch file.
func TestXLSXManyTexts(t *testing.T) {
	t.Parallel()
	const n = 1200
	content := book(t, func(f *excelize.File) {
		rows := [][]any{{"编号", "备注"}}
		for i := range n {
			rows = append(rows, []any{fmt.Sprint("R", i), fmt.Sprint(i, strings.Repeat("长", 10_000))})
		}
		rowsOf(f, "Sheet1", rows...)
	})
	rows, err := openFile(t, content)
	if err != nil || len(rows) != n+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, r := range rows[1:] {
		if !strings.HasPrefix(r, fmt.Sprintf("R%d|%d长", i, i)) || len(r) < 30_000 {
			t.Fatalf("row %d is %.40s…", i, r)
		}
	}
}
