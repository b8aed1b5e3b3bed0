package app_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/store"
)

const packDir = "testdata/pack"

const head = "业务流水号,公民身份号码,登记地,登记日期,工资\n"

// The files of the tests: the second corrects a row of the first, adds one,
// and has one that is quarantined. The ID number belongs to nobody.
const (
	firstFile  = head + "A1,140105199003072317,小店区,2024-01-05,100\nA2,,,2024-01-06,\n"
	secondFile = head + "A1,140105199003072317,小店区,2024-01-05,250\nA2,,,2024-01-06,\nA3,,小店区,2024-02-01,7\nA4,,,2024-02-30,\n"
)

var (
	afterFirst  = []string{"A1|140105|2024-01-05|100.00", "A2|140100|2024-01-06|-"}
	afterSecond = []string{"A1|140105|2024-01-05|250.00", "A2|140100|2024-01-06|-", "A3|140105|2024-02-01|7.00"}
)

func open(t testing.TB, o app.Options) *app.App {
	t.Helper()
	if o.MemoryMB == 0 {
		o.MemoryMB = 256
	}
	a, err := app.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

func deliver(t testing.TB, a *app.App, content string) *delivery.Receipt {
	t.Helper()
	r, err := a.Delivery.Deliver(context.Background(), request(content))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func request(content string) delivery.Request {
	return delivery.Request{Dataset: "hrss.jobs", File: "batch.csv", Content: strings.NewReader(content), Actor: "test"}
}

// table gives the rows of hrss.jobs, sorted.
func table(t testing.TB, a *app.App) []string {
	t.Helper()
	out, err := rows(a)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func rows(a *app.App) ([]string, error) {
	_, view, err := a.Analysis.RowsByDelivery(context.Background(), "hrss.jobs", noTime)
	if err != nil {
		return nil, err
	}
	found, err := a.Analysis.Engine.Query(context.Background(), `SELECT concat_ws('|', "no", place, CAST(day AS VARCHAR), coalesce(CAST(wage AS VARCHAR), '-')) FROM `+a.Analysis.Engine.Relation(view)+" ORDER BY 1")
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var out []string
	for found.Next() {
		var s string
		if err := found.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, found.Err()
}

func wantTable(t testing.TB, a *app.App, want []string) {
	t.Helper()
	if got := table(t, a); !slices.Equal(got, want) {
		t.Errorf("the table holds %q, want %q", got, want)
	}
}

func wantVerified(t testing.TB, a *app.App) {
	t.Helper()
	v, err := a.Verify(context.Background())
	if err != nil || !v.OK {
		t.Errorf("verify: %+v, %v", v, err)
	}
}

// wantTidy holds that every file below the folders of a delivery belongs to
// one that has a receipt.
func wantTidy(t testing.TB, a *app.App) {
	t.Helper()
	known := map[string]bool{}
	page, err := a.Store.Deliveries(context.Background(), store.Filter{States: []store.State{store.StateCommitted, store.StateRejected, store.StateRolledBack}}, "", store.MaxPage)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range page.Items {
		known[d.ID] = true
		if _, err := os.Stat(filepath.Join(a.Dir, "evidence", d.Evidence)); err != nil {
			t.Errorf("%s has no evidence: %v", d.ID, err)
		}
	}
	rollbacks, err := a.Store.Rollbacks(context.Background(), "hrss.jobs")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rollbacks {
		known[r.ID] = true
	}
	for _, dir := range []string{"evidence", "lake/hrss/jobs/data", "tmp"} {
		err := filepath.WalkDir(filepath.Join(a.Dir, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			if id := d.Name()[:min(len(d.Name()), idLength)]; !known[id] || strings.HasSuffix(path, ".part") {
				t.Errorf("nothing owns %s", path)
			}
			return nil
		})
		if err != nil && !os.IsNotExist(err) {
			t.Error(err)
		}
	}
	if open, err := a.Store.Unfinished(context.Background()); err != nil || len(open) > 0 {
		t.Errorf("deliveries are unfinished: %+v, %v", open, err)
	}
	if open, err := a.Store.OpenRollbacks(context.Background()); err != nil || len(open) > 0 {
		t.Errorf("rollbacks are unfinished: %+v, %v", open, err)
	}
}

// manyRows is a file of n rows that compress badly.
func manyRows(n, salt int) string {
	var out strings.Builder
	out.WriteString(head)
	for i := range n {
		x := uint64(i*1_000_003+salt) * 0x9E3779B97F4A7C15
		fmt.Fprintf(&out, "M%016x%d,,,2024-03-%02d,%d.%02d\n", x, salt, x%28+1, x>>44, x%100)
	}
	return out.String()
}

// balance is a receipt in one line.
func balance(r *delivery.Receipt) string {
	return fmt.Sprintf("%s %d = %d + %d + %d", r.Status, r.Received, r.Accepted, r.Quarantined, r.Duplicate)
}
