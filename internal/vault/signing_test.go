package vault_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/vault"
)

func signingFile(dir string) string { return filepath.Join(dir, "signing.json") }

// TestSigningKeyIsMadeOnce opens a folder as it was made before receipts were
// signed: it gets a signing key, keeps its other keys, and keeps the new one.
func TestSigningKeyIsMadeOnce(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "vault")
	first, err := vault.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(signingFile(dir)); err != nil {
		t.Fatal(err)
	}
	if keys, err := vault.SigningKeys(dir); err != nil || len(keys) != 0 {
		t.Errorf("an old folder has the signing keys %v, %v", keys, err)
	}
	again, err := vault.Open(dir)
	if err != nil || again.CheckValue() != first.CheckValue() {
		t.Fatalf("an old folder opened as %v, %v", again, err)
	}
	doc := []byte(`{"received": 3}`)
	s, err := again.Sign(doc)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(signingFile(dir))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the signing keys have the mode %v, %v", info.Mode(), err)
	}
	keys, err := vault.SigningKeys(dir)
	if err != nil || len(keys) != 1 || !keys[0].Current || keys[0].CreatedAt.IsZero() {
		t.Fatalf("the signing keys are %+v, %v", keys, err)
	}
	if err := keys[0].Verify(doc, s); err != nil || again.SigningKeys()[0].ID() != keys[0].ID() {
		t.Errorf("what was signed does not hold: %v", err)
	}
}

// TestEarlierSigningKeysStay adds a key as a rotation would: the new one signs,
// the old one still checks.
func TestEarlierSigningKeysStay(t *testing.T) {
	t.Parallel()
	a, b := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
	old, err := vault.Open(a)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := vault.Open(b); err != nil {
		t.Fatal(err)
	}
	doc := []byte(`{"received": 3}`)
	s, err := old.Sign(doc)
	if err != nil {
		t.Fatal(err)
	}
	both, next := readSigning(t, a), readSigning(t, b)
	both["keys"] = append(both["keys"].([]any), next["keys"].([]any)...)
	both["current"] = next["current"]
	writeSigning(t, a, both)
	v, err := vault.Open(a)
	if err != nil {
		t.Fatal(err)
	}
	keys := v.SigningKeys()
	if len(keys) != 2 || keys[0].Current || !keys[1].Current || keys[0].Verify(doc, s) != nil {
		t.Errorf("the keys are %+v", keys)
	}
	if s, err := v.Sign(doc); err != nil || s.KeyID != keys[1].ID() {
		t.Errorf("the new key does not sign: %+v, %v", s, err)
	}
}

func readSigning(t *testing.T, dir string) map[string]any {
	t.Helper()
	b, err := os.ReadFile(signingFile(dir))
	if err != nil {
		t.Fatal(err)
	}
	var f map[string]any
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

func writeSigning(t *testing.T, dir string, f map[string]any) {
	t.Helper()
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(signingFile(dir), b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestDamagedSigningKeys(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(f map[string]any){
		"no key":           func(f map[string]any) { f["keys"] = []any{} },
		"twice":            func(f map[string]any) { f["keys"] = append(f["keys"].([]any), f["keys"].([]any)...) },
		"another current":  func(f map[string]any) { f["current"] = "0123456789abcdef" },
		"no name":          func(f map[string]any) { f["keys"].([]any)[0].(map[string]any)["key_id"] = "" },
		"no private key":   func(f map[string]any) { f["keys"].([]any)[0].(map[string]any)["private_key"] = "secret" },
		"another format":   func(f map[string]any) { f["format"] = 2 },
		"something unkown": func(f map[string]any) { f["more"] = 1 },
	} {
		dir := filepath.Join(t.TempDir(), "vault")
		if _, err := vault.Open(dir); err != nil {
			t.Fatal(err)
		}
		f := readSigning(t, dir)
		damage(f)
		writeSigning(t, dir, f)
		_, err := vault.Open(dir)
		var coded *city.Error
		if !errors.As(err, &coded) || coded.Code != "invalid.vault" || !strings.Contains(err.Error(), "signing.json") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
	dir := filepath.Join(t.TempDir(), "vault")
	if _, err := vault.Open(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(signingFile(dir), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.Open(dir); city.CodeOf(err) != "forbidden.vault" {
		t.Errorf("keys that others may read: %v", err)
	}
}
