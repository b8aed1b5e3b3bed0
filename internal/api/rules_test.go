package api

import (
	"encoding/json"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
)

// A field says only what it was declared to take; a check says its kind and
// fields, whichever set it belongs to.
func TestRulesOfDatasets(t *testing.T) {
	t.Parallel()
	zero, most := 0.0, 500.5
	ds := &city.Dataset{
		Checks:    []city.RowCheck{{Code: "ends_before_start", Kind: city.CheckNotAfter, Fields: []string{"from", "to"}}},
		SetChecks: []city.SetCheck{{Code: "days_missing", Kind: city.CheckGap}},
	}
	for _, tt := range []struct {
		name string
		got  any
		want string
	}{
		{"plain", allowedIn(&city.Field{Type: city.TypeString}), `{}`},
		{"zero is a bound", allowedIn(&city.Field{Type: city.TypeDecimal, Min: &zero, Max: &most, Scale: 2}), `{"min":0,"max":500.5,"scale":2}`},
		{"text", allowedIn(&city.Field{Type: city.TypeString, MaxLen: 9, Pattern: "[A-Z]+"}), `{"max_length":9,"pattern":"[A-Z]+"}`},
		{"date", allowedIn(&city.Field{Type: city.TypeDate, Formats: []string{"20060102"}}), `{"formats":["20060102"]}`},
		{"enum", allowedIn(&city.Field{Type: city.TypeEnum, Values: []city.EnumValue{{Code: "exit", Sources: []string{"退休"}, Title: city.Text{ZH: "减员", EN: "Exit"}}}}),
			`{"values":[{"code":"exit","title":{"zh":"减员","en":"Exit"},"sources":["退休"]}]}`},
		{"checks", checksOf(ds), `[{"code":"ends_before_start","kind":"not_after","fields":["from","to"]},{"code":"days_missing","kind":"gap","fields":[]}]`},
		{"no checks", checksOf(&city.Dataset{}), `[]`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc, err := json.Marshal(tt.got)
			if err != nil || string(doc) != tt.want {
				t.Errorf("%s, error %v, want %s", doc, err, tt.want)
			}
		})
	}
}
