package sign

import (
	"crypto/ecdsa"
	"encoding/hex"
	"encoding/pem"
	"time"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/smx509"

	"github.com/jinyang-city/jinyang/internal/city"
)

// PublicKey checks signatures. It is immutable.
type PublicKey struct {
	public *ecdsa.PublicKey
	der    []byte
	id     string
}

// Published is the public half of a key that the city signs receipts with.
type Published struct {
	*PublicKey
	CreatedAt time.Time
	Current   bool // whether it signs now
}

func newPublicKey(public *ecdsa.PublicKey) (*PublicKey, error) {
	der, err := smx509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "cannot write the public key: %w", err)
	}
	sum := sm3.Sum(der)
	return &PublicKey{public, der, hex.EncodeToString(sum[:8])}, nil
}

// ParsePublicKey reads a public key: the first block of a PEM text,
// SubjectPublicKeyInfo. The error has the code invalid.key.
func ParsePublicKey(text []byte) (*PublicKey, error) {
	block, _ := pem.Decode(text)
	if block != nil && block.Type == privateBlock {
		return nil, city.Errorf(CodeKey, "this is a private key, where the public one belongs").
			WithHint("keep it secret; jinyang keys show --key FILE prints its public half")
	}
	if block == nil || block.Type != publicBlock {
		return nil, city.Errorf(CodeKey, "this is no public key in PEM").WithHint("it begins with -----BEGIN %s-----", publicBlock)
	}
	parsed, err := smx509.ParsePKIXPublicKey(block.Bytes)
	public, ok := parsed.(*ecdsa.PublicKey)
	if err != nil || !ok || !sm2.IsSM2PublicKey(public) {
		return nil, city.Errorf(CodeKey, "the public key is not one of SM2")
	}
	return newPublicKey(public)
}

// PEM writes the key.
func (p *PublicKey) PEM() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: publicBlock, Bytes: p.der}))
}

// ID names the key: the first 16 hexadecimal digits of the SM3 of its DER form.
func (p *PublicKey) ID() string { return p.id }
