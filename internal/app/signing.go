package app

import (
	"context"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/sign"
)

// checkSigning notes in the audit chain which key signs receipts from now on.
// It refuses a vault that has lost the key that signed before: receipts could
// not be checked any more with what the city publishes.
func (a *App) checkSigning(ctx context.Context, keys []sign.Published) error {
	have, ok, err := a.Store.Setting(ctx, settingSigns)
	if err != nil {
		return err
	}
	current, kept := "", false
	for _, k := range keys {
		kept = kept || k.ID() == have
		if k.Current {
			current = k.ID()
		}
	}
	switch {
	case ok && have == current:
		return nil
	case ok && !kept:
		return city.Errorf("conflict.keys", "the key %s, which signed this folder's receipts, is not in %s", have, a.path("vault")).
			WithHint("put the backup of the vault folder back")
	}
	return a.Store.SetSettings(ctx, map[string]string{settingSigns: current},
		audit.Entry{At: a.now(), Actor: "system:open", Action: "vault.sign", Subject: current})
}
