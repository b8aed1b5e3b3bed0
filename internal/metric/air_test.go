package metric

import (
	"os"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

const airFile = "/work/shared/data/air/taiyuan_daily_2013-10_2019-12.tianqihoubao.csv"

// TestRealAir judges the annual PM2.5 means of a real series of daily values:
// years of too few days, or with a thin month, must not become a figure.
func TestRealAir(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(airFile); err != nil {
		t.Skipf("the real series is not at hand: %v", err)
	}
	db := openFacts(t, `INSERT INTO facts (day, level) SELECT DISTINCT CAST(column01 AS DATE), CAST(column05 AS DOUBLE)
		FROM read_csv('`+airFile+`', header = false, all_varchar = true, names = ['column00', 'column01', 'column02', 'column03', 'column04', 'column05'], null_padding = true)`)
	r := Request{Indicator: indicator(city.WindowYear, field(city.MeasureMean, "level")), Period: span(t, "2013..2019"), Grain: city.GrainYear}
	values := ask(t, db, r, whole)
	q, err := CompileDays(testCity(), r, whole)
	if err != nil {
		t.Fatal(err)
	}
	valid := map[city.Date]int{}
	rows, err := db.QueryContext(t.Context(), q.SQL, q.Args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var month time.Time
		var n int
		if err := rows.Scan(&month, &n); err != nil {
			t.Fatal(err)
		}
		valid[city.DateOf(month)] = n
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	want := map[int]string{
		2013: "not valid: 0 valid days in 2013-01, at least 27 are needed (9 more months fall short); 65 valid days in 2013, at least 324 are needed (HJ 663-2013)",
		2018: "not valid: 25 valid days in 2018-12, at least 27 are needed (HJ 663-2013)",
		2019: "not valid: 23 valid days in 2019-06, at least 27 are needed (3 more months fall short); 311 valid days in 2019, at least 324 are needed (HJ 663-2013)",
	}
	for _, p := range r.Period.Periods(city.GrainYear) {
		v := Judge(annualMean(), Window(r.Indicator, city.GrainYear, p, r.Period), valid, city.NewDate(2019, 12, 31))
		if v.Reason.EN != want[p.Year] || (v.Status == StatusValid) != (want[p.Year] == "") {
			t.Errorf("%d: %s %q, want %q", p.Year, v.Status, v.Reason.EN, want[p.Year])
		}
	}
	if got := values["2015-01-01"]; got.n != 365 || !near(got.value, num(21410.0/365)) {
		t.Errorf("2015: %+v", got)
	}
}
