package app

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// Upkeep says how the tables are maintained. Zero values are the defaults.
type Upkeep struct {
	Keep    time.Duration // how far back every moment can be asked for; 0 means 30 days
	Grace   time.Duration // how old a file must be that nothing names before it is removed; 0 means a day
	Wait    time.Duration // how long a table waits for a delivery to end before it is left for the next time; 0 means a minute
	Compact lake.CompactOptions
}

const (
	defaultKeep  = 30 * 24 * time.Hour
	defaultGrace = 24 * time.Hour
	defaultWait  = time.Minute
)

func (u Upkeep) withDefaults() Upkeep {
	if u.Keep == 0 {
		u.Keep = defaultKeep
	}
	if u.Grace == 0 {
		u.Grace = defaultGrace
	}
	if u.Wait == 0 {
		u.Wait = defaultWait
	}
	return u
}

// Maintained says what one maintenance did.
type Maintained struct {
	At     time.Time       `json:"at"`
	Tags   []lake.Tag      `json:"tags"` // made now
	Tables []TableUpkeep   `json:"tables"`
	Errors []UpkeepFailure `json:"errors"` // what could not be done now, and is tried again the next time
}

// TableUpkeep says what maintenance did to one table.
type TableUpkeep struct {
	Dataset      string `json:"dataset"`
	FilesBefore  int    `json:"files_before"` // of the present state
	FilesAfter   int    `json:"files_after"`
	BytesBefore  int64  `json:"bytes_before"`
	BytesAfter   int64  `json:"bytes_after"`
	Compacted    int    `json:"compacted"` // files that were joined
	Expired      int    `json:"expired"`   // snapshots
	RemovedFiles int    `json:"removed_files"`
	RemovedBytes int64  `json:"removed_bytes"`
}

// UpkeepFailure is a part of maintenance that failed.
type UpkeepFailure struct {
	Dataset string    `json:"dataset"` // "" for the tags, which are of all tables
	Code    city.Code `json:"code"`
	Message string    `json:"message"`
}

// changed says whether anything was done.
func (t *TableUpkeep) changed() bool { return t.Compacted+t.Expired+t.RemovedFiles > 0 }

// Maintain makes the month-end tags that are due, lets snapshots expire, removes
// what nothing names, and joins small files. What fails for one table does not
// keep it from the others. It may run beside deliveries, and be cut off at any
// point: each step is durable by itself, and the next call goes on.
//
// Tags come first: what they name does not expire. Room is made before files are
// written.
func (a *App) Maintain(ctx context.Context, u Upkeep, actor string) (*Maintained, error) {
	if err := a.writable(); err != nil {
		return nil, err
	}
	u = u.withDefaults()
	m := &Maintained{At: a.now().UTC(), Tags: []lake.Tag{}, Tables: []TableUpkeep{}, Errors: []UpkeepFailure{}}
	tags, err := a.tagMonths(ctx, actor)
	m.Tags = append(m.Tags, tags...)
	m.failed("", err)
	tables, err := a.Lake.Tables(ctx)
	if err != nil {
		return nil, err
	}
	for _, name := range tables {
		t := TableUpkeep{Dataset: name}
		m.failed(name, a.maintainTable(ctx, &t, u, actor))
		m.Tables = append(m.Tables, t)
		if ctx.Err() != nil {
			return nil, city.Outside(ctx.Err(), "the maintenance was cut short")
		}
	}
	return m, nil
}

// writable refuses work on a folder that was opened for reading.
func (a *App) writable() error {
	if a.Delivery == nil {
		return city.Errorf("conflict.read_only", "the data folder was opened for reading")
	}
	return nil
}

func (m *Maintained) failed(dataset string, err error) {
	if err != nil {
		m.Errors = append(m.Errors, UpkeepFailure{dataset, city.CodeOf(err), err.Error()})
	}
}

// maintainTable does what one table needs. A failure of one step does not keep
// it from the next.
func (a *App) maintainTable(ctx context.Context, t *TableUpkeep, u Upkeep, actor string) (err error) {
	ds, err := a.City().Dataset(t.Dataset)
	if err != nil {
		ds = &city.Dataset{Name: t.Dataset} // a table that the pack no longer declares
	}
	if t.FilesBefore, t.BytesBefore, err = a.Lake.Measure(ctx, ds); err != nil {
		return err
	}
	steps := []func() (again bool, err error){
		func() (_ bool, err error) {
			t.Expired, err = a.Lake.Expire(ctx, t.Dataset, a.now().Add(-u.Keep))
			return false, err
		},
		func() (bool, error) {
			s, err := a.Lake.Sweep(ctx, t.Dataset, a.now().Add(-u.Grace))
			t.RemovedFiles, t.RemovedBytes = s.Files, s.Bytes
			return false, err
		},
		func() (bool, error) {
			c, err := a.Lake.Compact(ctx, a.engine, ds, u.Compact)
			t.Compacted += c.Files
			return c.Files > 0, err
		},
	}
	var errs []error
	for _, step := range steps {
		errs = append(errs, a.alone(ctx, t.Dataset, u.Wait, step))
	}
	t.FilesAfter, t.BytesAfter, err = a.Lake.Measure(ctx, ds)
	if errs = append(errs, err); t.changed() {
		errs = append(errs, a.Store.Audit(ctx, a.upkeepEntry(actor, "lake.maintain", t.Dataset, t)))
	}
	return errors.Join(errs...)
}

// alone runs a step while no delivery to the dataset runs, as often as it asks
// for. Deliveries get their turn in between.
func (a *App) alone(ctx context.Context, dataset string, wait time.Duration, step func() (bool, error)) error {
	for again := true; again; {
		waiting, cancel := context.WithTimeout(ctx, wait)
		release, err := a.Delivery.Exclusive(waiting, dataset)
		cancel()
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			return city.Errorf("busy.dataset", "a delivery to %s is running", dataset).WithHint("the next maintenance does it")
		}
		if err != nil {
			return err
		}
		again, err = step()
		release()
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *App) upkeepEntry(actor, action, subject string, detail any) audit.Entry {
	e := audit.Entry{At: a.now(), Actor: actor, Action: action, Subject: subject}
	if doc, err := json.Marshal(detail); err == nil {
		e.Detail = doc
	}
	return e
}
