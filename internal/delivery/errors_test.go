package delivery_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/store"
)

// errorFile gives the error file of a delivery, and its name.
func (b *bench) errorFile(q delivery.ErrorsRequest) (string, []byte) {
	b.t.Helper()
	q.Actor = "test"
	f, err := b.svc.Errors(b.t.Context(), q)
	if err != nil {
		b.t.Fatal(err)
	}
	defer f.Close()
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		b.t.Fatal(err)
	}
	return f.Name, out.Bytes()
}

func gb(t *testing.T, s string) []byte {
	t.Helper()
	b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestErrorFileOfCSV holds that an error file is what the sender wrote, byte for
// byte, with two columns more.
func TestErrorFileOfCSV(t *testing.T) {
	t.Parallel()
	const (
		top = "业务流水号,公民身份号码,登记地,登记日期,工资"
		bad = "\"A\"\"2\",,=月球+1,2024-01-06, 2.50 "
		end = ",错误代码,错误说明"
		why = ",unknown_region,登记地：区划不存在"
	)
	for name, c := range map[string]struct {
		eol    string
		encode func(string) []byte
	}{
		"utf-8":      {"\n", func(s string) []byte { return []byte(s) }},
		"utf-8 mark": {"\r\n", func(s string) []byte { return []byte("\ufeff" + s) }},
		"gb18030":    {"\r\n", func(s string) []byte { return gb(t, s) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			d := b.request(delivery.Request{Dataset: "hrss.jobs", File: "就业.csv", Actor: "test",
				Content: bytes.NewReader(c.encode(top + c.eol + "A1,,小店区,2024-01-05,1" + c.eol + bad + c.eol))})
			file, got := b.errorFile(delivery.ErrorsRequest{DeliveryID: d.DeliveryID})
			lines := bytes.SplitAfter(got, []byte("\n"))
			if file != "就业.errors.csv" || len(lines) != 3 || !bytes.Equal(lines[0], c.encode(top+end+c.eol)) ||
				!bytes.HasPrefix(lines[1], bytes.TrimPrefix(c.encode(bad+why), []byte("\ufeff"))) || !bytes.HasSuffix(lines[1], []byte(c.eol)) {
				t.Errorf("%s:\n%s", file, got)
			}
		})
	}
}

// TestErrorFileComesBack mends the error file of every form and delivers it as
// it is: what was wrong is in the table then, and nothing twice. Sent back
// without being mended, it fails again, with one reason beside each row.
func TestErrorFileComesBack(t *testing.T) {
	t.Parallel()
	content := head + "A1,,小店区,2024-01-05,1\nA2,,月球,2024-01-06,2.50\nA3," + anna + ",小店区,2024-01-32,3\n"
	records := recordsOf(t, content)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(content)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file    string
		content []byte
	}{
		"a.errors.csv":   {"a.csv", []byte(content)},
		"b.errors.csv":   {"b.csv.gz", packed.Bytes()},
		"c.errors.csv":   {"c.csv", gb(t, content)},
		"a.errors.jsonl": {"a.jsonl", asJSONL(t, records)},
		"b.errors.jsonl": {"b.parquet", asParquet(t, records)},
		"a.errors.xlsx":  {"a.xlsx", asXLSX(t, records)},
	} {
		t.Run(c.file, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			d := b.request(delivery.Request{Dataset: "hrss.jobs", File: c.file, Actor: "test", Content: bytes.NewReader(c.content)})
			file, raw := b.errorFile(delivery.ErrorsRequest{DeliveryID: d.DeliveryID})
			if file != name {
				t.Errorf("it is called %s, want %s", file, name)
			}
			again := b.request(delivery.Request{Dataset: "hrss.jobs", File: file, Actor: "test", Content: bytes.NewReader(raw)})
			if want := "committed 2=0+2+0 not_a_date:1 unknown_region:1"; brief(again) != want {
				t.Fatalf("sent back as it was: %s, want %s", brief(again), want)
			}
			_, twice := b.errorFile(delivery.ErrorsRequest{DeliveryID: again.DeliveryID})
			if c.file != "a.xlsx" && !bytes.Equal(twice, raw) {
				t.Errorf("the error file of an error file is\n%s, want\n%s", twice, raw)
			}
			mended := b.request(delivery.Request{Dataset: "hrss.jobs", File: file, Actor: "test", Content: bytes.NewReader(repair(t, c.file, twice))})
			if want := "committed 2=2+0+0"; brief(mended) != want {
				t.Errorf("mended: %s, want %s", brief(mended), want)
			}
			b.wantTable("hrss.jobs", "A1|-|140105|2024-01-05|1.00", "A2|-|140105|2024-01-06|2.50", "A3|token26|140105|2024-01-31|3.00")
		})
	}
}

