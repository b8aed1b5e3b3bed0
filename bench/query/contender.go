package main

import (
	"context"
	"errors"
)

// errCannot says that a contender has no way to ask a question.
var errCannot = errors.New("cannot be asked")

// spent is the milliseconds that an answer took: by the clock, and of the
// contender's processors. The latter are 0 where a contender does not tell.
type spent struct{ wall, cpu float64 }

// contender answers questions. Values come as the program states them.
type contender interface {
	// ask gives the answer and what it took.
	ask(ctx context.Context, q question) (answer, spent, error)
	// peak is the most memory that the process has had, in MiB.
	peak() float64
	stop() error
}

// sqlEngine asks a worker.
type sqlEngine struct {
	*worker
	b   *bench
	sql func(q question) string
}

func (e *sqlEngine) ask(_ context.Context, q question) (answer, spent, error) {
	a, took, err := e.run(e.sql(q))
	if err != nil {
		return nil, spent{}, err
	}
	return a.times(e.b.expected(q)), took, nil
}

func (e *sqlEngine) peak() float64 { return peakMiB(e.cmd.Process.Pid) }
