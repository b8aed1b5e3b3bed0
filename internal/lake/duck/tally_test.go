package duck_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// TestTally adds up and counts staged rows and values set aside, before a row
// is merged and after.
func TestTally(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ds.Fields = append(b.ds.Fields, &city.Field{Name: "kind", Type: city.TypeEnum, Optional: true}, &city.Field{Name: "n", Type: city.TypeInt, Optional: true})
	if err := b.lk.Ensure(t.Context(), b.ds); err != nil {
		t.Fatal(err)
	}
	st, err := b.eng.Stage(t.Context(), b.ds, "D1")
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	day := time.Date(2024, 1, 5, 0, 0, 0, 0, time.UTC)
	for i, v := range [][]any{
		{"a", day, int64(1050), "x", "one", int64(math.MaxInt64)},
		{"b", day, int64(-25), nil, "two", int64(math.MaxInt64)},
		{"b", day, int64(5), nil, "two", nil},
	} {
		if err := st.Append(int64(i+1), v); err != nil {
			t.Fatal(err)
		}
		if err := st.Aside([]any{fmt.Sprint("c", i), nil, nil, nil, "two", nil}); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.Aside([]any{"a", nil, nil, nil, "three", int64(7)}); err != nil {
		t.Fatal(err)
	}
	counts, err := st.Distinct(t.Context(), []string{"id", "kind", "day", "amount", "note", "n"})
	if want := "map[amount:3 day:1 id:5 kind:3 n:2 note:1]"; err != nil || fmt.Sprint(counts) != want {
		t.Errorf("distinct values %v, %v; want %s", counts, err, want)
	}
	want := func(when, text string) {
		t.Helper()
		sums, err := st.Sums(t.Context(), []string{"amount", "n"})
		if got := fmt.Sprint(sums["amount"], " ", sums["n"]); err != nil || got != text {
			t.Errorf("the sums %s are %s, %v; want %s", when, got, err, text)
		}
	}
	want("of all rows", "10.30 18446744073709551614")
	st.AlsoSum([]string{"n"})
	m, err := st.Merge(t.Context(), b.view(time.Time{}), b.lk.DataDir(b.ds.Name), lake.Scope{Mode: b.ds.Delivery.Mode})
	if err != nil || m.Sums["amount"] != "10.55" || m.Sums["n"] != fmt.Sprint(math.MaxInt64) {
		t.Errorf("the accepted rows add up to %v, %v", m.Sums, err)
	}
}

// TestTallyOfNothing holds that an empty stage has sums of zero.
func TestTallyOfNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	st, err := b.eng.Stage(t.Context(), b.ds, "D1")
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	sums, err := st.Sums(t.Context(), []string{"amount"})
	if err != nil || sums["amount"].String() != "0.00" {
		t.Errorf("the sums are %v, %v", sums, err)
	}
	counts, err := st.Distinct(t.Context(), []string{"id"})
	if err != nil || counts["id"] != 0 {
		t.Errorf("the counts are %v, %v", counts, err)
	}
}
