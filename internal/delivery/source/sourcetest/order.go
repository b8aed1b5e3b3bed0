package sourcetest

import (
	"context"
	"slices"
	"testing"

	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

func testNothing(t *testing.T, h Harness) {
	b, ctx := newBench(t, h), within(t, Patience)
	s := b.open(ctx)
	defer b.close(s)
	for range 2 {
		if batch, rows := b.fetch(ctx, s); batch != nil {
			t.Fatalf("a batch %q with %v from a sender that has nothing", batch.Name, rows)
		}
	}
}

func testOnce(t *testing.T, h Harness) {
	b, ctx := newBench(t, h), within(t, Patience)
	want := slices.Concat(b.put(1, 3), b.put(10, 1), b.put(20, 2))
	s := b.open(ctx)
	defer b.close(s)
	same(t, "at first", b.drain(ctx, s, len(want)), want)
	if got := b.drain(ctx, s, 0); len(got) > 0 {
		t.Errorf("nothing is new, and yet there is %v", few(got))
	}
	more := b.put(30, 2)
	if h.Whole {
		more = slices.Concat(want, more)
	}
	same(t, "what came later", b.drain(ctx, s, len(more)), more)
}

// testUnsettled kills the program after a batch was read and before it was
// settled.
func testUnsettled(t *testing.T, h Harness) {
	b, ctx := newBench(t, h), within(t, 2*Patience)
	all := slices.Concat(b.put(1, 3), b.put(10, 2))
	s := b.open(ctx)
	rows := b.read(b.await(ctx, s))
	b.close(s)
	s = b.open(ctx)
	defer b.close(s)
	again := b.await(ctx, s) // what was fetched and not settled
	rowsAgain := b.read(again)
	// A broker that is slow to hand over may give less in one batch than in another.
	if n := min(len(rows), len(rowsAgain)); !slices.Equal(rowsAgain[:n], rows[:n]) {
		t.Errorf("first %v, then %v", few(rows), few(rowsAgain))
	}
	b.settle(ctx, again, Committed())
	if h.Whole {
		b.drain(ctx, s, 0)
		return // the first batch held everything
	}
	rest := b.drain(ctx, s, len(all)-len(rowsAgain))
	same(t, "all together", slices.Concat(rowsAgain, rest), all)
}

// testRestart restarts the program between two batches.
func testRestart(t *testing.T, h Harness) {
	b, ctx := newBench(t, h), within(t, 2*Patience)
	first := b.put(1, 3)
	s := b.open(ctx)
	same(t, "before", b.drain(ctx, s, len(first)), first)
	b.close(s)
	second := b.put(10, 2)
	if h.Whole {
		second = slices.Concat(first, second)
	}
	s = b.open(ctx)
	defer b.close(s)
	same(t, "after", b.drain(ctx, s, len(second)), second)
}

// testSettledTwice kills the program after the sender was told and before the
// cursor was kept.
func testSettledTwice(t *testing.T, h Harness) {
	b, ctx := newBench(t, h), within(t, 2*Patience)
	b.put(1, 3)
	s := b.open(ctx)
	batch := b.await(ctx, s)
	rows := b.read(batch)
	before := b.cursor
	b.settle(ctx, batch, Committed())
	if batch.Settle != nil {
		if err := batch.Settle(ctx, Committed()); err != nil {
			t.Errorf("settled again at once: %v", err)
		}
	}
	b.close(s)
	b.cursor = before
	s = b.open(ctx)
	defer b.close(s)
	again, rowsAgain := b.fetch(ctx, s)
	if again != nil {
		b.settle(ctx, again, Committed())
	}
	for _, row := range b.drain(ctx, s, 0) {
		if slices.Contains(rows, row) && slices.Contains(rowsAgain, row) && !h.Whole {
			t.Errorf("%v comes a third time", row)
		}
	}
}

func testRejected(t *testing.T, h Harness) {
	b, ctx := newBench(t, h), within(t, Patience)
	first := b.put(1, 3)
	s := b.open(ctx)
	defer b.close(s)
	batch := b.await(ctx, s)
	rejected := b.read(batch)
	b.settle(ctx, batch, source.Outcome{Code: "invalid.header", Receipt: []byte(`{"delivery_id":"D1","status":"rejected"}`)})
	later := b.put(10, 2)
	if h.Whole {
		same(t, "after the rejected batch", b.drain(ctx, s, len(first)+len(later)), slices.Concat(first, later))
		return
	}
	left := slices.Concat(first[min(len(rejected), len(first)):], later) // what a slow broker had not handed over then
	same(t, "after the rejected batch", b.drain(ctx, s, len(left)), left)
}

// testClosedEarly closes a content that was not read to its end.
func testClosedEarly(t *testing.T, h Harness) {
	b, ctx := newBench(t, h), within(t, 2*Patience)
	want := b.put(1, 3)
	s := b.open(ctx)
	defer b.close(s)
	batch := b.await(ctx, s)
	if _, err := batch.Content.Read(make([]byte, 1)); err != nil {
		t.Errorf("the first byte: %v", err)
	}
	if err := batch.Content.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	same(t, "afterwards", b.drain(ctx, s, len(want)), want)
}

func testEndedContext(t *testing.T, h Harness) {
	b, ctx := newBench(t, h), within(t, Patience)
	want := b.put(1, 3)
	s := b.open(ctx)
	defer b.close(s)
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if batch, err := s.Next(ended, b.cursor); err == nil {
		if batch == nil {
			t.Fatal("no error and no batch, although one is there")
		}
		_ = batch.Content.Close() // what was at hand may be given
	}
	same(t, "afterwards", b.drain(ctx, s, len(want)), want)
}
