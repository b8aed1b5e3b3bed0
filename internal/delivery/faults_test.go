package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/store"
)

// unchanged runs a delivery that must fail, and holds that it leaves the table,
// the folders and the store as they were.
func (b *bench) unchanged(ctx context.Context, req delivery.Request, want city.Code) error {
	b.t.Helper()
	table, files := b.table(req.Dataset), b.files()
	r, err := b.svc.Deliver(ctx, req)
	if r != nil || err == nil || city.CodeOf(err) != want {
		b.t.Fatalf("got %+v, %v (%s); want the code %s", r, err, city.CodeOf(err), want)
	}
	b.wantTable(req.Dataset, table...)
	if after := b.files(); !slices.Equal(after, files) {
		b.t.Errorf("files are left behind: %v, there were %v", after, files)
	}
	b.settled()
	return err
}

// settled holds that the store has no delivery whose end is open.
func (b *bench) settled() {
	b.t.Helper()
	if open, err := b.store.Unfinished(context.Background()); err != nil || len(open) > 0 {
		b.t.Errorf("deliveries are unfinished: %+v, %v", open, err)
	}
}

// rows is a file of n good rows.
func rows(n int) string {
	var out strings.Builder
	out.WriteString(head)
	for i := range n {
		fmt.Fprintf(&out, "R%d,%s,小店区,2024-01-05,%d\n", i, anna, i)
	}
	return out.String()
}

func TestUnknownDataset(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	_, err := b.svc.Deliver(t.Context(), delivery.Request{Dataset: "hrss.nothing", Content: iotest.ErrReader(errors.New("was read"))})
	if city.CodeOf(err) != city.CodeNotFound || !strings.Contains(err.Error(), "hrss.nothing") {
		t.Errorf("got %v", err)
	}
	if files := b.files(); len(files) > 0 {
		t.Errorf("files are left behind: %v", files)
	}
}

// TestSourceFails breaks the file off at several places.
func TestSourceFails(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.deliver("hrss.jobs", rows(3))
	broken := errors.New("connection reset")
	content := rows(20_000)
	for _, n := range []int{0, 10, len(content) / 2} {
		err := b.unchanged(t.Context(), delivery.Request{
			Dataset: "hrss.jobs", File: "a.csv", Actor: "test",
			Content: io.MultiReader(strings.NewReader(content[:n]), iotest.ErrReader(broken)),
		}, "unavailable.source")
		if !errors.Is(err, broken) || !strings.Contains(err.Error(), "deliver it again") {
			t.Errorf("after %d bytes: %v", n, err)
		}
	}
}

// TestCancelled ends the context before, between and inside the steps. Up to
// the merge that undoes the delivery; after that it ends as if nobody had gone.
func TestCancelled(t *testing.T) {
	t.Parallel()
	for _, at := range delivery.Steps() {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.deliver("hrss.jobs", rows(3))
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			b.svc.Step = func(name string) {
				if name == at {
					cancel()
				}
			}
			req := delivery.Request{Dataset: "hrss.jobs", File: "a.csv", Actor: "test", Content: strings.NewReader(rows(5000))}
			if slices.Index(delivery.Steps(), at) <= slices.Index(delivery.Steps(), delivery.StepMerged) {
				b.unchanged(ctx, req, city.CodeCancelled)
			} else if r, err := b.svc.Deliver(ctx, req); err != nil || r.Status != delivery.Committed {
				t.Errorf("a commit that had begun was given up: %v", err)
			}
			b.svc.Step = nil
			if r := b.deliver("hrss.jobs", rows(5000)); r.Status != delivery.Committed || len(b.table("hrss.jobs")) != 5000 {
				t.Errorf("delivered again: %s", brief(r))
			}
			b.settled()
		})
	}
}

// TestCancelledWhileRead ends the context in the middle of the file, and while
// another delivery holds the dataset.
func TestCancelledWhileRead(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	b.unchanged(ctx, delivery.Request{Dataset: "hrss.jobs", Content: io.MultiReader(strings.NewReader(head), &onRead{cancel})}, city.CodeCancelled)

	ctx, cancel = context.WithCancel(t.Context())
	defer cancel()
	var waiting sync.WaitGroup
	b.svc.Step = func(name string) {
		if name == delivery.StepKept {
			waiting.Go(func() {
				_, err := b.svc.Deliver(ctx, delivery.Request{Dataset: "hrss.jobs", Content: strings.NewReader(rows(1))})
				if city.CodeOf(err) != city.CodeCancelled {
					t.Errorf("waiting for the dataset: %v", err)
				}
			})
			cancel()
			waiting.Wait()
		}
	}
	b.deliver("hrss.jobs", rows(2))
}

// onRead calls a function when it is read, and goes on for ever.
type onRead struct{ f func() }

func (r *onRead) Read(p []byte) (int, error) {
	r.f()
	return copy(p, "x,,,2024-01-05,1\n"), nil
}

// endless gives the same byte for ever.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

