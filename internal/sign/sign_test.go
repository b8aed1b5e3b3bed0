package sign_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/sign"
)

// TestPublishedExample checks the signature of GM/T 0003.5-2012 (appendix A), so
// that the curve, the hash and the user ID are those of the standard.
func TestPublishedExample(t *testing.T) {
	t.Parallel()
	number := func(s string) *big.Int {
		n, ok := new(big.Int).SetString(s, 16)
		if !ok {
			t.Fatal(s)
		}
		return n
	}
	public, err := sign.PublicKeyAt(
		number("09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"),
		number("CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"))
	if err != nil {
		t.Fatal(err)
	}
	r, s := number("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"), number("B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA")
	if !public.Holds([]byte("message digest"), r, s) {
		t.Error("the published signature does not hold")
	}
	if public.Holds([]byte("message digest."), r, s) {
		t.Error("the published signature holds for another message")
	}
}

func newKey(t testing.TB) *sign.Key {
	t.Helper()
	k, err := sign.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestKeysRoundTrip(t *testing.T) {
	t.Parallel()
	k := newKey(t)
	text, err := k.PEM()
	if err != nil {
		t.Fatal(err)
	}
	again, err := sign.ParseKey(text)
	if err != nil || again.Public().ID() != k.Public().ID() {
		t.Fatalf("the private key became %v, %v", again, err)
	}
	public, err := sign.ParsePublicKey([]byte("a comment before it\n" + k.Public().PEM()))
	if err != nil || public.ID() != k.Public().ID() || len(public.ID()) != 16 {
		t.Fatalf("the public key became %v, %v", public, err)
	}
	doc := []byte(`{"b": 1, "a": "甲"}`)
	s, err := again.Sign(doc)
	if err != nil {
		t.Fatal(err)
	}
	if err := public.Verify([]byte(`{"a":"\u7532","b":1,"signature":null}`), s); err != nil {
		t.Errorf("the same document in another form: %v", err)
	}
	if shown := fmt.Sprintf("%v %+v %#v %s", k, k, k, k); strings.Contains(shown, "private") || len(shown) > 100 {
		t.Errorf("a key shows as %s", shown)
	}
}

func TestVerifyRefuses(t *testing.T) {
	t.Parallel()
	k, other := newKey(t), newKey(t)
	doc := []byte(`{"a":1}`)
	good, err := k.Sign(doc)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := other.Sign(doc)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(s *city.Signature){
		"another algorithm":  func(s *city.Signature) { s.Algorithm = "none" },
		"another key":        func(s *city.Signature) { *s = *foreign },
		"another key's name": func(s *city.Signature) { s.Value = foreign.Value },
		"no value":           func(s *city.Signature) { s.Value = "" },
		"no base 64":         func(s *city.Signature) { s.Value = "?" + s.Value[1:] },
		"bytes behind it":    func(s *city.Signature) { s.Value = "AAAA" + s.Value },
	} {
		s := *good
		change(&s)
		if err := k.Public().Verify(doc, &s); city.CodeOf(err) != sign.CodeSignature {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := k.Public().Verify([]byte(`{"a":1.0}`), good); city.CodeOf(err) != sign.CodeSignature {
		t.Errorf("a number written in another way: %v", err)
	}
}

// TestAnyChangeBreaksTheSignature holds that a document whose content differs
// does not carry the signature of another.
func TestAnyChangeBreaksTheSignature(t *testing.T) {
	t.Parallel()
	k := newKey(t)
	texts := rapid.MapOf(rapid.String(), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		a, b := texts.Draw(t, "a"), texts.Draw(t, "b")
		delete(a, sign.Member)
		delete(b, sign.Member)
		docA, _ := json.Marshal(a)
		docB, _ := json.Marshal(b)
		s, err := k.Sign(docA)
		if err != nil {
			t.Fatal(err)
		}
		if err := k.Public().Verify(docB, s); (err == nil) != (string(docA) == string(docB)) {
			t.Fatalf("%s signed, %s checked: %v", docA, docB, err)
		}
	})
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	k := newKey(t)
	private, err := k.PEM()
	if err != nil {
		t.Fatal(err)
	}
	broken := strings.Replace(k.Public().PEM(), "M", "N", 1)
	for name, text := range map[string]string{"nothing": "", "private": string(private), "broken": broken, "text": "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"} {
		_, err := sign.ParsePublicKey([]byte(text))
		if city.CodeOf(err) != sign.CodeKey {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), strings.Split(string(private), "\n")[1]) {
			t.Errorf("%s: the error shows the key", name)
		}
	}
	for name, text := range map[string]string{"nothing": "", "public": k.Public().PEM(), "broken": strings.Replace(string(private), "M", "N", 1)} {
		if _, err := sign.ParseKey([]byte(text)); city.CodeOf(err) != sign.CodeKey {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzKeys holds that no text stops the parsers of keys.
func FuzzKeys(f *testing.F) {
	k := newKey(f)
	private, _ := k.PEM()
	f.Add(private)
	f.Add([]byte(k.Public().PEM()))
	f.Fuzz(func(t *testing.T, text []byte) {
		if k, err := sign.ParseKey(text); err == nil && len(k.Public().ID()) != 16 {
			t.Fatal(hex.EncodeToString(text))
		}
		if p, err := sign.ParsePublicKey(text); err == nil {
			if again, err := sign.ParsePublicKey([]byte(p.PEM())); err != nil || again.ID() != p.ID() {
				t.Fatal(hex.EncodeToString(text))
			}
		}
	})
}
