package delivery

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/sign"
)

// ParseReceipt reads a receipt. Lists that an older version did not know are
// empty.
func ParseReceipt(doc []byte) (*Receipt, error) {
	var r Receipt
	if err := json.Unmarshal(doc, &r); err != nil {
		return nil, city.Errorf(city.CodeInvalid+".receipt", "the receipt cannot be read: %w", err)
	}
	if r.DeliveryID == "" {
		return nil, city.Errorf(city.CodeInvalid+".receipt", "the document is no receipt: it names no delivery")
	}
	fillList(&r.Balance)
	fillList(&r.Distinct)
	fillList(&r.Findings)
	fillList(&r.Drift)
	return &r, nil
}

// fillList makes a list that is not there an empty one.
func fillList[T any](list *[]T) {
	if *list == nil {
		*list = []T{}
	}
}

// VerifyReceipt says what is wrong with a receipt that somebody was given:
// nothing when it is as the city signed it, its counts and sums balance and,
// when file is not nil, it is the receipt of that file. It needs nothing but
// the city's public key. The error is one of reading the file.
func VerifyReceipt(doc []byte, key *sign.PublicKey, file io.Reader) (problems []string, err error) {
	r, err := ParseReceipt(doc)
	if err != nil {
		return nil, err
	}
	if r.Signature == nil {
		problems = append(problems, "the receipt is not signed")
	} else if err := key.Verify(doc, r.Signature); err != nil {
		problems = append(problems, err.Error())
	}
	problems = append(problems, r.imbalances()...)
	if file == nil {
		return problems, nil
	}
	h := sha256.New()
	n, err := io.Copy(h, file)
	if err != nil {
		return nil, city.Outside(err, "cannot read the file")
	}
	if sum := hex.EncodeToString(h.Sum(nil)); sum != r.SHA256 || n != r.Bytes {
		problems = append(problems, "the file is not the one that was delivered: its SHA-256 is "+sum+", the receipt says "+r.SHA256)
	}
	return problems, nil
}

// imbalances names what does not add up.
func (r *Receipt) imbalances() []string {
	var out []string
	if !r.countsBalance() {
		out = append(out, "the counts do not balance: received is not accepted + quarantined + duplicate, or the reasons do not add up")
	}
	for _, b := range r.Balance {
		if !b.balanced(r.Status) {
			out = append(out, "the sums of "+b.Field+" do not balance")
		}
	}
	return out
}
