package vault

import (
	"crypto/hmac"
	"encoding/base32"
	"hash"

	"github.com/emmansun/gmsm/sm3"
)

// TokenLen is the length of a token in characters: 128 bits in base 32.
const TokenLen = 26

const tokenBytes = 16

// tokenAlphabet is RFC 4648 base 32 in lower case, without padding: safe in
// file names, URLs and every collation, and free of 0, 1, 8 and 9, so that a
// token is not taken for a number.
const tokenAlphabet = "abcdefghijklmnopqrstuvwxyz234567"

// Token is the token of an identifier: TokenLen characters of a-z and 2-7. The
// identifier is taken as it is; the caller brings it to its one normal form
// first (GB 11643: 18 characters with an upper-case X).
func (v *Vault) Token(id string) string {
	var buf [TokenLen]byte
	m := v.tokens.Get().(*mac)
	m.id = append(m.id[:0], id...)
	out := m.token(buf[:0], m.id)
	v.tokens.Put(m)
	return string(out)
}

// AppendToken appends the token of an identifier to dst, without allocating
// when dst has room.
func (v *Vault) AppendToken(dst, id []byte) []byte {
	m := v.tokens.Get().(*mac)
	dst = m.token(dst, id)
	v.tokens.Put(m)
	return dst
}

// IsToken says whether s has the form of a token.
func IsToken(s string) bool {
	if len(s) != TokenLen {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '2' || c > '7') {
			return false
		}
	}
	return true
}

// mac is an HMAC-SM3 state with the memory that one computation needs. Reusing
// one saves hashing the padded key twice for every identifier.
type mac struct {
	hash     hash.Hash
	sum      [sm3.Size]byte
	id       []byte
	encoding *base32.Encoding
}

func newMAC(key []byte) *mac {
	return &mac{
		hash:     hmac.New(sm3.New, key),
		encoding: base32.NewEncoding(tokenAlphabet).WithPadding(base32.NoPadding),
	}
}

func (m *mac) token(dst, id []byte) []byte {
	m.hash.Reset()
	m.hash.Write(id)
	sum := m.hash.Sum(m.sum[:0])
	return m.encoding.AppendEncode(dst, sum[:tokenBytes])
}

// derive makes a key for one purpose from a master key: HMAC-SM3 of a label and
// a salt.
func derive(key []byte, label string, salt ...byte) [sm3.Size]byte {
	h := hmac.New(sm3.New, key)
	h.Write([]byte(label))
	h.Write(salt)
	var out [sm3.Size]byte
	h.Sum(out[:0])
	return out
}
