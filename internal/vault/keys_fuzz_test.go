package vault

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// FuzzParseKeys holds that whatever passes the checks can be used, and that
// nothing else than a coded error comes of the rest.
func FuzzParseKeys(f *testing.F) {
	good, err := json.Marshal(newKeyFile(time.Unix(0, 0)))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"format":1}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		keys, err := parseKeys(b)
		if err != nil {
			if city.CodeOf(err).Root() != city.CodeInvalid {
				t.Fatalf("unexpected error %v", err)
			}
			return
		}
		v, err := keys.vault()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := v.Unseal(v.Seal([]byte("x"), nil), nil); err != nil || !IsToken(v.Token("x")) {
			t.Fatalf("accepted keys do not work: %v", err)
		}
	})
}
