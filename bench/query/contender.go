package main

import (
	"context"
	"errors"
)

// errCannot says that a contender has no way to ask a question.
var errCannot = errors.New("cannot be asked")

// contender answers questions. Values come as the program states them.
type contender interface {
	// ask gives the answer and the milliseconds that it took.
	ask(ctx context.Context, q question) (answer, float64, error)
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

func (e *sqlEngine) ask(_ context.Context, q question) (answer, float64, error) {
	a, ms, err := e.run(e.sql(q))
	if err != nil {
		return nil, 0, err
	}
	return a.times(e.b.expected(q)), ms, nil
}

func (e *sqlEngine) peak() float64 { return peakMiB(e.cmd.Process.Pid) }
