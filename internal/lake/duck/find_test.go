package duck_test

import (
	"slices"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/lake"
)

// TestFind looks rows up by keys of every kind of column that a key can have,
// and by empty ones.
func TestFind(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	find := func(keys ...[]any) []lake.Found {
		t.Helper()
		found, err := b.eng.Find(t.Context(), b.view(time.Time{}), b.ds, keys)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(found, func(a, b lake.Found) int { return a.Key - b.Key })
		return found
	}
	if got := find([]any{"a"}); len(got) != 0 {
		t.Errorf("an empty table: %+v", got)
	}
	b.deliver("D1", row{"a", "2024-01-05", 150, "x"}, row{"b", "2024-01-06", 275, nil})
	b.deliver("D2", row{"b'; DROP", "2024-01-07", 1, "y"})
	if got, want := find([]any{"b'; DROP"}, []any{"c"}, []any{"a"}), []lake.Found{{Key: 0, DeliveryID: "D2", Row: 1}, {Key: 2, DeliveryID: "D1", Row: 1}}; !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	b.ds.Key = []string{"day", "amount", "note"}
	got := find([]any{day("2024-01-06"), int64(275), nil}, []any{day("2024-01-05"), int64(150), nil}, []any{day("2024-01-05"), int64(150), "x"})
	if want := []lake.Found{{Key: 0, DeliveryID: "D1", Row: 2}, {Key: 2, DeliveryID: "D1", Row: 1}}; !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := find(); got != nil {
		t.Errorf("no keys: %+v", got)
	}
}
