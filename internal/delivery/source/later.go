package source

import (
	"errors"
	"time"
)

// Later is an error of a sender that said when to come again.
type Later struct {
	After time.Duration
	Err   error
}

// Error gives the error itself.
func (l *Later) Error() string { return l.Err.Error() }

// Unwrap gives the error itself.
func (l *Later) Unwrap() error { return l.Err }

// mostLater bounds what a sender may ask for.
const mostLater = 24 * time.Hour

// LaterThan is how long the sender wants to be left alone after an error; 0
// when it did not say, and a day at most.
func LaterThan(err error) time.Duration {
	var l *Later
	if !errors.As(err, &l) {
		return 0
	}
	return min(max(l.After, 0), mostLater)
}
