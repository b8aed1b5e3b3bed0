package plantext

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestExamined holds precision and recall on texts that somebody else wrote, in
// the manner of other cities, and labelled before the extractor saw them. The
// floors are under what was reached, so that a change of the lexicon that helps
// elsewhere may cost a little here. Run with -v to see what is missed.
func TestExamined(t *testing.T) {
	t.Parallel()
	const least = 0.93
	files, err := filepath.Glob("testdata/examined/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d texts: %v", len(files), err)
	}
	var numeric, milestone Tally
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		l := labelsOf(t, strings.TrimSuffix(file, ".txt")+".json")
		r := Read(string(text), Options{Year: l.Year})
		checkPlaces(t, string(text), r)
		s := Compare(r, l)
		numeric.enter(s.Numeric)
		milestone.enter(s.Milestone)
		t.Logf("%s: numeric %+v milestone %+v comparators %d deadlines %d of %d", filepath.Base(file), s.Numeric, s.Milestone, s.Comparators, s.Deadlines, s.Dated)
		for _, m := range s.Missed {
			t.Logf("  missed %s %s", m.Kind, string([]rune(string(text))[m.Start:m.End]))
		}
		for _, d := range differences(r, l) {
			t.Log(d)
		}
		for _, x := range s.Extra {
			t.Logf("  extra %s %q %q %.2f %v", x.ValueKind, x.Quote, x.Number, x.Confidence, x.Reasons)
		}
	}
	numeric.settle()
	milestone.settle()
	t.Logf("all: numeric %+v milestone %+v", numeric, milestone)
	if min(numeric.Precision, numeric.Recall) < least || min(milestone.Precision, milestone.Recall) < least-0.1 {
		t.Errorf("numeric %+v milestone %+v", numeric, milestone)
	}
}

// enter adds the counts of another text.
func (t *Tally) enter(o Tally) {
	t.Labels += o.Labels
	t.Proposed += o.Proposed
	t.Matched += o.Matched
}

func labelsOf(t *testing.T, file string) Labels {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var l Labels
	if err := json.Unmarshal(raw, &l); err != nil {
		t.Fatal(err)
	}
	return l
}

// differences tells of the matched proposals what they read otherwise.
func differences(r Result, l Labels) []string {
	var out []string
	taken := make([]bool, len(r.Targets))
	for _, label := range l.Labels {
		n := label.find(r.Targets, taken)
		if n < 0 {
			continue
		}
		taken[n] = true
		p := r.Targets[n]
		if !label.Optional && (label.Deadline != "" && label.Deadline != p.Deadline || label.Kind != string(Milestone) && label.Comparator != p.Comparator) {
			out = append(out, fmt.Sprintf("  differs %q: %s %s, want %s %s", p.Quote, p.Comparator, p.Deadline, label.Comparator, label.Deadline))
		}
	}
	return out
}
