package app_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// eager keeps nothing that has no name and joins all files.
var eager = app.Upkeep{Keep: 1, Grace: 1, Compact: lake.CompactOptions{MostSmall: 1}}

// maintain is what a child does with the tables: it tags them, joins their
// files, and lets the snapshots from before go.
func (c *child) maintain(ctx context.Context, a *app.App) error {
	a.Lake.Step = func(name string) {
		if name == c.Upkeep {
			kill()
		}
	}
	if _, err := a.Tag(ctx, "kept", "test"); err != nil {
		return err
	}
	for range 2 {
		m, err := a.Maintain(ctx, eager, "test")
		if err != nil {
			return err
		}
		for _, e := range m.Errors {
			return city.Errorf(e.Code, "%s", e.Message)
		}
	}
	return nil
}

// TestKilledWhileMaintaining kills a process at every step of the upkeep: the
// rows, the receipts and the tag are as they were, and what is left over goes
// with the next maintenance.
func TestKilledWhileMaintaining(t *testing.T) {
	t.Parallel()
	for _, step := range lake.Steps() {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			data := t.TempDir()
			p := child{Data: data, Content: []string{firstFile, secondFile, head + "A9,,,2024-01-09,9\n"}, Upkeep: step}.start(t)
			if !p.wait() {
				t.Fatal("the process was not killed")
			}
			a := open(t, app.Options{Data: data})
			want := append(slices.Clone(afterSecond), "A9|140100|2024-01-09|9.00")
			wantTable(t, a, want)
			wantVerified(t, a)
			for range 2 {
				maintained(t, a, eager)
			}
			wantTable(t, a, want)
			wantVerified(t, a)
			wantTag(t, a, "kept", int64(len(want)))
			wantNoLeftovers(t, a, "kept")
		})
	}
}

func maintained(t *testing.T, a *app.App, u app.Upkeep) *app.Maintained {
	t.Helper()
	m, err := a.Maintain(t.Context(), u, "test")
	if err != nil || len(m.Errors) > 0 {
		t.Fatalf("%+v, %v", m, err)
	}
	return m
}

// wantTag holds that a tag is there and shows so many rows of hrss.jobs.
func wantTag(t *testing.T, a *app.App, name string, rows int64) {
	t.Helper()
	ds, err := a.City().Dataset("hrss.jobs")
	if err != nil {
		t.Fatal(err)
	}
	v, err := a.Lake.ViewAsOf(t.Context(), ds, lake.AsOf{Tag: name})
	if err != nil || v.Rows != rows {
		t.Errorf("as of %s: %+v, %v; want %d rows", name, v, err, rows)
		return
	}
	for _, f := range v.Files {
		if _, err := os.Stat(lake.FilePath(f)); err != nil {
			t.Errorf("as of %s: %v", name, err)
		}
	}
}

// wantNoLeftovers holds that every data file belongs to the present or a tag.
func wantNoLeftovers(t *testing.T, a *app.App, tags ...string) {
	t.Helper()
	ds, err := a.City().Dataset("hrss.jobs")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, tag := range append(tags, "") {
		v, err := a.Lake.ViewAsOf(t.Context(), ds, lake.AsOf{Tag: tag})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range v.Files {
			named[filepath.Base(f)] = true
		}
	}
	files, err := os.ReadDir(a.Lake.DataDir(ds.Name))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !named[f.Name()] {
			t.Errorf("nothing names %s", f.Name())
		}
	}
}

// TestMaintain looks at what a maintenance says that it did.
func TestMaintain(t *testing.T) {
	t.Parallel()
	a := open(t, app.Options{Data: t.TempDir(), Pack: packDir})
	for i := range 4 {
		deliver(t, a, manyRows(5, i))
	}
	u := app.Upkeep{Compact: lake.CompactOptions{MostSmall: 3}}
	m := maintained(t, a, u)
	if got := m.Tables[0]; got.Dataset != "hrss.jobs" || got.FilesBefore != 4 || got.FilesAfter != 1 || got.Compacted != 4 || got.Expired != 0 || got.RemovedFiles != 0 {
		t.Errorf("with the usual time to keep: %+v", got)
	}
	if got := maintained(t, a, u).Tables[0]; got.Compacted != 0 || got.FilesAfter != 1 {
		t.Errorf("again: %+v", got)
	}
	if got := maintained(t, a, eager).Tables[0]; got.Expired != 4 || got.RemovedFiles == 0 || got.FilesAfter != 1 {
		t.Errorf("with no time to keep: %+v", got)
	}
	if got := len(table(t, a)); got != 20 {
		t.Errorf("%d rows", got)
	}
	wantVerified(t, a)
	wantNoLeftovers(t, a)
}

