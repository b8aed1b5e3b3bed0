package lake_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

func TestTags(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.mustCommit("D1")
	empty := dataset("test.empty")
	if err := b.lk.Ensure(t.Context(), empty); err != nil {
		t.Fatal(err)
	}
	tag, err := b.lk.TagNow(t.Context(), "one", time.Now(), unnoted)
	if err != nil || len(tag.Tables) != 1 || tag.Tables[0].Dataset != b.ds.Name {
		t.Fatalf("made %+v, %v", tag, err)
	}
	b.mustCommit("D2")
	if v, err := b.lk.ViewAsOf(t.Context(), b.ds, lake.AsOf{Tag: "one"}); err != nil || v.SnapshotID != first || v.Rows != 1 {
		t.Errorf("as of the tag: %+v, %v", v, err)
	}
	for _, ds := range []*city.Dataset{empty, dataset("test.nothing")} {
		if v, err := b.lk.ViewAsOf(t.Context(), ds, lake.AsOf{Tag: "one"}); err != nil || v.SnapshotID != 0 || len(v.Columns) != 4 {
			t.Errorf("%s as of the tag: %+v, %v", ds.Name, v, err)
		}
	}
	if _, err := b.lk.TagNow(t.Context(), "one", time.Now(), unnoted); city.CodeOf(err) != "conflict.tag" {
		t.Errorf("a tag that is there: %v", err)
	}
	if tags, err := b.lk.Tags(t.Context()); err != nil || len(tags) != 1 || !tags[0].At.Equal(tag.At) || !slices.Equal(tags[0].Tables, tag.Tables) {
		t.Errorf("listed %+v, %v", tags, err)
	}
}

// TestATagThatWasCutOff stops before the tag is noted: it names the same rows
// then and when it is completed.
func TestATagThatWasCutOff(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.mustCommit("D1")
	stop := errors.New("the process was killed")
	if _, err := b.lk.TagNow(t.Context(), "one", time.Now(), func(lake.Tag) error { return stop }); !errors.Is(err, stop) {
		t.Fatal(err)
	}
	b.mustCommit("D2")
	if _, err := b.lk.Expire(t.Context(), b.ds.Name, time.Now()); err != nil {
		t.Fatal(err)
	}
	noted := 0
	for range 2 {
		if _, err := b.lk.CompleteTags(t.Context(), func(lake.Tag) error { noted++; return nil }); err != nil {
			t.Fatal(err)
		}
		if got, err := b.shownAsOf(lake.AsOf{Tag: "one"}); err != nil || len(got) != 1 {
			t.Errorf("shows %v, %v", got, err)
		}
	}
	if noted != 1 {
		t.Errorf("noted %d times", noted)
	}
}

