package chaos

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// stepsOfRound is how many operations one folder sees: enough for files to pile
// up, few enough for the folder to stay quick.
const stepsOfRound = 20

// TestChaos runs rounds until enough kills have hit. It does not run beside
// other tests, which would take the time that it measures.
func TestChaos(t *testing.T) {
	seed := *seedGiven
	r, f := newReport(seed), newFire(seed)
	for r.kills < *killsWanted {
		r.rounds++
		dir, err := os.MkdirTemp("", "jinyang-chaos-*") // it outlives a test that failed
		if err != nil {
			t.Fatal(err)
		}
		w, err := newWorld(binary, dir, seed+uint64(r.rounds)<<32, *rowsOfFile, f, r, *killsWanted)
		if err == nil {
			err = w.round(t.Context(), t)
		}
		if err != nil {
			t.Fatalf("seed %d, round %d, after %d kills; the folder is kept: %s\n%v", seed, r.rounds, r.kills, dir, err)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	}
	r.print(os.Stdout)
}

// round works on one folder until it has seen enough, or kills are enough.
func (w *world) round(ctx context.Context, t *testing.T) error {
	for i := 0; i < stepsOfRound && (i < 2 || w.report.kills < w.wanted); i++ {
		do := (*world).step
		if i == 0 {
			do = (*world).deliver // before that there is nothing to work on
		}
		if err := do(w, ctx); err != nil {
			return err
		}
		if err := w.compare(ctx); err != nil {
			return err
		}
		if i%10 == 9 {
			if err := w.verify(ctx); err != nil {
				return err
			}
		}
	}
	t.Logf("round %d: %d kills so far, %.0f s", w.report.rounds, w.report.kills, time.Since(w.report.begun).Seconds())
	if w.log != nil {
		w.report.deliveries += len(w.log.deliveries)
		w.report.rollbacks += len(w.log.rollbacks)
		w.report.rows += w.log.rows
	}
	return w.verify(ctx)
}

// verify has the program check its folder.
func (w *world) verify(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(w.data(), "jinyang.db")); err != nil {
		return nil // nothing came yet
	}
	s, err := w.fire.run("verify", exec.CommandContext(ctx, w.bin, "verify", "--json", "--data", w.data()), never)
	if err == nil && s.code != 0 {
		err = failed("verify", s)
	}
	return err
}
