package app

import (
	"context"
	"slices"

	"github.com/jinyang-city/jinyang/internal/live"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/progress"
	"github.com/jinyang-city/jinyang/internal/vault"
)

// reports says what the reports by hand work with; keys is nil in a folder that
// was opened for reading only.
func (a *App) reports(keys *vault.Vault) progress.Config {
	c := progress.Config{Dir: a.Dir, Store: a.Store, City: a.City, Today: a.Today, Now: a.now,
		Changed: func(r *progress.Report) { a.changed(live.Event{Type: "progress", ID: r.ID, Data: r}) }}
	if keys != nil {
		c.Sealer = keys
	}
	return c
}

// callOwners tells open browsers, and whoever sends it further, which reports
// by hand are late, when that has changed. Lateness comes with the day, without
// anybody doing anything, so it has to be looked for.
func (a *App) callOwners(ctx context.Context) {
	late, err := a.Progress.Standings(ctx, policy.System("progress"), progress.StandingFilter{Overdue: true})
	if err != nil {
		if ctx.Err() == nil {
			a.Log.Error("it could not be seen which reports are late", "error", err)
		}
		return
	}
	names := []string{}
	for _, s := range late {
		names = append(names, s.Target.Name+" "+s.Period)
	}
	if slices.Equal(names, a.called) {
		return
	}
	a.called = names
	a.Live.Publish(live.Event{Type: "overdue", Data: late})
}

// verifyProgress checks the reports by hand.
func (a *App) verifyProgress(ctx context.Context, v *Verification) error {
	c, err := a.Progress.Verify(ctx)
	if err != nil {
		return err
	}
	v.Reports = c.Reports
	v.Problems, v.Notes = append(v.Problems, c.Problems...), append(v.Notes, c.Notes...)
	return nil
}

// verifyProgressFiles reads the files of reports back.
func (a *App) verifyProgressFiles(ctx context.Context, v *Verification, keys *vault.Vault) error {
	good, problems, err := a.Progress.VerifyFiles(ctx, keys)
	v.Originals += good
	v.Problems = append(v.Problems, problems...)
	return err
}
