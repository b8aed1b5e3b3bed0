package ledger

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/metric"
	"github.com/jinyang-city/jinyang/internal/store"
)

// timeline is all moments at which the value of an indicator may have changed.
type timeline struct {
	tables      []*tableHistory // of the datasets that it is made of
	moments     []moment
	definitions []DefinitionSpan
	expired     int // moments whose state can no longer be read
	simulated   bool
}

// tableHistory is what is known of one dataset's deliveries.
type tableHistory struct {
	dataset    *city.Dataset
	deliveries []store.Delivery
	place      map[string]int64 // of the commit of each delivery
	undone     map[string]int64 // of the commit that took a delivery back
}

// moment is one change, and what everything stood at after it.
type moment struct {
	time     time.Time
	cause    MomentCause
	dataset  string // whose table changed; "" when the definition did
	snapshot int64  // of that table
	pack     string
	version  string
	at       map[string]place // by dataset
}

// place is how far the commits of a table had come.
type place struct {
	place    int64 // number of the last commit, from 1; 0 before the first
	snapshot int64
	fraction float64
	expired  bool
}

// timeline gathers the commits of an indicator's datasets and the changes of its
// definition.
func (s *Service) timeline(ctx context.Context, of standing) (*timeline, error) {
	tl := &timeline{definitions: []DefinitionSpan{}}
	kept, err := s.Store.Definitions(ctx, of.indicator)
	if err != nil {
		return nil, err
	}
	tl.define(kept, of.period, of.cut.by())
	datasets, err := s.everRead(ctx, of, kept)
	if err != nil {
		return nil, err
	}
	for _, ds := range datasets {
		if err := s.tableMoments(ctx, tl, ds); err != nil {
			return nil, err
		}
	}
	editions, err := s.Store.Editions(ctx)
	if err != nil {
		return nil, err
	}
	tl.settle(editions, s.city().Pack.SHA256)
	return tl, nil
}

// tableMoments enters the commits of the deliveries and rollbacks of a dataset.
func (s *Service) tableMoments(ctx context.Context, tl *timeline, ds *city.Dataset) (err error) {
	dataset := ds.Name
	t := &tableHistory{dataset: ds, place: map[string]int64{}, undone: map[string]int64{}}
	tl.tables = append(tl.tables, t)
	if t.deliveries, err = s.Store.Since(ctx, dataset, 0); err != nil {
		return err
	}
	rollbacks, err := s.Store.Rollbacks(ctx, dataset)
	if err != nil {
		return err
	}
	commits, err := s.lake().Commits(ctx, dataset)
	if err != nil {
		return err
	}
	byID, undo := map[string]store.Delivery{}, map[string]store.Rollback{}
	for _, d := range t.deliveries {
		byID[d.ID] = d
		tl.simulated = tl.simulated || d.Simulated
	}
	for _, r := range rollbacks {
		undo[r.ID] = r
	}
	fraction, snapshots := 1.0, map[string]int64{}
	for i, c := range commits {
		p := place{place: int64(i + 1), snapshot: c.SnapshotID, expired: c.Expired}
		snapshots[strconv.FormatInt(c.SnapshotID, 10)] = p.place
		d, delivered := byID[c.ID]
		r, undone := undo[c.ID]
		cause := MomentCause{Kind: causeDelivery, ID: c.ID, Batch: d.Batch}
		switch {
		case delivered:
			fraction, t.place[c.ID] = d.SampleFraction, p.place
		case undone:
			cause = MomentCause{Kind: causeRollback, ID: c.ID, Of: r.DeliveryID}
			t.undone[r.DeliveryID] = p.place
		default:
			continue // upkeep changes no rows
		}
		p.fraction = fraction
		tl.moments = append(tl.moments, moment{time: c.At, cause: cause, dataset: dataset, snapshot: c.SnapshotID, at: map[string]place{dataset: p}})
	}
	for _, d := range t.deliveries { // one that wrote nothing ended with the snapshot that it found
		if t.place[d.ID] == 0 {
			t.place[d.ID] = snapshots[d.SnapshotID]
		}
	}
	return nil
}

