package source

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Secret says where a password or key is: "env:NAME" or "file:/path". The
// secret itself is never written into a sources file.
type Secret string

// Check refuses what is not a reference. The error does not repeat it, because
// it may be the secret itself.
func (s Secret) Check() error {
	kind, rest, ok := strings.Cut(string(s), ":")
	if s == "" || ok && (kind == "env" && rest != "" || kind == "file" && filepath.IsAbs(rest)) {
		return nil
	}
	return city.Errorf("invalid.secret", "a secret is not written here, but where it is").
		WithHint("write env:NAME or file:/path/of/a/file that only its owner may read")
}

// Read fetches the secret, without the line end of its file; "" when none is
// declared.
func (s Secret) Read() (string, error) {
	if err := s.Check(); err != nil || s == "" {
		return "", err
	}
	kind, rest, _ := strings.Cut(string(s), ":")
	if kind == "env" {
		v, ok := os.LookupEnv(rest)
		if !ok {
			return "", city.Errorf("invalid.secret", "the environment variable %s is not set", rest)
		}
		return v, nil
	}
	return readSecretFile(rest)
}

func readSecretFile(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", city.Errorf("invalid.secret", "the file of the secret cannot be read: %w", err)
	}
	const others = 0o077
	if info.Mode().Perm()&others != 0 {
		return "", city.Errorf("forbidden.secret", "others than its owner may read the secret in %s", path).WithHint("run chmod 600 on it")
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", city.Errorf("invalid.secret", "the file of the secret cannot be read: %w", err)
	}
	return strings.TrimRight(string(b), "\r\n"), nil
}
