// Package vault keeps the city's keys and does the two things that need them:
// it turns ID numbers into tokens, and seals what must be kept whole but must
// not be read by chance.
//
// # Tokens
//
// A token is HMAC-SM3 of an identifier under the city's token key, cut to 128
// bits. The same person has the same token in every dataset, so tables can be
// joined; without the key a token cannot be computed from a guessed number, and
// nothing leads back. Among 10 million persons the chance that any two share a
// token is below 1 in 10^24.
//
// # Sealing
//
// Small texts (a quarantined row) and whole files (the evidence of a delivery)
// are sealed with SM4-GCM under the city's seal key. What was tampered with,
// cut short or reordered fails to open; it never yields other bytes than those
// that were sealed.
//
// # Signing
//
// Receipts are signed with an SM2 key of the city (package sign). Its public
// half is for everyone.
//
// # Keys
//
// Keys lie in the vault's folder, readable by their owner alone: the signing
// keys in signing.json, the others in keys.json. A lost token key cannot be
// replaced: a new one gives every person a new token. Back the files up apart
// from the data. The algorithms are SM3 (GB/T
// 32905-2016) and SM4 (GB/T 32907-2016) in software, which gives their function
// but not the certification of a key module.
package vault

import (
	"crypto/cipher"
	"encoding/hex"
	"fmt"
	"sync"

	"github.com/emmansun/gmsm/sm4"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Vault holds the keys of a city. Its methods may be called from any goroutine.
type Vault struct {
	tokens sync.Pool // of *mac, keyed with the token key
	check  string
	seal   uint32 // version of the key that seals now
	keys   map[uint32]sealKey
	signer *signer
}

// sealKey is what one version of the seal key is used through: separate keys
// for blobs and files, so that a nonce of one can never meet one of the other.
type sealKey struct {
	blob   cipher.AEAD
	stream []byte // keys the derivation of each file's own key
}

// Open opens the vault in a folder of its own, for example DATA/vault, and
// makes the folder and new random keys on first use. It fails with
// forbidden.vault when others than the owner may read the keys or change the
// folder, and with invalid.vault when the key file is damaged.
func Open(dir string) (*Vault, error) {
	f, err := openKeys(dir)
	if err != nil {
		return nil, err
	}
	v, err := f.vault()
	if err != nil {
		return nil, err
	}
	if v.signer, err = openSigning(dir); err != nil {
		return nil, err
	}
	return v, nil
}

// vault prepares the keys of a checked file for use.
func (f *keyFile) vault() (*Vault, error) {
	token := f.Token.current()
	v := &Vault{seal: f.Seal.Current, keys: make(map[uint32]sealKey, len(f.Seal.Keys))}
	v.tokens.New = func() any { return newMAC(token) }
	kcv := derive(token, "jinyang key check 1")
	v.check = hex.EncodeToString(kcv[:8])
	for _, k := range f.Seal.Keys {
		block := derive(k.Key, "jinyang seal blob 1")
		aead, err := newGCM(block[:])
		if err != nil {
			return nil, err
		}
		stream := derive(k.Key, "jinyang seal stream 1")
		v.keys[k.Version] = sealKey{blob: aead, stream: stream[:]}
	}
	return v, nil
}

// newGCM makes SM4-GCM from the first 16 bytes of the key.
func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := sm4.NewCipher(key[:sm4.BlockSize])
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "SM4 refused its key: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "SM4-GCM is not available: %w", err)
	}
	return aead, nil
}

// CheckValue identifies the token key without revealing it: 16 hex digits. Keep
// it with the data, and compare before adding to them: tokens made under
// another key would look like other people.
func (v *Vault) CheckValue() string { return v.check }

// String names the vault in logs; keys never show.
func (v *Vault) String() string { return fmt.Sprintf("vault(%s)", v.check) }

// GoString is String, so that %#v shows no keys either.
func (v *Vault) GoString() string { return v.String() }
