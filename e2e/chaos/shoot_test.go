package chaos

import (
	"context"
	"os/exec"
)

// job is something that a process does: by the program, and where there is one
// by a child, which can be told to die at a step.
type job struct {
	kind    string
	program []string // arguments of the program; none where only the child can do it
	child   *child
	steps   []string // that the child may come to
}

// command gives the process for the next attempt. armed says that it kills itself,
// if it comes to the step.
func (w *world) command(j job, shoot bool) (cmd *exec.Cmd, armed bool, err error) {
	if j.child == nil || len(j.program) > 0 && (!shoot || w.fire.IntN(3) > 0) {
		return w.program(j.program...), false, nil
	}
	c := *j.child
	c.Data = w.data()
	if armed = shoot && w.fire.IntN(2) == 0 || shoot && len(j.program) > 0; armed {
		c.Step, c.Nth = j.steps[w.fire.IntN(len(j.steps))], w.fire.IntN(2)
	}
	cmd, err = c.command()
	return cmd, armed, err
}

// shoot does a job under fire until a process is left alone and ends, and gives
// what that one said.
func (w *world) shoot(ctx context.Context, j job) (shot, error) {
	w.report.run(j.kind)
	for attempt := 0; ; attempt++ {
		s, before, err := w.attempt(ctx, j, w.again(attempt))
		if err != nil {
			return s, err
		}
		w.keepReceipts(s.out)
		if !s.hit && (!s.armed || j.program == nil) {
			return s, nil
		}
		if !s.hit { // a child that did not come to its step has no answer to give
			continue
		}
		if err := w.wounded(ctx, j.kind, before, s.out); err != nil {
			return s, err
		}
	}
}

// attempt runs one process.
func (w *world) attempt(ctx context.Context, j job, shoot bool) (s shot, before trace, err error) {
	cmd, armed, err := w.command(j, shoot)
	if err != nil {
		return s, before, err
	}
	if before, err = w.look(ctx); err != nil {
		return s, before, err
	}
	after, aimed := never, armed
	if shoot && !armed {
		after, aimed = w.fire.moment(j.kind)
	}
	s, err = w.fire.run(j.kind, cmd, after)
	s.armed = armed
	if aimed && !s.hit {
		w.report.missed++
	}
	return s, before, err
}

// mostKills is how often one operation is killed before it is left alone.
const mostKills = 6

// again says whether the next attempt is shot at: the first one is.
func (w *world) again(attempt int) bool {
	return w.report.kills < w.wanted && (attempt == 0 || attempt < mostKills && w.fire.IntN(3) > 0)
}
