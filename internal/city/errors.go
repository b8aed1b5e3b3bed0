package city

import (
	"errors"
	"fmt"
	"strings"
)

// Code classifies an error. Codes are part of the public interface: the HTTP
// API repeats them in its problem documents and scripts may test them.
type Code string

// The codes of errors. A package that needs a finer one adds a dotted suffix,
// for example "invalid.header".
const (
	CodeInvalid     Code = "invalid"     // the input is wrong; repeating it will not help
	CodeNotFound    Code = "not_found"   // what was named does not exist
	CodeConflict    Code = "conflict"    // another state of the same thing stands in the way
	CodeBusy        Code = "busy"        // another process or request holds what is needed
	CodeUnavailable Code = "unavailable" // something outside failed; a retry may help
	CodeForbidden   Code = "forbidden"   // the principal may not do this
	CodeInternal    Code = "internal"    // a defect of the program
)

// Error is an error with a stable code, the place it concerns and, where there
// is one, the way to mend it. Message, Where and Hint never hold personal data.
type Error struct {
	Code    Code
	Message string // what is wrong, one sentence without a full stop
	Where   string // file:line, field, row or path; may be empty
	Hint    string // how to mend it; may be empty
	Err     error  // the cause; may be nil
}

// Error gives "where: message (hint): cause".
func (e *Error) Error() string {
	var b strings.Builder
	if e.Where != "" {
		b.WriteString(e.Where)
		b.WriteString(": ")
	}
	b.WriteString(e.Message)
	if e.Hint != "" {
		b.WriteString(" (")
		b.WriteString(e.Hint)
		b.WriteString(")")
	}
	if e.Err != nil {
		b.WriteString(": ")
		b.WriteString(e.Err.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Retry says whether the same request may succeed later without a change.
func (e *Error) Retry() bool {
	switch e.Code.Root() {
	case CodeBusy, CodeUnavailable:
		return true
	}
	return false
}

// Root is the code without its dotted suffix.
func (c Code) Root() Code {
	root, _, _ := strings.Cut(string(c), ".")
	return Code(root)
}

// Errorf makes an Error; a %w in the format becomes its cause.
func Errorf(code Code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	cause := errors.Unwrap(err)
	msg := err.Error()
	if cause != nil {
		msg = strings.TrimSuffix(msg, ": "+cause.Error())
	}
	return &Error{Code: code, Message: msg, Err: cause}
}

// At returns a copy of the error that says where.
func (e *Error) At(where string) *Error {
	c := *e
	c.Where = where
	return &c
}

// WithHint returns a copy of the error that says how to mend it.
func (e *Error) WithHint(format string, args ...any) *Error {
	c := *e
	c.Hint = fmt.Sprintf(format, args...)
	return &c
}

// CodeOf is the code of the first Error in err's chain, or CodeInternal.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}
