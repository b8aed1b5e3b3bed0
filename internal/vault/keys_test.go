package vault_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/vault"
)

func TestKeysAreMadeOnceAndPrivate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "vault")
	checks := make([]string, 8)
	var wg sync.WaitGroup
	for i := range checks {
		wg.Go(func() {
			v, err := vault.Open(dir)
			if err != nil {
				t.Error(err)
				return
			}
			checks[i] = v.CheckValue() + v.SigningKeys()[0].ID()
		})
	}
	wg.Wait()
	for _, c := range checks {
		if c != checks[0] || len(c) != 32 {
			t.Fatalf("opening at once gave different keys: %v", checks)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 { // keys.json and signing.json
		t.Fatalf("the folder holds %v, %v", entries, err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, "keys.json"): 0o600, filepath.Join(dir, "signing.json"): 0o600} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: mode %v, %v", path, info.Mode(), err)
		}
	}
}

func TestOpenRefusesOpenKeys(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("mode bits say nothing about access on Windows")
	}
	for name, mode := range map[string]struct{ dir, file os.FileMode }{
		"file for the group": {0o700, 0o640},
		"file for all":       {0o700, 0o604},
		"folder for all":     {0o777, 0o600},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "vault")
			if _, err := vault.Open(dir); err != nil {
				t.Fatal(err)
			}
			chmod(t, filepath.Join(dir, "keys.json"), mode.file)
			chmod(t, dir, mode.dir)
			_, err := vault.Open(dir)
			if city.CodeOf(err).Root() != city.CodeForbidden || !strings.Contains(err.Error(), "chmod") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// write puts a key file into a new folder and gives the folder.
func write(t testing.TB, b []byte) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "vault")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "keys.json"), b, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

const (
	keyA = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
	keyB = "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWY="
)

func keys(format, current int, versions ...string) []byte {
	set := fmt.Sprintf(`{"current": %d, "keys": [%s]}`, current, strings.Join(versions, ","))
	return fmt.Appendf(nil, `{"format": %d, "token": {"current": 1, "keys": [{"version": 1, "key": %q}]}, "seal": %s}`, format, keyA, set)
}

func version(n int, key string) string { return fmt.Sprintf(`{"version": %d, "key": %q}`, n, key) }

func TestOpenRefusesDamagedKeys(t *testing.T) {
	t.Parallel()
	for name, b := range map[string][]byte{
		"empty":           nil,
		"cut":             []byte(`{"format": 1, "token": {"curr`),
		"no keys":         []byte(`{"format": 1}`),
		"unknown member":  []byte(`{"format": 1, "extra": 2}`),
		"newer format":    keys(2, 1, version(1, keyA)),
		"no current":      keys(1, 2, version(1, keyA)),
		"version 0":       keys(1, 0, version(0, keyA)),
		"twice the same":  keys(1, 1, version(1, keyA), version(1, keyB)),
		"short key":       keys(1, 1, version(1, "MDEy")),
		"not base 64":     keys(1, 1, version(1, "?"+keyA[1:])),
		"token key short": []byte(`{"format": 1, "token": {"current": 1, "keys": [{"version": 1, "key": "MDEy"}]}}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := write(t, b)
			_, err := vault.Open(dir)
			if city.CodeOf(err).Root() != city.CodeInvalid || !strings.Contains(err.Error(), dir) {
				t.Fatalf("got %v", err)
			}
			if strings.Contains(err.Error(), keyA[1:]) {
				t.Error("the error shows a key")
			}
			if after, _ := os.ReadFile(filepath.Join(dir, "keys.json")); !bytes.Equal(after, b) {
				t.Error("the damaged file was changed")
			}
		})
	}
}

// TestKeyRotation seals under one version and opens after a newer one became
// current; without the old version the blob does not open.
func TestKeyRotation(t *testing.T) {
	t.Parallel()
	old := mustOpen(t, keys(1, 1, version(1, keyA)))
	both := mustOpen(t, keys(1, 2, version(1, keyA), version(2, keyB)))
	only := mustOpen(t, keys(1, 2, version(2, keyB)))
	sealed := old.Seal([]byte("row"), []byte("D1/7"))
	if got, err := both.Unseal(sealed, []byte("D1/7")); err != nil || string(got) != "row" {
		t.Errorf("after rotation: %q, %v", got, err)
	}
	if _, err := only.Unseal(sealed, []byte("D1/7")); city.CodeOf(err) != vault.CodeSealed {
		t.Errorf("without the old key: %v", err)
	}
	if _, err := old.Unseal(both.Seal([]byte("row"), nil), nil); city.CodeOf(err) != vault.CodeSealed {
		t.Errorf("without the new key: %v", err)
	}
}

func mustOpen(t testing.TB, b []byte) *vault.Vault {
	t.Helper()
	v, err := vault.Open(write(t, b))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestKeysDoNotShow(t *testing.T) {
	t.Parallel()
	v := mustOpen(t, keys(1, 1, version(1, keyA)))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(verb, v); !regexp.MustCompile(`^vault\([0-9a-f]{16}\)$`).MatchString(got) {
			t.Errorf("%s shows %s", verb, got)
		}
	}
}
