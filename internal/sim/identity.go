package sim

import (
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// idSpace makes the ID numbers of one group of people. Person k of a space has
// always the same number, and no two have the same: k is spread over all birth
// days and order numbers by a multiplication that is coprime to their count.
type idSpace struct {
	prefix string // six digits that no region has
	sum    int    // of the prefix's digits by weight
	days   []birthDay
	shift  uint64
}

type birthDay struct {
	text [8]byte
	sum  int
}

// idWeights are the weights of the first 17 digits by GB 11643-1999, and
// idChecks the check characters by remainder. They are repeated from package
// city because a sum per birth day makes the inner loop five times as fast; a
// test holds the two together.
var idWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

const (
	idChecks = "10X98765432"
	// spaceStride is a prime above any count of birth days times a thousand
	// that is used here, and so coprime to it.
	spaceStride = 2654435761
	orders      = 1000 // order numbers per prefix and day
)

// newIDSpace makes the space of people born in [first, last].
func newIDSpace(prefix string, first, last city.Date, shift uint64) *idSpace {
	s := &idSpace{prefix: prefix}
	for i := range len(prefix) {
		s.sum += int(prefix[i]-'0') * idWeights[i]
	}
	end := last.Time()
	for t := first.Time(); !t.After(end); t = t.AddDate(0, 0, 1) {
		s.days = append(s.days, newBirthDay(t))
	}
	s.shift = shift % (uint64(len(s.days)) * orders)
	return s
}

func newBirthDay(t time.Time) birthDay {
	var d birthDay
	copy(d.text[:], t.Format("20060102"))
	for i, c := range d.text {
		d.sum += int(c-'0') * idWeights[6+i]
	}
	return d
}

// put writes the number of person k.
func (s *idSpace) put(dst *[18]byte, k uint64) {
	x := (k*spaceStride + s.shift) % (uint64(len(s.days)) * orders)
	day := &s.days[x/orders]
	order := int(x % orders)
	a, b, c := order/100, order/10%10, order%10
	copy(dst[:6], s.prefix)
	copy(dst[6:14], day.text[:])
	dst[14], dst[15], dst[16] = byte('0'+a), byte('0'+b), byte('0'+c)
	dst[17] = idChecks[(s.sum+day.sum+a*idWeights[14]+b*idWeights[15]+c*idWeights[16])%11]
}

// creditPrefix begins every credit code of the simulated city: 9 for the
// market regulator, a type, and a region part that no region has.
const creditPrefix = "999900"

// creditCode makes the credit code of the n-th organisation of a kind, a
// two-digit number.
func creditCode(kind, n int) string {
	b := []byte("91" + creditPrefix)
	b = append(b, byte('0'+kind/10%10), byte('0'+kind%10))
	for div := 100000; div > 0; div /= 10 {
		b = append(b, byte('0'+n/div%10))
	}
	b = append(b, city.EntityCodeCheckDigit(string(b[8:16])))
	return string(append(b, city.CreditCodeCheckDigit(string(b))))
}
