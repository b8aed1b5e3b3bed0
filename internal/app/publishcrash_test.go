package app_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/ledger"
	"github.com/jinyang-city/jinyang/internal/store"
)

// closeMonth closes January 2024 and kills the process at a step of it.
func (c *child) closeMonth(ctx context.Context, a *app.App) error {
	at := func(name string) {
		if name == c.Close {
			kill()
		}
	}
	a.Ledger.Step, a.Lake.Step = at, at
	_, err := a.Ledger.Publish(ctx, reader, ledger.Request{Period: "2024-01", By: []string{"place"}, Person: "王敏", Reason: "test"})
	return err
}

// TestKilledWhileClosing kills a process at every step of a closing: afterwards
// the period is closed as a whole or not at all, and can be closed.
func TestKilledWhileClosing(t *testing.T) {
	t.Parallel()
	for step, closed := range map[string]bool{
		lake.StepTagBegun: false, lake.StepTagTable: false, lake.StepTagNoted: false, ledger.StepTagged: false, ledger.StepKept: true,
	} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			data, pack := filepath.Join(dir, "data"), ledgerPack(t, dir, "1", allPlaces)
			a, err := app.Open(t.Context(), app.Options{Data: data, Pack: pack, MemoryMB: 256})
			if err != nil {
				t.Fatal(err)
			}
			send(t, a, "test.upsert", "A,140105,2024-01-05,10", "B,140106,2024-01-06,20")
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			if p := (child{Data: data, Pack: pack, Close: step}).start(t); !p.wait() {
				t.Fatal("the process was not killed")
			}
			again := open(t, app.Options{Data: data})
			wantVerified(t, again)
			page, err := again.Store.Closings(t.Context(), store.ClosingFilter{}, "", 10)
			if err != nil || (len(page.Items) == 1) != closed {
				t.Fatalf("%d closings, %v", len(page.Items), err)
			}
			if _, err := again.Maintain(t.Context(), app.Upkeep{}, "test"); err != nil {
				t.Fatal(err)
			}
			if !closed {
				publish(t, again, "2024-01")
			}
			if d := figureOf(t, again, "2024-01-r1", "upsert.sum", ""); d.Display != "30" {
				t.Errorf("it was published as %q", d.Display)
			}
			wantVerified(t, again)
		})
	}
}
