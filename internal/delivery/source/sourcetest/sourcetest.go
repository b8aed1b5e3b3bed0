// Package sourcetest is the suite that every kind of source must pass. It
// knows the guarantees of package source and nothing of any kind.
//
// A kind's test gives a Harness, which starts senders. A Sender puts batches
// where the source under test looks for them, and tells the suite what rows it
// finds in what the source hands over: a table or a stream may cut its rows
// into other batches than they were put in, so rows are compared and not
// bytes. What a kind can have besides, it says by further small interfaces:
// Cutter, Hanger, Locked, Namer. Cases that need one which the sender lacks are
// skipped.
//
// Call Run from a test that is not parallel: the suite looks for goroutines
// that a source leaves behind.
package sourcetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// Patience bounds everything that the suite waits for. A source that needs
// longer counts as hanging. Nothing waits it out that works, so it is as long as
// the slowest machine needs.
const Patience = time.Minute

// Row is what the suite sends: one line of a file, one row of a table, one
// message. IDs ascend from 1.
type Row struct {
	ID   int
	Name string
}

// Harness makes senders.
type Harness struct {
	// New starts a sender with nothing to hand over. It is stopped by
	// t.Cleanup.
	New func(t testing.TB) Sender
	// Dataset is what the source is declared for; nil when manifests name it.
	Dataset *city.Dataset
	// Whole says that each batch holds everything that was ever put, as a full
	// snapshot does.
	Whole bool
}

// Sender is a place that a source fetches from.
type Sender interface {
	// Put leaves rows there as one batch, complete and ready to be fetched. The
	// name is one that a file may have, and sorts after those before it.
	Put(t testing.TB, name string, rows []Row)
	// Options reach the sender, with the right password where there is one.
	Options(t testing.TB) source.Options
	// Rows reads back what the content of a batch holds.
	Rows(t testing.TB, content []byte) []Row
}

// Cutter is a Sender whose connection can be cut.
type Cutter interface {
	// Cut has the next content that is fetched end before its last row, without
	// the sender saying so. What heal undoes happens no more.
	Cut(t testing.TB) (heal func())
}

// Hanger is a Sender that can stop answering.
type Hanger interface {
	// Hang has the sender accept and never answer, until the test ends. The
	// channel closes when a source has begun to wait for it.
	Hang(t testing.TB) (reached <-chan struct{})
}

// Locked is a Sender that asks for a password.
type Locked interface {
	// Wrong gives options with a wrong password, and that password.
	Wrong(t testing.TB) (o source.Options, password string)
}

// Namer is a Sender that chooses the names of its files.
type Namer interface {
	// PutNamed leaves a file under a name that a source should not trust. It
	// returns false when the sender's own side cannot have such a name.
	PutNamed(t testing.TB, name string, rows []Row) bool
}

// Run runs the suite.
func Run(t *testing.T, h Harness) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Harness)
	}{
		{"nothing there", testNothing},
		{"all rows once and in order", testOnce},
		{"unsettled comes again", testUnsettled},
		{"cursor survives a restart", testRestart},
		{"settled twice", testSettledTwice},
		{"rejected goes out of the way", testRejected},
		{"closed early", testClosedEarly},
		{"cut in the middle", testCut},
		{"hanging ends with the context", testHangDeadline},
		{"hanging ends with close", testHangClose},
		{"ended context", testEndedContext},
		{"wrong password", testWrongPassword},
		{"hostile names", testHostileNames},
	} {
		t.Run(c.name, func(t *testing.T) {
			current := goleak.IgnoreCurrent()
			t.Cleanup(func() { goleak.VerifyNone(t, current) }) // last: cleanups run in reverse
			c.test(t, h)
		})
	}
}

// bench is one sender with the state that survives restarts of the program.
type bench struct {
	t      *testing.T
	h      Harness
	sender Sender
	env    source.Env
	cursor string
}

func newBench(t *testing.T, h Harness) *bench {
	return &bench{t: t, h: h, sender: h.New(t), env: Env(t, h.Dataset)}
}

