package sign_test

import (
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/sign"
)

// TestOpenSSL holds that what is signed here is checked by OpenSSL, with keys
// made here, and the other way round: the commands are those of docs/formats.md.
func TestOpenSSL(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not installed")
	}
	k, dir := newKey(t), t.TempDir()
	private, err := k.PEM()
	if err != nil {
		t.Fatal(err)
	}
	doc := []byte(`{"b":"甲","a":1.50}`)
	message, err := sign.Canonical(doc, sign.Member)
	if err != nil {
		t.Fatal(err)
	}
	s, err := k.Sign(doc)
	if err != nil {
		t.Fatal(err)
	}
	value, err := base64.StdEncoding.DecodeString(s.Value)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"key.pem": private, "pub.pem": []byte(k.Public().PEM()), "message": message, "value": value} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	openssl := func(args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "openssl", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("openssl %v: %v\n%s", args, err, out)
		}
	}
	openssl("pkeyutl", "-verify", "-pubin", "-inkey", "pub.pem", "-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678", "-in", "message", "-sigfile", "value")
	openssl("pkeyutl", "-sign", "-inkey", "key.pem", "-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678", "-in", "message", "-out", "theirs")
	openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", "their.pem")
	theirs, err := os.ReadFile(filepath.Join(dir, "theirs"))
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Public().Verify(doc, &city.Signature{Algorithm: sign.Algorithm, KeyID: k.Public().ID(), Value: base64.StdEncoding.EncodeToString(theirs)}); err != nil {
		t.Errorf("what openssl signed: %v", err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "their.pem"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sign.ParseKey(text); err != nil {
		t.Errorf("the key that openssl made: %v", err)
	}
}
