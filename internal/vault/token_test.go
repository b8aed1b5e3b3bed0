package vault_test

import (
	"crypto/hmac"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"

	"github.com/jinyang-city/jinyang/internal/vault"
)

func open(t testing.TB) *vault.Vault {
	t.Helper()
	v, err := vault.Open(filepath.Join(t.TempDir(), "vault"))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestAlgorithms holds the library against the vectors of domain/rules.md 10.3.
func TestAlgorithms(t *testing.T) {
	t.Parallel()
	sum := sm3.Sum([]byte("abc"))
	if got := hex.EncodeToString(sum[:]); got != "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0" {
		t.Errorf("SM3(abc) = %s", got)
	}
	key, _ := hex.DecodeString("0123456789abcdeffedcba9876543210")
	block, err := sm4.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]byte, sm4.BlockSize)
	block.Encrypt(out, key)
	if got := hex.EncodeToString(out); got != "681edf34d206965e86b3e94f536e4246" {
		t.Errorf("SM4-ECB = %s", got)
	}
}

// TestTokenIsHMAC computes tokens the long way, from the key in the file.
func TestTokenIsHMAC(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "vault")
	v, err := vault.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "keys.json"))
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Token struct {
			Keys []struct{ Key []byte }
		}
	}
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"", "11010519491231002X", strings.Repeat("9", 200)} {
		h := hmac.New(sm3.New, f.Token.Keys[0].Key)
		h.Write([]byte(id))
		want := strings.ToLower(base32.StdEncoding.EncodeToString(h.Sum(nil)[:16])[:vault.TokenLen])
		if got := v.Token(id); got != want || !vault.IsToken(got) {
			t.Errorf("Token(%q) = %q, want %q", id, got, want)
		}
		if got := v.AppendToken([]byte("x"), []byte(id)); string(got) != "x"+want {
			t.Errorf("AppendToken(%q) = %q", id, got)
		}
	}
}

func TestTokensStayWithTheirVault(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "vault")
	first, err := vault.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	again, err := vault.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	other := open(t)
	const id = "11010519491231002X"
	if first.Token(id) != again.Token(id) || first.CheckValue() != again.CheckValue() {
		t.Error("the same keys gave another token after opening again")
	}
	if first.Token(id) == other.Token(id) || first.CheckValue() == other.CheckValue() {
		t.Error("two vaults gave the same token")
	}
}

func TestTokensAtOnce(t *testing.T) {
	t.Parallel()
	v := open(t)
	want := make([]string, 200)
	for i := range want {
		want[i] = v.Token(fmt.Sprint(i))
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i, w := range want {
				if got := v.Token(fmt.Sprint(i)); got != w {
					t.Errorf("token of %d is %s, alone it was %s", i, got, w)
				}
			}
		})
	}
	wg.Wait()
}

func TestIsToken(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		strings.Repeat("a", 26): true, strings.Repeat("7", 26): true,
		"": false, strings.Repeat("a", 25): false, strings.Repeat("A", 26): false,
		strings.Repeat("1", 26): false, "11010519491231002X": false,
	} {
		if vault.IsToken(s) != want {
			t.Errorf("IsToken(%q) = %v", s, !want)
		}
	}
}

func BenchmarkAppendToken(b *testing.B) {
	v := open(b)
	dst, id := make([]byte, 0, vault.TokenLen), []byte("11010519491231002X")
	b.ReportAllocs()
	for b.Loop() {
		dst = v.AppendToken(dst[:0], id)
	}
}

func BenchmarkToken(b *testing.B) {
	v := open(b)
	b.ReportAllocs()
	for b.Loop() {
		v.Token("11010519491231002X")
	}
}
