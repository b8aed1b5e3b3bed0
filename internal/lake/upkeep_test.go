package lake_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// rows are what a table of the tests shows.
type rows map[string]int64

// upsert delivers rows.
func (b *bench) upsert(id string, change rows) error {
	ctx := context.Background()
	v, err := b.lk.View(ctx, b.ds, time.Time{})
	if err != nil {
		return err
	}
	st, err := b.eng.Stage(ctx, b.ds, id)
	if err != nil {
		return err
	}
	defer st.Close()
	for i, key := range slices.Sorted(maps.Keys(change)) {
		if err := st.Append(int64(i+1), []any{key, change[key]}); err != nil {
			return err
		}
	}
	m, err := st.Merge(ctx, v, b.lk.DataDir(b.ds.Name), lake.Scope{})
	if err != nil {
		return err
	}
	_, err = b.lk.Commit(ctx, lake.Change{Dataset: b.ds.Name, DeliveryID: id, Base: v.SnapshotID, Add: m.Add, Remove: m.Remove})
	return err
}

// shown reads a view.
func (b *bench) shown(v *lake.View) (rows, error) {
	res, err := b.eng.Query(context.Background(), "SELECT id, n FROM "+b.eng.Relation(v))
	if err != nil {
		return nil, err
	}
	defer res.Close()
	out := rows{}
	for res.Next() {
		var id string
		var n int64
		if err := res.Scan(&id, &n); err != nil {
			return nil, err
		}
		out[id] = n
	}
	if int64(len(out)) != v.Rows {
		return nil, fmt.Errorf("%d rows where the metadata say %d", len(out), v.Rows)
	}
	return out, res.Err()
}

func (b *bench) shownAsOf(a lake.AsOf) (rows, error) {
	v, err := b.lk.ViewAsOf(context.Background(), b.ds, a)
	if err != nil {
		return nil, err
	}
	return b.shown(v)
}

func unnoted(lake.Tag) error { return nil }

// reopen ends the lake as a process would, and begins again.
func (b *bench) reopen(dir string, now func() time.Time) error {
	if b.lk != nil {
		if err := b.lk.Close(); err != nil {
			return err
		}
	}
	lk, err := lake.Open(context.Background(), dir, lake.Options{Now: now})
	if err == nil {
		b.lk = lk
	}
	return err
}

// upkeep is a lake and what it has to show.
type upkeep struct {
	*bench
	dir        string
	present    rows
	tags       map[string]rows
	deliveries []string
	clock      *clock
	past       []moment
}

// moment is what the table showed at the time of a commit.
type moment struct {
	at    time.Time
	shown rows
}

