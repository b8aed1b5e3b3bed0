package delivery_test

import (
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
)

// TestMeasuredFilesAreTaken holds that the city finds in a file what its sender
// measured in it.
func TestMeasuredFilesAreTaken(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ds, err := b.city.Dataset("hrss.jobs")
	if err != nil {
		t.Fatal(err)
	}
	m := &delivery.Measurer{City: b.city, Engine: b.eng, Dir: t.TempDir(), Today: city.NewDate(2024, 10, 31)}
	for name, content := range map[string]string{
		"mixed.csv": mixed,
		"one.csv":   head + "B1,,,2024-01-05,\n",
		"rows.jsonl": `{"业务流水号":"C1","登记日期":"2024-01-05","工资":12.5}` + "\n" +
			`{"业务流水号":"C2","登记日期":"2024-01-05","工资":"0.005"}` + "\n",
	} {
		got, err := m.Measure(t.Context(), ds, write(t, t.TempDir(), name, content), nil, []string{"公民身份号码", "day"})
		if err != nil {
			t.Fatal(err)
		}
		r := b.declare("hrss.jobs", content, got.ManifestFile)
		if r.Status != delivery.Committed || r.Balance[0].Declared != got.Sums["wage"] || r.Quarantined != got.Unfit || len(r.Distinct) != 2 {
			t.Errorf("%s: %s: %s, %s", name, brief(r), r.Message, balanceOf(r))
		}
	}
	for name, c := range map[string]struct {
		content string
		fields  []string
		code    city.Code
	}{
		"empty.csv":  {"", nil, "invalid.empty"},
		"other.csv":  {"a,b\n1,2\n", nil, "invalid.header"},
		"fields.csv": {mixed, []string{"nothing"}, "invalid.manifest"},
	} {
		if _, err := m.Measure(t.Context(), ds, write(t, t.TempDir(), name, c.content), c.fields, nil); city.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}
