package validate_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
)

// TestFields reads testdata/fields.txt: what each type makes of a text.
func TestFields(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("testdata/fields.txt")
	if err != nil {
		t.Fatal(err)
	}
	when := &city.Field{Name: "when", Type: city.TypeDate, Source: []string{"when"}}
	for n, line := range strings.Split(string(table), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.Split(line, " | ")
		field := typed()[strings.TrimSpace(parts[0])]
		text, err := strconv.Unquote(strings.TrimSpace(parts[1]))
		if err != nil || field == nil || len(parts) != 3 {
			t.Fatalf("line %d: %q, %v", n+1, line, err)
		}
		ds := &city.Dataset{Name: "test.row", Delivery: city.DeliverySpec{Period: "when"}, Fields: []*city.Field{field, when}}
		values, fail := bind(t, ds, field.Name, "when").Row(record(text, "2024-10-01"))
		want, code := strings.CutPrefix(strings.TrimSpace(parts[2]), "!")
		got := ""
		switch {
		case fail != nil:
			got = fail.Code
		default:
			got = shown(field, values[0])
		}
		if (fail != nil) != code || got != want {
			t.Errorf("line %d: %s of %q gave %s, %+v", n+1, field.Name, text, got, fail)
		}
		if fail != nil {
			checkFailure(t, fail, field, text)
		}
	}
}

// checkFailure holds that a failure names its field and repeats no value.
func checkFailure(t *testing.T, fail *validate.Failure, f *city.Field, text string) {
	t.Helper()
	if fail.Field != f.Name || fail.Message == "" {
		t.Errorf("the failure does not help: %+v", fail)
	}
	if text = strings.TrimSpace(text); len(text) > 5 && strings.Contains(fail.Message, text) {
		t.Errorf("the message repeats the value: %+v", fail)
	}
}

// TestSameName holds that a name means the code that was in force on the row's
// date, and that a code always means itself.
func TestSameName(t *testing.T) {
	t.Parallel()
	fields := []*city.Field{typed()["region"], typed()["date"]}
	ds := &city.Dataset{Name: "test.row", Delivery: city.DeliverySpec{Period: "date"}, Fields: fields}
	b := bind(t, ds, "region", "date")
	for day, want := range map[string]string{"1990-01-01": "140113", "1997-05-07": "140113", "1997-05-08": "140108", "2024-01-01": "140108"} {
		values, fail := b.Row(record("尖草坪区", day))
		if fail != nil || values[0] != want {
			t.Errorf("on %s: %v, %+v; want %s", day, values[0], fail, want)
		}
	}
	if _, fail := b.Row(record("140113", "2024-01-01")); fail == nil || fail.Code != validate.RegionNotValid {
		t.Errorf("a code out of force: %+v", fail)
	}
	undated := &city.Dataset{Name: "test.row", Fields: fields[:1]}
	if _, fail := bind(t, undated, "region").Row(record("尖草坪区")); fail == nil || fail.Code != validate.RegionNotValid {
		t.Errorf("an ambiguous name without a date: %+v", fail)
	}
}

