package validate_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
)

// TestRepeatedTexts holds that a Binding and its forks read a text the same way
// however often it came before, and whatever came between: more texts than are
// remembered, so that they push each other out.
func TestRepeatedTexts(t *testing.T) {
	t.Parallel()
	optional := *typed()["person"]
	optional.Name, optional.Source, optional.Optional, optional.Null = "other", []string{"other"}, true, []string{"无"}
	ds := &city.Dataset{Name: "test.recent", Fields: []*city.Field{typed()["day"], typed()["month"], typed()["person"], &optional}}
	names := []string{"day", "month", "person", "other"}
	people := []string{"11010519491231002X", "110105194912310021", "140105199003072317", "110101199003070011", " 11010519491231002x ", "无", "", "110105491231002"}
	k := compile(t, ds)
	read := func(b *validate.Binding, rec *format.Record) string {
		values, fail := b.Row(rec)
		if fail != nil {
			return fmt.Sprint(*fail)
		}
		return fmt.Sprint(values...)
	}
	rapid.Check(t, func(t *rapid.T) {
		fresh := func() *validate.Binding {
			b, err := k.Bind(header(names...))
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		used := fresh()
		fork := used.Fork()
		for range rapid.IntRange(1, 100).Draw(t, "rows") {
			n := rapid.IntRange(0, 399).Draw(t, "date")
			rec := record(fmt.Sprintf("2024%02d%02d", 1+n/31, 1+n%31), fmt.Sprintf("%d-%02d", 1890+n, n%14),
				rapid.SampledFrom(people).Draw(t, "person"), rapid.SampledFrom(people).Draw(t, "other"))
			want := read(fresh(), rec)
			for _, b := range []*validate.Binding{used, fork} {
				if got := read(b, rec); got != want {
					t.Fatalf("%s: got %s, want %s", rec.Raw, got, want)
				}
			}
		}
	})
}

// TestUsualDecimals holds that the quick way to read an amount gives what the
// careful one does, which a plus sign asks for.
func TestUsualDecimals(t *testing.T) {
	t.Parallel()
	ds := &city.Dataset{Name: "test.amount", Fields: []*city.Field{typed()["signed"]}}
	b := bind(t, ds, "signed")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[0-9]{0,20}([.][0-9x]{0,4})?`).Draw(t, "text")
		if text == "" {
			return
		}
		quick, quickFail := b.Row(record(text))
		got := fmt.Sprint(quick, quickFail)
		careful, carefulFail := b.Row(record("+" + text))
		if want := fmt.Sprint(careful, carefulFail); got != want {
			t.Fatalf("%q: got %s, want %s", text, got, want)
		}
	})
}