// Env is an environment for one source in a test.
func Env(t testing.TB, ds *city.Dataset) source.Env {
	return source.Env{
		Name: "test", Dataset: ds, Folder: t.TempDir(), Location: time.UTC, Now: time.Now, Log: slog.New(slog.DiscardHandler), Sealer: mirror{},
		Manifest: readManifest,
	}
}

// readManifest reads a manifest without the checks of package delivery.
func readManifest(raw []byte, name string) (*city.Manifest, error) {
	var m city.Manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, city.Errorf("invalid.manifest", "%w", err).At(name)
	}
	return &m, nil
}

// put leaves n rows from the given ID.
func (b *bench) put(from, n int) []Row {
	b.t.Helper()
	rows := make([]Row, n)
	for i := range rows {
		rows[i] = Row{ID: from + i, Name: fmt.Sprintf("名 %d", from+i)}
	}
	b.sender.Put(b.t, fmt.Sprintf("batch-%06d", from), rows)
	return rows
}

// open opens the source, as if by another start of the program.
func (b *bench) open(ctx context.Context) source.Source {
	b.t.Helper()
	s, err := b.sender.Options(b.t).Open(ctx, b.env)
	if err != nil {
		b.t.Fatalf("open: %v", err)
	}
	return s
}

func (b *bench) close(s source.Source) {
	b.t.Helper()
	if err := s.Close(); err != nil {
		b.t.Errorf("close: %v", err)
	}
}

// fetch takes the next batch and its rows; nil when there is none.
func (b *bench) fetch(ctx context.Context, s source.Source) (*source.Batch, []Row) {
	b.t.Helper()
	batch, err := s.Next(ctx, b.cursor)
	if err != nil {
		b.t.Fatalf("next: %v", err)
	}
	if batch == nil {
		return nil, nil
	}
	return batch, b.read(batch)
}

// read reads a batch to its end.
func (b *bench) read(batch *source.Batch) []Row {
	b.t.Helper()
	content, err := io.ReadAll(batch.Content)
	if err = errors.Join(err, batch.Content.Close()); err != nil {
		b.t.Fatalf("read %s: %v", batch.Name, err)
	}
	return b.sender.Rows(b.t, content)
}

// settle tells the sender and keeps the cursor.
func (b *bench) settle(ctx context.Context, batch *source.Batch, o source.Outcome) {
	b.t.Helper()
	if batch.Settle != nil {
		if err := batch.Settle(ctx, o); err != nil {
			b.t.Fatalf("settle %s: %v", batch.Name, err)
		}
	}
	b.cursor = batch.Cursor
}

// Committed is an outcome with a receipt, for tests.
func Committed() source.Outcome {
	return source.Outcome{Committed: true, Receipt: []byte(`{"delivery_id":"D1","status":"committed"}`)}
}

// await asks until there is a batch: a broker hands over what it has when it
// comes to it, and says nothing until then.
func (b *bench) await(ctx context.Context, s source.Source) *source.Batch {
	b.t.Helper()
	for ctx.Err() == nil {
		batch, err := s.Next(ctx, b.cursor)
		if err != nil {
			b.t.Fatalf("next: %v", err)
		}
		if batch != nil {
			return batch
		}
	}
	b.t.Fatal("nothing was fetched")
	return nil
}

// drain takes all batches, each to its end. It does not take silence for the end
// before it has seen so many rows.
func (b *bench) drain(ctx context.Context, s source.Source, want int) []Row {
	b.t.Helper()
	const most = 50 // a source that goes on for ever is wrong
	var out []Row
	for taken := 0; taken < most; taken++ {
		batch, rows := b.fetch(ctx, s)
		for batch == nil && len(out) < want && ctx.Err() == nil {
			batch, rows = b.fetch(ctx, s)
		}
		if batch == nil {
			return out
		}
		if b.h.Whole {
			out = nil
		}
		out = append(out, rows...)
		b.settle(ctx, batch, Committed())
	}
	b.t.Fatalf("%d batches, and no end", most)
	return nil
}

// within bounds a case.
func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

func same(t *testing.T, what string, got, want []Row) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %d rows %v, want %d rows %v", what, len(got), few(got), len(want), few(want))
	}
}

func few(rows []Row) []Row { return rows[:min(len(rows), 8)] }
