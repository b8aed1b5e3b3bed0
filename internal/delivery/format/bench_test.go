package format_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// BenchmarkForms reads the same rows in each form; rows/s is what counts.
func BenchmarkForms(b *testing.B) {
	const n = 20_000
	var csv, lines strings.Builder
	csv.WriteString("编号,日期,金额,备注\n")
	for i := range n {
		fmt.Fprintf(&csv, "R%08d,2024-01-%02d,%d.50,备注%d\n", i, i%28+1, i, i%100)
		fmt.Fprintf(&lines, "{\"编号\":\"R%08d\",\"日期\":\"2024-01-%02d\",\"金额\":%d.50,\"备注\":\"备注%d\"}\n", i, i%28+1, i, i%100)
	}
	sheet := book(b, func(f *excelize.File) {
		w, _ := f.NewStreamWriter("Sheet1")
		_ = w.SetRow("A1", []any{"编号", "日期", "金额", "备注"})
		for i := range n {
			_ = w.SetRow(fmt.Sprint("A", i+2), []any{fmt.Sprintf("R%08d", i), fmt.Sprintf("2024-01-%02d", i%28+1), float64(i) + 0.5, fmt.Sprint("备注", i%100)})
		}
		_ = w.Flush()
	})
	for name, content := range map[string][]byte{
		"csv": []byte(csv.String()), "csv.gz": gz(csv.String()), "csv.zip": zipOf("a", csv.String()), "jsonl": []byte(lines.String()),
		"parquet": texts(b, n), "xlsx": sheet,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if rows, err := openFile(b, bytes.Clone(content)); err != nil || len(rows) != n+1 {
					b.Fatal(len(rows), err)
				}
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
