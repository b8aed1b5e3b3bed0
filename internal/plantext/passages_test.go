package plantext

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what is read as what is expected")

// line is a proposal in one line of a .want file.
func (t Target) line() string {
	value := "-"
	if t.Value != nil {
		value = fmt.Sprintf("%.10g", *t.Value)
	}
	if t.High != nil {
		value += fmt.Sprintf("..%.10g", *t.High)
	}
	if t.Baseline != nil {
		value += fmt.Sprintf(" from %.10g", *t.Baseline)
	}
	named := strings.Join(append(t.Places, t.Bodies...), ",")
	return fmt.Sprintf("%s|%s|%s%s|%s %s|%s|%s|%s", t.IndicatorPhrase, t.ValueKind, t.Direction, t.Comparator, value, t.Unit, t.Deadline, named, strings.Join(strings.Fields(t.Quote), " "))
}

// TestPassages reads passages of an invented city and compares every proposal
// and every rejected number with what a person expects.
func TestPassages(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/passages/*.txt")
	if err != nil || len(files) < 12 {
		t.Fatalf("%d passages: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			r := Read(string(text), Options{})
			var b strings.Builder
			fmt.Fprintf(&b, "year %d %s\n", r.Year, r.YearReason)
			for _, p := range r.Targets {
				fmt.Fprintln(&b, p.line())
			}
			for _, x := range r.Rejected {
				if x.Number != "" {
					fmt.Fprintf(&b, "not %s: %s\n", x.Number, x.Why)
				}
			}
			want := strings.TrimSuffix(file, ".txt") + ".want"
			if *update {
				if err := os.WriteFile(want, []byte(b.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			expected, err := os.ReadFile(want)
			if err != nil {
				t.Fatal(err)
			}
			if b.String() != string(expected) {
				t.Errorf("read:\n%s\nwant:\n%s", b.String(), expected)
			}
			checkPlaces(t, string(text), r)
		})
	}
}

// checkPlaces holds every offset to its quote.
func checkPlaces(t interface{ Fatalf(string, ...any) }, text string, r Result) {
	letters := []rune(text)
	check := func(s Span, quote string) {
		if s.Start < 0 || s.End > len(letters) || s.Start >= s.End || string(letters[s.Start:s.End]) != quote {
			t.Fatalf("characters %d to %d are not %q", s.Start, s.End, quote)
		}
		if clean := string(letters); text == clean && text[s.ByteStart:s.ByteEnd] != quote {
			t.Fatalf("bytes %d to %d are not %q", s.ByteStart, s.ByteEnd, quote)
		}
	}
	for _, p := range r.Targets {
		check(p.Span, p.Quote)
		for _, again := range p.Repeats {
			check(again, string(letters[again.Start:again.End]))
		}
	}
	for _, x := range r.Rejected {
		check(x.Span, x.Quote)
	}
	for _, f := range r.Furniture {
		check(f, string(letters[f.Start:f.End]))
	}
}
