package plantext

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// seeds is where the two texts are that the labels are of.
const seeds = "../../../shared/seeds"

// TestSeeds holds precision and recall on the labelled texts, when they are
// there.
func TestSeeds(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob(filepath.Join(seeds, "*.txt"))
	if len(files) == 0 {
		t.Skip("the labelled texts are not here")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(text)
		raw, err := os.ReadFile(filepath.Join("testdata", "labels", hex.EncodeToString(sum[:])[:16]+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var l Labels
		if err := json.Unmarshal(raw, &l); err != nil {
			t.Fatal(err)
		}
		r := Read(string(text), Options{})
		if r.Year != l.Year {
			t.Errorf("%s: read as of %d, want %d", file, r.Year, l.Year)
		}
		s := Compare(r, l)
		t.Logf("%s: numeric %+v milestone %+v comparators %d deadlines %d of %d", filepath.Base(file)[:3], s.Numeric, s.Milestone, s.Comparators, s.Deadlines, s.Dated)
		for _, m := range s.Missed {
			t.Logf("  missed %s %s", m.Kind, string([]rune(string(text))[m.Start:m.End]))
		}
		for _, x := range r.Rejected {
			t.Logf("  rejected %q %s %.2f %v", x.Quote, x.Why, x.Confidence, x.Reasons)
		}
		for _, x := range s.Extra {
			t.Logf("  extra %s %q (%.2f) %v", x.ValueKind, x.Quote, x.Confidence, x.Reasons)
		}
		for _, n := range l.NotPromises {
			for _, x := range r.Targets {
				if n.Why != "furniture" && x.ValueKind != Milestone && x.Start < n.End && n.Start < x.End && strings.Contains(string([]rune(string(text))[n.Start:n.End]), x.Number) && x.Number != "" {
					t.Logf("  proposes what is no promise (%s): %q", n.Why, x.Quote)
				}
			}
		}
	}
}
