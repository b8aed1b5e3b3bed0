package metric

import (
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
)

// FuzzConditionValue: whatever a user gives as a value, the SQL is the same
// text. The value is bound or refused, never written.
func FuzzConditionValue(f *testing.F) {
	for _, s := range []string{"1", "-1.50", "2024-02-29", "2024-02", "true", "hire", "140105", "' OR 1=1 --", "NaN", "1e309", "?", "\x00", ""} {
		f.Add(s)
	}
	c := testCity()
	ds, err := c.Dataset("test.facts")
	if err != nil {
		f.Fatal(err)
	}
	samples := map[string]string{"day": "2024-01-01", "month": "2024-01", "person": "a", "region": "140105", "kind": "hire",
		"amount": "1", "level": "1", "cases": "1", "open": "true", "sent": "2024-01-01", "replied": "2024-01-01", "due": "2024-01-01"}
	conds := conditions{city: c, dataset: ds}
	f.Fuzz(func(t *testing.T, value string) {
		for _, fd := range ds.Fields {
			got, err := conds.one(city.Condition{Field: fd.Name, Values: []string{value}})
			if err != nil {
				if root := city.CodeOf(err).Root(); root != city.CodeInvalid && root != city.CodeNotFound {
					t.Fatalf("%s = %q: %v", fd.Name, value, err)
				}
				continue
			}
			want, err := conds.one(city.Condition{Field: fd.Name, Values: []string{samples[fd.Name]}})
			if err != nil || got.sql != want.sql || len(got.args) != 1 {
				t.Fatalf("%s = %q: %s %v, want %s (%v)", fd.Name, value, got.sql, got.args, want.sql, err)
			}
		}
	})
}
