package metric

import (
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
)

// BenchmarkLedger asks 22 months of a ledger of 2.5 million rows, as the board
// does for each insurance target.
func BenchmarkLedger(b *testing.B) {
	db := openFacts(b, `INSERT INTO facts (day, person, region, kind, amount)
		SELECT CAST(DATE '2023-01-01' + to_months(CAST(i // 113636 AS INTEGER)) AS DATE), md5(CAST(i % 113636 AS VARCHAR)),
			CASE WHEN i % 3 = 0 THEN '140105' ELSE '140106' END, CASE WHEN i % 4 = 0 THEN 'hire' ELSE 'self' END, 100
		FROM range(2500000) r(i)`)
	period := city.Span{From: city.NewDate(2023, 1, 1), To: city.NewDate(2024, 10, 31)}
	for _, bm := range []struct {
		name   string
		window city.Window
		by     []string
		m      *city.Measure
	}{
		{"stock/distinct", city.WindowStock, nil, field(city.MeasureCountDistinct, "person")},
		{"stock/distinct/region", city.WindowStock, []string{"region"}, field(city.MeasureCountDistinct, "person")},
		{"year/distinct", city.WindowYear, nil, field(city.MeasureCountDistinct, "person")},
		{"year/sum", city.WindowYear, nil, field(city.MeasureSum, "amount")},
	} {
		b.Run(bm.name, func(b *testing.B) {
			q, err := Compile(testCity(), Request{Indicator: indicator(bm.window, bm.m), By: bm.by, Period: period, Grain: city.GrainMonth, Against: []Against{AgainstYear}}, whole)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				run(b, db, q)
			}
		})
	}
}
