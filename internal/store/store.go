package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Store is an open database. Its methods may be called from any goroutine.
type Store struct {
	write *sql.DB // one connection; nil when opened read-only
	read  *sql.DB // a pool of connections that cannot write
	path  string  // named in errors
}

// Open opens the SQLite database at path, makes it when it is not there, and
// brings its tables up to date.
func Open(ctx context.Context, path string) (*Store, error) {
	s := &Store{path: path}
	var err error
	if s.write, err = openWriter(path); err == nil {
		err = migrate(ctx, s.write, migrationFiles)
	}
	if err == nil {
		s.read, err = openReaders(path)
	}
	if err != nil {
		return nil, errors.Join(s.opening(err), s.Close())
	}
	return s, nil
}

// OpenReadOnly opens the SQLite database at path, which must be there and up to
// date, for reading alone: beside another process that writes, if need be.
// Methods that write fail with forbidden.
func OpenReadOnly(ctx context.Context, path string) (*Store, error) {
	s := &Store{path: path}
	var err error
	if s.read, err = openReaders(path); err == nil {
		err = upToDate(ctx, s.read, migrationFiles)
	}
	if err != nil {
		return nil, errors.Join(s.opening(err), s.Close())
	}
	return s, nil
}

// Close waits for running statements and closes the database.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

// change runs f in a write transaction. Anything but success rolls it back.
func (s *Store) change(ctx context.Context, what string, f func(*sql.Tx) error) error {
	if s.write == nil {
		return city.Errorf(city.CodeForbidden, "cannot %s: the database was opened for reading only", what)
	}
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return s.fail(err, what)
	}
	defer tx.Rollback() // does nothing after a commit
	if err = f(tx); err == nil {
		err = tx.Commit()
	}
	return s.fail(rolledBack(ctx, err), what)
}

// rolledBack gives an error of a transaction its cause: when the context ends,
// database/sql closes the transaction and its statements at once, and whoever is
// using them is told only that they are closed.
func rolledBack(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil || errors.As(err, new(*city.Error)) {
		return err
	}
	return fmt.Errorf("%w: %w", ctx.Err(), err)
}

// querier is what *sql.DB and *sql.Tx have in common for reading.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// scanner is what *sql.Row and *sql.Rows have in common.
type scanner interface{ Scan(dest ...any) error }

// list reads all rows of a query.
func list[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []T{}
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// timeForm is RFC 3339 in UTC with six decimals: its texts sort as the times.
const timeForm = "2006-01-02T15:04:05.000000Z"

// timeText writes a time for the database; the zero time is "".
func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(timeForm)
}

// timeValue reads what timeText wrote.
func timeValue(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(timeForm, s)
	if err != nil {
		return time.Time{}, errForeign
	}
	return t, nil
}

// errForeign is a value that this program would not have written.
var errForeign = city.Errorf(codeDatabase, "the database holds a value that this program did not write").
	WithHint("run jinyang verify, or put back a backup")
