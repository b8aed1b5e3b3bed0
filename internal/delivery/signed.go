package delivery

import (
	"encoding/json"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/sign"
)

// The codes of manifests that the city cannot rely on.
const (
	codeManifest   city.Code = "invalid.manifest"
	codeUnsigned   city.Code = "invalid.signature_missing" // the dataset takes signed manifests only
	codeSigningKey city.Code = "invalid.signature_key"     // of a key that is not known or not valid today
	codeSender     city.Code = "invalid.signature_sender"  // by somebody else than the manifest names, or for data of others
)

// Signer signs what the city says. Package vault implements it.
type Signer interface {
	Sign(doc []byte) (*city.Signature, error)
	SigningKeys() []sign.Published
}

// SignedBy names who signed the manifest.
type SignedBy struct {
	Name  string `json:"name"` // of the sender, as the pack declares it
	KeyID string `json:"key_id"`
}

// checkSignature checks who vouches for the manifest. A signature that is there
// must hold, whether or not the dataset asks for one.
func (r *run) checkSignature() error {
	m := r.req.Manifest
	if m == nil || m.Signature == nil {
		if r.ds.Delivery.Signed && r.req.MendOf == "" {
			return reject(city.Errorf(codeUnsigned, "%s takes files with a signed manifest only", r.ds.Name).
				WithHint("sign it: jinyang manifest --sign KEY.pem"))
		}
		return nil
	}
	sender, key, ok := r.City().SenderKey(m.Signature.KeyID)
	switch today := r.Today(); {
	case !ok:
		return reject(city.Errorf(codeSigningKey, "the manifest is signed with a key that no sender of the city has").
			WithHint("declare the sender's public key in the pack"))
	case !key.ValidOn(today):
		return reject(city.Errorf(codeSigningKey, "the manifest is signed with the key %s of %s, which is not valid on %s", key.ID, sender.Name, today).
			WithHint("sign it with the sender's present key"))
	case sender.Name != m.Sender:
		return reject(city.Errorf(codeSender, "the manifest is signed by %s, but names another sender", sender.Name))
	case !sender.MaySign(r.ds):
		return reject(city.Errorf(codeSender, "%s may not sign for %s", sender.Name, r.ds.Name).WithHint("see the sender's datasets in %s", sender.Pos))
	case r.req.Entry == nil || r.req.Entry.SHA256 == "":
		return reject(city.Errorf(codeManifest, "the signed manifest does not give the SHA-256 of the file, so the signature says nothing about it").
			WithHint("give the sha256 of every file"))
	}
	if err := verifyManifest(m, key); err != nil {
		return rejectFor(err)
	}
	r.receipt.Sender = &SignedBy{sender.Name, key.ID}
	return nil
}

func verifyManifest(m *city.Manifest, key *city.SenderKey) error {
	public, err := sign.ParsePublicKey([]byte(key.PublicKey))
	if err != nil {
		return err
	}
	return public.Verify(m.Text, m.Signature)
}

// seal signs a receipt that is final and gives the document that is kept. A
// receipt that is sealed again, after its end could not be noted, gets a new
// signature.
func (s *Service) seal(r *Receipt) ([]byte, error) {
	r.Signature = nil
	doc, err := marshalReceipt(r)
	if err != nil {
		return nil, err
	}
	if r.Signature, err = s.Vault.Sign(doc); err != nil {
		return nil, err
	}
	return marshalReceipt(r)
}

func marshalReceipt(r *Receipt) ([]byte, error) {
	doc, err := json.Marshal(r)
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "cannot write the receipt: %w", err)
	}
	return doc, nil
}
