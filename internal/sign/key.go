package sign

import (
	"crypto/rand"
	"encoding/pem"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"

	"github.com/jinyang-city/jinyang/internal/city"
)

// CodeKey is the code of the errors of keys that cannot be read.
const CodeKey = city.CodeInvalid + ".key"

const (
	privateBlock = "PRIVATE KEY"
	publicBlock  = "PUBLIC KEY"
)

// userID is the user ID of signers that have no other (GM/T 0009-2012, clause 10).
func userID() []byte { return []byte("1234567812345678") }

// Key is a private key. It never shows in logs.
type Key struct {
	private *sm2.PrivateKey
	public  *PublicKey
}

// NewKey makes a random key.
func NewKey() (*Key, error) {
	private, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "cannot make a key: %w", err)
	}
	return newKey(private)
}

func newKey(private *sm2.PrivateKey) (*Key, error) {
	public, err := newPublicKey(&private.PublicKey)
	if err != nil {
		return nil, err
	}
	return &Key{private, public}, nil
}

// ParseKey reads a private key: the first block of a PEM text, PKCS #8. The
// error has the code invalid.key and shows nothing of the text.
func ParseKey(text []byte) (*Key, error) {
	block, _ := pem.Decode(text)
	if block == nil || block.Type != privateBlock {
		return nil, city.Errorf(CodeKey, "this is no private key in PEM").
			WithHint("it begins with -----BEGIN %s-----; jinyang keys new makes one", privateBlock)
	}
	parsed, err := smx509.ParsePKCS8PrivateKey(block.Bytes)
	private, ok := parsed.(*sm2.PrivateKey)
	if err != nil || !ok {
		return nil, city.Errorf(CodeKey, "the private key is not one of SM2 in PKCS #8")
	}
	return newKey(private)
}

// PEM writes the private key.
func (k *Key) PEM() ([]byte, error) {
	der, err := smx509.MarshalPKCS8PrivateKey(k.private)
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "cannot write the private key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: privateBlock, Bytes: der}), nil
}

// Public is the key that checks what this one signed.
func (k *Key) Public() *PublicKey { return k.public }

// String names the key by its public half, so that logs show nothing else.
func (k *Key) String() string { return "key(" + k.public.id + ")" }

// GoString is String.
func (k *Key) GoString() string { return k.String() }

// sign signs a message.
func (k *Key) sign(message []byte) ([]byte, error) {
	value, err := k.private.Sign(rand.Reader, message, sm2.NewSM2SignerOption(true, userID()))
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "SM2 did not sign: %w", err)
	}
	return value, nil
}

// verify says whether the value signs the message.
func (p *PublicKey) verify(message, value []byte) bool {
	return sm2.VerifyASN1WithSM2(p.public, userID(), message, value)
}
