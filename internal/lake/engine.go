package lake

import (
	"context"
	"database/sql"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Engine computes over Views. DuckDB is the embedded one (lake/duck).
type Engine interface {
	// Relation gives SQL text that stands for the rows of a view after FROM.
	Relation(v *View) string
	// Query runs a statement that reads; the caller closes the rows.
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Stager is an Engine that can also write: it takes the rows of a delivery and
// works out what they change.
type Stager interface {
	Engine
	Replayer
	Finder
	Stage(ctx context.Context, ds *city.Dataset, deliveryID string) (Stage, error)
}

// Stage holds the accepted rows of one delivery until they are written. It is
// used by one goroutine.
type Stage interface {
	// Append adds a row: one value per declared field in order, nil for an
	// empty one; string, int64, float64, bool, or time.Time for dates; a
	// decimal is an int64 counted in its smallest unit.
	Append(row int64, values []any) error
	SetChecker
	Tallier
	// Hold notes the key (city.Dataset.Identity) of a row that failed its checks
	// in a batch that speaks for a whole period or table: the batch has the row,
	// so that an older version of it must not vanish.
	Hold(key []any) error
	// Merge compares the staged rows with each other and with the view, and
	// writes the files of the change into dir. It commits nothing.
	Merge(ctx context.Context, v *View, dir string, scope Scope) (*Merged, error)
	// Close drops the staged rows.
	Close() error
}

// Scope says what a batch speaks for.
type Scope struct {
	Mode city.Mode
	// Period is what a batch in the mode replace is all there is of. When it is
	// zero it is the range of the rows' own dates, widened to whole periods of
	// the dataset's grain.
	Period city.Span
}

// Merged says what a stage would change.
type Merged struct {
	Accepted   int64 // rows added or changed
	Changed    int64 // of these, rows that replace an older version
	Duplicates []Duplicate
	Sums       map[string]string   // of the accepted rows, by field, in plain decimal
	Period     city.Span           // of the accepted and unchanged rows, or what the batch replaced; zero when the dataset dates none
	InScope    int64               // rows of the table that the batch speaks for: of the period, or all; 0 in modes that let none vanish
	Vanished   int64               // of these, rows that it neither has nor holds
	Gone       []map[string]string // keys of the first few that vanish, by field, without those that name a person
	Add        []string            // file:// names, written and synced
	Remove     []string
}

// Duplicate counts rows that were left out because they add nothing.
type Duplicate struct {
	Code   string // duplicate_in_file, superseded_in_file or unchanged
	Count  int64
	Sample []int64 // record numbers of the first few
}
