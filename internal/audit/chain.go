package audit

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/emmansun/gmsm/sm3"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Genesis is the hash that the first record follows: 32 zero bytes in hex.
const Genesis = "0000000000000000000000000000000000000000000000000000000000000000"

// CodeBroken is the code of the errors of Verify. Repeating it will not help:
// someone has to find out what happened to the records.
const CodeBroken = city.CodeInvalid + ".audit_broken"

// domain separates these hashes from every other use of SM3 in the program,
// and names the version of the encoding.
const domain = "jinyang audit record 1"

// Sum computes the hash of the record: SM3 (GB/T 32905-2016) over the domain,
// the number, the time in microseconds since 1970, and the other fields, each
// text preceded by its length as eight bytes, most significant first. The
// record's own Hash does not take part.
func (r Record) Sum() string {
	b := make([]byte, 0, 256+len(r.Detail))
	b = appendText(b, domain)
	b = binary.BigEndian.AppendUint64(b, uint64(r.Seq))
	b = appendText(b, r.PrevHash)
	b = binary.BigEndian.AppendUint64(b, uint64(r.At.UnixMicro()))
	b = appendText(b, r.Actor)
	b = appendText(b, r.Action)
	b = appendText(b, r.Subject)
	b = appendText(b, string(r.Detail))
	sum := sm3.Sum(b)
	return hex.EncodeToString(sum[:])
}

// appendText keeps fields apart: without the length, moving a letter from the
// end of one to the start of the next would leave the hash as it is.
func appendText(b []byte, s string) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(len(s)))
	return append(b, s...)
}

// Verify reads a chain from its first record and returns its last position.
// The first link that does not hold ends it with a CodeBroken error that names
// the record; an error of the sequence itself is returned as it is. Each anchor
// is a position that the chain is known to have had: a chain without it was cut
// off or written anew.
func Verify(records iter.Seq2[Record, error], anchors ...Head) (Head, error) {
	pending := make(map[int64]string, len(anchors))
	for _, a := range anchors {
		if a != (Head{}) {
			pending[a.Seq] = a.Hash
		}
	}
	var head Head
	for r, err := range records {
		if err != nil {
			return head, err
		}
		if err := follows(head, r); err != nil {
			return head, err
		}
		head = r.Head()
		if want, ok := pending[r.Seq]; ok && want != r.Hash {
			return head, broken(r.Seq, "differs from the anchor that was kept of it")
		}
		delete(pending, r.Seq)
	}
	if len(pending) > 0 {
		seq := slices.Min(slices.Collect(maps.Keys(pending)))
		return head, broken(seq, fmt.Sprintf("is missing: an anchor was kept of it, but the chain ends at record %d", head.Seq))
	}
	return head, nil
}

// follows says whether r is the record after the position.
func follows(prev Head, r Record) error {
	want := prev.Hash
	if prev == (Head{}) {
		want = Genesis
	}
	switch {
	case r.Seq != prev.Seq+1:
		return broken(prev.Seq+1, "is missing or out of order")
	case r.PrevHash != want:
		return broken(r.Seq, "does not follow the record before it")
	case r.Hash != r.Sum():
		return broken(r.Seq, "was changed after it was written")
	}
	return nil
}

func broken(seq int64, what string) *city.Error {
	return city.Errorf(CodeBroken, "audit record %d %s", seq, what).
		WithHint("compare with a backup from before this record; nothing after it is proven")
}
