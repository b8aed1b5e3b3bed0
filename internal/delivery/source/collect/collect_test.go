package collect_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
	"github.com/jinyang-city/jinyang/internal/delivery/source/collect"
	"github.com/jinyang-city/jinyang/internal/delivery/source/config"
	"github.com/jinyang-city/jinyang/internal/store"
)

// pass lets time go by, and everything that is due then happen.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func TestTakesAllInOrderAndGoesOnAfterARestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		o.use(t, declare("a", list("one", "two")))
		synctest.Wait()
		i := o.item(t, "a")
		if got := o.desk.delivered(); got != "one two" || i.State != collect.StateIdle || i.NextAt == nil {
			t.Errorf("delivered %q, %+v", got, i)
		}
		o.restart(t)
		o.use(t, declare("a", list("one", "two", "three")))
		synctest.Wait()
		if got := o.desk.delivered(); got != "one two three" {
			t.Errorf("delivered %q after the restart", got)
		}
		o.close(t)
	})
}

// TestBackoff fails for a while: the pauses double up to the longest, and the
// schedule counts again afterwards.
func TestBackoff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, start := newOffice(t), time.Now()
		var at []time.Duration
		o.use(t, declare("a", func(context.Context, string) (*source.Batch, error) {
			at = append(at, time.Since(start))
			if len(at) <= 6 {
				return nil, city.Errorf("unavailable.source", "away")
			}
			return nil, nil
		}))
		pass(2 * time.Minute)
		if i := o.item(t, "a"); i.State != collect.StateWaiting || i.Failures != 5 || i.LastError == nil || i.LastError.Code != "unavailable.source" {
			t.Errorf("got %+v", i)
		}
		pass(3 * time.Minute)
		if i := o.item(t, "a"); i.State != collect.StateIdle || i.Failures != 0 || i.LastError != nil {
			t.Errorf("got %+v", i)
		}
		o.close(t)
		want := []time.Duration{0, 5, 15, 35, 75, 135, 195, 255}
		for n, w := range want {
			if at[n] != w*time.Second {
				t.Fatalf("asked at %v, want at %v seconds", at, want)
			}
		}
	})
}

func TestWhatNeedsAPersonIsTriedRarely(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, n := newOffice(t), 0
		o.use(t, declare("a", func(context.Context, string) (*source.Batch, error) {
			n++
			return nil, city.Errorf("forbidden.password", "no\x1b[31m")
		}))
		pass(90 * time.Second)
		i := o.item(t, "a")
		if n != 2 || i.State != collect.StateFailed || i.LastError.Message != "no [31m" {
			t.Errorf("asked %d times, %+v %+v", n, i, i.LastError)
		}
		o.close(t)
	})
}

// hang waits until the context ends.
func hang(ctx context.Context, _ string) (*source.Batch, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// TestADeadSourceStallsNoOther has sources that hang in every place, more than
// deliveries may run at a time, and one that works.
func TestADeadSourceStallsNoOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		half := func(ctx context.Context, _ string) (*source.Batch, error) {
			r, w := io.Pipe()
			context.AfterFunc(ctx, func() { _ = w.CloseWithError(ctx.Err()) })
			return &source.Batch{Name: "half", Content: r}, nil
		}
		o.use(t, declare("dead1", hang), declare("dead2", half), declare("dead3", half), declare("dead4", half), declare("good", list("alive")))
		synctest.Wait()
		if got := o.desk.delivered(); got != "alive" {
			t.Errorf("delivered %q", got)
		}
		pass(11 * time.Minute)
		for _, name := range []string{"dead1", "dead2"} {
			if i := o.item(t, name); i.LastError == nil || i.LastError.Code != "unavailable.timeout" {
				t.Errorf("%s: %+v", name, i)
			}
		}
		o.close(t)
	})
}

// TestDeaf ends a source that does not look at its context by Close.
func TestDeaf(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, s := newOffice(t), declare("a", nil)
		s.Options = deaf{}
		o.use(t, s)
		pass(11 * time.Minute)
		if i := o.item(t, "a"); i.LastError == nil || i.LastError.Code != "unavailable.timeout" {
			t.Errorf("got %+v", i)
		}
		o.close(t)
	})
}

type deaf struct{}

func (deaf) Check() error { return nil }
func (deaf) Open(context.Context, source.Env) (source.Source, error) {
	closed := make(chan struct{})
	return &script{next: func(context.Context, string) (*source.Batch, error) {
		<-closed
		return nil, errors.New("closed")
	}, closed: closed, once: new(sync.Once)}, nil
}

func TestFewAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		o.desk.slow = 8 * time.Minute // with three rounds, longer than the time of one batch
		var all []config.Source
		for n := range 6 {
			all = append(all, declare(fmt.Sprintf("s%d", n), list("x")))
		}
		o.use(t, all...)
		pass(25 * time.Minute)
		if o.desk.most != 2 || o.desk.delivered() != "x x x x x x" {
			t.Errorf("%d at a time, delivered %q", o.desk.most, o.desk.delivered())
		}
		o.close(t)
	})
}

// TestRejectedGoesOnItsWay holds that a rejected batch is settled and does not
// come again.
func TestRejectedGoesOnItsWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		o.desk.reject = true
		var told []source.Outcome
		next := list("bad", "worse")
		o.use(t, declare("a", func(ctx context.Context, cursor string) (*source.Batch, error) {
			b, err := next(ctx, cursor)
			if b != nil {
				b.Settle = func(_ context.Context, o source.Outcome) error { told = append(told, o); return nil }
			}
			return b, err
		}))
		pass(5 * time.Minute)
		if o.desk.delivered() != "bad worse" || len(told) != 2 || told[0].Committed || told[0].Code != "invalid.header" {
			t.Errorf("delivered %q, told %+v", o.desk.delivered(), told)
		}
		o.close(t)
	})
}

