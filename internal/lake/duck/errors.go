package duck

import (
	"context"
	"errors"
	"strings"
	"syscall"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/jinyang-city/jinyang/internal/city"
)

// engineError codes an error of DuckDB. What is not the disk's, the reader's
// or the clock's fault is a defect: a statement that this package should not
// have written.
func engineError(err error, what string) error {
	var e *duckdb.Error
	switch {
	case err == nil || !errors.As(err, &e):
		return city.Outside(err, what)
	case isDiskFull(e.Msg):
		return city.Outside(errors.Join(syscall.ENOSPC, err), what)
	case e.Type == duckdb.ErrorTypeInterrupt:
		return city.Outside(errors.Join(context.Canceled, err), what)
	case e.Type == duckdb.ErrorTypeIO:
		return city.Errorf(city.CodeUnavailable, "%s: %w", what, err)
	case e.Type == duckdb.ErrorTypeOutOfMemory:
		return city.Errorf("unavailable.memory", "%s: the engine's memory is used up: %w", what, err).
			WithHint("deliver fewer rows at once, or give the engine more memory")
	}
	return city.Errorf(city.CodeInternal, "%s: %w", what, err)
}

// isDiskFull reads DuckDB's message, which is all that is left of the cause.
func isDiskFull(msg string) bool {
	for _, errno := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if strings.Contains(strings.ToLower(msg), errno.Error()) {
			return true
		}
	}
	return false
}
