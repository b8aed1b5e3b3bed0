package app

import (
	"context"
	"sync"
	"time"
)

// When maintenance runs by itself: a start is busy enough, and an hour is soon
// enough for a month's end and for files to pile up.
const (
	firstUpkeep = time.Minute
	everyUpkeep = time.Hour
)

// maintainer is the actor of what maintenance does by itself.
const maintainer = "system:maintain"

// keepUp maintains the tables from time to time until stop is called, which
// waits for the end of what is under way.
func (a *App) keepUp(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() {
		for wait := firstUpkeep; ; wait = everyUpkeep {
			select {
			case <-ctx.Done():
				return
			case <-a.after(wait):
				a.maintainOnce(ctx)
			}
		}
	})
	return func() {
		cancel()
		done.Wait()
	}
}

func (a *App) maintainOnce(ctx context.Context) {
	m, err := a.Maintain(ctx, Upkeep{}, maintainer)
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		a.Log.Error("the tables were not maintained", "error", err)
		return
	}
	for _, e := range m.Errors {
		a.Log.Warn("a part of the maintenance is left for the next time", "dataset", e.Dataset, "code", e.Code, "error", e.Message)
	}
	a.Log.Info("the tables were maintained", "tables", len(m.Tables), "tags", len(m.Tags))
}
