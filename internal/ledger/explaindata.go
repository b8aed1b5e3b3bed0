package ledger

import (
	"context"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// maxHops is how many commits a walk takes one by one. With more, those that
// follow each other are taken together.
const maxHops = 60

// hop is one commit, or several that are taken together.
type hop struct {
	ids      []string // of deliveries, or of one rollback
	to       int64    // snapshot
	rollback bool
	expired  int // commits of it whose state is gone
}

// data walks from the state of a dataset where the walk stands to a later one,
// commit by commit.
func (w *walk) data(ctx context.Context, dataset string, to *lake.View) error {
	from := w.at.tables[dataset].view
	if from.SnapshotID == to.SnapshotID {
		return nil
	}
	ds, err := w.at.city.Dataset(dataset)
	if err != nil {
		return err
	}
	hops, err := w.s.hops(ctx, from, to)
	if err != nil {
		return err
	}
	before := len(hops)
	if hops = capped(hops, maxHops); len(hops) < before {
		w.notes = append(w.notes, noteCapped(len(hops)))
	}
	for _, h := range hops {
		view, err := w.s.lake().ViewAt(ctx, ds, h.to)
		if err != nil {
			return err
		}
		if h.expired > 0 {
			w.notes = append(w.notes, noteMerged(h.expired+1))
		}
		if err := w.hop(ctx, h, ds, view); err != nil {
			return err
		}
	}
	return nil
}

// hop takes the steps of one commit: added rows, rows of another region,
// corrected rows, vanished rows. A rollback is one step.
func (w *walk) hop(ctx context.Context, h hop, ds *city.Dataset, to *lake.View) error {
	in, args, err := w.bounds(ds.Name)
	if err != nil {
		return err
	}
	access, err := policy.Read(w.who, w.at.city, ds.Name)
	if err != nil {
		return err
	}
	w.least = max(w.least, access.MinGroup)
	d := newDiff(w.s.engine(), ds, w.at.tables[ds.Name].view, to, in, args)
	d.derive = []string{w.at.cut.dimension}
	c, err := d.count(ctx)
	if err != nil {
		return err
	}
	over := func(relation string) {
		t := w.at.tables[ds.Name]
		t.view, t.relation = to, relation
		w.at.tables[ds.Name] = t
	}
	defer over("")
	if h.rollback && !c.none() {
		over("")
		all := c.sum()
		return w.take(ctx, Step{Cause: CauseRollback, Rows: all.rows, Persons: all.persons, IDs: h.ids})
	}
	steps := []struct {
		cause    Cause
		of       group
		relation func() string
	}{
		{CauseLate, c.added, d.withAdded},
		{CauseRegion, c.moved, d.withMoved},
		{CauseCorrections, c.corrected, d.withCorrected},
		{CauseVanished, c.vanished, func() string { return "" }},
	}
	last := -1
	for i, s := range steps {
		if s.of.rows > 0 {
			last = i
		}
	}
	for i, s := range steps {
		if s.of.rows == 0 {
			continue
		}
		over(s.relation())
		if i == last { // what else has changed is nothing that counts
			over("")
		}
		if err := w.take(ctx, Step{Cause: s.cause, Rows: s.of.rows, Persons: s.of.persons, IDs: h.ids}); err != nil {
			return err
		}
	}
	return nil
}

// hops lists the commits of deliveries and rollbacks between two states. A
// commit whose state has expired is taken together with those after it.
func (s *Service) hops(ctx context.Context, from, to *lake.View) ([]hop, error) {
	commits, err := s.lake().Commits(ctx, to.Dataset)
	if err != nil {
		return nil, err
	}
	begin := slices.IndexFunc(commits, func(c lake.Commit) bool { return c.SnapshotID == from.SnapshotID }) + 1
	end := slices.IndexFunc(commits, func(c lake.Commit) bool { return c.SnapshotID == to.SnapshotID }) + 1
	known, err := s.causes(ctx, to.Dataset)
	if err != nil {
		return nil, err
	}
	var out []hop
	var open hop // commits whose state is gone
	for i, c := range commits[min(begin, end):end] {
		kind, ok := known[c.ID]
		if !ok && !(open.expired > 0 && !c.Expired) && begin+i+1 < end {
			continue // upkeep changes no rows
		}
		if ok {
			open.ids = append(open.ids, c.ID)
			open.rollback = kind == causeRollback && len(open.ids) == 1
		}
		if c.Expired {
			open.expired++
			continue
		}
		open.to = c.SnapshotID
		out, open = append(out, open), hop{}
	}
	return out, nil
}

// capped takes deliveries together that follow each other, as evenly as it can,
// until there are about as many hops as asked for. Rollbacks stay by themselves.
func capped(hops []hop, limit int) []hop {
	if len(hops) <= limit {
		return hops
	}
	size := (len(hops) + limit - 1) / limit
	var out []hop
	run := 0
	for _, h := range hops {
		n := len(out)
		if n > 0 && run < size && !h.rollback && !out[n-1].rollback {
			out[n-1].ids = append(out[n-1].ids, h.ids...)
			out[n-1].to, out[n-1].expired = h.to, out[n-1].expired+h.expired
			run++
			continue
		}
		out, run = append(out, hop{slices.Clone(h.ids), h.to, h.rollback, h.expired}), 1
	}
	return out
}

// The kinds of what changes a table.
const (
	causeDelivery = "delivery"
	causeRollback = "rollback"
)

// causes says of the IDs of a table's commits which are deliveries and which
// rollbacks.
func (s *Service) causes(ctx context.Context, dataset string) (map[string]string, error) {
	out := map[string]string{}
	deliveries, err := s.Store.Since(ctx, dataset, 0)
	if err != nil {
		return nil, err
	}
	for _, d := range deliveries {
		out[d.ID] = causeDelivery
	}
	rollbacks, err := s.Store.Rollbacks(ctx, dataset)
	for _, r := range rollbacks {
		out[r.ID] = causeRollback
	}
	return out, err
}
