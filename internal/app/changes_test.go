package app_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/delivery"
)

// TestChangesWhileCollected writes a watched file over while the delivery of its
// first version is under way: both versions are delivered, in their order, and
// the file is put aside once.
func TestChangesWhileCollected(t *testing.T) {
	t.Parallel()
	for _, step := range delivery.Steps() {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			dir, sources := inbox(t)
			var got []string
			a := open(t, app.Options{Data: t.TempDir(), Pack: packDir, Fetched: func(_ string, r *delivery.Receipt) { got = append(got, r.File+" "+balance(r)) }})
			newer := strings.Replace(firstFile, ",100\n", ",1000\n", 1)
			a.Delivery.Step = func(name string) {
				if name == step {
					a.Delivery.Step = nil
					put(t, filepath.Join(dir, "1.csv"), newer)
				}
			}
			declared, err := a.LoadSources(sources)
			if err == nil {
				err = a.Collector.Once(t.Context(), declared, nil)
			}
			if err != nil {
				t.Fatal(err)
			}
			want := []string{"A1|140105|2024-01-05|1000.00", "A2|140100|2024-01-06|-", "A3|140105|2024-02-01|7.00"}
			if count := strings.Count(strings.Join(got, "\n"), "1.csv committed"); count != 2 || len(got) != 3 {
				t.Errorf("receipts: %q", got)
			}
			if strings.HasPrefix(got[len(got)-1], "2.csv") { // the second file came last and corrects the same row
				want[0] = afterSecond[0]
			}
			wantTable(t, a, want)
			wantTidy(t, a)
			wantVerified(t, a)
			if left, _ := filepath.Glob(filepath.Join(dir, "*.csv")); len(left) > 0 {
				t.Errorf("left are %v", left)
			}
			if aside, _ := filepath.Glob(filepath.Join(dir, "done", "*.csv")); len(aside) != 2 {
				t.Errorf("put aside are %v", aside)
			}
		})
	}
}
