package chaos

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
)

// TestItBites changes what the harness remembers, one thing at a time, and wants
// it to find each difference: a comparison that finds nothing shows nothing.
func TestItBites(t *testing.T) {
	t.Parallel()
	w, err := newWorld(binary, t.TempDir(), 1, 40, newFire(1), newReport(1), 0)
	if err != nil {
		t.Fatal(err)
	}
	do := func(what string, f func() error) {
		t.Helper()
		if err := f(); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	b := w.draw("chaos.upsert")
	do("write", func() error { return put(w.path(b.name), b.content) })
	if _, err := w.shoot(t.Context(), job{kind: "deliver", program: []string{"deliver", "--pack", packDir, "--dataset", b.dataset, w.path(b.name)}}); err != nil {
		t.Fatal(err)
	}
	do("tag", func() error {
		_, err := w.shoot(t.Context(), job{kind: "tag", child: &child{Upkeep: true, Tag: "kept"}})
		return err
	})
	do("compare", func() error { return w.compare(t.Context()) })
	do("verify", func() error { return w.verify(t.Context()) })
	id := w.log.deliveries[0].ID
	bad := w.log.open[id][0]
	rows, full := b.rows, w.tables[b.dataset].table
	other := maps.Clone(full)
	for no, r := range full {
		r.wage++
		other[no] = r
		break
	}
	for name, c := range map[string]struct {
		change, back func()
		says         string
	}{
		"a row that never came":      {func() { b.rows = append(rows[:len(rows):len(rows)], row{no: "X"}) }, func() { b.rows = rows }, "it must be"},
		"a row that failed, it says": {func() { b.rows[bad-1].bad = false }, func() { b.rows[bad-1].bad = true }, "it must be"},
		"a file that nobody sent":    {func() { delete(w.batches, b.sha256) }, func() { w.batches[b.sha256] = b }, "nobody sent"},
		"a receipt that was lost":    {func() { w.receipts["D"] = json.RawMessage("{}") }, func() { delete(w.receipts, "D") }, "a receipt was given out"},
		"a rollback that was lost":   {func() { w.undone[id] = true }, func() { delete(w.undone, id) }, "it was rolled back"},
		"a decision that was lost":   {func() { w.note(id, []int64{bad}, "waived") }, func() { delete(w.decided, id) }, "decided was waived"},
		"a tag with other rows":      {func() { w.tags["kept"] = map[string]table{b.dataset: other} }, func() { delete(w.tags, "kept") }, "as of kept"},
		"a file that went missing":   {func() { w.collected = []*batch{b} }, func() { w.collected = nil }, "put aside"},
	} {
		c.change()
		if err := w.compare(t.Context()); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
		c.back()
	}
	do("compare", func() error { return w.compare(t.Context()) })
}
