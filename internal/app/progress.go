package app

import (
	"context"

	"github.com/jinyang-city/jinyang/internal/live"
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
