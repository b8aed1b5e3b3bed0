package app

import (
	"context"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// warnBehind tells the operator that the clock is behind a table.
func (a *App) warnBehind(dataset string, by time.Duration) {
	a.Log.Warn("the clock is behind the last change of a table: set it right; until then changes follow each other by milliseconds",
		"dataset", dataset, "behind", by.Round(time.Second))
}

// verifyClock notes a table whose last change is later than the clock reads: a
// past state of it cannot be asked for by the times that the clock has shown since.
func (a *App) verifyClock(ctx context.Context, v *Verification, ds *city.Dataset) error {
	by, err := a.Lake.Behind(ctx, ds)
	if err == nil && by > 0 {
		v.note("%s: the clock is %s behind the last change; check the clock, and ask for past states by tags or by the times that answers show",
			ds.Name, by.Round(time.Second))
	}
	return err
}
