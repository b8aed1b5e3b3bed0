package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net/url"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/mattn/go-sqlite3"

	"github.com/jinyang-city/jinyang/internal/city"
)

// busyTimeout is how long a statement waits for another process.
const busyTimeout = 5 * time.Second

// openWriter opens the one connection that writes. Its transactions take the
// write lock when they begin, so that none fails half way for want of it.
func openWriter(path string) (*sql.DB, error) {
	if err := create(path); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite3", dsn(path, url.Values{
		"mode": {"rw"}, "_txlock": {"immediate"}, "_journal_mode": {"WAL"},
		"_synchronous": {"FULL"}, "_foreign_keys": {"on"},
	}))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// create makes an empty file that other users of the machine cannot read, where
// there is none. The files that SQLite puts beside it take their mode from it.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// openReaders opens the pool that reads. The mode is "rw" because a reader of a
// write-ahead log has to note in a shared file how far it reads; query_only
// keeps it from changing anything else.
func openReaders(path string) (*sql.DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite3", dsn(path, url.Values{"mode": {"rw"}, "_query_only": {"on"}}))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(max(4, runtime.GOMAXPROCS(0)))
	db.SetMaxIdleConns(max(4, runtime.GOMAXPROCS(0)))
	return db, nil
}

func dsn(path string, q url.Values) string {
	if !q.Has("_busy_timeout") {
		q.Set("_busy_timeout", strconv.FormatInt(busyTimeout.Milliseconds(), 10))
	}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
}

// sqliteError codes an error of SQLite or of the file system, or gives nil for
// one that it does not know.
func sqliteError(err error) *city.Error {
	var e sqlite3.Error
	isSQLite := errors.As(err, &e)
	switch {
	case errors.Is(err, syscall.ENOSPC), isSQLite && (e.Code == sqlite3.ErrFull || e.SystemErrno == syscall.ENOSPC):
		return &city.Error{Code: codeDisk, Message: "the disk is full", Hint: "free some space and try again"}
	case errors.Is(err, os.ErrNotExist):
		return &city.Error{Code: city.CodeNotFound, Message: "there is no database", Hint: "name the folder of a city that was set up"}
	case errors.Is(err, os.ErrPermission):
		return &city.Error{Code: city.CodeForbidden, Message: "the database may not be used", Hint: "run as the user who owns the data folder"}
	case errors.As(err, new(*os.PathError)):
		return unreachable()
	case !isSQLite:
		return nil
	}
	return engineError(e)
}

// engineError codes an error of SQLite itself.
func engineError(e sqlite3.Error) *city.Error {
	switch e.Code {
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return &city.Error{Code: city.CodeBusy, Message: "another process is writing to the database", Hint: "try again when it is done"}
	case sqlite3.ErrIoErr, sqlite3.ErrCantOpen, sqlite3.ErrReadonly, sqlite3.ErrPerm:
		return unreachable()
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return &city.Error{Code: codeDatabase, Message: "the database is damaged", Hint: "put back a backup"}
	case sqlite3.ErrConstraint:
		return &city.Error{Code: city.CodeConflict, Message: "this does not agree with what is in the database"}
	}
	if e.Code == sqlite3.ErrError && strings.HasPrefix(e.Error(), "no such table") {
		return &city.Error{Code: codeDatabase, Message: "this is not the database of a city", Hint: "set the city up with jinyang serve, or put back a backup"}
	}
	return nil
}

func unreachable() *city.Error {
	return &city.Error{Code: codeDisk, Message: "the database's files cannot be read or written", Hint: "check the disk and the folder's permissions"}
}

// ended says whether the error is that of a context that was cancelled or ran
// out of time. SQLite reports the same as an interrupted statement.
func ended(err error) bool {
	var e sqlite3.Error
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) ||
		errors.As(err, &e) && e.Code == sqlite3.ErrInterrupt
}

// closedOrLost says whether the connection itself was at fault.
func closedOrLost(err error) bool {
	return errors.Is(err, sql.ErrConnDone) || errors.Is(err, driver.ErrBadConn)
}
