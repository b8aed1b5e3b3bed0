package city

import (
	"context"
	"errors"
	"syscall"
)

// The codes of what fails outside the program and is worth telling apart.
const (
	CodeDisk      Code = "unavailable.disk"      // no room is left where files are written
	CodeCancelled Code = "unavailable.cancelled" // who asked did not wait for the end
)

// Outside makes the Error for a failure of a disk, a network or another
// program: CodeCancelled when the context ended, CodeDisk when there was no
// room to write, or else CodeUnavailable. The error becomes the cause. One that
// has a code already is returned as it is.
func Outside(err error, what string) error {
	var coded *Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &coded):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return Errorf(CodeCancelled, "%s: the request ended early: %w", what, err)
	case IsDiskFull(err):
		return Errorf(CodeDisk, "%s: the disk is full: %w", what, err).WithHint("free some space and try again")
	}
	return Errorf(CodeUnavailable, "%s: %w", what, err)
}

// IsDiskFull says whether a write failed because the disk, the user's quota or
// the largest size of a file was reached.
func IsDiskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}
