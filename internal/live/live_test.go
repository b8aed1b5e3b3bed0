package live_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/live"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func collect(events <-chan live.Event) []live.Event {
	var out []live.Event
	for e := range events {
		out = append(out, e)
	}
	return out
}

func TestFanOutInOrder(t *testing.T) {
	t.Parallel()
	b := live.New(8)
	b.Publish(live.Event{Type: "before"})
	first, _ := b.Subscribe(t.Context())
	second, _ := b.Subscribe(t.Context())
	for _, id := range []string{"D1", "D2", "D3"} {
		b.Publish(live.Event{Type: "delivery", ID: id})
	}
	b.Close()
	for name, events := range map[string]<-chan live.Event{"first": first, "second": second} {
		got := collect(events)
		if len(got) != 3 || got[0].ID != "D1" || got[2].ID != "D3" || got[0].Seq != 2 || got[2].Seq != 4 {
			t.Errorf("%s subscriber got %+v", name, got)
		}
	}
	if b.Seq() != 4 {
		t.Errorf("Seq is %d, want 4", b.Seq())
	}
}

func TestSlowSubscriberResyncs(t *testing.T) {
	t.Parallel()
	b := live.New(2)
	slow, cancel := b.Subscribe(t.Context())
	defer cancel()
	for range 5 {
		b.Publish(live.Event{Type: "light"})
	}
	got := collect(slow)
	if len(got) != 3 || got[2].Type != live.Resync || got[2].Seq != 3 {
		t.Errorf("got %+v, want two events and a resync with the number of the event that was missed", got)
	}
	if b.Subscribers() != 0 {
		t.Errorf("%d subscribers are left", b.Subscribers())
	}
}

func TestEndings(t *testing.T) {
	t.Parallel()
	b := live.New(0)
	events, cancel := b.Subscribe(t.Context())
	cancel()
	cancel()
	if got := collect(events); len(got) != 0 {
		t.Errorf("got %+v after cancel", got)
	}
	b.Close()
	b.Close()
	if late, _ := b.Subscribe(t.Context()); len(collect(late)) != 0 {
		t.Error("a closed broker sent something")
	}
	if seq := b.Publish(live.Event{Type: "late"}); seq != 0 {
		t.Errorf("a closed broker numbered an event %d", seq)
	}
}

func TestContextEndsSubscription(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := live.New(4)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		events, _ := b.Subscribe(ctx)
		b.Publish(live.Event{Type: "kept"})
		<-ctx.Done() // the bubble's clock jumps to the deadline
		synctest.Wait()
		b.Publish(live.Event{Type: "missed"})
		if got := collect(events); len(got) != 1 || got[0].Type != "kept" {
			t.Errorf("got %+v, want only the event before the deadline", got)
		}
	})
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	const publishers, each = 4, 50
	b := live.New(publishers * each)
	var publish, read sync.WaitGroup
	for range 8 {
		events, _ := b.Subscribe(t.Context())
		read.Go(func() {
			var last uint64
			for e := range events {
				if e.Seq != last+1 {
					t.Errorf("event %d came after event %d", e.Seq, last)
				}
				last = e.Seq
			}
			if last != publishers*each {
				t.Errorf("the last event is %d", last)
			}
		})
	}
	for range publishers {
		publish.Go(func() {
			for range each {
				b.Publish(live.Event{Type: "x"})
			}
		})
	}
	publish.Wait()
	b.Close()
	read.Wait()
}

// TestNoGapWithoutResync is the law of the broker: what a subscriber receives
// is consecutive, and only a Resync may end it early.
func TestNoGapWithoutResync(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := live.New(rapid.IntRange(1, 4).Draw(t, "buffer"))
		events, _ := b.Subscribe(context.Background())
		var got []live.Event
		published := uint64(0)
		for range rapid.IntRange(0, 20).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "publish") {
				published = b.Publish(live.Event{Type: "x"})
				continue
			}
			select {
			case e, ok := <-events:
				if ok {
					got = append(got, e)
				}
			default:
			}
		}
		b.Close()
		got = append(got, collect(events)...)
		for i, e := range got {
			if e.Seq != uint64(i+1) || (e.Type == live.Resync && i != len(got)-1) {
				t.Fatalf("event %d is %+v", i, e)
			}
		}
		if n := len(got); uint64(n) != published && (n == 0 || got[n-1].Type != live.Resync) {
			t.Fatalf("%d of %d events and no resync", n, published)
		}
	})
}
