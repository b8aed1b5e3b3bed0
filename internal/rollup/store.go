package rollup

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/metric"
)

// Engine is what a Store needs of an engine: it reads views, knows the days of
// their files, and holds tables in memory.
type Engine interface {
	lake.Engine
	lake.Ranger
}

// Limits bound what is kept.
type Limits struct {
	Units int64 // rows of all tables; 0 means two million, which take about 200 MB
	Seen  int   // questions that were asked once and are remembered; 0 means 1024
}

// Store keeps units. It is safe for concurrent use.
type Store struct {
	engine Engine
	limits Limits
	prefix string // of the tables' names: an engine may serve several Stores

	mu     sync.Mutex
	tables map[string]*table // by metric.Units.Key
	seen   map[string]bool   // keys that were asked for once, before their units are kept
	clock  uint64            // counts uses, to tell which is the least recent
	rows   int64             // of all tables

	// use is held for reading by who reads tables, and for writing by who takes
	// rows out of them: a statement must find all that it was planned with.
	use sync.RWMutex

	made, reused atomic.Int64 // blocks
}

// New makes a Store.
func New(e Engine, l Limits) *Store {
	if l.Units == 0 {
		l.Units = 2_000_000
	}
	if l.Seen == 0 {
		l.Seen = 1024
	}
	return &Store{engine: e, limits: l, prefix: "units_" + strings.ToLower(rand.Text()[:12]) + "_", tables: map[string]*table{}, seen: map[string]bool{}}
}

// Counts says what a Store has done, and holds.
type Counts struct {
	Tables int   `json:"tables"`
	Units  int64 `json:"units"`
	Made   int64 `json:"made"`   // blocks that were summed up from rows
	Reused int64 `json:"reused"` // blocks that were there
}

// Counts gives the numbers of a moment.
func (s *Store) Counts() Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Counts{len(s.tables), s.rows, s.made.Load(), s.reused.Load()}
}

// Worth says whether a question is worth keeping units for: it has some already,
// or it was asked before. What is asked once costs least when it is asked in
// one go.
func (s *Store) Worth(p *metric.Plan) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	worth := true
	for _, u := range p.Units {
		if s.tables[u.Key] != nil || s.seen[u.Key] {
			continue
		}
		worth = false
		if len(s.seen) >= s.limits.Seen {
			clear(s.seen)
		}
		s.seen[u.Key] = true
	}
	return worth
}

// Units gives the units of a question's parts, and makes those that are missing.
// The views are what the datasets stand at, by name. It is false when the units
// are too many to be handed over.
func (s *Store) Units(ctx context.Context, p *metric.Plan, views map[string]*lake.View) ([][]metric.Unit, bool, error) {
	out, ok, err := s.all(ctx, p, views)
	if err != nil {
		return nil, false, err
	}
	return out, ok, s.shrink(ctx)
}

func (s *Store) all(ctx context.Context, p *metric.Plan, views map[string]*lake.View) ([][]metric.Unit, bool, error) {
	s.use.RLock()
	defer s.use.RUnlock()
	return p.Collect(func(u *metric.Units) (metric.Rows, error) {
		v := views[u.Dataset]
		if v == nil {
			return nil, city.Errorf(city.CodeInternal, "nothing says what the dataset %s stands at", u.Dataset)
		}
		relation, err := s.units(ctx, u, v)
		if err != nil {
			return nil, err
		}
		return s.engine.Query(ctx, u.Select(relation))
	})
}

// units gives SQL text for the units of a part.
func (s *Store) units(ctx context.Context, u *metric.Units, v *lake.View) (string, error) {
	ranges, err := s.engine.Ranges(ctx, v, u.Time)
	if err != nil {
		return "", err
	}
	t := s.table(u.Key)
	t.mu.Lock()
	defer t.mu.Unlock()
	ids, missing := t.find(u, v, ranges)
	s.reused.Add(int64(len(u.Blocks) - len(missing)))
	if len(missing) > 0 || !t.made {
		if err := s.make(ctx, t, u, v.Within(ranges, days(missing)), missing); err != nil {
			return "", err
		}
	}
	return t.relation(ids), nil
}

// table finds the table of a key, and notes its use.
func (s *Store) table(key string) *table {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock++
	t := s.tables[key]
	if t == nil {
		sum := sha256.Sum256([]byte(key))
		t = &table{key: key, name: `"` + s.prefix + hex.EncodeToString(sum[:10]) + `"`, blocks: map[state]*block{}}
		s.tables[key] = t
		delete(s.seen, key)
	}
	t.used = s.clock
	return t
}

// make sums up the missing blocks in one statement. A block that was not
// recorded when the statement failed, or was cut off, has no rows either.
func (s *Store) make(ctx context.Context, t *table, u *metric.Units, v *lake.View, missing []*block) error {
	q := u.Make(days(missing), s.engine.Relation(v))
	values := make([]string, len(missing))
	for i, b := range missing {
		values[i] = fmt.Sprintf("(%d, %s, DATE '%s')", b.id, first(u.BucketOf(b.days.From)), b.days.To)
	}
	body := fmt.Sprintf("SELECT CAST(b._id AS BIGINT) AS _id, u.* FROM (VALUES %s) AS b (_id, _first, _last) JOIN (%s) AS u ON u.%s BETWEEN b._first AND b._last",
		strings.Join(values, ", "), q.SQL, metric.Bucket)
	statement := "INSERT INTO " + t.name + " " + body
	if !t.made {
		statement = "CREATE OR REPLACE TABLE " + t.name + " AS " + body
	}
	n, err := s.exec(ctx, statement, q.Args...)
	if err != nil {
		return err
	}
	t.made = true
	for _, b := range missing {
		t.blocks[b.state] = b
	}
	t.rows += n
	s.made.Add(int64(len(missing)))
	s.mu.Lock()
	s.rows += n
	s.mu.Unlock()
	return nil
}

// first writes the day that a block's buckets begin on.
func first(d city.Date) string {
	if d.IsZero() {
		return "DATE '0001-01-01'"
	}
	return "DATE '" + d.String() + "'"
}

// exec runs a statement that gives how many rows it changed.
func (s *Store) exec(ctx context.Context, statement string, args ...any) (n int64, err error) {
	rows, err := s.engine.Query(ctx, statement, args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			return 0, city.Errorf(city.CodeInternal, "cannot read what was summed up: %w", err)
		}
	}
	return n, rows.Err()
}
