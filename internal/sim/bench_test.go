package sim_test

import (
	"context"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/sim"
)

// BenchmarkGenerate measures rows per second, most of them of the ledger.
func BenchmarkGenerate(b *testing.B) {
	c := taiyuan(b)
	var rows, bytes int64
	for b.Loop() {
		sum, err := sim.Generate(context.Background(), c, sim.Options{
			Out: b.TempDir(), Scale: 0.02, Seed: 1, From: city.Date{Year: 2023, Month: 1, Day: 1}, To: city.Date{Year: 2024, Month: 10, Day: 31},
		})
		if err != nil {
			b.Fatal(err)
		}
		rows, bytes = rows+sum.Rows, bytes+sum.Bytes
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(bytes)/b.Elapsed().Seconds()/1e6, "MB/s")
}
