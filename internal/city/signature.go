package city

// Signature says who vouches for a JSON document that holds it as its member
// "signature". It covers the canonical form of the document without that member
// (package sign).
type Signature struct {
	Algorithm string `json:"algorithm" enum:"SM2-with-SM3"`
	KeyID     string `json:"key_id"` // names the public key: 16 hexadecimal digits
	Value     string `json:"value"`  // the DER form of (r, s), base 64
}

// Sender is a system that hands over data and may sign what it says of them.
type Sender struct {
	Name         string // as its manifests call it
	Title        Text
	Organisation string   // Organisation.Name that it sends for
	Datasets     []string // that it may sign for; empty means those that its organisation owns
	Keys         []SenderKey
	Pos          Pos
}

// SenderKey is a public key of a sender.
type SenderKey struct {
	ID        string // as signatures call it
	PublicKey string // PEM
	From, To  Date   // first and last day of validity; zero means open
	Pos       Pos
}

// ValidOn says whether the key may sign on the day.
func (k *SenderKey) ValidOn(d Date) bool {
	return (k.From.IsZero() || !d.Before(k.From)) && (k.To.IsZero() || !d.After(k.To))
}

// MaySign says whether the sender may sign deliveries of the dataset.
func (s *Sender) MaySign(d *Dataset) bool {
	if len(s.Datasets) == 0 {
		return d.Owner == s.Organisation
	}
	for _, name := range s.Datasets {
		if name == d.Name {
			return true
		}
	}
	return false
}

// SenderKey finds the sender that a key ID belongs to, and the key.
func (c *City) SenderKey(id string) (*Sender, *SenderKey, bool) {
	for _, s := range c.Senders {
		for i := range s.Keys {
			if s.Keys[i].ID == id {
				return s, &s.Keys[i], true
			}
		}
	}
	return nil, nil, false
}
