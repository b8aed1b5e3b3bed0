package app_test

import (
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/delivery"
)

var noTime time.Time

// idLength is the length of a delivery's ID.
const idLength = len("D20060102150405-0123456789ab")

// TestKilled kills a process at every step of a delivery, with the table
// holding an earlier one, and opens the folder again.
func TestKilled(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		child
		committed bool // by the time of the crash
	}{
		"while the file is read": {child{KillIn: len(head) + 10}, false},
		delivery.StepKept:        {child{KillAt: delivery.StepKept}, false},
		delivery.StepStaged:      {child{KillAt: delivery.StepStaged}, false},
		delivery.StepMerged:      {child{KillAt: delivery.StepMerged}, false},
		delivery.StepPrepared:    {child{KillAt: delivery.StepPrepared}, false},
		delivery.StepCommitted:   {child{KillAt: delivery.StepCommitted}, true},
		delivery.StepFinished:    {child{KillAt: delivery.StepFinished}, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.Data, c.Content = t.TempDir(), []string{firstFile, secondFile}
			if p := c.start(t); !p.wait() {
				t.Fatal("the process was not killed")
			}
			a := open(t, app.Options{Data: c.Data})
			wantTidy(t, a)
			wantVerified(t, a)
			want, received := afterFirst, "committed 4 = 2 + 1 + 1"
			if c.committed {
				want, received = afterSecond, "committed 4 = 0 + 0 + 4"
			}
			wantTable(t, a, want)
			r := deliver(t, a, secondFile)
			if got := balance(r); got != received || !r.Balanced() {
				t.Errorf("delivered again: %s, want %s", got, received)
			}
			wantTable(t, a, afterSecond)
			wantTidy(t, a)
			wantVerified(t, a)
		})
	}
}

// TestKilledAtEveryStepInTurn crashes the same folder at one step after the
// other, without a delivery that works in between.
func TestKilledAtEveryStepInTurn(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	for i, step := range delivery.Steps() {
		p := child{Data: data, Content: []string{manyRows(200, i)}, KillAt: step}.start(t)
		if !p.wait() {
			t.Fatalf("the process was not killed at %s", step)
		}
	}
	a := open(t, app.Options{Data: data})
	if got := len(table(t, a)); got != 400 {
		t.Errorf("%d rows, want those of the two deliveries that had been committed", got)
	}
	wantTidy(t, a)
	wantVerified(t, a)
}
