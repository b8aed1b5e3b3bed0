package ledger

import (
	"context"
	"encoding/json"
	"io/fs"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/metric"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Keep notes that a pack came in force, with what the numbers of its indicators
// depend on, unless it is the one that came in force last. It is called each
// time that a pack is put in force, and by a start after a crash between that and
// the note.
//
// Before that it makes definitions anew that an older version of the program
// noted in another form, so that they can be compared. Either is one
// transaction; what a crash leaves undone the next start does.
func Keep(ctx context.Context, st *store.Store, load func(fs.FS) (*city.City, error), c *city.City, files fs.FS, now time.Time) error {
	archive, err := Archive(files)
	if err != nil {
		return err
	}
	if err := renew(ctx, st, load, now); err != nil {
		return err
	}
	defs, err := declared(c)
	if err != nil {
		return err
	}
	ed := store.Edition{SHA256: c.Pack.SHA256, Name: c.Pack.Name, Since: now}
	_, err = st.KeepEdition(ctx, ed, archive, defs, audit.Entry{At: now, Actor: "system:open", Action: "pack.keep", Subject: c.Pack.SHA256})
	return err
}

// declared lists what the indicators of a pack are declared to be.
func declared(c *city.City) ([]store.Definition, error) {
	var out []store.Definition
	for _, ind := range c.Indicators {
		closure := metric.ClosureOf(c, ind)
		body, err := json.Marshal(closure)
		if err != nil {
			return nil, city.Errorf(city.CodeInternal, "cannot write the definition of %s down: %w", ind.Name, err)
		}
		out = append(out, store.Definition{Indicator: ind.Name, Version: closure.Version(), Words: metric.Words(c, ind), Body: body})
	}
	return out, nil
}

// closureOf reads what the number of a kept definition depends on; false when it
// was noted in another form, or says that the indicator is declared no more.
func closureOf(d store.Definition) (metric.Closure, bool) {
	var out metric.Closure
	if len(d.Body) == 0 || json.Unmarshal(d.Body, &out) != nil {
		return out, false
	}
	return out, out.Form == metric.ClosureForm
}

// renew makes the kept definitions anew out of the packs that were in force, when
// any of them is of another form. A pack that can no longer be read is passed
// over: the definitions before it count on.
func renew(ctx context.Context, st *store.Store, load func(fs.FS) (*city.City, error), now time.Time) error {
	kept, err := st.AllDefinitions(ctx)
	if err != nil {
		return err
	}
	old := false
	for _, d := range kept {
		_, ok := closureOf(d)
		old = old || !ok && d.Version != ""
	}
	if !old {
		return nil
	}
	editions, err := st.Editions(ctx)
	if err != nil {
		return err
	}
	var out []store.EditionDefinitions
	for _, ed := range editions {
		c, err := readEdition(ctx, st, load, ed.SHA256)
		if city.CodeOf(err) == codeUnreadable {
			continue
		}
		if err != nil {
			return err
		}
		defs, err := declared(c)
		if err != nil {
			return err
		}
		out = append(out, store.EditionDefinitions{Seq: ed.Seq, Definitions: defs})
	}
	return st.RenewDefinitions(ctx, out, audit.Entry{At: now, Actor: "system:open", Action: "pack.renew_definitions", Subject: "definitions"})
}

// definitionOf gives what a line of an indicator depended on by the pack of a
// moment; an empty one where it was not declared.
func definitionOf(c *city.City, indicator string, period city.Span, line cut) metric.Closure {
	ind, err := c.Indicator(indicator)
	if err != nil {
		return metric.Closure{}
	}
	return metric.ClosureOf(c, ind).For(period, line.by())
}
