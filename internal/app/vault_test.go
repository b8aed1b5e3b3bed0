package app_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/vault"
)

// TestRetireNeedsNothingGathered holds that a key stays while messages lie
// sealed that no delivery has taken.
func TestRetireNeedsNothingGathered(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, err := app.Open(t.Context(), app.Options{Data: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	if n, err := a.RotateSealKey(t.Context(), "os:test"); err != nil || n != 2 {
		t.Fatalf("rotated to %d, %v", n, err)
	}
	spool := filepath.Join(dir, "sources", "sensors", "spool")
	if err := os.MkdirAll(spool, 0o700); err != nil {
		t.Fatal(err)
	}
	gathered := filepath.Join(spool, "20240101T000000.000000")
	if err := os.WriteFile(gathered, []byte("sealed"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := a.RetireSealKey(t.Context(), 1, "os:test"); city.CodeOf(err) != "conflict.vault" {
		t.Errorf("with gathered messages: %v", err)
	}
	if err := os.Remove(gathered); err != nil {
		t.Fatal(err)
	}
	if err := a.RetireSealKey(t.Context(), 1, "os:test"); err != nil {
		t.Error(err)
	}
	keys, err := vault.SealKeys(filepath.Join(dir, "vault"))
	if err != nil || len(keys) != 1 || time.Since(keys[0].CreatedAt) > time.Hour {
		t.Errorf("got %+v, %v", keys, err)
	}
}
