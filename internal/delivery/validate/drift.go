package validate

import (
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// DriftKind says how a column differs from what was expected.
type DriftKind string

const (
	ColumnRenamed DriftKind = "renamed" // a column is gone and another stands for it
	ColumnMoved   DriftKind = "moved"   // it stands elsewhere among the columns that stayed
	ColumnMissing DriftKind = "missing"
	ColumnNew     DriftKind = "new"
)

// Drift is a difference between the columns of a file and those of the
// dataset's last accepted delivery or, where there is none, the declaration. It
// holds names of columns only, long numbers in them masked: what should be a
// header may be a row.
type Drift struct {
	Kind        DriftKind `json:"kind" enum:"renamed,moved,missing,new"`
	Column      string    `json:"column"`                 // as the file calls it; as it was called when it is missing; "" without header
	Was         string    `json:"was,omitempty"`          // its name before it was renamed
	Position    int       `json:"position,omitempty"`     // in the file, from 1
	WasPosition int       `json:"was_position,omitempty"` // before
}

// mostDrift bounds how many differences are named.
const mostDrift = 64

// Header is the first record of a file.
type Header struct {
	Fields    [][]byte
	Named     bool // it certainly names the columns
	Unordered bool // the order of columns means nothing
}

// names are the texts of a header without those of an error file.
func (h *Header) names() []string {
	out := names(h.Fields)
	for i, n := range out {
		if slices.Contains(city.ErrorColumns(), n) {
			out[i] = ""
		}
	}
	return out
}

// Columns lists the names of a header, to compare the next one with. Call it
// for headers that were bound: all of its names are declared then.
func (k *Checker) Columns(h Header) []string {
	return slices.DeleteFunc(h.names(), func(n string) bool { return n == "" })
}

// Drift compares the first record of a file with what was expected. A record
// that is no header is compared by the number of its fields.
func (k *Checker) Drift(h Header) []Drift {
	bound, found := k.byName(h.Fields)
	switch mode := k.ds.Delivery.Header; {
	case found > 0 && (h.Named || mode != city.HeaderNone):
		return k.compare(h, bound).list()
	case h.Named || mode == city.HeaderRequired:
		return []Drift{}
	}
	return k.countDrift(len(h.Fields))
}

// countDrift compares the width of a file without header with the declared
// positions. Columns before the last declared one may be undeclared.
func (k *Checker) countDrift(width int) []Drift {
	last, out := 0, []Drift{}
	for _, f := range k.ds.Fields {
		last = max(last, f.Column)
		if f.Column > width && len(out) < mostDrift {
			out = append(out, Drift{Kind: ColumnMissing, Column: f.Source[0], WasPosition: f.Column})
		}
	}
	for at := last + 1; last > 0 && at <= width && len(out) < mostDrift; at++ {
		out = append(out, Drift{Kind: ColumnNew, Position: at})
	}
	return out
}

// column is a column that was expected, or that the file has.
type column struct {
	name  string
	at    int    // position from 1; 0 when it is not known
	means string // as means gives it
	field *city.Field
	may   bool // it may be absent, so that nobody misses it
	pair  *column
}

// comparison matches the columns that were expected with those of a file.
type comparison struct {
	gone, now []*column // expected, and there
	ordered   bool
	history   bool // an earlier delivery shows what to expect
}

// compare matches the columns.
func (k *Checker) compare(h Header, bound *Binding) *comparison {
	c := &comparison{ordered: !h.Unordered, history: len(k.opt.Before) > 0}
	byName := map[string]*column{}
	for i, n := range h.names() {
		if _, twice := byName[n]; n == "" || twice {
			continue
		}
		byName[n] = &column{name: n, at: i + 1, means: k.means(n)}
		c.now = append(c.now, byName[n])
	}
	c.gone = k.expected(bound, len(h.Fields))
	for _, w := range c.gone {
		if n := byName[w.name]; n != nil {
			w.pair, n.pair = n, w
		}
	}
	c.match(func(w, n *column) bool { return w.means != "" && w.means == n.means })
	c.nearest()
	c.match(func(w, n *column) bool { return w.at > 0 && w.at == n.at && n.guessable() })
	c.lastOne()
	return c
}

// expected lists the columns of the last accepted delivery, and those by which
// the declared fields that the file does not have are usually called.
func (k *Checker) expected(bound *Binding, width int) []*column {
	var out []*column
	known := map[string]bool{}
	for i, name := range k.opt.Before {
		c := &column{name: name, at: i + 1, means: k.means(name)}
		out, known[c.means] = append(out, c), true
	}
	for i, f := range k.ds.Fields {
		c := &column{name: f.Source[0], means: "field " + f.Name, field: f, may: f.Optional || f.Default != ""}
		if bound.has(i) || known[c.means] {
			continue
		}
		if len(k.opt.Before) == 0 && width == len(k.ds.Fields) {
			c.at = i + 1 // as likely as not the declaration follows the file
		}
		out = append(out, c)
	}
	for _, c := range out {
		if name, ok := strings.CutPrefix(c.means, "field "); ok && c.field == nil {
			c.field, _ = k.ds.Field(name)
		}
		if name, ok := strings.CutPrefix(c.means, partOf); ok {
			c.field = k.joinedFrom(name)
		}
	}
	return out
}
