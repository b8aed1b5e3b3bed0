package validate

import (
	"hash/maphash"

	"github.com/jinyang-city/jinyang/internal/city"
)

// recent remembers the values of texts that were read not long ago. Dates and
// places repeat from row to row, and a ledger has several rows of one person;
// reading a date again costs a tenth of a microsecond, and a token half of one.
//
// It is a table with one place per hash, so that its size is fixed and the
// newest text wins. Texts that failed are not remembered. Like its Binding it
// is used by one goroutine, and is gone with it: raw ID numbers stay in memory
// no longer than their delivery takes.
type recent struct {
	seed   maphash.Seed
	places []place
	last   *place // that of the text before: most files repeat it
}

// place holds one text and its value.
type place struct {
	size  uint8 // of the text; 0 when the place is free
	text  [recentText]byte
	value any
}

// The sizes of a recent: the longest text that it keeps, which holds an ID
// number, any usual date and seven Chinese characters, and its places, a power
// of two. The dates and words of a file are few; the rows of one person may lie some thousand rows apart when a
// ledger is written scheme by scheme within a town.
const (
	recentText    = 23
	recentWords   = 1 << 6
	recentPersons = 1 << 13
)

// newRecent gives nil for types that are as cheap to read as to remember.
func newRecent(t city.FieldType) *recent {
	n := 0
	switch t {
	case city.TypeDate, city.TypeMonth, city.TypeEnum, city.TypeRegion:
		n = recentWords
	case city.TypePerson:
		n = recentPersons
	default:
		return nil
	}
	r := &recent{seed: maphash.MakeSeed(), places: make([]place, n)}
	r.last = &r.places[0]
	return r
}

// parse is p.parse, from memory where possible.
func (r *recent) parse(p *parser, raw []byte) (any, *Failure) {
	if r == nil || len(raw) == 0 || len(raw) > recentText {
		return p.parse(raw)
	}
	if r.last.holds(raw) {
		return r.last.value, nil
	}
	at := &r.places[maphash.Bytes(r.seed, raw)&uint64(len(r.places)-1)]
	if at.holds(raw) {
		r.last = at
		return at.value, nil
	}
	v, fail := p.parse(raw)
	if fail == nil {
		at.size, at.value = uint8(copy(at.text[:], raw)), v
		r.last = at
	}
	return v, fail
}

// holds says whether the place is that of a text, which is not empty.
func (p *place) holds(raw []byte) bool { return string(p.text[:p.size]) == string(raw) }