// TestEndlessLine delivers one line that is longer than memory may grow: a
// quarter of a GiB, or 2 GiB when there is time. It does not run beside others,
// whose memory would count.
func TestEndlessLine(t *testing.T) {
	longLine := int64(128 << 20) // twice what the memory may grow by
	if os.Getenv("JINYANG_TEST_LONG") != "" {
		longLine = 2 << 30
	}
	b := newBench(t)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r := b.request(delivery.Request{Dataset: "hrss.jobs", Content: io.LimitReader(endless('x'), longLine), Actor: "test"})
	runtime.ReadMemStats(&after)
	if r.Code != "invalid.csv" || r.Bytes != longLine || !strings.Contains(r.Message, "line 1: a record is longer than") {
		t.Errorf("%s: %s", brief(r), r.Message)
	}
	if grown := after.Sys - before.Sys; after.Sys > before.Sys && grown > 64<<20 {
		t.Errorf("memory grew by %d MiB", grown>>20)
	}
}

// TestSideBySide sends deliveries of two datasets at once: none may fail, and
// the tables must hold what they would if sent in turn.
func TestSideBySide(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const senders = 6
	var all sync.WaitGroup
	for i := range senders {
		for _, dataset := range []string{"hrss.jobs", "hrss.strict"} {
			all.Go(func() {
				content := head + fmt.Sprintf("same,,,2024-01-05,1\nown%d,,,2024-01-05,1\n", i)
				r, err := b.svc.Deliver(t.Context(), delivery.Request{Dataset: dataset, File: fmt.Sprint(i), Actor: "test", Content: strings.NewReader(content)})
				if err != nil || r.Status != delivery.Committed || !r.Balanced() {
					t.Errorf("sender %d: %+v, %v", i, r, err)
				}
			})
		}
	}
	all.Wait()
	want := []string{}
	for i := range senders {
		want = append(want, fmt.Sprintf("own%d|-|140100|2024-01-05|1.00", i))
	}
	want = append(want, "same|-|140100|2024-01-05|1.00")
	b.wantTable("hrss.jobs", want...)
	b.wantTable("hrss.strict", want...)
	page, err := b.store.Deliveries(t.Context(), store.Filter{Dataset: "hrss.jobs"}, "", store.MaxPage)
	var accepted int64
	for _, d := range page.Items {
		accepted += d.Accepted
	}
	if err != nil || len(page.Items) != senders || accepted != senders+1 {
		t.Errorf("%d deliveries accepted %d rows, %v", len(page.Items), accepted, err)
	}
}

// TestStoreFails takes the store away in the middle: the sender gets an error
// that says so, and the next start settles what was left.
func TestStoreFails(t *testing.T) {
	t.Parallel()
	for _, at := range []string{delivery.StepStaged, delivery.StepMerged, delivery.StepPrepared, delivery.StepCommitted} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.svc.Step = func(name string) {
				if name == at {
					_ = b.store.Close()
				}
			}
			r, err := b.svc.Deliver(t.Context(), delivery.Request{Dataset: "hrss.jobs", File: "a.csv", Actor: "test", Content: strings.NewReader(rows(3))})
			if r != nil || city.CodeOf(err) != "unavailable.unsettled" {
				t.Fatalf("got %+v, %v", r, err)
			}
			b.reopen()
			b.settled()
			want := 0
			if at == delivery.StepCommitted || at == delivery.StepPrepared {
				want = 3 // the lake has it
			}
			if got := len(b.table("hrss.jobs")); got != want {
				t.Errorf("%d rows after the restart, want %d", got, want)
			}
			if r := b.deliver("hrss.jobs", rows(3)); r.Received != 3 || len(b.table("hrss.jobs")) != 3 {
				t.Errorf("delivered again: %s", brief(r))
			}
		})
	}
}

// reopen starts a service anew over the same folder.
func (b *bench) reopen() {
	b.t.Helper()
	s, err := store.Open(context.Background(), b.dir+"/jinyang.db")
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = s.Close() })
	b.store = s
	c := b.svc.Config
	c.Store, c.Step = s, nil
	b.svc = delivery.New(c)
	if err := b.svc.Recover(context.Background()); err != nil {
		b.t.Fatal(err)
	}
}

// TestLeftOpenIsSettledByTheNext leaves a delivery open in a process that goes
// on: the next one of the dataset settles it first.
func TestLeftOpenIsSettledByTheNext(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	good := b.svc.Config.Store
	b.svc.Step = func(name string) {
		if name == delivery.StepCommitted {
			ro, err := store.OpenReadOnly(ctx, b.dir+"/jinyang.db") // a store that cannot write
			if err != nil {
				t.Error(err)
				return
			}
			t.Cleanup(func() { _ = ro.Close() })
			b.svc.Config.Store = ro
		}
	}
	r, err := b.svc.Deliver(ctx, delivery.Request{Dataset: "hrss.jobs", File: "a.csv", Actor: "test", Content: strings.NewReader(rows(3))})
	if r != nil || city.CodeOf(err) != "unavailable.unsettled" || !strings.Contains(err.Error(), "hrss.jobs") {
		t.Fatalf("got %+v, %v", r, err)
	}
	b.svc.Step, b.svc.Config.Store = nil, good
	if r := b.deliver("hrss.jobs", rows(3)); brief(r) != "committed 3=0+0+3 same_file:3" {
		t.Errorf("the next delivery: %s", brief(r))
	}
	b.settled()
	if got := len(b.table("hrss.jobs")); got != 3 {
		t.Errorf("%d rows", got)
	}
}
