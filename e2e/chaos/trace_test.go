package chaos

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/jinyang-city/jinyang/internal/store"
)

// trace is what the folder shows of unfinished work.
type trace struct {
	open   map[string]string // states by ID of deliveries and rollbacks
	ended  int               // deliveries with a receipt, and rollbacks
	joined int               // files that compaction wrote, in use or not
}

// look reads the store as it lies, and settles what an earlier kill left open.
func (w *world) look(ctx context.Context) (trace, error) {
	joined, err := filepath.Glob(filepath.Join(w.data(), "lake", "*", "*", "data", "C*"))
	t := trace{open: map[string]string{}, joined: len(joined)}
	if err != nil {
		return t, err
	}
	path := filepath.Join(w.data(), "jinyang.db")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return t, nil
	}
	s, err := store.OpenReadOnly(ctx, path)
	if err == nil {
		if err = t.read(ctx, s); err == nil {
			err = w.settle(ctx, s, t)
		}
		err = errors.Join(err, s.Close())
	}
	if w.tables == nil { // it may have been killed before the tables of the store were there
		return t, nil
	}
	return t, err
}

func (t *trace) read(ctx context.Context, s *store.Store) error {
	open, err := s.Unfinished(ctx)
	if err != nil {
		return err
	}
	for _, d := range open {
		t.open[d.ID] = string(d.State)
	}
	rollbacks, err := s.OpenRollbacks(ctx)
	if err != nil {
		return err
	}
	for _, r := range rollbacks {
		t.open[r.ID] = "rollback " + string(r.State)
	}
	ids, err := ended(ctx, s)
	t.ended = len(ids)
	return err
}

// ended lists the deliveries that have a receipt, and the rollbacks.
func ended(ctx context.Context, s *store.Store) (map[string]bool, error) {
	out := map[string]bool{}
	for cursor := ""; ; {
		page, err := s.Deliveries(ctx, store.Filter{States: []store.State{store.StateCommitted, store.StateRejected, store.StateRolledBack}}, cursor, store.MaxPage)
		if err != nil {
			return nil, err
		}
		for _, d := range page.Items {
			out[d.ID] = true
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	for _, name := range names() {
		done, err := s.Rollbacks(ctx, name)
		if err != nil {
			return nil, err
		}
		for _, r := range done {
			out[r.ID] = true
		}
	}
	return out, nil
}

// settle counts what recovery did with what kills had left open.
func (w *world) settle(ctx context.Context, s *store.Store, t trace) error {
	if len(w.pending) == 0 {
		return nil
	}
	done, err := ended(ctx, s)
	if err != nil {
		return err
	}
	for id := range w.pending {
		if _, still := t.open[id]; still {
			continue
		}
		delete(w.pending, id)
		if done[id] {
			w.report.finished++
		} else {
			w.report.discarded++
		}
	}
	return nil
}

// wounded notes where a kill hit, from what the store showed before and what the
// process said.
func (w *world) wounded(ctx context.Context, kind string, before trace, said []byte) error {
	after, err := w.look(ctx)
	if err != nil {
		return err
	}
	where := "no trace"
	if step, named := bytes.CutPrefix(said, []byte(stepMark)); named {
		where = "at " + string(step)
	} else if after.ended > before.ended {
		where = "done, not answered"
	} else if after.joined > before.joined {
		where = "files joined"
	}
	for id, state := range after.open {
		w.pending[id] = true
		if before.open[id] != state && where == "no trace" {
			where = state
		}
	}
	w.report.hit(kind, where)
	return nil
}
