package app

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/store"
	"github.com/jinyang-city/jinyang/internal/vault"
)

// VerifyEvidence reads every original file, and every file of a report by hand, back and holds it to the hash that
// its delivery was received with; what differs or cannot be read is added to
// the problems. It needs the vault's keys and reads the whole archive, which
// Verify does not. It changes nothing.
func (a *App) VerifyEvidence(ctx context.Context, v *Verification) error {
	// A reader makes no keys: with new ones nothing could be opened.
	if _, err := os.Stat(a.path("vault")); err != nil {
		return city.Outside(err, "cannot open the vault, without which the originals cannot be read")
	}
	keys, err := vault.Open(a.path("vault"))
	if err != nil {
		return err
	}
	for cursor := ""; ; {
		page, err := a.Store.Deliveries(ctx, store.Filter{States: []store.State{store.StateCommitted, store.StateRejected, store.StateRolledBack}}, cursor, store.MaxPage)
		if err != nil {
			return err
		}
		for _, d := range page.Items {
			if err := a.verifyOriginal(ctx, v, keys, d); err != nil {
				return err
			}
		}
		if cursor = page.Next; cursor == "" {
			err := a.verifyProgressFiles(ctx, v, keys)
			v.OK = len(v.Problems) == 0
			return err
		}
	}
}

// verifyOriginal fails only when the caller gave up.
func (a *App) verifyOriginal(ctx context.Context, v *Verification, keys *vault.Vault, d store.Delivery) error {
	have, err := delivery.HashEvidence(ctx, a.Dir, keys, d.Evidence)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, fs.ErrNotExist): // Verify says so
	case err != nil:
		v.problem("%s: the delivered file cannot be read back: %v", d.ID, err)
	case have != d.FileSHA256:
		v.problem("%s: the archived file does not hold what was delivered", d.ID)
	default:
		v.Originals++
	}
	return nil
}