// TestMaintainWaitsForDeliveries leaves a table alone that a delivery works on,
// and does the rest.
func TestMaintainWaitsForDeliveries(t *testing.T) {
	t.Parallel()
	a := open(t, app.Options{Data: t.TempDir(), Pack: packDir})
	for i := range 3 {
		deliver(t, a, manyRows(5, i))
	}
	release, err := a.Delivery.Exclusive(t.Context(), "hrss.jobs")
	if err != nil {
		t.Fatal(err)
	}
	busy := eager
	busy.Wait = time.Millisecond
	m, err := a.Maintain(t.Context(), busy, "test")
	if err != nil || len(m.Errors) != 1 || !strings.Contains(m.Errors[0].Message, "a delivery to hrss.jobs is running") || m.Tables[0].Compacted != 0 {
		t.Errorf("while a delivery runs: %+v, %v", m, err)
	}
	release()
	if got := maintained(t, a, eager).Tables[0]; got.Compacted != 3 {
		t.Errorf("afterwards: %+v", got)
	}
}

// TestMonthEnds makes month-end tags by the wall clock and for a city that
// stands still.
func TestMonthEnds(t *testing.T) {
	t.Parallel()
	now := time.Now()
	clock := app.Options{Data: t.TempDir(), Pack: packDir, Now: func() time.Time { return now }}
	a := open(t, clock)
	deliver(t, a, firstFile)
	if m := maintained(t, a, app.Upkeep{}); len(m.Tags) != 0 {
		t.Errorf("before the month ended: %+v", m.Tags)
	}
	month := a.Today()
	now = month.MonthEnd().AddDays(2).Time()
	m := maintained(t, a, app.Upkeep{})
	if len(m.Tags) != 1 || m.Tags[0].Name != lake.MonthTag(month) {
		t.Errorf("after the month ended: %+v", m.Tags)
	}
	deliver(t, a, secondFile)
	wantTag(t, a, lake.MonthTag(month), int64(len(afterFirst)))

	still := open(t, app.Options{Data: t.TempDir(), Pack: packDir, Today: city.Date{Year: 2024, Month: time.February, Day: 28}})
	deliver(t, still, firstFile)
	for i, want := range []int{1, 0} {
		if m := maintained(t, still, app.Upkeep{}); len(m.Tags) != want || want == 1 && m.Tags[0].Name != "month-2024-01" {
			t.Errorf("a city that stands still, %d: %+v", i, m.Tags)
		}
	}
	wantVerified(t, a)
	wantVerified(t, still)
}

// TestVerifyTags finds a tag that lost a file, and one that was moved.
func TestVerifyTags(t *testing.T) {
	t.Parallel()
	a := open(t, app.Options{Data: t.TempDir(), Pack: packDir})
	deliver(t, a, firstFile)
	if _, err := a.Tag(t.Context(), "kept", "test"); err != nil {
		t.Fatal(err)
	}
	wantVerified(t, a)
	wantProblem := func(says string) {
		t.Helper()
		v, err := a.Verify(t.Context())
		if err != nil || v.OK || !strings.Contains(strings.Join(v.Problems, "; "), says) {
			t.Errorf("verify says %+v, %v; want %q", v, err, says)
		}
	}
	catalogue, err := sql.Open("sqlite3", filepath.Join(a.Dir, "lake", "catalog.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer catalogue.Close()
	if _, err := catalogue.Exec(`UPDATE jinyang_tags SET moment = moment + 1`); err != nil {
		t.Fatal(err)
	}
	wantProblem("does not name what it named")
	deliver(t, a, secondFile)
	maintained(t, a, eager)
	ds, err := a.City().Dataset("hrss.jobs")
	if err != nil {
		t.Fatal(err)
	}
	v, err := a.Lake.ViewAsOf(t.Context(), ds, lake.AsOf{Tag: "kept"})
	if err != nil || os.Remove(lake.FilePath(v.Files[0])) != nil {
		t.Fatal(v, err)
	}
	wantProblem("a file of hrss.jobs cannot be read")
}

// TestRollbackAfterMaintenance takes a delivery back whose files have been joined
// with others since, and again others afterwards.
func TestRollbackAfterMaintenance(t *testing.T) {
	t.Parallel()
	a := open(t, app.Options{Data: t.TempDir(), Pack: packDir})
	deliver(t, a, firstFile)
	second := deliver(t, a, secondFile)
	u := app.Upkeep{Compact: lake.CompactOptions{MostSmall: 1}}
	if m := maintained(t, a, u); m.Tables[0].Compacted == 0 {
		t.Fatalf("nothing was joined: %+v", m.Tables[0])
	}
	if _, err := a.Delivery.Rollback(t.Context(), delivery.RollbackRequest{DeliveryID: second.DeliveryID, Reason: "sent by mistake", Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	wantTable(t, a, afterFirst)
	maintained(t, a, eager)
	wantTable(t, a, afterFirst)
	wantVerified(t, a)
}
