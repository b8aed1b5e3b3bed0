package validate

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Checker checks the rows of one dataset. It is immutable.
type Checker struct {
	ds     *city.Dataset
	fields []parser
	checks []rowCheck
	opt    Options
	region *regionDates
}

// Compile prepares the checks of a dataset of c.
func Compile(c *city.City, ds *city.Dataset, o Options) (*Checker, error) {
	k := &Checker{ds: ds, opt: o}
	for _, f := range ds.Fields {
		p, err := compileField(c, f, o)
		if err != nil {
			return nil, err
		}
		k.fields = append(k.fields, p)
	}
	for _, rc := range ds.Checks {
		check, err := compileCheck(ds, rc)
		if err != nil {
			return nil, err
		}
		k.checks = append(k.checks, check)
	}
	k.region = compileRegionDates(c, ds)
	return k, nil
}

// Binding fits a Checker to the columns of one file. It is used by one
// goroutine, because it reuses its buffers.
type Binding struct {
	k      *Checker
	width  int   // fields of a record
	column []int // by declared field: index in the record, or -1 for the default
	// Header says that the first record is a header, not a row.
	Header  bool
	persons []int // columns that hold ID numbers
	values  []any
}

// Bind fits the checker to a file whose first record is given. The error has
// the code invalid.header and names every column that is missing or unknown.
func (k *Checker) Bind(first [][]byte) (*Binding, error) {
	named, found := k.byName(first)
	mode := k.ds.Delivery.Header
	if mode == city.HeaderRequired || (mode != city.HeaderNone && found > 0) {
		return named, k.checkHeader(named, first)
	}
	b, err := k.byPosition(len(first))
	if err != nil && mode != city.HeaderNone {
		err = city.Errorf("invalid.header", "the first record names none of the declared columns: %s", quoted(k.sourceNames())).
			WithHint("add a header, or declare the column positions of %s", k.ds.Name)
	}
	return b, err
}

// byName looks the declared names up in a header and counts those found.
func (k *Checker) byName(header [][]byte) (*Binding, int) {
	at := map[string]int{}
	for i, h := range header {
		name := string(bytes.TrimSpace(h))
		if _, ok := at[name]; !ok {
			at[name] = i
		}
	}
	b := k.newBinding(len(header), true)
	found := 0
	for i, f := range k.ds.Fields {
		for _, s := range f.Source {
			if j, ok := at[s]; ok {
				b.column[i] = j
				found++
				break
			}
		}
	}
	b.findPersons()
	return b, found
}

func (k *Checker) newBinding(width int, header bool) *Binding {
	b := &Binding{k: k, width: width, Header: header, column: make([]int, len(k.fields)), values: make([]any, len(k.fields))}
	for i := range b.column {
		b.column[i] = -1
	}
	return b
}

func (b *Binding) findPersons() {
	for i, f := range b.k.ds.Fields {
		if f.Type == city.TypePerson && b.column[i] >= 0 {
			b.persons = append(b.persons, b.column[i])
		}
	}
}

func (k *Checker) checkHeader(b *Binding, header [][]byte) error {
	var missing, unknown, twice []string
	for i, f := range k.ds.Fields {
		if b.column[i] < 0 && !f.Optional && f.Default == "" {
			missing = append(missing, f.Source...)
		}
	}
	seen := map[string]bool{}
	for _, h := range header {
		name := string(bytes.TrimSpace(h))
		switch {
		case seen[name]:
			twice = append(twice, name)
		case !k.knows(name):
			unknown = append(unknown, name)
		}
		seen[name] = true
	}
	var parts []string
	for _, p := range []struct {
		what string
		list []string
	}{{"is missing", missing}, {"is not declared", unknown}, {"stands twice", twice}} {
		if len(p.list) > 0 {
			parts = append(parts, quoted(p.list)+" "+p.what)
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return city.Errorf("invalid.header", "the header does not fit %s: %s", k.ds.Name, strings.Join(parts, "; ")).
		At("line 1").WithHint("ask the sender, or change fields or delivery.ignore in %s", k.ds.Pos)
}

func (k *Checker) knows(name string) bool {
	for _, f := range k.ds.Fields {
		if slices.Contains(f.Source, name) {
			return true
		}
	}
	return slices.Contains(k.ds.Delivery.Ignore, name)
}

func (k *Checker) sourceNames() []string {
	var out []string
	for _, f := range k.ds.Fields {
		if len(f.Source) > 0 && !f.Optional && f.Default == "" {
			out = append(out, f.Source[0])
		}
	}
	return out
}

// byPosition uses the declared column positions.
func (k *Checker) byPosition(width int) (*Binding, error) {
	b := k.newBinding(width, false)
	for i, f := range k.ds.Fields {
		switch {
		case f.Column > width && !f.Optional:
			return nil, city.Errorf("invalid.header", "the file has %d columns, but %s is declared in column %d", width, f.Name, f.Column).
				At("line 1").WithHint("check the file, or the column of the field in %s", f.Pos)
		case f.Column > 0 && f.Column <= width:
			b.column[i] = f.Column - 1
		case f.Default == "" && !f.Optional:
			return nil, city.Errorf("invalid.header", "the file has no header and the field %s declares no column", f.Name).
				At("line 1").WithHint("add a header to the file, or a column to the field in %s", f.Pos)
		}
	}
	b.findPersons()
	return b, nil
}

func quoted(names []string) string {
	const most = 12
	more := ""
	if len(names) > most {
		more = fmt.Sprintf(" and %d more", len(names)-most)
		names = names[:most]
	}
	parts := make([]string, len(names))
	for i, n := range names {
		if len([]rune(n)) > 40 {
			n = string([]rune(n)[:40]) + "…"
		}
		parts[i] = fmt.Sprintf("%q", n)
	}
	return strings.Join(parts, ", ") + more
}
