package ledger

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
)

func drawState(t *rapid.T, decimals int) State {
	if rapid.IntRange(0, 6).Draw(t, "missing") == 0 {
		return State{Status: analysis.StatusNoData}
	}
	v := rapid.Float64Range(-1e9, 1e9).Draw(t, "value")
	return State{Value: &v, Display: city.Figure(v, decimals), Status: analysis.StatusValid}
}

// TestAmountsAddUp holds the law over walks of any values, also where a value is
// missing in between: the amounts add up to the difference in full, and the
// displayed ones to the difference of the displayed figures.
func TestAmountsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		decimals := rapid.IntRange(0, 4).Draw(t, "decimals")
		from := drawState(t, decimals)
		var steps []Step
		for range rapid.IntRange(1, 9).Draw(t, "steps") {
			cause := rapid.SampledFrom(Causes()[:len(Causes())-1]).Draw(t, "cause")
			steps = append(steps, Step{Cause: cause, Rows: 1, IDs: []string{"D1"}, After: drawState(t, decimals)})
		}
		e := explain(from, steps, 0)
		if (from.Value == nil || e.Now.Value == nil) != (e.Difference == nil) {
			t.Fatalf("from %v to %v there is the difference %v", from.Value, e.Now.Value, e.Difference)
		}
		wantSums(t, e)
	})
}

func TestRoundingIsAPartOfItsOwn(t *testing.T) {
	t.Parallel()
	at := func(v float64) State {
		return State{Value: &v, Display: city.Figure(v, 0), Status: analysis.StatusValid}
	}
	e := explain(at(0), []Step{{Cause: CauseLate, Rows: 1, After: at(0.4)}, {Cause: CauseCorrections, Rows: 1, After: at(0.8)}}, 0)
	last := e.Parts[len(e.Parts)-1]
	if len(e.Parts) != 3 || last.Cause != CauseRounding || last.Display != "+1" || *last.Amount != "0" || *e.Difference != "0.8" || e.Display != "+1" {
		t.Errorf("parts are %+v of %s", e.Parts, *e.Difference)
	}
}

// TestThin looks for one change among many places.
func TestThin(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 500).Draw(t, "n")
		change := rapid.IntRange(0, n-1).Draw(t, "change")
		count := 0
		looked, err := thin(n, 12, func(int) error { count++; return nil }, func(i, j int) bool { return (i < change) == (j < change) })
		if err != nil || count > 12 || !looked[0] || !looked[n-1] {
			t.Fatalf("looked at %d of %d, %v", count, n, err)
		}
		// Twelve looks find one change among 500 places to the place.
		if change > 0 && (!looked[change] || !looked[change-1]) {
			t.Fatalf("the change at %d of %d was not found", change, n)
		}
	})
}

func TestCapped(t *testing.T) {
	t.Parallel()
	var hops []hop
	for i := range 100 {
		hops = append(hops, hop{ids: []string{"D"}, to: int64(i + 1), rollback: i == 50})
	}
	out := capped(hops, 10)
	ids := 0
	for _, h := range out {
		ids += len(h.ids)
		if h.rollback && len(h.ids) != 1 {
			t.Error("a rollback was taken together with deliveries")
		}
	}
	if len(out) > 13 || ids != 100 || out[len(out)-1].to != 100 {
		t.Errorf("%d hops of %d commits, the last to %d", len(out), ids, out[len(out)-1].to)
	}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	was, now, amount := 1.0, 3.0, "2"
	f := Explained{Figure: Figure{ID: "x-0001", Period: "2024-01", Person: "=cmd()", State: State{Value: &was, Display: "1"}, Now: State{Value: &now, Display: "3"}, Restated: true},
		Parts: []Part{{Cause: CauseLate, Amount: &amount, Display: "+2"}}}
	var out bytes.Buffer
	if err := WriteCSV(&out, []Explained{f}, "en"); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff"))).ReadAll()
	if err != nil || len(records) != 2 || len(records[0]) != len(records[1]) {
		t.Fatalf("%v, %v", records, err)
	}
	cells := map[string]string{}
	for i, h := range records[0] {
		cells[h] = records[1][i]
	}
	if cells["closed by"] != "'=cmd()" || cells["difference"] != "2" || cells["late rows"] != "2" || cells["restated"] != "yes" {
		t.Errorf("cells are %v", cells)
	}
}

// TestArchive packs the files that the parser reads, and no others.
func TestArchive(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{"city.yaml": {Data: []byte("a: 1\n")}, "sub/x.yaml": {Data: []byte("b: 2\n")}, "README.md": {Data: []byte("no")}}
	a, err := Archive(files)
	if err != nil {
		t.Fatal(err)
	}
	delete(files, "README.md")
	b, err := Archive(files)
	if err != nil || !bytes.Equal(a, b) {
		t.Errorf("what is not read changes the archive: %v", err)
	}
}
