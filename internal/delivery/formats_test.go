package delivery_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/xuri/excelize/v2"

	"github.com/jinyang-city/jinyang/internal/delivery"
)

// sameTable has good rows, one of each of several failures, and a duplicate.
const sameTable = head +
	"A1," + anna + ",小店区,2024-01-05,3500.50\n" +
	"A2,,140105,2024-01-06,\n" +
	"A3," + bruno + ",太原市小店区,2024-02-29,0.10\n" +
	"A4,,小店区,2023-02-29,1\n" +
	"A5,123,小店区,2024-01-07,1\n" +
	"A2,,140105,2024-01-06,\n" +
	"A6,,月球,2024-01-07,1\n"

// table gives the records of a CSV text.
func recordsOf(t *testing.T, text string) [][]string {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return records
}

func asJSONL(t *testing.T, records [][]string) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	for _, r := range records[1:] {
		row := map[string]any{}
		for i, name := range records[0] {
			switch {
			case r[i] == "":
				row[name] = nil
			case name == "工资":
				row[name] = json.Number(r[i])
			default:
				row[name] = r[i]
			}
		}
		if err := e.Encode(row); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func asParquet(t *testing.T, records [][]string) []byte {
	t.Helper()
	var fields []arrow.Field
	for _, name := range records[0] {
		fields = append(fields, arrow.Field{Name: name, Type: arrow.BinaryTypes.String, Nullable: true})
	}
	schema := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for _, r := range records[1:] {
		for i, v := range r {
			if s := b.Field(i).(*array.StringBuilder); v == "" {
				s.AppendNull()
			} else {
				s.Append(v)
			}
		}
	}
	rec := b.NewRecordBatch()
	defer rec.Release()
	var out bytes.Buffer
	w, err := pqarrow.NewFileWriter(schema, &out, parquet.NewWriterProperties(), pqarrow.DefaultWriterProps())
	if err == nil {
		err = w.Write(rec)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// asXLSX writes the table as a bureau does: a title, a note, and real dates and
// numbers where the text is one.
func asXLSX(t *testing.T, records [][]string) []byte {
	t.Helper()
	f := excelize.NewFile()
	var errs []error
	set := func(col, row int, v any) {
		name, err := excelize.CoordinatesToCellName(col, row)
		errs = append(errs, err, f.SetCellValue("Sheet1", name, v))
	}
	set(1, 1, "城镇就业登记表")
	errs = append(errs, f.MergeCell("Sheet1", "A1", "E1"))
	set(1, 2, "报送单位：某局")
	for i, r := range records {
		for j, v := range r {
			day, err := time.Parse(time.DateOnly, v)
			switch {
			case v == "":
			case err == nil:
				set(j+1, i+4, day)
			default:
				set(j+1, i+4, v)
			}
		}
	}
	var b bytes.Buffer
	errs = append(errs, f.Write(&b), f.Close())
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func gzipped(t *testing.T, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipped(t *testing.T, name string, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create(name)
	if err == nil {
		_, err = f.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestEveryFormIsTheSame delivers one table in every form: the tables and the
// receipts must be equal, down to the rows and reasons.
func TestEveryFormIsTheSame(t *testing.T) {
	t.Parallel()
	records := recordsOf(t, sameTable)
	plain := map[string][]byte{
		"csv": []byte(sameTable), "jsonl": asJSONL(t, records), "parquet": asParquet(t, records), "xlsx": asXLSX(t, records),
	}
	files := map[string][]byte{}
	for form, content := range plain {
		files[form] = content
		files[form+".gz"] = gzipped(t, content)
		files[form+".zip"] = zipped(t, "一月."+form, content)
	}
	type outcome struct {
		brief, reasons, sums string
		table                []string
	}
	results := map[string]outcome{}
	for form, content := range files {
		b := newBench(t)
		r := b.request(delivery.Request{Dataset: "hrss.jobs", File: "a." + form, Content: bytes.NewReader(content), Actor: "test"})
		reasons := slices.Clone(r.Reasons)
		for i := range reasons {
			for j := range reasons[i].Sample {
				reasons[i].Sample[j].Text = "" // the keys of JSON have their own order
			}
		}
		said, _ := json.Marshal(reasons)
		sums, _ := json.Marshal(r.Sums)
		results[form] = outcome{brief(r), string(said), string(sums), b.table("hrss.jobs")}
		if left := b.files(); slices.ContainsFunc(left, func(f string) bool { return strings.Contains(f, "scratch-") }) {
			t.Errorf("%s: files are left behind: %v", form, left)
		}
	}
	want := results["csv"]
	if !strings.HasPrefix(want.brief, "committed 7=3+3+1") {
		t.Errorf("csv: %s", want.brief)
	}
	for form, got := range results {
		if got.brief != want.brief || got.reasons != want.reasons || got.sums != want.sums || !slices.Equal(got.table, want.table) {
			t.Errorf("%s:\n%+v\nas CSV:\n%+v", form, got, want)
		}
	}
}

// TestFormsByName holds that a dataset without header takes forms that name
// their columns by these names.
func TestFormsByName(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	content := "{\"pm25\":12,\"day\":\"2024-01-05\"}\n{\"pm25\":\"NaN\",\"day\":\"2024-01-06\"}\n"
	r := b.request(delivery.Request{Dataset: "env.air", File: "a.jsonl", Content: strings.NewReader(content), Actor: "test"})
	if brief(r) != "committed 2=2+0+0" {
		t.Errorf("%s: %s", brief(r), r.Message)
	}
	b.wantTable("env.air", "2024-01-05|12.0", "2024-01-06|-")
	r = b.request(delivery.Request{Dataset: "env.air", File: "b.jsonl", Content: strings.NewReader("{\"x\":1}\n"), Actor: "test"})
	if brief(r) != "rejected 0=0+0+0 invalid.header" {
		t.Errorf("%s: %s", brief(r), r.Message)
	}
}

// TestHostileFilesChangeNothing delivers files that are damaged or made to do
// harm: each is rejected with a receipt, and the table stays as it was.
func TestHostileFilesChangeNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.deliver("hrss.jobs", rows(2))
	before := b.table("hrss.jobs")
	records := recordsOf(t, sameTable)
	good := map[string][]byte{"gz": gzipped(t, []byte(sameTable)), "zip": zipped(t, "a.csv", []byte(sameTable)), "parquet": asParquet(t, records), "xlsx": asXLSX(t, records)}
	cases := map[string]struct {
		content io.Reader
		code    string
	}{
		"path escape": {bytes.NewReader(zipped(t, "../a.csv", []byte(sameTable))), "invalid.archive"},
		"zip bomb":    {bytes.NewReader(zipped(t, "a.csv", make([]byte, 80<<20))), "invalid.archive"},
		"gzip bomb":   {bytes.NewReader(gzipped(t, make([]byte, 80<<20))), "invalid.archive"},
		"no text":     {bytes.NewReader(gzipped(t, make([]byte, 80))), "invalid.format"},
		"nothing":     {bytes.NewReader(gzipped(t, nil)), "invalid.empty"},
	}
	for form, content := range good {
		code := "invalid.archive"
		if form == "parquet" {
			code = "invalid.parquet"
		}
		cases[form+" cut short"] = struct {
			content io.Reader
			code    string
		}{bytes.NewReader(content[:len(content)-20]), code}
	}
	for name, c := range cases {
		r := b.request(delivery.Request{Dataset: "hrss.jobs", File: "a", Content: c.content, Actor: "test"})
		if r.Status != delivery.Rejected || string(r.Code) != c.code || r.Message == "" {
			t.Errorf("%s: %s: %s", name, brief(r), r.Message)
		}
	}
	b.wantTable("hrss.jobs", before...)
	if left := b.files(); slices.ContainsFunc(left, func(f string) bool { return strings.Contains(f, "scratch-") }) {
		t.Errorf("files are left behind: %v", left)
	}
}

// TestParquetOfAnotherWriter reads what DuckDB writes, with the types that a
// database has.
func TestParquetOfAnotherWriter(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path := filepath.Join(t.TempDir(), "a.parquet")
	rows, err := b.eng.Query(t.Context(), `COPY (SELECT 'R' || lpad(CAST(i AS VARCHAR), 6, '0') AS "业务流水号", CAST(NULL AS VARCHAR) AS "公民身份号码",
		CAST(140105 AS INTEGER) AS "登记地", DATE '2024-01-05' + CAST(i % 20 AS INTEGER) AS "登记日期", CAST(i AS DECIMAL(18,2)) / 4 AS "工资",
		TIMESTAMP '2024-01-05 00:00:00' AS "备注" FROM range(30000) AS r(i)) TO '`+path+`' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 10000)`)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	r := b.request(delivery.Request{Dataset: "hrss.jobs", File: "a.parquet", Content: f, Actor: "test"})
	if brief(r) != "committed 30000=30000+0+0" || r.Sums["wage"] != "112496250.00" {
		t.Errorf("%s %v %s", brief(r), r.Sums, r.Message)
	}
	if got := b.table("hrss.jobs"); got[29999] != "R029999|-|140105|2024-01-24|7499.75" {
		t.Errorf("the last row is %s", got[29999])
	}
}
