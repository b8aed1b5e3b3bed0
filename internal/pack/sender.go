package pack

import (
	"errors"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/sign"
)

func (b *builder) buildSender(v *value) {
	s := &city.Sender{
		Name:         v.text(kindSender),
		Title:        v.title("title"),
		Organisation: b.refer(v, "organisation", kindOrganisation),
		Datasets:     v.get("datasets").texts(),
		Pos:          v.pos,
	}
	b.repeated(v.get("datasets"), "datasets")
	for _, d := range v.get("datasets").list() {
		b.resolve(d.pos, "datasets", kindDataset, d.str)
	}
	for _, k := range v.get("keys").list() {
		s.Keys = append(s.Keys, b.senderKey(k))
	}
	b.out.Senders = append(b.out.Senders, s)
}

// senderKey reads a public key. One key may belong to one sender only, or a
// signature would not say who signed.
func (b *builder) senderKey(v *value) city.SenderKey {
	k := city.SenderKey{PublicKey: v.text("public_key"), From: v.date("from"), To: v.date("to"), Pos: v.pos}
	b.checkSpan(v, k.From, k.To)
	if k.PublicKey == "" {
		return k
	}
	public, err := sign.ParsePublicKey([]byte(k.PublicKey))
	var e *city.Error
	if errors.As(err, &e) {
		b.addf(v.at("public_key"), CodeInvalidValue, e.Hint, "public_key: %s", e.Message)
		return k
	}
	k.ID = public.ID()
	if first, taken := b.keys[k.ID]; taken {
		b.addf(v.at("public_key"), CodeDuplicateName, "give each sender a key of its own", "the public key is that at %s", first)
	} else {
		b.keys[k.ID] = v.at("public_key")
	}
	return k
}

// checkSigned reports datasets that nobody could deliver.
func (b *builder) checkSigned() {
	for _, v := range b.docs[kindDataset] {
		d := b.datasets[v.text(kindDataset)]
		if d == nil || !d.Delivery.Signed || d.Pos != v.pos || b.someoneSigns(d.Dataset) {
			continue
		}
		b.addf(v.get("delivery").at("signed"), CodeInconsistent, "declare a sender with a key, see docs/pack-format.md", "delivery.signed: no sender may sign for %s", d.Name)
	}
}

func (b *builder) someoneSigns(d *city.Dataset) bool {
	for _, s := range b.out.Senders {
		if s.MaySign(d) && len(s.Keys) > 0 {
			return true
		}
	}
	return false
}
