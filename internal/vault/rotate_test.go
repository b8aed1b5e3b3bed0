package vault_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/vault"
)

// TestRotate holds that old texts and files open after a rotation, that new
// ones are sealed under the new key, and that tokens stay.
func TestRotate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "vault")
	before := openVault(t, dir)
	text := before.Seal([]byte("row"), []byte("D1"))
	file := sealFile(t, before, "file")
	version, err := vault.Rotate(dir, time.Date(2024, 1, 2, 3, 4, 5, 6, time.UTC))
	if err != nil || version != 2 {
		t.Fatalf("rotated to %d, %v", version, err)
	}
	after := openVault(t, dir)
	if after.Token("x") != before.Token("x") || after.CheckValue() != before.CheckValue() || after.SealVersion() != 2 {
		t.Errorf("tokens changed, or version %d seals", after.SealVersion())
	}
	if plain, err := after.Unseal(text, []byte("D1")); err != nil || string(plain) != "row" {
		t.Errorf("the old text: %q, %v", plain, err)
	}
	if plain, err := openFile(after, file); err != nil || plain != "file" {
		t.Errorf("the old file: %q, %v", plain, err)
	}
	if n, err := after.TextVersion(text); err != nil || n != 1 {
		t.Errorf("the old text has version %d, %v", n, err)
	}
	if n, err := after.FileVersion(bytes.NewReader(sealFile(t, after, "new"))); err != nil || n != 2 {
		t.Errorf("a new file has version %d, %v", n, err)
	}
	if _, err := before.Unseal(after.Seal([]byte("new"), nil), nil); city.CodeOf(err) != vault.CodeSealed {
		t.Errorf("the vault before the rotation opened a new text: %v", err)
	}
	keys, err := vault.SealKeys(dir)
	if err != nil || len(keys) != 2 || keys[0].Current || !keys[1].Current || keys[1].CreatedAt.Year() != 2024 {
		t.Errorf("got %+v, %v", keys, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
}

// TestRetire holds that the current key stays, and that a retired one opens
// nothing any more.
func TestRetire(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "vault")
	text := openVault(t, dir).Seal([]byte("row"), nil)
	for version, want := range map[uint32]city.Code{1: city.CodeConflict + ".vault", 7: city.CodeNotFound} {
		if err := vault.Retire(dir, version); city.CodeOf(err) != want {
			t.Errorf("version %d: %v, want %s", version, err, want)
		}
	}
	if _, err := vault.Rotate(dir, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := vault.Retire(dir, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := openVault(t, dir).Unseal(text, nil); city.CodeOf(err) != vault.CodeSealed {
		t.Errorf("the text opened without its key: %v", err)
	}
	if n, err := vault.Rotate(dir, time.Now()); err != nil || n != 3 {
		t.Errorf("the next version is %d, %v: a number is not used twice", n, err)
	}
}

func TestVersionsOfOtherBytes(t *testing.T) {
	t.Parallel()
	v := openVault(t, filepath.Join(t.TempDir(), "vault"))
	for _, b := range [][]byte{nil, {1}, []byte("JYSEAL1\n"), []byte("another file altogether")} {
		if _, err := v.FileVersion(bytes.NewReader(b)); city.CodeOf(err) != vault.CodeSealed {
			t.Errorf("file %q: %v", b, err)
		}
		if _, err := v.TextVersion(b); city.CodeOf(err) != vault.CodeSealed {
			t.Errorf("text %q: %v", b, err)
		}
	}
}

func openVault(t *testing.T, dir string) *vault.Vault {
	t.Helper()
	v, err := vault.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func sealFile(t *testing.T, v *vault.Vault, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := v.SealWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func openFile(v *vault.Vault, sealed []byte) (string, error) {
	r, err := v.OpenReader(bytes.NewReader(sealed))
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(r)
	return string(b), err
}
