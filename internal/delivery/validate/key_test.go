package validate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
)

// TestKey reads the keys of rows that fail elsewhere.
func TestKey(t *testing.T) {
	t.Parallel()
	ds := registrations(city.HeaderRequired)
	ds.Key = []string{"person", "no"}
	b, err := compile(t, ds).Bind(header("业务流水号", "公民身份号码", "工资", "登记地"))
	if err != nil {
		t.Fatal(err)
	}
	for row, want := range map[string]string{
		"A1,11010519491231002X,much,小店区":     "[token(11010519491231002X) A1]",
		"A1,11010519491231002X,1,nowhere":    "[token(11010519491231002X) A1]",
		"A1,,much,小店区":                       "[<nil> A1]",
		"A1,11010519491231002X,\xff\x00,小店区": "[token(11010519491231002X) A1]",
		"A\xff,11010519491231002X,1,小店区":     "-",
		",11010519491231002X,1,小店区":          "-",
		"A1,110105194912310020,much,小店区":     "-",
		"A1,11010519491231002X,1":            "-",
	} {
		got := "-"
		if key, ok := b.Key(record(strings.Split(row, ",")...)); ok {
			got = fmt.Sprint(key)
		}
		if got != want {
			t.Errorf("%q: %s, want %s", row, got, want)
		}
	}
	ds.Key = nil
	b, err = compile(t, ds).Bind(header("业务流水号", "公民身份号码", "工资", "登记地"))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := b.Key(record("A1", "", "much", "小店区")); ok {
		t.Error("a whole row was read of which a part cannot be")
	}
}
