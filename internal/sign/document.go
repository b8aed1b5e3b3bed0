package sign

import (
	"encoding/base64"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Algorithm is the only one that signatures have.
const Algorithm = "SM2-with-SM3"

// Member is the member of a document that holds its signature.
const Member = "signature"

// CodeSignature is the code of a signature that does not hold.
const CodeSignature = city.CodeInvalid + ".signature"

// Sign signs a JSON object. A signature that it holds already is passed over.
// The error has the code invalid.json when the document has no canonical form.
func (k *Key) Sign(doc []byte) (*city.Signature, error) {
	message, err := Canonical(doc, Member)
	if err != nil {
		return nil, err
	}
	value, err := k.sign(message)
	if err != nil {
		return nil, err
	}
	return &city.Signature{Algorithm: Algorithm, KeyID: k.public.id, Value: base64.StdEncoding.EncodeToString(value)}, nil
}

// Verify checks the signature that a JSON object holds. The error has the code
// invalid.signature when it does not hold, and invalid.json when the document
// has no canonical form.
func (p *PublicKey) Verify(doc []byte, s *city.Signature) error {
	message, err := Canonical(doc, Member)
	if err != nil {
		return err
	}
	if s.Algorithm != Algorithm {
		return city.Errorf(CodeSignature, "the signature's algorithm is not %s", Algorithm)
	}
	if s.KeyID != p.id {
		return city.Errorf(CodeSignature, "the signature was not made with the key %s", p.id).WithHint("use the public key that the signature names")
	}
	value, err := base64.StdEncoding.Strict().DecodeString(s.Value)
	if err != nil || !p.verify(message, value) {
		return city.Errorf(CodeSignature, "the signature does not hold").WithHint("the document was changed after it was signed, or was not signed with the key %s", p.id)
	}
	return nil
}