func TestTagNames(t *testing.T) {
	t.Parallel()
	for name, ok := range map[string]bool{
		"q3": true, "as-reported-2024.q3_1": true, "month-end": true, strings.Repeat("a", 64): true,
		"": false, "A": false, "-a": false, "a b": false, "季度": false, "a/b": false, strings.Repeat("a", 65): false,
		"main": false, "2024-10-31": false, "2024-10": false, "2024-02-30": false, "month-2024-10": false,
	} {
		if err := lake.CheckTagName(name); (err == nil) != ok || err != nil && city.CodeOf(err) != "invalid.tag" {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestParseAsOf(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("east", 8*60*60)
	for text, want := range map[string]lake.AsOf{
		"":                          {},
		"2024-10-31":                {At: time.Date(2024, 10, 31, 15, 59, 59, 999e6, time.UTC)},
		"2024-10-31T12:00:00+08:00": {At: time.Date(2024, 10, 31, 4, 0, 0, 0, time.UTC)},
		"2024-10-31T04:00:00.5Z":    {At: time.Date(2024, 10, 31, 4, 0, 0, 5e8, time.UTC)},
		"month-2024-10":             {Tag: "month-2024-10"},
	} {
		got, err := lake.ParseAsOf(text, zone)
		if err != nil || !got.At.Equal(want.At) || got.Tag != want.Tag {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"Yesterday", "2024-02-30", "2024-10", "2024-10-31 12:00", "2024-13-01T00:00:00Z", "a b", " ", "\x00"} {
		if got, err := lake.ParseAsOf(text, zone); city.CodeOf(err) != "invalid.as_of" {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func FuzzParseAsOf(f *testing.F) {
	for _, s := range []string{"2024-10-31", "2024-10-31T12:00:00+08:00", "month-2024-10", "0000-00-00", "9999-12-31"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := lake.ParseAsOf(s, time.UTC)
		if err == nil && a.Tag != "" && a.Tag != s {
			t.Errorf("%q became the tag %q", s, a.Tag)
		}
		if err == nil && a.IsZero() != (s == "") && a.At.IsZero() != strings.HasPrefix(s, "0001-01-01T00:00:00") {
			t.Errorf("%q became the present", s)
		}
	})
}

func TestUnknownTags(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.mustCommit("D1")
	hint := func(name string) string {
		t.Helper()
		_, err := b.lk.Resolve(t.Context(), lake.AsOf{Tag: name})
		var e *city.Error
		if !errors.As(err, &e) || e.Code != "invalid.as_of" {
			t.Fatalf("%s: %v", name, err)
		}
		return e.Hint
	}
	if h := hint("quarter-1"); !strings.Contains(h, "no tags yet") {
		t.Error(h)
	}
	tag, err := b.lk.TagNow(t.Context(), "quarter-1", time.Now(), unnoted)
	if err != nil {
		t.Fatal(err)
	}
	if h := hint("quater-1"); !strings.Contains(h, "mean quarter-1") {
		t.Error(h)
	}
	if h := hint("audit"); !strings.Contains(h, "quarter-1") {
		t.Error(h)
	}
	if a, err := b.lk.Resolve(t.Context(), lake.AsOf{Tag: "quarter-1"}); err != nil || !a.At.Equal(tag.At) {
		t.Errorf("resolved to %+v, %v", a, err)
	}
}

// TestMonthTags makes the tags of months in which the program did not run, at
// the ends of those months.
func TestMonthTags(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	zone := time.FixedZone("east", 8*60*60)
	months := func(now time.Time) string {
		t.Helper()
		tags, err := b.lk.TagMonths(t.Context(), now, zone, unnoted)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, tag := range tags {
			out = append(out, tag.Name+" "+tag.At.In(zone).Format("02T15:04:05.000"))
		}
		return strings.Join(out, ", ")
	}
	now := time.Now()
	if got := months(now); got != "" {
		t.Errorf("of an empty lake: %s", got)
	}
	b.mustCommit("D1")
	if got := months(now); got != "" {
		t.Errorf("of a month that has not ended: %s", got)
	}
	month := city.DateOf(b.view().CommittedAt.In(zone)).MonthStart()
	next := month.MonthEnd().AddDays(1)
	midnight := time.Date(next.Year, next.Month, 1, 0, 0, 0, 0, zone)
	want := func(m city.Date) string {
		return lake.MonthTag(m) + " " + m.MonthEnd().String()[8:] + "T23:59:59.999"
	}
	if got := months(midnight.Add(-time.Millisecond)); got != "" {
		t.Errorf("just before midnight: %s", got)
	}
	if got := months(midnight.AddDate(0, 1, 3)); got != want(month)+", "+want(next) {
		t.Errorf("a month late: %s", got)
	}
	if got := months(midnight.AddDate(0, 1, 4)); got != "" {
		t.Errorf("again: %s", got)
	}
	b.mustCommit("D2")
	if v, err := b.lk.ViewAsOf(t.Context(), b.ds, lake.AsOf{Tag: lake.MonthTag(next)}); err != nil || v.Rows != 1 {
		t.Errorf("as reported: %+v, %v", v, err)
	}
}

// TestAMonthThatStandsStill tags the present state of a simulated city once.
func TestAMonthThatStandsStill(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	day := city.Date{Year: 2024, Month: time.October, Day: 31}
	if _, made, err := b.lk.TagMonth(t.Context(), day, time.Now(), unnoted); made || err != nil {
		t.Errorf("of an empty lake: %v, %v", made, err)
	}
	b.mustCommit("D1")
	for i, want := range []bool{true, false} {
		tag, made, err := b.lk.TagMonth(t.Context(), day, time.Now(), unnoted)
		if err != nil || made != want || made && tag.Name != "month-2024-10" {
			t.Errorf("%d: %+v, %v, %v", i, tag, made, err)
		}
	}
}
