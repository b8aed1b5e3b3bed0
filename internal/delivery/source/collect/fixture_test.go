package collect_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
	"github.com/jinyang-city/jinyang/internal/delivery/source/collect"
	"github.com/jinyang-city/jinyang/internal/delivery/source/config"
	"github.com/jinyang-city/jinyang/internal/store"
)

// script is a source whose Next is a function.
type script struct {
	next   func(ctx context.Context, cursor string) (*source.Batch, error)
	closed chan struct{}
	once   *sync.Once
}

type options struct {
	next func(ctx context.Context, cursor string) (*source.Batch, error)
}

func (o *options) Check() error { return nil }
func (o *options) Open(context.Context, source.Env) (source.Source, error) {
	return &script{o.next, make(chan struct{}), new(sync.Once)}, nil
}

func (s *script) Next(ctx context.Context, cursor string) (*source.Batch, error) {
	return s.next(ctx, cursor)
}

func (s *script) Close() error {
	s.once.Do(func() { close(s.closed) })
	return nil
}

// memory keeps states as the store does.
type memory struct {
	mu   sync.Mutex
	kept map[string]store.Source
	n    int
}

func (m *memory) Source(_ context.Context, name string) (store.Source, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := m.kept[name]
	k.Name = name
	return k, nil
}

func (m *memory) Sources(context.Context) (map[string]store.Source, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[string]store.Source{}
	for n, k := range m.kept {
		out[n] = k
	}
	return out, nil
}

func (m *memory) KeepSource(_ context.Context, k store.Source) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	k.Paused = m.kept[k.Name].Paused
	m.kept[k.Name] = k
	m.n++
	return nil
}

func (m *memory) PauseSource(_ context.Context, name, _ string, paused bool, _ audit.Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := m.kept[name]
	k.Paused = paused
	m.kept[name] = k
	return nil
}

// desk takes deliveries.
type desk struct {
	mu      sync.Mutex
	got     []string // what was delivered
	running int
	most    int // that ran at a time
	slow    time.Duration
	reject  bool
	fail    error
}

func (d *desk) Gather(ctx context.Context, src io.Reader) (io.ReadCloser, error) {
	b, err := io.ReadAll(src)
	if err != nil {
		return nil, city.Outside(err, "gather")
	}
	return io.NopCloser(strings.NewReader(string(b))), ctx.Err()
}

func (d *desk) Deliver(ctx context.Context, req delivery.Request) (*delivery.Receipt, error) {
	d.mu.Lock()
	d.running++
	d.most = max(d.most, d.running)
	fail, reject, slow := d.fail, d.reject, d.slow
	d.mu.Unlock()
	defer func() { d.mu.Lock(); d.running--; d.mu.Unlock() }()
	b, err := io.ReadAll(req.Content)
	if err = errors.Join(err, fail); err != nil {
		return nil, err
	}
	if slow > 0 {
		select {
		case <-time.After(slow):
		case <-ctx.Done():
			return nil, city.Outside(ctx.Err(), "slow")
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.got = append(d.got, string(b))
	r := &delivery.Receipt{DeliveryID: "D1", Status: delivery.Committed, Source: req.Source}
	if reject {
		r.Status, r.Code = delivery.Rejected, "invalid.header"
	}
	return r, nil
}

func (d *desk) delivered() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.Join(d.got, " ")
}

// office is a collector over a desk and a memory.
type office struct {
	*collect.Collector
	desk   *desk
	memory *memory
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{desk: &desk{}, memory: &memory{kept: map[string]store.Source{}}}
	o.restart(t)
	return o
}

// restart is another start of the program over the same store.
func (o *office) restart(t *testing.T) {
	t.Helper()
	if o.Collector != nil {
		o.close(t)
	}
	o.Collector = collect.New(collect.Config{Deliverer: o.desk, States: o.memory, Folder: t.TempDir(), Now: time.Now,
		City: func() *city.City { return &city.City{TimeZone: "UTC"} }, Log: slog.New(slog.DiscardHandler), Jitter: func() float64 { return 0 }})
}

func (o *office) close(t *testing.T) {
	t.Helper()
	if err := o.Close(); err != nil {
		t.Error(err)
	}
}

func (o *office) use(t *testing.T, sources ...config.Source) {
	t.Helper()
	if err := o.Use(t.Context(), sources); err != nil {
		t.Fatal(err)
	}
}

func (o *office) item(t *testing.T, name string) collect.Item {
	t.Helper()
	i, err := o.Item(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return *i
}

// declare makes a source that is asked every minute.
func declare(name string, next func(ctx context.Context, cursor string) (*source.Batch, error)) config.Source {
	return config.Source{Name: name, Kind: "script", Schedule: config.Schedule{Every: time.Minute}, Timeout: 10 * time.Minute,
		RetryFirst: 5 * time.Second, RetryMost: time.Minute, Options: &options{next}}
}

// list gives the words one by one; the cursor counts them.
func list(words ...string) func(context.Context, string) (*source.Batch, error) {
	return func(_ context.Context, cursor string) (*source.Batch, error) {
		if len(cursor) >= len(words) {
			return nil, nil
		}
		return &source.Batch{Name: "x", Content: io.NopCloser(strings.NewReader(words[len(cursor)])), Cursor: cursor + "i"}, nil
	}
}
