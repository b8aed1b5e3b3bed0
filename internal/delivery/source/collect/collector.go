package collect

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
	"github.com/jinyang-city/jinyang/internal/delivery/source/config"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Deliverer takes batches. Package delivery implements it.
type Deliverer interface {
	Deliver(ctx context.Context, req delivery.Request) (*delivery.Receipt, error)
	Gather(ctx context.Context, src io.Reader) (io.ReadCloser, error)
}

// States keeps what is known of sources. Package store implements it.
type States interface {
	Source(ctx context.Context, name string) (store.Source, error)
	Sources(ctx context.Context) (map[string]store.Source, error)
	KeepSource(ctx context.Context, k store.Source) error
	PauseSource(ctx context.Context, name, kind string, paused bool, e audit.Entry) error
}

// Config is what a Collector works with.
type Config struct {
	Deliverer Deliverer
	States    States
	City      func() *city.City
	Manifest  func(raw []byte, name string) (*city.Manifest, error) // reads a manifest
	Folder    string                                                // each source gets a folder of its name in it
	Sealer    source.Sealer                                         // for what sources keep there
	Now       func() time.Time
	Log       *slog.Logger
	AtOnce    int // deliveries at a time; 0 is 2
	// Delivered is called with each receipt; it may be nil.
	Delivered func(source string, r *delivery.Receipt)
	// Changed is called when a source did something worth showing; it may be nil.
	Changed func(source string)
	// Jitter spreads pauses: a number of at least 0 and below 1. nil is chance.
	Jitter func() float64
}

// defaultAtOnce is how many deliveries of sources run at a time: two keep a
// machine of two cores busy, and each may need some hundred megabytes.
const defaultAtOnce = 2

// Collector runs sources. Use Close to end it.
type Collector struct {
	Config
	turns chan struct{} // has room for each delivery that may run
	ctx   context.Context
	stop  context.CancelFunc

	mu      sync.Mutex
	workers map[string]*worker
	closed  bool
}

// New makes a Collector that has no sources yet.
func New(c Config) *Collector {
	if c.AtOnce <= 0 {
		c.AtOnce = defaultAtOnce
	}
	if c.Jitter == nil {
		c.Jitter = rand.Float64
	}
	ctx, stop := context.WithCancel(context.Background())
	return &Collector{Config: c, turns: make(chan struct{}, c.AtOnce), ctx: ctx, stop: stop, workers: map[string]*worker{}}
}

// Use makes these the sources that run. Those that were declared in the same
// way before go on undisturbed; the others are ended, and begun anew.
func (c *Collector) Use(ctx context.Context, sources []config.Source) error {
	next := make([]*worker, 0, len(sources))
	for _, s := range sources {
		w, err := c.worker(ctx, s)
		if err != nil {
			return err
		}
		next = append(next, w)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return errStopped
	}
	kept := map[string]*worker{}
	for _, w := range next {
		if old := c.workers[w.declared.Name]; old != nil && sameDeclaration(old.declared, w.declared) {
			kept[w.declared.Name] = old
		}
	}
	before := c.workers
	for name, old := range before {
		if kept[name] == nil {
			old.end()
		}
	}
	c.workers = kept
	for _, w := range next {
		name := w.declared.Name
		if kept[name] != nil {
			continue
		}
		if old := before[name]; old != nil {
			w.inherit(old)
		}
		c.workers[name] = w
		w.start()
	}
	return nil
}

// sameDeclaration leaves out where in the file it stands.
func sameDeclaration(a, b config.Source) bool {
	a.Pos, b.Pos = city.Pos{}, city.Pos{}
	return reflect.DeepEqual(a, b)
}

// Close ends all sources and waits for them. A delivery that has begun to
// commit ends first.
func (c *Collector) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.stop()
	for _, w := range c.workers {
		w.end()
	}
	return nil
}

// errStopped answers what comes too late.
var errStopped = city.Errorf("unavailable.stopped", "the sources have been stopped")

// Once asks sources until they have nothing new, without a schedule and side by
// side, and ends. No names means all that are not paused. The errors of all,
// each a *SourceError, are joined.
func (c *Collector) Once(ctx context.Context, sources []config.Source, names []string) error {
	picked, err := Pick(sources, names)
	if err != nil {
		return err
	}
	errs := make([]error, len(picked))
	var wait sync.WaitGroup
	for i, s := range picked {
		w, err := c.worker(ctx, s)
		if err != nil {
			return err
		}
		wait.Go(func() {
			if len(names) == 0 && w.paused() {
				c.Log.Warn("the source is paused, and is left out", "source", s.Name)
				return
			}
			errs[i] = w.pollOnce(ctx)
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}

// Pick finds sources by name; no names mean all.
func Pick(sources []config.Source, names []string) ([]config.Source, error) {
	if len(names) == 0 {
		return sources, nil
	}
	var out []config.Source
	for _, n := range names {
		i := slices.IndexFunc(sources, func(s config.Source) bool { return s.Name == n })
		if i < 0 {
			return nil, unknown(n, declaredNames(sources))
		}
		out = append(out, sources[i])
	}
	return out, nil
}

func declaredNames(sources []config.Source) []string {
	out := make([]string, len(sources))
	for i, s := range sources {
		out[i] = s.Name
	}
	return out
}

func unknown(name string, names []string) error {
	err := city.Errorf("not_found.source", "no source %q is declared", name)
	if near := city.Nearest(name, names); near != "" {
		return err.WithHint("did you mean %s?", near)
	}
	return err
}

// find gives a running source.
func (c *Collector) find(name string) (*worker, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.workers[name]
	if w == nil {
		return nil, unknown(name, slices.Sorted(maps.Keys(c.workers)))
	}
	return w, nil
}
