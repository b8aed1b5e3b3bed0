package vault

import (
	"crypto/rand"
	"encoding/binary"

	"github.com/jinyang-city/jinyang/internal/city"
)

// A sealed blob is a format byte, the key's version in four bytes (most
// significant first), a random nonce of 12 bytes, the ciphertext, and a tag of
// 16 bytes. Random nonces are safe for about 2^32 blobs of one key version.
const (
	blobFormat = 1
	blobPrefix = 1 + 4
	nonceBytes = 12
	tagBytes   = 16
)

// CodeSealed is the code of the errors of Unseal and of the reader that
// OpenReader returns.
const CodeSealed = city.CodeInvalid + ".sealed"

// Seal seals a small text. The context says where it belongs, for example the
// delivery's ID and the row number; it is not kept, and Unseal needs the same
// one, so that a blob moved elsewhere does not open.
func (v *Vault) Seal(plain, context []byte) []byte {
	out := make([]byte, blobPrefix+nonceBytes, blobPrefix+nonceBytes+len(plain)+tagBytes)
	out[0] = blobFormat
	binary.BigEndian.PutUint32(out[1:], v.seal)
	nonce := out[blobPrefix:]
	rand.Read(nonce) // never fails: crypto/rand ends the program instead
	return v.keys[v.seal].blob.Seal(out, nonce, plain, bound(out, context))
}

// Unseal opens what Seal sealed. It fails with invalid.sealed when the blob or
// its context was changed, or its key is not in the vault.
func (v *Vault) Unseal(sealed, context []byte) ([]byte, error) {
	if len(sealed) < blobPrefix+nonceBytes+tagBytes || sealed[0] != blobFormat {
		return nil, city.Errorf(CodeSealed, "this is not a sealed text")
	}
	k, err := v.key(binary.BigEndian.Uint32(sealed[1:]))
	if err != nil {
		return nil, err
	}
	head, body := sealed[:blobPrefix+nonceBytes], sealed[blobPrefix+nonceBytes:]
	plain, err := k.blob.Open(nil, head[blobPrefix:], body, bound(head, context))
	if err != nil {
		return nil, city.Errorf(CodeSealed, "a sealed text was changed, or belongs elsewhere")
	}
	return plain, nil
}

// bound is the additional data of a blob: its format and key version, and its
// context.
func bound(head, context []byte) []byte {
	return append(append(make([]byte, 0, blobPrefix+len(context)), head[:blobPrefix]...), context...)
}

// key finds a version of the seal key.
func (v *Vault) key(version uint32) (sealKey, error) {
	k, ok := v.keys[version]
	if !ok {
		return sealKey{}, city.Errorf(CodeSealed, "this was sealed with key version %d, which is not in the vault", version).
			WithHint("put back the key file that belongs to these data")
	}
	return k, nil
}
