package rollup

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/metric"
)

// table holds the units of one key.
type table struct {
	key  string // metric.Units.Key
	name string // quoted

	mu     sync.Mutex // held while blocks are looked for and made
	made   bool       // the engine has the table
	blocks map[state]*block
	next   int64 // id of the next block
	rows   int64

	used uint64 // by the clock of the Store, under its lock
}

// state names a block: its days, and the files that may hold rows of them.
type state struct {
	days  city.Span
	files [16]byte
}

// block is the units of some days as they were in some files.
type block struct {
	state
	id   int64
	used int64 // the id of the newest block when it was last asked for
}

// find gives the blocks of a question that are there by their ids, and names
// those that are missing, which get ids too.
func (t *table) find(u *metric.Units, v *lake.View, ranges map[string]city.Span) (ids []int64, missing []*block) {
	var asked []*block
	for _, days := range u.Blocks {
		at := state{days, filesOf(v.Within(ranges, []city.Span{days}))}
		b, ok := t.blocks[at]
		if !ok {
			t.next++
			b = &block{state: at, id: t.next}
			missing = append(missing, b)
		}
		asked, ids = append(asked, b), append(ids, b.id)
	}
	for _, b := range asked {
		b.used = t.next
	}
	return ids, missing
}

func filesOf(v *lake.View) (out [16]byte) {
	sum := sha256.Sum256([]byte(strings.Join(v.Files, "\n")))
	copy(out[:], sum[:])
	return out
}

// days lists the days of blocks, joining those that touch.
func days(blocks []*block) []city.Span {
	var out []city.Span
	for _, b := range blocks {
		if n := len(out); n > 0 && out[n-1].To.AddDays(1) == b.days.From {
			out[n-1].To = b.days.To
			continue
		}
		out = append(out, b.days)
	}
	return out
}

// relation is SQL text for the units of some blocks.
func (t *table) relation(ids []int64) string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = fmt.Sprint(id)
	}
	return fmt.Sprintf("(SELECT * EXCLUDE (_id) FROM %s WHERE _id IN (%s)) AS kept", t.name, strings.Join(list, ", "))
}

// stale gives the ids of blocks that nobody asked for when the newest ones were
// made: states that are over.
func (t *table) stale() []int64 {
	var out []int64
	for _, b := range t.blocks {
		if b.used < t.next {
			out = append(out, b.id)
		}
	}
	return out
}

// shrink takes out what is too much: the states that are over, and then whole
// tables, the least recently used first, until half of what is allowed is left.
func (s *Store) shrink(ctx context.Context) error {
	if !s.crowded() {
		return nil
	}
	s.use.Lock()
	defer s.use.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]*table, 0, len(s.tables))
	for _, t := range s.tables {
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b *table) int { return cmp.Compare(a.used, b.used) })
	for _, t := range list {
		if err := s.trim(ctx, t); err != nil {
			return err
		}
	}
	for _, t := range list {
		if s.rows <= s.limits.Units/2 {
			break
		}
		if err := s.drop(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// crowded says whether there is something to take out.
func (s *Store) crowded() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rows > s.limits.Units
}

// trim takes the states that are over out of a table.
func (s *Store) trim(ctx context.Context, t *table) error {
	gone := t.stale()
	if len(gone) == 0 {
		return nil
	}
	list := make([]string, len(gone))
	for i, id := range gone {
		list[i] = fmt.Sprint(id)
	}
	n, err := s.exec(ctx, fmt.Sprintf("DELETE FROM %s WHERE _id IN (%s)", t.name, strings.Join(list, ", ")))
	if err != nil {
		return err
	}
	for at, b := range t.blocks {
		if slices.Contains(gone, b.id) {
			delete(t.blocks, at)
		}
	}
	t.rows -= n
	s.rows -= n
	return nil
}

// Close takes everything out. The Store may be used on.
func (s *Store) Close(ctx context.Context) error {
	s.use.Lock()
	defer s.use.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.tables {
		if err := s.drop(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// drop takes a table out.
func (s *Store) drop(ctx context.Context, t *table) error {
	if _, err := s.exec(ctx, "DROP TABLE IF EXISTS "+t.name); err != nil {
		return err
	}
	delete(s.tables, t.key)
	s.rows -= t.rows
	return nil
}
