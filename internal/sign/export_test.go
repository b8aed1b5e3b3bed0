package sign

import (
	"crypto/ecdsa"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"math/big"

	"github.com/emmansun/gmsm/smx509"
)

// pkixHead begins the PKIX form of every uncompressed SM2 key.
const pkixHead = "3059301306072a8648ce3d020106082a811ccf5501822d03420004"

// PublicKeyAt gives the key at a point of the curve.
func PublicKeyAt(x, y *big.Int) (*PublicKey, error) {
	der, err := hex.DecodeString(pkixHead)
	if err != nil {
		return nil, err
	}
	var point [64]byte
	x.FillBytes(point[:32])
	y.FillBytes(point[32:])
	parsed, err := smx509.ParsePKIXPublicKey(append(der, point[:]...))
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(*ecdsa.PublicKey)
	if !ok {
		return nil, errors.New("not a point of the curve")
	}
	return newPublicKey(key)
}

// Holds checks a signature of bytes that are no document.
func (p *PublicKey) Holds(message []byte, r, s *big.Int) bool {
	value, err := asn1.Marshal([]*big.Int{r, s})
	return err == nil && p.verify(message, value)
}
