package progress_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/progress"
	"github.com/jinyang-city/jinyang/internal/store"
)

const sheet = "填报 Reports"

// filled fills cells of a workbook in; an int is a number cell.
func filled(t testing.TB, template *bytes.Buffer, cells map[string]any) []byte {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(template.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	for name, v := range cells {
		if err := book.SetCellValue(sheet, name, v); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestTemplate(t *testing.T) {
	t.Parallel()
	b := newBed(t, "2024-10-31")
	book, err := excelize.OpenReader(b.template(t))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows(sheet)
	if err != nil || len(rows) != 4 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if got := strings.Join(rows[1][:9], "|"); got != "road.2024|修路|按期完成||2024-09-30|2024-02-05 逾期|269||2024-09" {
		t.Errorf("the first row asks %q", got)
	}
	if got := strings.Join(rows[2][:4], "|"); got != "homes.2024|建房|≥ 1200|套" {
		t.Errorf("the second row asks %q", got)
	}
	if p, err := book.GetSheetProtection(sheet); err != nil || !p.SelectLockedCells {
		t.Errorf("the sheet is not locked: %+v, %v", p, err)
	}
	if v, err := book.GetDataValidations(sheet); err != nil || len(v) != 6 {
		t.Errorf("%d drop-downs and checks, %v", len(v), err)
	}
}

// run imports a workbook and gives the outcomes, a letter for each row.
func (b *bed) run(t testing.TB, data []byte, dryRun bool) (string, *progress.Imported) {
	t.Helper()
	res, err := b.Import(t.Context(), clerk, bytes.NewReader(data), "张三", dryRun)
	if err != nil {
		t.Fatal(err)
	}
	out := ""
	for _, r := range res.Rows {
		out += r.Outcome[:1]
	}
	return out, res
}

func (b *bed) count(t testing.TB) int {
	t.Helper()
	page, err := b.Reports(t.Context(), clerk, store.ProgressFilter{}, "", store.MaxPage)
	if err != nil {
		t.Fatal(err)
	}
	return len(page.Items)
}

func TestImport(t *testing.T) {
	t.Parallel()
	b := newBed(t, "2024-10-31")
	good := filled(t, b.template(t), map[string]any{"K2": "已完成 done", "L2": "2024-09-20", "J3": 812.5, "M3": "顺利"})
	if got, res := b.run(t, good, true); got != "ffs" || res.Kept || b.count(t) != 0 {
		t.Fatalf("dry run: %s %+v", got, res)
	}
	got, res := b.run(t, good, false)
	if got != "ffs" || !res.Kept || res.Filed != 2 || b.count(t) != 2 {
		t.Fatalf("import: %s %+v", got, res)
	}
	r, err := b.Report(t.Context(), clerk, res.Rows[1].ReportID)
	if err != nil || *r.Value != 812.5 || r.Note != "顺利" || r.Period != "2024-09" || r.By != "张三" {
		t.Errorf("%+v, %v", r, err)
	}
	if got, res := b.run(t, good, false); got != "uus" || res.Kept || b.count(t) != 2 {
		t.Errorf("the same workbook again: %s %+v", got, res)
	}
	b.verified(t)
}

// TestOneBadRowStopsAll holds that nothing is half done.
func TestOneBadRowStopsAll(t *testing.T) {
	t.Parallel()
	b := newBed(t, "2024-10-31")
	for name, cells := range map[string]map[string]any{
		"text for a number": {"J3": "八百"},
		"separators":        {"J3": "1,000"},
		"no status":         {"L2": "2024-09-20"},
		"no such day":       {"K2": "已完成", "L2": "2024-09-31"},
		"no such period":    {"J3": 1, "I3": "2024-11"},
		"another target":    {"J3": 1, "A3": "gone"},
		"needs a file":      {"J4": 90},
	} {
		cells["I2"] = "2024-08"
		if _, ok := cells["L2"]; !ok {
			cells["K2"], cells["L2"] = "not done", "2024-12-01"
		}
		got, res := b.run(t, filled(t, b.template(t), cells), false)
		if !strings.Contains(got, "fa") && res.Failed != 1 || res.Kept || b.count(t) != 0 {
			t.Errorf("%s: %s %+v", name, got, res)
		}
	}
}

// TestTwoImportsAtOnce imports two workbooks that say different things of the
// same periods: one is taken whole, and the other not at all.
func TestTwoImportsAtOnce(t *testing.T) {
	t.Parallel()
	b := newBed(t, "2024-10-31")
	var all sync.WaitGroup
	kept := make([]bool, 2)
	template := b.template(t)
	for i := range kept {
		data := filled(t, template, map[string]any{"K2": "未完成", "L2": "2024-12-01", "J3": 800 + i, "M2": strings.Repeat("x", i)})
		all.Go(func() {
			if res, err := b.Import(t.Context(), clerk, bytes.NewReader(data), "张三", false); err == nil {
				kept[i] = res.Kept
			}
		})
	}
	all.Wait()
	if kept[0] == kept[1] || b.count(t) != 2 {
		t.Errorf("kept %v, %d reports", kept, b.count(t))
	}
	b.verified(t)
}

func TestNoWorkbook(t *testing.T) {
	t.Parallel()
	b := newBed(t, "2024-10-31")
	other := excelize.NewFile()
	defer other.Close()
	var foreign bytes.Buffer
	if err := other.Write(&foreign); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"text": []byte("目标编号,数值\n"), "cut": b.template(t).Bytes()[:2000], "foreign": foreign.Bytes(), "large": make([]byte, progress.MaxWorkbook+1),
	} {
		_, err := b.Import(t.Context(), clerk, bytes.NewReader(data), "张三", false)
		if err == nil || city.CodeOf(err).Root() != city.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzImport(f *testing.F) {
	b := newBed(f, "2024-10-31")
	f.Add(b.template(f).Bytes())
	f.Add(filled(f, b.template(f), map[string]any{"K2": "已完成", "L2": "2024-09-20", "J3": 8}))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := b.Import(t.Context(), clerk, bytes.NewReader(data), "张三", true)
		if err != nil && city.CodeOf(err) == city.CodeInternal {
			t.Error(err)
		}
	})
}
