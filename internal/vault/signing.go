package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/sign"
)

const (
	signingName   = "signing.json"
	signingFormat = 1
)

// signingFile is the form of signing.json. It lies beside keys.json and not in
// it, so that folders made before receipts were signed get a signing key
// without a rewrite of keys that cannot be replaced.
type signingFile struct {
	Format  int          `json:"format"`
	Current string       `json:"current"` // ID of the key that signs now
	Keys    []signingKey `json:"keys"`    // the oldest first; those before are kept so that what they signed can be checked
}

type signingKey struct {
	ID         string    `json:"key_id"`
	CreatedAt  time.Time `json:"created_at"`
	PrivateKey string    `json:"private_key"` // PEM
}

// signer holds the signing keys of an open vault.
type signer struct {
	key  *sign.Key
	keys []sign.Published
}

// Sign signs a JSON object with the city's signing key.
func (v *Vault) Sign(doc []byte) (*city.Signature, error) { return v.signer.key.Sign(doc) }

// SigningKeys lists the public keys that the city signs with and has signed
// with, the oldest first.
func (v *Vault) SigningKeys() []sign.Published { return slices.Clone(v.signer.keys) }

// SigningKeys lists the public keys of the vault in a folder without changing
// anything there. There are none in a folder that has signed nothing yet.
func SigningKeys(dir string) ([]sign.Published, error) {
	s, err := readSigning(dir, filepath.Join(dir, signingName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return s.keys, nil
}

// openSigning reads the signing keys of a folder, and makes the first on first
// use.
func openSigning(dir string) (*signer, error) {
	path := filepath.Join(dir, signingName)
	s, err := readSigning(dir, path)
	if !errors.Is(err, fs.ErrNotExist) {
		return s, err
	}
	doc, err := newSigningFile(time.Now())
	if err != nil {
		return nil, err
	}
	if err := createFile(dir, path, doc); err != nil {
		return nil, diskError(err, path)
	}
	return readSigning(dir, path)
}

func newSigningFile(now time.Time) ([]byte, error) {
	key, err := sign.NewKey()
	if err != nil {
		return nil, err
	}
	text, err := key.PEM()
	if err != nil {
		return nil, err
	}
	id := key.Public().ID()
	return json.MarshalIndent(signingFile{Format: signingFormat, Current: id,
		Keys: []signingKey{{ID: id, CreatedAt: now.UTC(), PrivateKey: string(text)}}}, "", "  ")
}

func readSigning(dir, path string) (*signer, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, diskError(err, path)
	}
	if err := statModes(dir, path); err != nil {
		return nil, err
	}
	s, err := parseSigning(b)
	return s, at(err, path)
}

// parseSigning reads and checks a signing file. Its errors never repeat its
// bytes.
func parseSigning(b []byte) (*signer, error) {
	var f signingFile
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return nil, damagedSigning("it is not the JSON document of a vault")
	}
	if f.Format != signingFormat {
		return nil, city.Errorf(codeInvalid, "the file of signing keys has format %d, this program reads format %d", f.Format, signingFormat).
			WithHint("use the version of the program that wrote it, or a newer one")
	}
	s := &signer{}
	for _, k := range f.Keys {
		key, err := sign.ParseKey([]byte(k.PrivateKey))
		switch {
		case err != nil:
			return nil, damagedSigning("a key cannot be read")
		case key.Public().ID() != k.ID || slices.ContainsFunc(s.keys, func(o sign.Published) bool { return o.ID() == k.ID }):
			return nil, damagedSigning("key_id does not name each key once")
		case k.ID == f.Current:
			s.key = key
		}
		s.keys = append(s.keys, sign.Published{PublicKey: key.Public(), CreatedAt: k.CreatedAt, Current: k.ID == f.Current})
	}
	if s.key == nil {
		return nil, damagedSigning("the current key is missing")
	}
	return s, nil
}

func damagedSigning(reason string) *city.Error {
	return city.Errorf(codeInvalid, "the file of signing keys is damaged: %s", reason).
		WithHint("put back its backup; receipts signed with lost keys can be checked only with their published public keys")
}