// everRead lists the datasets that a line was ever read from, as they are declared
// now, or were in the last pack that declared an indicator over them.
func (s *Service) everRead(ctx context.Context, of standing, kept []store.Definition) ([]*city.Dataset, error) {
	names, err := of.datasets()
	if err != nil {
		return nil, err
	}
	last := map[string]string{} // pack by dataset
	for _, d := range kept {
		closure, _ := closureOf(d)
		for _, name := range closure.Datasets {
			if last[name] = d.SHA256; !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	out := make([]*city.Dataset, 0, len(names))
	for _, name := range names {
		ds, err := of.city.Dataset(name)
		if err != nil {
			then, err := s.editions.city(ctx, last[name])
			if err != nil {
				return nil, err
			}
			if ds, err = then.Dataset(name); err != nil {
				return nil, err
			}
		}
		out = append(out, ds)
	}
	return out, nil
}

// define enters the definitions that differ for values of a period, broken down
// by some dimensions, and the moments at which they came in force.
func (t *timeline) define(kept []store.Definition, period city.Span, by []string) {
	last := metric.Closure{}
	for i, d := range kept {
		closure, comparable := closureOf(d)
		version := d.Version
		if comparable {
			closure = closure.For(period, by)
			version = closure.Version()
		}
		n := len(t.definitions)
		if n > 0 && t.definitions[n-1].Version == version {
			continue
		}
		span := DefinitionSpan{Version: version, Since: d.Since, Words: d.Words, Pack: d.SHA256, Changes: []metric.Change{}}
		if n > 0 {
			t.definitions[n-1].Until = d.Since
		}
		if n > 0 && comparable && t.definitions[n-1].Version != "" {
			span.Changes = metric.Changes(last, closure)
		}
		if i > 0 {
			t.moments = append(t.moments, moment{time: d.Since, cause: MomentCause{Kind: causeDefinition, ID: d.SHA256}})
		}
		t.definitions, last = append(t.definitions, span), closure
	}
}

// settle puts the moments in order, says of each what everything stood at, and
// leaves out those whose state can no longer be read. Before the first pack that
// was noted, that one counts.
func (t *timeline) settle(editions []store.Edition, pack string) {
	slices.SortStableFunc(t.moments, func(a, b moment) int { return a.time.Compare(b.time) })
	last := map[string]place{}
	for _, table := range t.tables {
		last[table.dataset.Name] = place{fraction: 1}
	}
	for i := range t.moments {
		m := &t.moments[i]
		maps.Copy(last, m.at)
		m.at, m.pack = maps.Clone(last), pack
		for k, ed := range editions {
			if k == 0 || !ed.Since.After(m.time) {
				m.pack = ed.SHA256
			}
		}
		for k, d := range t.definitions {
			if k == 0 || !d.Since.After(m.time) {
				m.version = d.Version
			}
		}
	}
	all := len(t.moments)
	t.moments = slices.DeleteFunc(t.moments, func(m moment) bool {
		for _, p := range m.at {
			if p.expired {
				return true
			}
		}
		return false
	})
	t.expired = all - len(t.moments)
}

// covered lists the periods that deliveries spoke for up to a commit.
func (t *tableHistory) covered(upTo int64) []city.Span {
	var out []city.Span
	for _, d := range t.deliveries {
		place := t.place[d.ID]
		undone, back := t.undone[d.ID]
		if d.Period.IsZero() || d.MendOf != "" || place == 0 || place > upTo || back && undone <= upTo {
			continue
		}
		out = append(out, d.Period)
	}
	return merged(out)
}

// last gives the last moment at or before a time; -1 when there is none.
func (t *timeline) last(at time.Time) int {
	i, _ := slices.BinarySearchFunc(t.moments, at, func(m moment, at time.Time) int {
		if m.time.After(at) {
			return 1
		}
		return -1
	})
	return i - 1
}
