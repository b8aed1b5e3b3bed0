package delivery

import (
	"math/big"
	"math/bits"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// Balance says where the sum of a field went: Received = Accepted + Quarantined
// + Duplicate, to the last decimal. Amounts are plain decimal numbers.
type Balance struct {
	Field       string `json:"field"`
	Received    string `json:"received"`           // over all rows of the file
	Accepted    string `json:"accepted"`           // over the rows added or changed
	Quarantined string `json:"quarantined"`        // over the rows held back
	Duplicate   string `json:"duplicate"`          // over the rows that add nothing
	Declared    string `json:"declared,omitempty"` // what the manifest says; equals Received unless the delivery was rejected
	Unreadable  int64  `json:"unreadable"`         // rows whose value could not be read and counts nowhere
}

// Distinct is how many different values of a field the file holds, and how many
// the manifest says.
type Distinct struct {
	Field    string `json:"field"`
	Received int64  `json:"received"`
	Declared int64  `json:"declared"`
}

// totals adds up a file while its rows are taken: the sums of fields over all
// rows, and what Distinct counts. It is used by one goroutine at a time.
type totals struct {
	sums     []*sum
	distinct []*distinct
	aside    []any // reused: values of a row that failed, by field
}

// sum is the sum of one field.
type sum struct {
	field      *city.Field
	at         int // index of the field
	declared   *city.Amount
	received   wide
	known      *city.Amount // the sum over all rows, where it was not added up from them
	unreadable int64

	staged city.Amount // over the rows that passed all checks
}

// distinct counts the values of one field.
type distinct struct {
	field              *city.Field
	at                 int
	declared, received int64
}

// newTotals prepares the sums that the dataset or the manifest asks for.
func newTotals(ds *city.Dataset, declared *declared) *totals {
	t := &totals{aside: make([]any, len(ds.Fields))}
	for i, f := range ds.Fields {
		amount, asked := declared.sums[f.Name]
		if (f.Sum || asked) && exact(f) {
			s := &sum{field: f, at: i}
			if asked {
				s.declared = &amount
			}
			t.sums = append(t.sums, s)
		}
		if n, asked := declared.distinct[f.Name]; asked {
			t.distinct = append(t.distinct, &distinct{field: f, at: i, declared: n})
		}
	}
	return t
}

// exact says whether a field's values add up without rounding.
func exact(f *city.Field) bool { return f.Type == city.TypeInt || f.Type == city.TypeDecimal }

// passed adds the values of a row that passed its checks.
func (t *totals) passed(values []any) {
	for _, s := range t.sums {
		if n, ok := values[s.at].(int64); ok {
			s.received.add(n)
		}
	}
}

// failed adds what can be read of a row that did not pass.
func (t *totals) failed(rec *format.Record, bound *validate.Binding, stage lake.Tallier) error {
	for _, s := range t.sums {
		v, ok := bound.Value(rec, s.at)
		if n, number := v.(int64); number {
			s.received.add(n)
		}
		if !ok {
			s.unreadable++
		}
	}
	if len(t.distinct) == 0 {
		return nil
	}
	for _, d := range t.distinct {
		t.aside[d.at], _ = bound.Value(rec, d.at)
	}
	return stage.Aside(t.aside)
}

// names lists the fields that are added up.
func (t *totals) names() []string {
	out := make([]string, len(t.sums))
	for i, s := range t.sums {
		out[i] = s.field.Name
	}
	return out
}

// reset forgets what was taken over from elsewhere.
func (t *totals) reset() {
	for _, s := range t.sums {
		s.known, s.unreadable = nil, 0
	}
}

// total is the sum over all rows of the file.
func (s *sum) total() city.Amount {
	if s.known != nil {
		return *s.known
	}
	return city.NewAmount(s.received.big(), s.decimals())
}

// zero is nothing, written with the field's decimals.
func (s *sum) zero() city.Amount { return city.NewAmount(new(big.Int), s.decimals()) }

func (s *sum) decimals() int {
	if s.field.Type == city.TypeDecimal {
		return s.field.Scale
	}
	return 0
}

// balance divides the sum; the duplicate part is what the others leave.
func (s *sum) balance(accepted, quarantined city.Amount) Balance {
	total := s.total()
	accepted = accepted.Add(s.zero())
	b := Balance{Field: s.field.Name, Received: total.String(), Accepted: accepted.String(), Quarantined: quarantined.String(),
		Duplicate: total.Sub(accepted).Sub(quarantined).String(), Unreadable: s.unreadable}
	if s.declared != nil {
		b.Declared = s.declared.String()
	}
	return b
}

// wide is a sum of 64-bit numbers in 128 bits, which no file can exceed.
type wide struct {
	high int64
	low  uint64
}

func (w *wide) add(n int64) {
	var carry uint64
	w.low, carry = bits.Add64(w.low, uint64(n), 0)
	w.high += n>>63 + int64(carry)
}

func (w *wide) big() *big.Int {
	n := new(big.Int).Lsh(big.NewInt(w.high), 64)
	return n.Add(n, new(big.Int).SetUint64(w.low))
}

// balanced says whether the sum is divided without a rest, and is as declared.
func (b *Balance) balanced(status Status) bool {
	rest, err := city.ParseAmount(b.Received)
	for _, part := range []string{b.Accepted, b.Quarantined, b.Duplicate} {
		n, perr := city.ParseAmount(part)
		if perr != nil {
			return false
		}
		rest = rest.Sub(n)
	}
	if err != nil || rest.Sign() != 0 {
		return false
	}
	if b.Declared == "" || status == Rejected {
		return true
	}
	said, err := city.ParseAmount(b.Declared)
	total, _ := city.ParseAmount(b.Received) // read above
	return err == nil && said.Equal(total)
}