// TestUnsettledComesAgain has a sender that cannot be told at first.
func TestUnsettledComesAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, tries := newOffice(t), 0
		next := list("one")
		o.use(t, declare("a", func(ctx context.Context, cursor string) (*source.Batch, error) {
			b, err := next(ctx, cursor)
			if b != nil {
				b.Settle = func(context.Context, source.Outcome) error {
					if tries++; tries < 3 {
						return errors.New("the connection broke")
					}
					return nil
				}
			}
			return b, err
		}))
		pass(5 * time.Minute)
		if got := o.desk.delivered(); got != "one one one" || o.item(t, "a").State != collect.StateIdle {
			t.Errorf("delivered %q", got)
		}
		o.close(t)
	})
}

func TestUnsettledDeliveryIsTriedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		o.desk.fail = city.Errorf("unavailable.unsettled", "the end could not be noted")
		o.use(t, declare("a", list("one")))
		synctest.Wait()
		o.desk.mu.Lock()
		o.desk.fail = nil
		o.desk.mu.Unlock()
		pass(6 * time.Second)
		if got := o.desk.delivered(); got != "one" {
			t.Errorf("delivered %q", got)
		}
		o.close(t)
	})
}

func TestPauseRunResume(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, n := newOffice(t), 0
		s := declare("a", func(context.Context, string) (*source.Batch, error) { n++; return nil, nil })
		o.use(t, s)
		pass(time.Second)
		must(t, second(o.Run(t.Context(), "a")))
		synctest.Wait()
		if n != 2 {
			t.Errorf("asked %d times after run", n)
		}
		must(t, second(o.Pause(t.Context(), "a", "test")))
		pass(time.Hour)
		if i := o.item(t, "a"); n != 2 || i.State != collect.StatePaused || i.NextAt != nil {
			t.Errorf("asked %d times although paused: %+v", n, i)
		}
		if _, err := o.Run(t.Context(), "a"); city.CodeOf(err) != "conflict.source" {
			t.Errorf("run of a paused source: %v", err)
		}
		o.restart(t)
		o.use(t, s)
		pass(time.Hour)
		if n != 2 {
			t.Errorf("asked %d times although paused before the restart", n)
		}
		must(t, second(o.Resume(t.Context(), "a", "test")))
		synctest.Wait()
		if i := o.item(t, "a"); n != 3 || i.State != collect.StateIdle {
			t.Errorf("asked %d times after resume: %+v", n, i)
		}
		if _, err := o.Pause(t.Context(), "b", "test"); city.CodeOf(err) != "not_found.source" {
			t.Errorf("pause of no source: %v", err)
		}
		o.close(t)
	})
}

// TestReload changes one declaration of two.
func TestReload(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		a, b := declare("a", list("a1", "a2")), declare("b", list("b1"))
		o.use(t, a, b)
		synctest.Wait()
		b.Options = &options{list("b1", "b2")}
		c := declare("c", list("c1"))
		o.use(t, a, b, c)
		synctest.Wait()
		got := slices.Sorted(slices.Values(o.desk.got))
		if fmt.Sprint(got) != "[a1 a2 b1 b2 c1]" {
			t.Errorf("delivered %v", got)
		}
		a.Kind = "other"
		o.use(t, a)
		synctest.Wait()
		if items, err := o.Items(t.Context()); err != nil || len(items) != 1 || len(o.desk.got) != 7 {
			t.Errorf("another kind takes up the cursor: %v, %v, %v", items, o.desk.got, err)
		}
		o.close(t)
	})
}

// TestDaily is asked at its hour, and makes up for one that was missed.
func TestDaily(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, start := newOffice(t), time.Now() // midnight, UTC
		var at []time.Duration
		s := declare("a", func(context.Context, string) (*source.Batch, error) {
			at = append(at, time.Since(start).Round(time.Minute))
			return nil, nil
		})
		s.Schedule = config.Schedule{At: config.Clock{Hour: 2, Minute: 30, Set: true}}
		o.use(t, s)
		pass(30 * time.Hour)
		o.restart(t)
		pass(24 * time.Hour)
		o.use(t, s)
		synctest.Wait()
		want := []time.Duration{150 * time.Minute, 24*time.Hour + 150*time.Minute, 54 * time.Hour}
		if !slices.Equal(at, want) {
			t.Errorf("asked at %v, want %v", at, want)
		}
		o.close(t)
	})
}

func TestIdlePollsAreNotedRarely(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		s := declare("a", list())
		s.Schedule.Every = time.Second
		o.use(t, s)
		pass(10 * time.Minute)
		if n := o.memory.n; n < 9 || n > 12 {
			t.Errorf("%d writes in ten minutes of finding nothing", n)
		}
		o.close(t)
	})
}

func TestOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		o.memory.kept["p"] = store.Source{Name: "p", Kind: "script", Paused: true}
		all := []config.Source{declare("a", list("a1", "a2")), declare("b", hang), declare("p", list("p1"))}
		all[1].Timeout = time.Second
		err := o.Once(t.Context(), all, nil)
		if got := o.desk.delivered(); got != "a1 a2" || city.CodeOf(err) != "unavailable.timeout" {
			t.Errorf("delivered %q, %v", got, err)
		}
		must(t, o.Once(t.Context(), all, []string{"p"}))
		if _, err := o.Run(t.Context(), "a"); city.CodeOf(err) != "not_found.source" {
			t.Errorf("run of what does not run: %v", err)
		}
		if err := o.Once(t.Context(), all, []string{"aa"}); city.CodeOf(err) != "not_found.source" {
			t.Errorf("once of what is not declared: %v", err)
		}
		o.close(t)
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func second[T any](_ T, err error) error { return err }
