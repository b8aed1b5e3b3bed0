package sign

import (
	"crypto/ecdsa"
	"encoding/asn1"
	"math/big"

	"github.com/emmansun/gmsm/sm2"
)

// PublicKeyAt gives the key at a point of the curve.
func PublicKeyAt(x, y *big.Int) (*PublicKey, error) {
	return newPublicKey(&ecdsa.PublicKey{Curve: sm2.P256(), X: x, Y: y})
}

// Holds checks a signature of bytes that are no document.
func (p *PublicKey) Holds(message []byte, r, s *big.Int) bool {
	value, err := asn1.Marshal([]*big.Int{r, s})
	return err == nil && p.verify(message, value)
}
