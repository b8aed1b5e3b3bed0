package app

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/vault"
)

// SealKey is one version of the seal key and what is sealed under it.
type SealKey struct {
	vault.SealKey
	delivery.Sealed
	AgeDays int `json:"age_days"`
}

// SealKeys lists the versions of the seal key, the oldest first.
func (a *App) SealKeys(ctx context.Context) ([]SealKey, error) {
	keys, err := vault.SealKeys(a.path("vault"))
	if err != nil {
		return nil, err
	}
	under, err := a.Delivery.SealedUnder(ctx)
	if err != nil {
		return nil, err
	}
	reports, err := a.Progress.SealedUnder()
	if err != nil {
		return nil, err
	}
	for version, n := range reports {
		sealed := under[version]
		sealed.Files += n
		under[version] = sealed
	}
	out := make([]SealKey, len(keys))
	for i, k := range keys {
		age := a.now().Sub(k.CreatedAt)
		out[i] = SealKey{SealKey: k, Sealed: under[k.Version], AgeDays: int(age / (24 * time.Hour))}
	}
	return out, nil
}

// RotateSealKey makes a new version of the seal key and gives its number. It
// seals from the next Open on.
func (a *App) RotateSealKey(ctx context.Context, actor string) (uint32, error) {
	keys, err := vault.SealKeys(a.path("vault"))
	if err != nil {
		return 0, err
	}
	next := keys[len(keys)-1].Version + 1
	if err := a.auditVault(ctx, actor, "vault.rotate", next); err != nil {
		return 0, err
	}
	return vault.Rotate(a.path("vault"), a.now())
}

// Reseal seals everything under the current key that is not yet; see
// delivery.Service.Reseal.
func (a *App) Reseal(ctx context.Context, actor string, progress func(done, all int)) (delivery.Sealed, error) {
	if err := a.auditVault(ctx, actor, "vault.reseal", a.Delivery.Vault.SealVersion()); err != nil {
		return delivery.Sealed{}, err
	}
	n, err := a.Delivery.Reseal(ctx, progress)
	if err != nil {
		return n, err
	}
	files, err := a.Progress.Reseal(ctx)
	n.Files += files
	return n, err
}

// RetireSealKey removes a version of the seal key that seals nothing any more.
// Otherwise it fails with conflict.vault.
func (a *App) RetireSealKey(ctx context.Context, version uint32, actor string) error {
	under, err := a.Delivery.SealedUnder(ctx)
	if err != nil {
		return err
	}
	reports, err := a.Progress.SealedUnder()
	if err != nil {
		return err
	}
	if n := under[version]; n.Files+n.Rows+reports[version] > 0 {
		return city.Errorf(city.CodeConflict+".vault", "version %d still seals %d archived files and %d quarantined rows", version, n.Files+reports[version], n.Rows).
			WithHint("run jinyang vault reseal first")
	}
	if err := a.checkGathered(); err != nil {
		return err
	}
	if err := a.auditVault(ctx, actor, "vault.retire", version); err != nil {
		return err
	}
	return vault.Retire(a.path("vault"), version)
}

// checkGathered refuses while sources hold messages that no delivery has taken:
// they are sealed too, and under which key nobody counts.
func (a *App) checkGathered() error {
	files, err := filepath.Glob(a.path("sources", "*", "spool", "*"))
	if err != nil || len(files) == 0 {
		return err
	}
	source := filepath.Base(filepath.Dir(filepath.Dir(files[0])))
	return city.Errorf(city.CodeConflict+".vault", "the source %s has gathered messages that are not delivered yet", source).
		WithHint("run jinyang collect --once --source %s first", source)
}

// auditVault notes what is about to be done to the keys: after a crash in
// between, the record is there and the keys' own dates say the rest.
func (a *App) auditVault(ctx context.Context, actor, action string, version uint32) error {
	return a.Store.Audit(ctx, audit.Entry{At: a.now(), Actor: actor, Action: action, Subject: fmt.Sprintf("seal key %d", version)})
}
