package analysis

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
)

// The coverage of periods holds a day exactly when one of them does, and a span
// exactly when it holds all of its days.
func TestCoverage(t *testing.T) {
	t.Parallel()
	first := city.Date{Year: 2024, Month: time.January, Day: 1}
	spans := rapid.Custom(func(t *rapid.T) city.Span {
		from := rapid.IntRange(0, 40).Draw(t, "from")
		return city.Span{From: first.AddDays(from), To: first.AddDays(from + rapid.IntRange(0, 8).Draw(t, "days"))}
	})
	rapid.Check(t, func(t *rapid.T) {
		periods := rapid.SliceOfN(spans, 0, 6).Draw(t, "periods")
		c := covered(periods)
		days := map[city.Date]bool{}
		for _, p := range periods {
			for d := p.From; !d.After(p.To); d = d.AddDays(1) {
				days[d] = true
			}
		}
		asked := spans.Draw(t, "asked")
		all, some := true, false
		for d := asked.From; !d.After(asked.To); d = d.AddDays(1) {
			all, some = all && days[d], some || days[d]
		}
		if c.holds(asked) != all || c.touches(asked) != some {
			t.Errorf("%v: %v holds %v, touches %v", c, asked, c.holds(asked), c.touches(asked))
		}
		checkRun(t, c, days)
	})
}

// checkRun wants completeTo to end the first run of covered days.
func checkRun(t *rapid.T, c coverage, days map[city.Date]bool) {
	start, end := c.start(), c.completeTo(city.Date{Year: 2024, Month: time.June, Day: 30})
	if len(days) == 0 {
		if !start.IsZero() || !end.IsZero() {
			t.Errorf("no period covers %v..%v", start, end)
		}
		return
	}
	for d := range days {
		if d.Before(start) {
			t.Errorf("%v lies before the start %v", d, start)
		}
	}
	for d := start; !d.After(end); d = d.AddDays(1) {
		if !days[d] {
			t.Errorf("%v is in the first run and not covered", d)
		}
	}
	if days[end.AddDays(1)] {
		t.Errorf("the first run goes on after %v", end)
	}
}

// Old history with a gap to the present does not hold the present back, and a
// missing batch of the present does.
func TestCompleteToBesideHistory(t *testing.T) {
	t.Parallel()
	span := func(text string) city.Span {
		s, err := city.ParseSpan(text)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	today := city.Date{Year: 2024, Month: time.October, Day: 31}
	cases := []struct {
		name    string
		periods []string
		want    string
	}{
		{"nothing", nil, ""},
		{"only history", []string{"2013-10-28..2017-12-31", "2018-02..2019-12-10"}, "2019-12-10"},
		{"history and the present", []string{"2013-10-28..2019-12-10", "2022-12..2024-10"}, "2024-10-31"},
		{"a batch of the present is missing", []string{"2013-10-28..2019-12-10", "2022-12..2024-08", "2024-10"}, "2024-08-31"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var periods []city.Span
			for _, p := range c.periods {
				periods = append(periods, span(p))
			}
			if got := covered(periods).completeTo(today).String(); got != c.want {
				t.Errorf("complete to %q, want %q", got, c.want)
			}
		})
	}
}

// What several tables cover is what each of them does.
func TestCoverageInCommon(t *testing.T) {
	t.Parallel()
	cover := func(texts ...string) coverage {
		var spans []city.Span
		for _, text := range texts {
			s, err := city.ParseSpan(text)
			if err != nil {
				t.Fatal(err)
			}
			spans = append(spans, s)
		}
		return covered(spans)
	}
	for _, tt := range []struct{ a, b, want coverage }{
		{cover("2024-01..2024-06"), cover("2024-03..2024-09"), cover("2024-03..2024-06")},
		{cover("2023", "2024-03..2024-09"), cover("2023-06..2024-04"), cover("2023-06..2023-12", "2024-03..2024-04")},
		{cover("2023"), cover("2024"), cover()},
	} {
		if got := tt.a.and(tt.b); !slices.Equal(got, tt.want) {
			t.Errorf("%v and %v: got %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}
