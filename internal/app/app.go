package app

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/jinyang-city/jinyang/internal/alert/watch"
	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/delivery/source/collect"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/lake/duck"
	"github.com/jinyang-city/jinyang/internal/ledger"
	"github.com/jinyang-city/jinyang/internal/live"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/progress"
	"github.com/jinyang-city/jinyang/internal/store"
	"github.com/jinyang-city/jinyang/internal/vault"
)

// Options say how a data folder is opened.
type Options struct {
	Data string // the data folder; created when it is not there, unless ReadOnly
	Pack string // folder of a pack to put in force; "" keeps the one in force, or the embedded one at first
	// ReadOnly opens an existing folder beside a process that may be writing.
	ReadOnly bool
	// Existing refuses a folder that is not there instead of making it.
	Existing bool
	Today    city.Date        // the day that the city stands at; zero keeps what the folder says
	Now      func() time.Time // the wall clock; nil is time.Now
	Log      *slog.Logger     // nil discards
	// Fetched is called with each receipt of a batch that a source fetched; it
	// may be nil.
	Fetched  func(source string, r *delivery.Receipt)
	MemoryMB int            // bound of the engine's buffers; 0 is the engine's default
	Grants   []policy.Right // what the local principal may do beyond the usual
	// After stands for time.After where the program waits for its next turn at
	// maintenance; nil is time.After.
	After func(time.Duration) <-chan time.Time
}

// App is an open data folder.
type App struct {
	Dir      string
	Store    *store.Store
	Lake     *lake.Lake
	Delivery *delivery.Service // nil when opened read-only
	// Collector runs the sources; nil when opened read-only, without sources
	// before UseSources.
	Collector *collect.Collector
	Analysis  *analysis.Service
	Ledger    *ledger.Service
	Progress  *progress.Service // what is reported by hand
	Alerts    *watch.Service    // what is watched, and who is told
	Live      *live.Broker
	Log       *slog.Logger

	engine   lake.Rewriter
	grants   []policy.Right
	packFrom string // folder that the pack was asked for from; "" is the copy
	now      func() time.Time
	after    func(time.Duration) <-chan time.Time
	city     atomic.Pointer[city.City]
	standsAt atomic.Pointer[city.Date]
	closers  []func() error // run in reverse
	lookDue  chan struct{}  // asks for a look at the alerts; see alertsDue
	// reloadSources reads the sources file in force again; nil without one. It
	// is called by the goroutine that waits for signals alone.
	reloadSources func(context.Context) error
}

// liveBuffer is how many events a browser may lag behind before it must resync.
const liveBuffer = 64

// Open opens a data folder. Opening it for writing settles what an earlier
// process left unfinished.
func Open(ctx context.Context, o Options) (a *App, err error) {
	dir, err := filepath.Abs(o.Data)
	if err != nil {
		return nil, city.Errorf(city.CodeInvalid, "the data folder %q: %w", o.Data, err)
	}
	a = &App{Dir: dir, Log: o.Log, grants: o.Grants, now: o.Now, lookDue: make(chan struct{}, 1)}
	if a.Log == nil {
		a.Log = slog.New(slog.DiscardHandler)
	}
	if a.now == nil {
		a.now = time.Now
	}
	if a.after = o.After; a.after == nil {
		a.after = time.After
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
			a = nil
		}
	}()
	steps := []func(context.Context, Options) error{a.openFolder, a.openStore, a.openCity, a.openLake, a.openServices}
	for _, step := range steps {
		if err := step(ctx, o); err != nil {
			return a, err
		}
	}
	return a, nil
}

// Close releases everything that Open took.
func (a *App) Close() error {
	var errs []error
	for i := len(a.closers) - 1; i >= 0; i-- {
		errs = append(errs, a.closers[i]())
	}
	a.closers = nil
	return errors.Join(errs...)
}

func (a *App) onClose(f func() error) { a.closers = append(a.closers, f) }

func (a *App) path(parts ...string) string {
	return filepath.Join(append([]string{a.Dir}, parts...)...)
}

func (a *App) openFolder(_ context.Context, o Options) error {
	if o.ReadOnly || o.Existing {
		if _, err := os.Stat(a.path(storeFile)); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return city.Errorf(city.CodeNotFound, "%s is not a data folder of jinyang", a.Dir).
					WithHint("deliver something into it first, or run jinyang demo --data %s", o.Data)
			}
			return city.Outside(err, "cannot read the data folder")
		}
	}
	if o.ReadOnly {
		return nil
	}
	if err := os.MkdirAll(a.Dir, 0o700); err != nil {
		return city.Outside(err, "cannot create the data folder")
	}
	l, err := acquire(a.path("lock"))
	if err != nil {
		return err
	}
	a.onClose(l.release)
	return nil
}

const storeFile = "jinyang.db"

func (a *App) openStore(ctx context.Context, o Options) (err error) {
	if o.ReadOnly {
		a.Store, err = store.OpenReadOnly(ctx, a.path(storeFile))
	} else {
		a.Store, err = store.Open(ctx, a.path(storeFile))
	}
	if err != nil {
		return err
	}
	a.onClose(a.Store.Close)
	if err := a.checkHome(ctx, o.ReadOnly); err != nil {
		return err
	}
	return a.openToday(ctx, o)
}

// The settings of a data folder.
const (
	settingHome  = "data.home"   // where the folder was made
	settingToday = "city.today"  // the day that a simulated city stands at
	settingPack  = "pack.sha256" // the pack in force
	settingKeys  = "vault.check" // tells the city's keys from others without showing them
	settingSigns = "vault.signs" // the key that signs receipts
)

