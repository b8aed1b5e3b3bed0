package metric

import (
	"strings"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

func annualMean() *city.Rule {
	params := map[string]float64{"min_year": 324, "min_month": 27, "min_february": 25}
	return &city.Rule{Name: "hj663.annual_mean", Kind: city.RuleCompleteness, Versions: []city.RuleVersion{
		{To: city.NewDate(2026, 2, 28), Source: city.Text{ZH: "HJ 663-2013", EN: "HJ 663-2013"}, Params: params},
		{From: city.NewDate(2026, 3, 1), To: city.NewDate(2030, 12, 31), Source: city.Text{ZH: "HJ 663-2026", EN: "HJ 663-2026"},
			Params: map[string]float64{"min_year": 330, "min_month": 28, "min_february": 26}},
	}}
}

// days fills a year's months with a number of valid days, and changes some.
func days(year, each int, changes map[time.Month]int) map[city.Date]int {
	out := map[city.Date]int{}
	for m := time.January; m <= time.December; m++ {
		start := city.Date{Year: year, Month: m, Day: 1}
		out[start] = min(each, start.MonthEnd().Day)
		if n, ok := changes[m]; ok {
			out[start] = n
		}
	}
	return out
}

// TestJudge holds the vectors of the domain rules, section 1.4.
func TestJudge(t *testing.T) {
	t.Parallel()
	// Months that all reach their own minimum make 322 days, short of the year's.
	tests := []struct {
		name       string
		period     string
		days       map[city.Date]int
		completeTo string
		want       Status
		reason     string
	}{
		{"a full year", "2018", days(2018, 31, nil), "2018-12-31", StatusValid, ""},
		{"324 days", "2018", days(2018, 27, map[time.Month]int{2: 27}), "2018-12-31", StatusValid, ""},
		{"323 days", "2018", days(2018, 27, map[time.Month]int{2: 26}), "2018-12-31", StatusNotValid,
			"not valid: 323 valid days in 2018, at least 324 are needed (HJ 663-2013)"},
		{"324 days with a 26-day March", "2018", days(2018, 27, map[time.Month]int{1: 28, 3: 26}), "2018-12-31", StatusNotValid,
			"not valid: 26 valid days in 2018-03, at least 27 are needed (HJ 663-2013)"},
		{"330 days with a 25-day February", "2018", days(2018, 28, map[time.Month]int{2: 25}), "2018-12-31", StatusValid, ""},
		{"24-day February", "2018", days(2018, 31, map[time.Month]int{2: 24}), "2018-12-31", StatusNotValid,
			"not valid: 24 valid days in 2018-02, at least 25 are needed (HJ 663-2013)"},
		{"25-day December", "2018", days(2018, 31, map[time.Month]int{12: 25}), "2018-12-31", StatusNotValid,
			"not valid: 25 valid days in 2018-12, at least 27 are needed (HJ 663-2013)"},
		{"an empty year", "2013", nil, "2019-12-31", StatusNotValid,
			"not valid: 0 valid days in 2013-01, at least 27 are needed (11 more months fall short); 0 valid days in 2013, at least 324 are needed (HJ 663-2013)"},
		{"one month", "2018-02", days(2018, 31, map[time.Month]int{2: 25}), "2018-12-31", StatusValid, ""},
		{"to date, nothing against it", "2018", days(2018, 31, map[time.Month]int{11: 0, 12: 0}), "2018-10-31", StatusProvisional,
			"provisional: complete to 2018-10-31, the period ends on 2018-12-31, 304 valid days so far"},
		{"to date, a month has failed", "2018", days(2018, 31, map[time.Month]int{3: 20, 12: 0}), "2018-11-30", StatusNotValid,
			"not valid: 20 valid days in 2018-03, at least 27 are needed (HJ 663-2013)"},
		{"year to October", "2018-01..2018-10", days(2018, 31, nil), "2018-10-31", StatusValid, ""},
		{"nothing complete", "2018", nil, "", StatusProvisional, "provisional: the period ends on 2018-12-31, 0 valid days so far"},
		{"edition by the event", "2027-03", days(2027, 27, nil), "2027-12-31", StatusNotValid,
			"not valid: 27 valid days in 2027-03, at least 28 are needed (HJ 663-2026)"},
		{"no edition in force", "2031", nil, "2031-12-31", StatusValid, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var to city.Date
			if err := to.UnmarshalText([]byte(tt.completeTo)); err != nil {
				t.Fatal(err)
			}
			got := Judge(annualMean(), span(t, tt.period), tt.days, to)
			if got.Status != tt.want || got.Reason.EN != tt.reason {
				t.Errorf("got %s %q, want %s %q", got.Status, got.Reason.EN, tt.want, tt.reason)
			}
			if (got.Reason.ZH == "") != (got.Reason.EN == "") {
				t.Errorf("one language is missing: %+v", got.Reason)
			}
		})
	}
	zh := Judge(annualMean(), span(t, "2018"), days(2018, 31, map[time.Month]int{12: 25}), city.NewDate(2018, 12, 31)).Reason.ZH
	if want := "无效：2018-12有效天数为25天，至少需要27天（HJ 663-2013）"; zh != want {
		t.Errorf("got %s, want %s", zh, want)
	}
}

// TestDays counts the days that have a measured value, by month.
func TestDays(t *testing.T) {
	t.Parallel()
	db := openFacts(t, `INSERT INTO facts (day, region, level) VALUES
		('2018-11-30', '140105', 1), ('2018-12-01', '140105', 1), ('2018-12-01', '140106', 2), ('2018-12-02', '140105', NULL), ('2018-12-03', NULL, 3),
		('2017-12-31', '140105', 1), ('2019-01-01', '140105', 1)`)
	r := Request{Indicator: indicator(city.WindowYear, field(city.MeasureMean, "level")), Period: span(t, "2018"), Grain: city.GrainYear}
	q, err := CompileDays(testCity(), r, whole)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := db.QueryContext(t.Context(), q.SQL, q.Args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		var month time.Time
		var n int
		if err := rows.Scan(&month, &n); err != nil {
			t.Fatal(err)
		}
		got = append(got, month.Format("2006-01")+"="+strings.Repeat("|", n))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if want := "2018-11=| 2018-12=||"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}