// repair does what a bureau does with an error file: it mends two values.
func repair(t *testing.T, file string, raw []byte) []byte {
	t.Helper()
	moon, here, no, day := []byte("月球"), []byte("小店区"), []byte("2024-01-32"), []byte("2024-01-31")
	switch {
	case strings.HasSuffix(file, "xlsx"):
		return repairSheet(t, raw)
	case file == "c.csv":
		moon, here = gb(t, "月球"), gb(t, "小店区")
	}
	return bytes.ReplaceAll(bytes.ReplaceAll(raw, moon, here), no, day)
}

func repairSheet(t *testing.T, raw []byte) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Sheet1")
	if err != nil || len(rows) != 3 || rows[0][5] != city.ErrorCodeColumn || rows[1][5] != "unknown_region" || rows[2][1] != anna {
		t.Fatalf("the sheet holds %v, %v", rows, err)
	}
	var out bytes.Buffer
	if f.SetCellStr("Sheet1", "C2", "小店区") != nil || f.SetCellStr("Sheet1", "D3", "2024-01-31") != nil || f.Write(&out) != nil {
		t.Fatal("the sheet cannot be mended")
	}
	return out.Bytes()
}

// TestErrorFileOfBrokenLines holds that what is no object is given back whole.
func TestErrorFileOfBrokenLines(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.deliver("hrss.jobs", `{"业务流水号":"A1","登记日期":"2024-01-05","工资":100}`+"\n"+`{"业务流水号":"A2",`+"\n")
	_, raw := b.errorFile(delivery.ErrorsRequest{DeliveryID: d.DeliveryID})
	var line map[string]string
	if err := json.Unmarshal(raw, &line); err != nil || line[city.ErrorTextColumn] != `{"业务流水号":"A2",` || line[city.ErrorCodeColumn] != "malformed_json" {
		t.Errorf("%s: %v", raw, err)
	}
	if again := b.deliver("hrss.jobs", string(raw)); again.Status != delivery.Rejected {
		t.Errorf("sent back as it was: %s", brief(again))
	}
}

// TestErrorFileNarrows asks for some of the rows only, and for none.
func TestErrorFileNarrows(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.deliver("hrss.jobs", withFaults)
	count := func(q delivery.ErrorsRequest) int {
		t.Helper()
		q.DeliveryID = d.DeliveryID
		_, raw := b.errorFile(q)
		return bytes.Count(raw, []byte("\n")) - 1
	}
	if all, days := count(delivery.ErrorsRequest{}), count(delivery.ErrorsRequest{Code: "not_a_date", Field: "day"}); all != 4 || days != 1 {
		t.Errorf("%d and %d rows, want 4 and 1", all, days)
	}
	if _, err := b.svc.Waive(t.Context(), delivery.RowsRequest{DeliveryID: d.DeliveryID, Rows: []int64{2}, Reason: "作废", Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	if rest, waived := count(delivery.ErrorsRequest{}), count(delivery.ErrorsRequest{State: store.RowWaived}); rest != 3 || waived != 1 {
		t.Errorf("%d and %d rows, want 3 and 1", rest, waived)
	}
	for _, q := range []delivery.ErrorsRequest{{DeliveryID: d.DeliveryID, Code: "x"}, {DeliveryID: "D1"}} {
		if _, err := b.svc.Errors(t.Context(), q); city.CodeOf(err) != city.CodeNotFound {
			t.Errorf("%+v: %v", q, err)
		}
	}
	trail, err := b.store.AuditTrail(t.Context(), d.DeliveryID, "", 1)
	if err != nil || trail.Items[0].Action != "quarantine.export" || trail.Items[0].Actor != "test" {
		t.Errorf("the last record is %+v, %v", trail.Items, err)
	}
}
