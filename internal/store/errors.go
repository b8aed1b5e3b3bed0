package store

import (
	"database/sql"
	"errors"

	"github.com/jinyang-city/jinyang/internal/city"
)

const (
	codeDisk      = city.CodeUnavailable + ".disk"
	codeCancelled = city.CodeUnavailable + ".cancelled"
	codeDatabase  = city.CodeInvalid + ".database"
	codeDelivery  = city.CodeInvalid + ".delivery"
	codeCursor    = city.CodeInvalid + ".cursor"
)

// fail codes an error and says what was attempted and on which database. An
// error that has a code already is passed on as it is.
func (s *Store) fail(err error, what string) error {
	var coded *city.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &coded):
		return err
	case ended(err):
		coded = &city.Error{Code: codeCancelled, Message: "the request ended early"}
	case errors.Is(err, sql.ErrNoRows):
		coded = &city.Error{Code: city.CodeNotFound, Message: "there is no such thing in the database"}
	case closedOrLost(err):
		coded = &city.Error{Code: city.CodeUnavailable, Message: "the database is closed"}
	default:
		if coded = sqliteError(err); coded == nil {
			coded = &city.Error{Code: city.CodeInternal, Message: "the database failed"}
		}
	}
	coded.Message = "cannot " + what + ": " + coded.Message
	coded.Where, coded.Err = s.path, err
	return coded
}

// opening is fail for errors met while opening: those that have a code already
// still have to name the database.
func (s *Store) opening(err error) error {
	err = s.fail(err, "open the database")
	var coded *city.Error
	if errors.As(err, &coded) && coded.Where == "" {
		return coded.At(s.path)
	}
	return err
}

// isNone says that a query for one row found nothing.
func isNone(err error) bool { return errors.Is(err, sql.ErrNoRows) }