// note keeps what the table shows now. No commit may be earlier than the one
// before it, whatever the clock did.
func (u *upkeep) note(t *rapid.T) {
	v, err := u.lk.View(context.Background(), u.ds, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(u.past); n > 0 {
		if last := u.past[n-1]; v.CommittedAt.Before(last.at) || v.CommittedAt.Equal(last.at) && !maps.Equal(last.shown, u.present) {
			t.Fatalf("a commit at %s after one at %s", v.CommittedAt, last.at)
		}
	}
	u.past = append(u.past, moment{v.CommittedAt, maps.Clone(u.present)})
}

func (u *upkeep) setClock(t *rapid.T) {
	u.clock.set(rapid.SampledFrom([]time.Duration{-time.Minute, -time.Hour, -10 * year, time.Hour, 10 * year}).Draw(t, "jump"))
}

func (u *upkeep) deliver(t *rapid.T) {
	change := rows{}
	for range rapid.IntRange(1, 3).Draw(t, "rows") {
		change[fmt.Sprint("k", rapid.IntRange(0, 5).Draw(t, "key"))] = rapid.Int64Range(0, 3).Draw(t, "n")
	}
	id := fmt.Sprintf("D%04d", len(u.deliveries))
	before := maps.Clone(u.present)
	maps.Copy(u.present, change)
	if err := u.upsert(id, change); err != nil {
		t.Fatalf("deliver: %v", err)
	}
	if !maps.Equal(before, u.present) {
		u.deliveries = append(u.deliveries, id)
		u.note(t)
	}
}

func (u *upkeep) tag(t *rapid.T) {
	name := fmt.Sprint("t", len(u.tags))
	if _, err := u.lk.TagNow(context.Background(), name, u.clock.now(), unnoted); err != nil {
		t.Fatalf("tag: %v", err)
	}
	u.tags[name] = maps.Clone(u.present)
}

func (u *upkeep) cutTag(t *rapid.T) {
	name := fmt.Sprint("t", len(u.tags))
	_, err := u.lk.TagNow(context.Background(), name, u.clock.now(), func(lake.Tag) error { return os.ErrProcessDone })
	if err == nil {
		t.Fatalf("the tag was made though it could not be noted")
	}
	u.tags[name] = maps.Clone(u.present)
}

func (u *upkeep) completeTags(t *rapid.T) {
	if _, err := u.lk.CompleteTags(context.Background(), unnoted); err != nil {
		t.Fatalf("complete tags: %v", err)
	}
}

func (u *upkeep) compact(t *rapid.T) {
	if _, err := u.lk.Compact(context.Background(), u.eng, u.ds, lake.CompactOptions{MostSmall: 1}); err != nil {
		t.Fatalf("compact: %v", err)
	}
}

func (u *upkeep) expire(t *rapid.T) {
	if _, err := u.lk.Expire(context.Background(), u.ds.Name, u.clock.now().Add(time.Second)); err != nil {
		t.Fatalf("expire: %v", err)
	}
}

func (u *upkeep) sweep(t *rapid.T) {
	if _, err := u.lk.Sweep(context.Background(), u.ds.Name, time.Now().Add(time.Hour)); err != nil {
		t.Fatalf("sweep: %v", err)
	}
}

func (u *upkeep) restart(t *rapid.T) {
	if err := u.reopen(u.dir, u.clock.now); err != nil {
		t.Fatalf("reopen: %v", err)
	}
}

// check holds the law: the present, every tag and every delivery are there.
func (u *upkeep) check(t *rapid.T) {
	ctx := context.Background()
	if got, err := u.shownAsOf(lake.AsOf{}); err != nil || !maps.Equal(got, u.present) {
		t.Fatalf("the present shows %v, want %v, %v", got, u.present, err)
	}
	for name, want := range u.tags {
		if got, err := u.shownAsOf(lake.AsOf{Tag: name}); err != nil || !maps.Equal(got, want) {
			t.Fatalf("the tag %s shows %v, want %v, %v", name, got, want, err)
		}
	}
	v, err := u.lk.View(ctx, u.ds, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	history, err := u.lk.History(ctx, v)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range u.deliveries {
		at, found, err := u.lk.FindDelivery(ctx, u.ds.Name, id)
		if err != nil || !found || history[id] != at {
			t.Fatalf("the delivery %s: snapshot %d, in the history %d, %v", id, at, history[id], err)
		}
	}
}

// checkPast holds that what was shown at the time of a commit is shown as of it,
// or has expired.
func (u *upkeep) checkPast(t *rapid.T) {
	for _, m := range u.past {
		got, err := u.shownAsOf(lake.AsOf{At: m.at})
		if city.CodeOf(err) != lake.CodeSnapshotGone && (err != nil || !maps.Equal(got, m.shown)) {
			t.Fatalf("as of %s it shows %v, want %v, %v", m.at, got, m.shown, err)
		}
	}
}

// TestUpkeepChangesNothing holds that whatever the order of deliveries, tags,
// compactions, expiries, sweeps, restarts and jumps of the clock, the present and
// every tag show what was delivered, every moment of the past what it showed then
// or nothing, and every delivery stays known.
func TestUpkeepChangesNothing(t *testing.T) {
	t.Parallel()
	eng, ds := newBench(t).eng, dataset("test.things")
	rapid.Check(t, func(rt *rapid.T) {
		u := &upkeep{bench: &bench{t: t, eng: eng, ds: ds}, dir: t.TempDir(), present: rows{}, tags: map[string]rows{}, clock: newClock()}
		if err := u.reopen(u.dir, u.clock.now); err != nil {
			rt.Fatal(err)
		}
		defer func() { _ = u.lk.Close() }()
		if err := u.lk.Ensure(context.Background(), ds); err != nil {
			rt.Fatal(err)
		}
		steps := map[string]func(*rapid.T){"deliver": u.deliver, "tag": u.tag, "cut tag": u.cutTag, "complete tags": u.completeTags,
			"compact": u.compact, "expire": u.expire, "sweep": u.sweep, "restart": u.restart, "set clock": u.setClock}
		names := append(slices.Sorted(maps.Keys(steps)), "deliver", "deliver", "deliver")
		for range rapid.IntRange(4, 10).Draw(rt, "steps") {
			steps[rapid.SampledFrom(names).Draw(rt, "step")](rt)
			u.check(rt)
		}
		u.checkPast(rt)
	})
}

// TestExpiry looks at what is left when all snapshots but the named ones go.
func TestExpiry(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.mustCommit("D1")
	if _, err := b.lk.TagNow(t.Context(), "first", time.Now(), unnoted); err != nil {
		t.Fatal(err)
	}
	second, third := b.mustCommit("D2"), b.mustCommit("D3")
	at := b.view().CommittedAt
	if n, err := b.lk.Expire(t.Context(), b.ds.Name, at.Add(-time.Hour)); err != nil || n != 0 {
		t.Errorf("within the time to keep: %d expired, %v", n, err)
	}
	if n, err := b.lk.Expire(t.Context(), b.ds.Name, at); err != nil || n != 1 {
		t.Fatalf("%d expired, %v", n, err)
	}
	for id, want := range map[int64]city.Code{first: "", second: lake.CodeSnapshotGone, third: ""} {
		if _, err := b.lk.ViewAt(t.Context(), b.ds, id); (err == nil) != (want == "") || err != nil && city.CodeOf(err) != want {
			t.Errorf("snapshot %d: %v", id, err)
		}
	}
	if _, ok, err := b.lk.Parent(t.Context(), b.ds.Name, third); ok || err != nil {
		t.Errorf("the parent of the third has expired: %v, %v", ok, err)
	}
	if id, found, err := b.lk.FindDelivery(t.Context(), b.ds.Name, "D2"); err != nil || !found || id != second {
		t.Errorf("D2 was forgotten: %d, %v, %v", id, found, err)
	}
	if s, err := b.commit("D2"); err != nil || s != second {
		t.Errorf("D2 was committed twice: %d, %v", s, err)
	}
}

// TestAnExpiredPastIsNotEmpty holds that a moment whose snapshot is gone is an
// error, and not a table without rows.
func TestAnExpiredPastIsNotEmpty(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.mustCommit("D1")
	past := b.view().CommittedAt
	b.mustCommit("D2")
	if _, err := b.lk.Expire(t.Context(), b.ds.Name, time.Now()); err != nil {
		t.Fatal(err)
	}
	if v, err := b.lk.View(t.Context(), b.ds, past); city.CodeOf(err) != lake.CodeSnapshotGone {
		t.Errorf("got %+v, %v", v, err)
	}
	if v, err := b.lk.View(t.Context(), b.ds, past.Add(-time.Hour)); err != nil || v.Rows != 0 {
		t.Errorf("before the first commit: %+v, %v", v, err)
	}
	if v, err := b.lk.View(t.Context(), b.ds, time.Now()); err != nil || v.Rows != 2 {
		t.Errorf("now: %+v, %v", v, err)
	}
}

// TestSweep removes what nothing names, once it is old enough, and leaves what
// it does not know.
func TestSweep(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.mustCommit("D1")
	if _, err := b.merge(t.Context(), b.view(), "D2"); err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(b.lk.DataDir(b.ds.Name), "notes.txt")
	if err := os.WriteFile(foreign, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := b.lk.Sweep(t.Context(), b.ds.Name, time.Now().Add(-time.Hour)); err != nil || s.Files != 0 {
		t.Errorf("young files: %+v, %v", s, err)
	}
	if s, err := b.lk.Sweep(t.Context(), b.ds.Name, time.Now().Add(time.Hour)); err != nil || s.Files != 1 || s.Bytes == 0 {
		t.Errorf("old files: %+v, %v", s, err)
	}
	if _, err := os.Stat(foreign); err != nil {
		t.Errorf("a file of somebody else: %v", err)
	}
	if got, err := b.shown(b.view()); err != nil || len(got) != 1 {
		t.Errorf("the table shows %v, %v", got, err)
	}
	if s, err := b.lk.Sweep(t.Context(), "test.nothing", time.Now()); err != nil || s.Files != 0 {
		t.Errorf("a dataset without table: %+v, %v", s, err)
	}
}
