package ledger

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/metric"
	"github.com/jinyang-city/jinyang/internal/store"
)

// maxArchive bounds an archived pack, in bytes before it is packed: what the
// parser itself takes.
const maxArchive = 64 << 20

// Archive packs the files of a city pack, those that the parser reads and no
// others, so that equal packs give equal bytes.
func Archive(files fs.FS) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	size := 0
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.EqualFold(path.Ext(name), ".yaml") {
			return err
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		if size += len(text); size > maxArchive {
			return city.Errorf(city.CodeInvalid, "the pack is above %d MiB", maxArchive>>20)
		}
		f, err := w.Create(name)
		if err != nil {
			return err
		}
		_, err = f.Write(text)
		return err
	})
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, city.Outside(err, "cannot archive the pack")
	}
	return out.Bytes(), nil
}

// Keep notes that a pack came in force, with its definitions, unless it is the
// one that came in force last. It is called each time that a pack is put in
// force, and by a start after a crash between that and the note.
func Keep(ctx context.Context, st *store.Store, c *city.City, files fs.FS, now time.Time) error {
	archive, err := Archive(files)
	if err != nil {
		return err
	}
	var defs []store.Definition
	for _, ind := range c.Indicators {
		body, err := json.Marshal(ind)
		if err != nil {
			return city.Errorf(city.CodeInternal, "cannot write the definition of %s down: %w", ind.Name, err)
		}
		defs = append(defs, store.Definition{Indicator: ind.Name, Version: metric.Version(ind), Words: metric.Words(c, ind), Body: body})
	}
	ed := store.Edition{SHA256: c.Pack.SHA256, Name: c.Pack.Name, Since: now}
	_, err = st.KeepEdition(ctx, ed, archive, defs, audit.Entry{At: now, Actor: "system:open", Action: "pack.keep", Subject: c.Pack.SHA256})
	return err
}

// editions loads packs that were in force, and keeps the last few.
type editions struct {
	store *store.Store
	load  func(fs.FS) (*city.City, error)

	mu     sync.Mutex
	cities map[string]*city.City
}

// keptCities is how many old packs stay loaded: a reader compares a few.
const keptCities = 8

// city gives the declarations of a pack that was in force.
func (e *editions) city(ctx context.Context, sha256 string) (*city.City, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if c, ok := e.cities[sha256]; ok {
		return c, nil
	}
	archive, err := e.store.PackArchive(ctx, sha256)
	if err != nil {
		return nil, err
	}
	files, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, city.Errorf(city.CodeInvalid+".database", "the archive of the pack %.12s is damaged: %w", sha256, err).WithHint("put back a backup")
	}
	c, err := e.load(files)
	if err != nil {
		return nil, city.Errorf(city.CodeConflict+".pack", "the pack %.12s, which was in force once, cannot be read by this version of the program: %w", sha256, err).
			WithHint("use the version that put it in force")
	}
	if len(e.cities) >= keptCities {
		clear(e.cities)
	}
	e.cities[sha256] = c
	return c, nil
}

// withRegions gives the declarations of a pack with the regions of another one:
// the list of regions, and the regions that the conditions of an indicator name.
// Both must be of the same shape; else the regions stay as they were, and the
// difference counts as one of the definition.
func withRegions(old, now *city.City, indicator string) *city.City {
	c := *old
	c.Regions = now.Regions
	c.Indicators = make([]*city.Indicator, len(old.Indicators))
	copy(c.Indicators, old.Indicators)
	for i, ind := range c.Indicators {
		if ind.Name != indicator {
			continue
		}
		next, err := now.Indicator(indicator)
		ds, dserr := old.Dataset(ind.Dataset)
		if err != nil || dserr != nil || next.Dataset != ind.Dataset {
			break
		}
		if moved, ok := moveRegions(ds, ind, next); ok {
			c.Indicators[i] = moved
		}
	}
	c.Index()
	return &c
}

// moveRegions gives an indicator with the regions that another declaration of it
// names; ok is false when the two differ in more.
func moveRegions(ds *city.Dataset, ind, next *city.Indicator) (*city.Indicator, bool) {
	out := *ind
	var ok bool
	if out.Scope, ok = regionsOf(ds, ind.Scope, next.Scope); !ok {
		return nil, false
	}
	out.Measure, ok = moveMeasure(ds, ind.Measure, next.Measure)
	return &out, ok
}

func moveMeasure(ds *city.Dataset, m, next *city.Measure) (*city.Measure, bool) {
	if m == nil || next == nil || m.Kind != next.Kind || len(m.Of) != len(next.Of) {
		return m, m == nil && next == nil
	}
	out := *m
	var ok bool
	if out.Where, ok = regionsOf(ds, m.Where, next.Where); !ok {
		return nil, false
	}
	out.Of = make([]*city.Measure, len(m.Of))
	for i := range m.Of {
		if out.Of[i], ok = moveMeasure(ds, m.Of[i], next.Of[i]); !ok {
			return nil, false
		}
	}
	return &out, true
}

// regionsOf takes over the values of conditions on regions.
func regionsOf(ds *city.Dataset, have, next []city.Condition) ([]city.Condition, bool) {
	if len(have) != len(next) {
		return nil, false
	}
	out := make([]city.Condition, len(have))
	for i, c := range have {
		f, ok := ds.Field(c.Field)
		if ok && f.Type == city.TypeRegion && next[i].Field == c.Field && next[i].Not == c.Not {
			c.Values = next[i].Values
		}
		out[i] = c
	}
	return out, true
}