// checkHome refuses a folder that was moved or copied: Iceberg's metadata name
// files by absolute path, so that a copy would read and write its original. The
// same folder by another name is opened by the name that it was made with.
func (a *App) checkHome(ctx context.Context, readOnly bool) error {
	home, ok, err := a.Store.Setting(ctx, settingHome)
	if err != nil || home == a.Dir {
		return err
	}
	if !ok {
		if readOnly {
			return nil
		}
		return a.Store.SetSettings(ctx, map[string]string{settingHome: a.Dir},
			audit.Entry{At: a.now(), Actor: "system:open", Action: "data.create", Subject: a.Dir})
	}
	there, err := os.Stat(home)
	here, herr := os.Stat(a.Dir)
	if err == nil && herr == nil && os.SameFile(there, here) {
		a.Dir = home
		return nil
	}
	return city.Errorf("conflict.home", "the data folder %s was made at %s, and its tables name their files there", a.Dir, home).
		WithHint("move it back, or mount it there")
}

func (a *App) openToday(ctx context.Context, o Options) error {
	text, _, err := a.Store.Setting(ctx, settingToday)
	if err != nil {
		return err
	}
	var d city.Date
	if err := d.UnmarshalText([]byte(text)); err != nil {
		return err
	}
	if !o.Today.IsZero() && o.Today != d && !o.ReadOnly {
		d = o.Today
		e := audit.Entry{At: a.now(), Actor: "system:open", Action: "city.today", Subject: d.String()}
		if err := a.Store.SetSettings(ctx, map[string]string{settingToday: d.String()}, e); err != nil {
			return err
		}
	}
	if !d.IsZero() {
		a.standsAt.Store(&d)
	}
	return nil
}

// Today is the day that the city stands at: the date that a simulation was run
// to, or else the date of the wall clock in the city's time zone.
func (a *App) Today() city.Date {
	if d := a.standsAt.Load(); d != nil {
		return *d
	}
	now := a.now()
	if c := a.City(); c != nil {
		if zone, err := time.LoadLocation(c.TimeZone); err == nil {
			now = now.In(zone)
		}
	}
	return city.DateOf(now)
}

// StandsStill says whether the city's date was set, as a simulation does.
func (a *App) StandsStill() bool { return a.standsAt.Load() != nil }

// City gives the declarations now in force.
func (a *App) City() *city.City { return a.city.Load() }

func (a *App) openLake(ctx context.Context, o Options) (err error) {
	a.Lake, err = lake.Open(ctx, a.path("lake"), lake.Options{ReadOnly: o.ReadOnly, Now: a.now, Behind: a.warnBehind})
	if err != nil {
		return err
	}
	a.onClose(a.Lake.Close)
	return nil
}

func (a *App) openServices(ctx context.Context, o Options) error {
	spill := a.path("tmp", "engine")
	if o.ReadOnly {
		dir, err := os.MkdirTemp("", "jinyang-read-*")
		if err != nil {
			return city.Outside(err, "cannot make a temporary folder")
		}
		a.onClose(func() error { return os.RemoveAll(dir) })
		spill = filepath.Join(dir, "engine")
	}
	engine, err := duck.Open(duck.Options{TempDir: spill, MemoryMB: o.MemoryMB})
	if err != nil {
		return err
	}
	a.onClose(engine.Close)
	a.engine = engine
	a.Live = live.New(liveBuffer)
	a.onClose(func() error { a.Live.Close(); return nil })
	a.Progress = progress.New(a.reports(nil))
	a.Analysis = analysis.New(analysis.Config{Lake: a.Lake, Engine: engine, Deliveries: a.Store, City: a.City, Today: a.Today, Reports: a.Progress})
	a.onClose(a.Analysis.Close)
	a.openLedger(o)
	a.openAlerts()
	if o.ReadOnly {
		return nil
	}
	keys, err := vault.Open(a.path("vault"))
	if err != nil {
		return err
	}
	if err := a.checkKeys(ctx, keys.CheckValue()); err != nil {
		return err
	}
	if err := a.checkSigning(ctx, keys.SigningKeys()); err != nil {
		return err
	}
	a.Delivery = delivery.New(delivery.Config{
		Dir: a.Dir, Lake: a.Lake, Engine: engine, Store: a.Store, Vault: keys, City: a.City, Today: a.Today, Now: a.now, Log: a.Log,
		Committed:  func(r *delivery.Receipt) { a.changed(live.Event{Type: "delivery", ID: r.DeliveryID, Data: r}) },
		RolledBack: func(r *delivery.Rollback) { a.changed(live.Event{Type: "rollback", ID: r.ID, Data: r}) },
	})
	a.openCollector(o, keys)
	a.Progress = progress.New(a.reports(keys))
	a.Analysis.Reports = a.Progress
	a.Alerts.Reports = a.Progress
	return errors.Join(a.Delivery.Recover(ctx), a.Progress.Recover(ctx), a.dropPackCopies())
}

// checkKeys refuses keys that are not those of the data folder: with others
// every person would silently get a new token.
func (a *App) checkKeys(ctx context.Context, value string) error {
	have, ok, err := a.Store.Setting(ctx, settingKeys)
	if err != nil || have == value {
		return err
	}
	if ok {
		return city.Errorf("conflict.keys", "the keys in %s are not those that this data folder was made with", a.path("vault")).
			WithHint("put the backup of the vault folder back")
	}
	return a.Store.SetSettings(ctx, map[string]string{settingKeys: value},
		audit.Entry{At: a.now(), Actor: "system:open", Action: "vault.create", Subject: value})
}
