package app_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
)

// TestFoldersOfBeforeSignatures opens a folder as it was before receipts were
// signed: it still verifies, gets a key when it is next opened to write, and
// signs from then on.
func TestFoldersOfBeforeSignatures(t *testing.T) {
	t.Parallel()
	o := app.Options{Data: t.TempDir(), Pack: packDir, MemoryMB: 256}
	a, err := app.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	deliver(t, a, firstFile)
	forge(t, a, `UPDATE deliveries SET receipt = json_remove(receipt, '$.signature', '$.balance', '$.distinct')`, `DELETE FROM settings WHERE key = 'vault.signs'`)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(o.Data, "vault", "signing.json")
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	wantUnsigned(t, open(t, app.Options{Data: o.Data, ReadOnly: true}), 1)
	if _, err := os.Stat(key); !os.IsNotExist(err) {
		t.Errorf("reading made a key: %v", err)
	}
	a = open(t, o)
	var r delivery.Receipt
	again, err := json.Marshal(deliver(t, a, firstFile))
	if err != nil || json.Unmarshal(again, &r) != nil || r.Signature == nil || r.Duplicate != 2 || r.Balance[0].Received != "100.00" {
		t.Errorf("the same file, of whose sums the old receipt knows nothing: %s, %v", again, err)
	}
	wantUnsigned(t, a, 1)
}

func wantUnsigned(t *testing.T, a *app.App, want int) {
	t.Helper()
	v, err := a.Verify(t.Context())
	if err != nil || !v.OK || v.Unsigned != want {
		t.Errorf("verify: %+v, %v; want %d unsigned", v, err, want)
	}
}

// TestLostSigningKey refuses a folder whose receipts nobody could check any
// more with the keys that it has.
func TestLostSigningKey(t *testing.T) {
	t.Parallel()
	o := app.Options{Data: t.TempDir(), Pack: packDir, MemoryMB: 256}
	a, err := app.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(o.Data, "vault", "signing.json")); err != nil {
		t.Fatal(err)
	}
	if a, err := app.Open(t.Context(), o); city.CodeOf(err) != "conflict.keys" {
		t.Errorf("it opened as %v, %v", a, err)
	}
}
