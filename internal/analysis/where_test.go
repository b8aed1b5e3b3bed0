package analysis_test

import (
	"reflect"
	"testing"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
)

func TestParseWhere(t *testing.T) {
	t.Parallel()
	got, err := analysis.ParseWhere([]string{"kind=hire", "place!=140105|140106", " note = a=b"})
	want := []city.Condition{
		{Field: "kind", Values: []string{"hire"}},
		{Field: "place", Not: true, Values: []string{"140105", "140106"}},
		{Field: "note", Values: []string{" a=b"}},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, bad := range []string{"", "kind", "=hire", "kind=", "!=x", " =x"} {
		if _, err := analysis.ParseWhere([]string{bad}); city.CodeOf(err) != city.CodeInvalid {
			t.Errorf("%q: %v, want the code invalid", bad, err)
		}
	}
}

// What is read names a field and at least one value, whatever was written.
func FuzzParseWhere(f *testing.F) {
	for _, s := range []string{"kind=hire", "place!=140105|140106", "a==b", "a!b=c", "|=|"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		conds, err := analysis.ParseWhere([]string{s})
		if err != nil {
			return
		}
		if len(conds) != 1 || conds[0].Field == "" || len(conds[0].Values) == 0 {
			t.Errorf("%q: %+v", s, conds)
		}
	})
}
