package app

import (
	"time"

	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/sign"
	"github.com/jinyang-city/jinyang/internal/store"
	"github.com/jinyang-city/jinyang/internal/vault"
)

// signatures checks who signed the receipts of a data folder.
type signatures struct {
	keys  map[string]*sign.PublicKey
	since time.Time // when the city began to sign; zero when it has not
}

// openSignatures reads the city's public keys.
func (a *App) openSignatures() (*signatures, error) {
	list, err := vault.SigningKeys(a.path("vault"))
	if err != nil {
		return nil, err
	}
	s := &signatures{keys: map[string]*sign.PublicKey{}}
	for i, k := range list {
		if i == 0 || k.CreatedAt.Before(s.since) {
			s.since = k.CreatedAt
		}
		s.keys[k.ID()] = k.PublicKey
	}
	return s, nil
}

// verify checks one receipt as the store keeps it. Drafts are signed when they
// are final, and receipts made before the city signed any are counted.
func (s *signatures) verify(v *Verification, d store.Delivery, r *delivery.Receipt) {
	if d.State == store.StateStaged || d.State == store.StateValidated {
		return
	}
	if r.Signature == nil {
		v.Unsigned++
		if !s.since.IsZero() && !r.At.Before(s.since) {
			v.problem("%s: the receipt is not signed, though the city signed receipts by then", d.ID)
		}
		return
	}
	key, ok := s.keys[r.Signature.KeyID]
	if !ok {
		v.problem("%s: the receipt is signed with the key %.32q, which is not one of the city", d.ID, r.Signature.KeyID)
		return
	}
	if err := key.Verify(d.Receipt, r.Signature); err != nil {
		v.problem("%s: the receipt: %v", d.ID, err)
	}
}
