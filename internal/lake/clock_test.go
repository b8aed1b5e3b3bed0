package lake_test

import (
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

const year = 365 * 24 * time.Hour

// clock is set by a test. It stands still: two changes have the same time by it.
type clock struct{ ms atomic.Int64 }

// newClock gives a clock that reads a time which is not before that of the
// machine, by which Iceberg makes tables.
func newClock() *clock {
	c := &clock{}
	c.ms.Store(time.Now().Add(time.Minute).UnixMilli())
	return c
}

func (c *clock) now() time.Time { return time.UnixMilli(c.ms.Load()).UTC() }

func (c *clock) set(by time.Duration) { c.ms.Add(by.Milliseconds()) }

// TestTheClockIsSetBack lets the clock jump between changes of every kind: all of
// them are made, each later than the one before it, and past states are found by
// their times.
func TestTheClockIsSetBack(t *testing.T) {
	t.Parallel()
	for name, jumps := range map[string][]time.Duration{
		"a minute": {-time.Minute}, "an hour": {-time.Hour}, "ten years": {-10 * year},
		"ahead and back": {10 * year, -10 * year}, "again and again": {-time.Hour, -year, 2 * year, -year},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, told := newClock(), 0
			b := newBenchWith(t, lake.Options{Now: c.now, Behind: func(string, time.Duration) { told++ }})
			ids, ds := []int64{b.mustCommit("D0")}, dataset("test.things")
			for i, by := range jumps {
				c.set(by)
				tag := "t" + string(rune('0'+i))
				ids = append(ids, b.mustCommit("D1"+tag))
				if _, err := b.lk.TagNow(t.Context(), tag, c.now(), unnoted); err != nil {
					t.Fatal(err)
				}
				ds.Fields = append(slices.Clone(ds.Fields), &city.Field{Name: tag, Type: city.TypeInt})
				if b.ds = ds; b.lk.Ensure(t.Context(), ds) != nil {
					t.Fatal("no column can be added")
				}
				if got, err := b.lk.Compact(t.Context(), b.eng, ds, lake.CompactOptions{MostSmall: 1}); err != nil || got.Files < 2 {
					t.Fatalf("compacted %+v, %v", got, err)
				}
				ids = append(ids, b.view().SnapshotID, b.mustCommit("D2"+tag))
			}
			b.wantOrder(ids)
			if behind, err := b.lk.Behind(t.Context(), ds); err != nil || (behind > 0) != (told > 0) || told > 1 {
				t.Errorf("the clock is %s behind, told %d times, %v", behind, told, err)
			}
			if _, err := b.lk.Expire(t.Context(), ds.Name, c.now().Add(11*year)); err != nil {
				t.Error(err)
			}
			if v := b.view(); v.Rows != int64(1+2*len(jumps)) || len(v.Columns) != 4+len(jumps) {
				t.Errorf("at last %d rows, %d columns", v.Rows, len(v.Columns))
			}
		})
	}
}

// wantOrder holds that the times of snapshots are in the order of the commits,
// and that each is the state at its time and until the next.
func (b *bench) wantOrder(ids []int64) {
	b.t.Helper()
	last := time.Time{}
	for i, id := range ids {
		v, err := b.lk.ViewAt(b.t.Context(), b.ds, id)
		if err != nil || !v.CommittedAt.After(last) {
			b.t.Fatalf("commit %d is at %s, after one at %s, %v", i, v.CommittedAt, last, err)
		}
		last = v.CommittedAt
		if got, err := b.lk.View(b.t.Context(), b.ds, last); err != nil || got.SnapshotID != id {
			b.t.Errorf("as of commit %d: %d, want %d, %v", i, got.SnapshotID, id, err)
		}
		if got, err := b.lk.View(b.t.Context(), b.ds, last.Add(-time.Millisecond)); i > 0 && (err != nil || got.SnapshotID != ids[i-1]) {
			b.t.Errorf("before commit %d: %d, want %d, %v", i, got.SnapshotID, ids[i-1], err)
		}
	}
}

// TestUpkeepAfterAClockThatWasAhead holds that what is delivered after a clock was
// ten years ahead is in the tags of the months, and expires, at its true time.
func TestUpkeepAfterAClockThatWasAhead(t *testing.T) {
	t.Parallel()
	c := newClock()
	b := newBenchWith(t, lake.Options{Now: c.now})
	b.mustCommit("D1")
	c.set(10 * year)
	b.mustCommit("D2")
	c.set(-10 * year)
	ended := city.DateOf(c.now())
	third := b.mustCommit("D3")
	c.set(40 * 24 * time.Hour)
	b.mustCommit("D4")
	tags, err := b.lk.TagMonths(t.Context(), c.now(), time.UTC, unnoted)
	if err != nil || len(tags) == 0 || tags[0].Name != lake.MonthTag(ended) {
		t.Fatalf("made %+v, %v", tags, err)
	}
	if v, err := b.lk.ViewAsOf(t.Context(), b.ds, lake.AsOf{Tag: lake.MonthTag(ended)}); err != nil || v.SnapshotID != third {
		t.Errorf("the month's end is snapshot %d with %d rows, want %d, %v", v.SnapshotID, v.Rows, third, err)
	}
	b.mustCommit("D5")
	c.set(40 * 24 * time.Hour)
	if n, err := b.lk.Expire(t.Context(), b.ds.Name, c.now().Add(-30*24*time.Hour)); err != nil || n != 2 {
		t.Errorf("%d snapshots expired, want those of D2 and D4, %v", n, err)
	}
}
