package errorfile

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
)

// TestWhy words failures of fields, of rows, of declared checks, and of codes
// that have no words.
func TestWhy(t *testing.T) {
	t.Parallel()
	low, high := 0.0, 100000.5
	ds := &city.Dataset{
		Checks:    []city.RowCheck{{Code: "nobody", Kind: city.CheckAnyOf}},
		SetChecks: []city.SetCheck{{Code: "twice", Kind: city.CheckUnique}},
		Fields: []*city.Field{
			{Name: "wage", Source: []string{"工资", "金额"}, Scale: 2, Min: &low, Max: &high},
			{Name: "month", Title: city.Text{ZH: "月份"}, Formats: []string{"2006-01", "200601"}},
			{Name: "kind", Values: []city.EnumValue{{Code: "hire", Sources: []string{"就业"}}, {Code: "exit"}}},
		},
	}
	for _, c := range []struct{ field, code, want string }{
		{"wage", "above_max", "工资：高于上限（在 0 到 100000.5 之间）"},
		{"wage", "too_precise", "工资：小数位过多（最多 2 位小数）"},
		{"wage", "missing", "工资：必填项为空"},
		{"month", "not_a_date", "月份：不是日期（写作 2024-10、202410）"},
		{"kind", "not_in_list", "kind：不在选项之内（可填 就业、exit）"},
		{"", "field_count", "列数不符"},
		{"", "nobody", "各项全为空"},
		{"wage", "twice", "工资：与另一行相同"},
		{"wage", "brand_new", "工资：a message"},
	} {
		if got := Why(ds, c.field, c.code, "a message"); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.field, c.code, got, c.want)
		}
	}
}

// TestWhyAsTheConsole holds the words to those of the console, code by code.
func TestWhyAsTheConsole(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../../../web/src/i18n/zh.json")
	if err != nil {
		t.Fatal(err)
	}
	var console struct{ Reason, Check map[string]string }
	if err := json.Unmarshal(doc, &console); err != nil {
		t.Fatal(err)
	}
	for code, words := range reasons {
		if console.Reason[code] != words {
			t.Errorf("%s is %q here and %q in the console", code, words, console.Reason[code])
		}
	}
	for kind, words := range checks {
		if console.Check[kind] != words {
			t.Errorf("%s is %q here and %q in the console", kind, words, console.Check[kind])
		}
	}
	// What is no failure of a row has no words here.
	others := map[string]bool{"same_file": true, "duplicate_in_file": true, "unchanged": true, "superseded_in_file": true, "batch_rejected": true}
	for code := range console.Reason {
		if _, ok := reasons[code]; !ok && !others[code] {
			t.Errorf("the console words %s, the error file does not", code)
		}
	}
}