func TestRecordShape(t *testing.T) {
	t.Parallel()
	ds := &city.Dataset{Name: "test.row", Fields: []*city.Field{typed()["opt"], typed()["string"]}}
	b := bind(t, ds, "opt", "string")
	malformed := record("a", "b")
	malformed.Malformed = true
	for name, c := range map[string]struct {
		rec  *format.Record
		want string
	}{
		"good":              {record("", "b"), ""},
		"one field short":   {record("a"), validate.FieldCount},
		"one field long":    {record("a", "b", "c"), validate.FieldCount},
		"text after quotes": {malformed, validate.Malformed},
		"replaced byte":     {record("a", "b\ufffd"), validate.BadEncoding},
		"broken byte":       {record("a", "b\xff"), validate.BadEncoding},
		"zero byte":         {record("a", "b\x00"), validate.BadEncoding},
	} {
		_, fail := b.Row(c.rec)
		if got := codeOf(fail); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func codeOf(f *validate.Failure) string {
	if f == nil {
		return ""
	}
	return f.Code
}

// TestRowChecks tries every kind of check over a row.
func TestRowChecks(t *testing.T) {
	t.Parallel()
	optional := func(name string, typ city.FieldType, scale int) *city.Field {
		return &city.Field{Name: name, Source: []string{name}, Type: typ, Scale: scale, Optional: true}
	}
	ds := &city.Dataset{
		Name: "test.row",
		Fields: []*city.Field{
			optional("from", city.TypeDate, 0), optional("to", city.TypeDate, 0),
			optional("part", city.TypeDecimal, 2), optional("total", city.TypeDecimal, 4), optional("rate", city.TypeNumber, 0),
		},
		Checks: []city.RowCheck{
			{Code: "empty", Kind: city.CheckAnyOf, Fields: []string{"from", "part", "rate"}},
			{Code: "order", Kind: city.CheckNotAfter, Fields: []string{"from", "to"}},
			{Code: "above", Kind: city.CheckNotAbove, Fields: []string{"part", "total"}},
			{Code: "rate", Kind: city.CheckNotAbove, Fields: []string{"rate", "part"}},
		},
	}
	b := bind(t, ds, "from", "to", "part", "total", "rate")
	for _, c := range []struct{ row, want string }{
		{",,,,", "empty"},
		{",2024-01-01,,1,", "empty"},
		{"2024-01-01,,,,", ""},
		{"2024-01-01,2024-01-01,,,", ""},
		{"2024-01-02,2024-01-01,,,", "order"},
		{",,1.00,1.0000,", ""},
		{",,1.01,1.0099,", "above"},
		{",,90071992547409.93,90071992547409.92,", "above"}, // equal as doubles
		{",,-1,-2,", "above"},
		{",,1.5,,1.5", ""},
		{",,1.5,,1.6", "rate"},
	} {
		_, fail := b.Row(record(strings.Split(c.row, ",")...))
		if got := codeOf(fail); got != c.want {
			t.Errorf("%s: got %q, want %q", c.row, got, c.want)
		}
	}
}

// TestMessages holds that failures speak to senders, who do not know how this
// program writes layouts and bounds.
func TestMessages(t *testing.T) {
	t.Parallel()
	ds := &city.Dataset{Name: "test.words", Fields: []*city.Field{
		{Name: "day", Type: city.TypeDate, Source: []string{"day"}, Formats: []string{"20060102", "2006/1/2"}},
		{Name: "n", Type: city.TypeDecimal, Scale: 2, Source: []string{"n"}, Max: number(1e6)},
	}}
	b := bind(t, ds, "day", "n")
	for row, want := range map[string]string{
		"99991231,1":       "the value is not a date of the calendar from 1900 to 2200 in the form YYYYMMDD or YYYY/M/D",
		"20240105,1e6":     "the value is not a decimal number",
		"20240105,1000001": "the value is above 1000000",
	} {
		if _, fail := b.Row(record(strings.Split(row, ",")...)); fail == nil || fail.Message != want {
			t.Errorf("%s: got %+v, want %q", row, fail, want)
		}
	}
}

// TestCompileRefuses holds that what a pack must not declare is an error and
// not a surprise in a row.
func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	good := typed()["string"]
	for name, ds := range map[string]*city.Dataset{
		"type":              {Fields: []*city.Field{{Name: "a", Type: "colour"}}},
		"pattern":           {Fields: []*city.Field{{Name: "a", Type: city.TypeString, Pattern: "("}}},
		"default":           {Fields: []*city.Field{{Name: "a", Type: city.TypeInt, Default: "x"}}},
		"default below min": {Fields: []*city.Field{{Name: "a", Type: city.TypeInt, Default: "0", Min: number(1)}}},
		"check's field":     {Fields: []*city.Field{good}, Checks: []city.RowCheck{{Kind: city.CheckAnyOf, Fields: []string{"b"}}}},
		"check's kind":      {Fields: []*city.Field{good}, Checks: []city.RowCheck{{Kind: "magic", Fields: []string{"string"}}}},
	} {
		if _, err := validate.Compile(someCity(ds), ds, validate.Options{}); city.CodeOf(err) != city.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
