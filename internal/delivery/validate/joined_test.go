package validate_test

import (
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
)

// hourly has a day in three columns, and a moment in four, one of which is a
// field of its own.
func hourly() *city.Dataset {
	return &city.Dataset{
		Name: "test.hourly", Key: []string{"day"}, Delivery: city.DeliverySpec{Mode: city.ModeUpsert, Period: "day"},
		Fields: []*city.Field{
			{Name: "day", Type: city.TypeDate, Source: []string{"day of"}, From: []string{"y", "m", "d"}, Formats: []string{"2006 1 2"}},
			{Name: "at", Type: city.TypeDateTime, Source: []string{"at"}, From: []string{"y", "m", "d", "h"}, Formats: []string{"2006 1 2 15"}, Optional: true},
			{Name: "hour", Type: city.TypeInt, Source: []string{"h"}, Optional: true},
		},
	}
}

// TestJoined puts values together from the columns of a row.
func TestJoined(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ header, row, want string }{
		"parts":                {"y,m,d,h", "2024,3,9,7", "2024-03-09|2024-03-09 07:00:00|7"},
		"another order":        {"h,d,m,y", "07,09,03,2024", "2024-03-09|2024-03-09 07:00:00|7"},
		"space around":         {"y,m,d,h", " 2024 ,　3,9 , 7", "2024-03-09|2024-03-09 07:00:00|7"},
		"no such day":          {"y,m,d,h", "2024,2,30,7", "!day not_a_date"},
		"one part is empty":    {"y,m,d,h", "2024,,9,7", "!day not_a_date"},
		"all parts are empty":  {"y,m,d,h", ",,,", "!day missing"},
		"a part is missing":    {"y,m,d", "2024,3,9", "2024-03-09|-|-"},
		"the whole":            {"day of,at,h", "2024-03-09,2024-03-09 07:00:00,7", "2024-03-09|2024-03-09 07:00:00|7"},
		"the whole goes first": {"day of,y,m,d,h", "2024-03-10,2024,3,9,7", "2024-03-10|2024-03-09 07:00:00|7"},
		"joined by hand":       {"day of", "2024 3 9", "2024-03-09|-|-"},
	} {
		ds := hourly()
		b := bind(t, ds, strings.Split(c.header, ",")...)
		rec := record(strings.Split(c.row, ",")...)
		values, fail := b.Row(rec)
		got := ""
		if fail != nil {
			got = "!" + fail.Field + " " + fail.Code
		} else {
			var parts []string
			for i, v := range values {
				parts = append(parts, shown(ds.Fields[i], v))
			}
			got = strings.Join(parts, "|")
			if key, ok := b.Fork().Key(rec); !ok || key[0] != values[0] {
				t.Errorf("%s: the key is %v, the value %v", name, key, values[0])
			}
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// TestJoinedTexts holds that what the texts of a row are mended by is what the
// field reads.
func TestJoinedTexts(t *testing.T) {
	t.Parallel()
	b := bind(t, hourly(), "y", "m", "d")
	texts, ok := b.Texts(record("2024", "3", "9").Fields)
	if !ok || len(texts) != 1 || texts["day"] != "2024 3 9" {
		t.Errorf("the texts are %q", texts)
	}
	if v, ok := b.Value(record("2024", "3", "9"), 0); !ok || shown(hourly().Fields[0], v) != "2024-03-09" {
		t.Errorf("the value is %v", v)
	}
}

// TestJoinedHeader names the columns that a value would come from.
func TestJoinedHeader(t *testing.T) {
	t.Parallel()
	k := compile(t, hourly())
	for first, want := range map[string]string{
		"y,m,h":       `missing "y+m+d"`,
		"y,m,d,h,m":   `given twice "m"`,
		"y,m,d,other": `not declared "other"`,
		"a,b":         `"y+m+d"`,
	} {
		if _, err := k.Bind(header(strings.Split(first, ",")...)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", first, err, want)
		}
	}
	if _, err := k.Bind(header("y", "m", "d", "h")); err != nil {
		t.Error(err)
	}
	if d := k.Drift(validate.Header{Fields: header("y", "m", "d", "h"), Named: true}); len(d) > 0 {
		t.Errorf("parts are no drift: %+v", d)
	}
}

// TestJoinedRenamed says where the new name of a part belongs.
func TestJoinedRenamed(t *testing.T) {
	t.Parallel()
	ds := hourly()
	k, err := validate.Compile(someCity(ds), ds, validate.Options{Before: []string{"y", "m", "d", "h"}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = k.Bind(header("annus", "m", "d", "h"))
	if err == nil || !strings.Contains(err.Error(), `renamed "y → annus"`) || !strings.Contains(err.Error(), `if "annus" is "y", write it into from of the field day`) {
		t.Error(err)
	}
}

// FuzzMoment holds that no text breaks the reading of moments, and that what is
// read and written down is read as the same again.
func FuzzMoment(f *testing.F) {
	for _, s := range []string{"2024-02-29 10:00:00", "2024-02-29T18:00:00.5Z", "2024/2/29 8:05", "2024 2 29 23", "2024-02-29", "9999-99-99", "\xff", "２０２４-02-29"} {
		f.Add(s)
	}
	moment, clock := typed()["moment"], typed()["clock"]
	f.Fuzz(func(t *testing.T, text string) {
		for _, field := range []*city.Field{moment, clock} {
			b := bind(t, &city.Dataset{Name: "test.moment", Fields: []*city.Field{field}}, field.Name)
			values, fail := b.Row(record(text))
			if fail != nil {
				continue
			}
			first := shown(field, values[0])
			if values, fail = b.Row(record(first)); fail != nil || shown(field, values[0]) != first {
				t.Errorf("%q is %s, and that is %v, %+v", text, first, values[0], fail)
			}
		}
	})
}

// TestNotices holds that a check that only reports lets its rows pass.
func TestNotices(t *testing.T) {
	t.Parallel()
	ds := hourly()
	ds.Checks = []city.RowCheck{
		{Code: "no_hour", Kind: city.CheckAnyOf, Fields: []string{"hour"}, Notice: true},
		{Code: "wrong_way", Kind: city.CheckNotAfter, Fields: []string{"at", "day"}},
	}
	b := bind(t, ds, "day of", "at", "h")
	values, fail := b.Row(record("2024-03-09", "2024-03-09 23:59:59", ""))
	if fail != nil {
		t.Fatalf("a moment of the day is not after it: %+v", fail)
	}
	notices := b.Notices()
	if len(notices) != 1 || notices[0].Code != "no_hour" || notices[0].Message == "" || !notices[0].Fails(values) {
		t.Errorf("%+v", notices)
	}
	if values, _ = b.Row(record("2024-03-09", "", "7")); notices[0].Fails(values) {
		t.Error("a row with an hour fails")
	}
	if _, fail = b.Row(record("2024-03-09", "2024-03-10 00:00:00", "0")); fail == nil || fail.Code != "wrong_way" || fail.Field != "at" {
		t.Errorf("%+v", fail)
	}
}
