package validate

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Checker checks the rows of one dataset. It is immutable.
type Checker struct {
	ds      *city.Dataset
	fields  []parser
	checks  []rowCheck
	notices []Notice
	opt     Options
	region  *regionDates
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
		said, check, err := compileCheck(ds, rc)
		if err != nil {
			return nil, err
		}
		if rc.Notice {
			k.notices = append(k.notices, Notice{said, check})
		} else {
			k.checks = append(k.checks, check)
		}
	}
	k.region = compileRegionDates(c, ds)
	return k, nil
}

// Binding fits a Checker to the columns of one file. It is used by one
// goroutine, because it reuses its buffers.
type Binding struct {
	k      *Checker
	width  int     // fields of a record
	column []int   // by declared field: index in the record, or -1 for the default; shared by forks
	parts  [][]int // by declared field: indexes of the columns that its value is put together from; shared by forks
	joined []byte  // reused by text
	// Header says that the first record is a header, not a row.
	Header  bool
	persons []int // columns that hold ID numbers
	blank   []int // columns without a name behind all others, which spreadsheets leave; shared by forks
	values  []any
	recent  []*recent // by declared field; nil for those that are cheap to read
}

// Bind fits the checker to a file whose first record is given. The error has
// the code invalid.header and names every column that is missing or unknown.
// Because the first record may be a row, the error never repeats a number that
// may belong to a person.
func (k *Checker) Bind(first [][]byte) (*Binding, error) {
	named, found := k.byName(first)
	mode := k.ds.Delivery.Header
	if mode != city.HeaderNone && found > 0 {
		return named, k.checkHeader(named, first)
	}
	if mode == city.HeaderRequired {
		return nil, k.noHeader("begin the file with the header, without titles above it")
	}
	b, err := k.byPosition(len(first))
	if err != nil && mode != city.HeaderNone {
		err = k.noHeader(fmt.Sprintf("begin the file with the header, without titles above it, or declare the column positions of %s", k.ds.Name))
	}
	return b, err
}

func (k *Checker) noHeader(hint string) error {
	return city.Errorf("invalid.header", "the first record names none of the declared columns: %s", quoted(k.sourceNames())).
		At("line 1").WithHint("%s; a file in another encoding than it was declared or found to have looks like this too", hint)
}

// byName looks the declared names up in a header and counts the fields found.
func (k *Checker) byName(header [][]byte) (*Binding, int) {
	at := map[string]int{}
	for i, name := range names(header) {
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
		if b.column[i] < 0 && b.join(i, f, at) {
			found++
		}
	}
	b.findBlank(header)
	b.findPersons()
	return b, found
}

// findBlank finds the columns without a name at the end of a header: a
// spreadsheet that was once wider leaves them, and nothing stands in them. In
// an error file its own columns come behind them.
func (b *Binding) findBlank(header [][]byte) {
	for i, name := range slices.Backward(names(header)) {
		switch {
		case name == "":
			b.blank = append(b.blank, i)
		case !slices.Contains(city.ErrorColumns(), name):
			return
		}
	}
}

// names are the texts of a header without the space around them.
func names(header [][]byte) []string {
	out := make([]string, len(header))
	for i, h := range header {
		out[i] = string(bytes.TrimSpace(h))
	}
	return out
}

func (k *Checker) newBinding(width int, header bool) *Binding {
	b := &Binding{k: k, width: width, Header: header, column: make([]int, len(k.fields)), parts: make([][]int, len(k.fields)), values: make([]any, len(k.fields)), recent: make([]*recent, len(k.fields))}
	for i := range b.column {
		b.column[i] = -1
		b.recent[i] = newRecent(k.ds.Fields[i].Type)
	}
	return b
}

// Fork gives a Binding to the same columns, for another goroutine.
func (b *Binding) Fork() *Binding {
	own := b.k.newBinding(b.width, b.Header)
	own.column, own.parts, own.persons, own.blank = b.column, b.parts, b.persons, b.blank
	return own
}

// Width is the number of values that Row gives.
func (b *Binding) Width() int { return len(b.values) }

func (b *Binding) findPersons() {
	for i, f := range b.k.ds.Fields {
		if f.Type == city.TypePerson && b.column[i] >= 0 {
			b.persons = append(b.persons, b.column[i])
		}
	}
}

// checkHeader refuses a header that names columns that are not declared, or
// lacks such as must be there. What differs from the columns that were expected
// is named, and how to mend it.
func (k *Checker) checkHeader(b *Binding, header [][]byte) error {
	var missing, renamed, unknown, twice, nameless []string
	drift := k.compare(Header{Fields: header}, b)
	for i, f := range k.ds.Fields {
		if !b.has(i) && !f.Optional && f.Default == "" && !drift.replaced(f) {
			missing = append(missing, expectedNames(f))
		}
	}
	taken := map[string]bool{}
	for i, name := range names(header) {
		means := k.means(name)
		was := drift.was(name)
		switch {
		case slices.Contains(b.blank, i):
		case name == "":
			nameless = append(nameless, fmt.Sprint(i+1))
		case means == "" && was != "":
			renamed = append(renamed, was+" → "+name)
		case means == "":
			unknown = append(unknown, maskNumbers([]byte(name)))
		case taken[means]:
			twice = append(twice, name)
		}
		taken[means] = true
	}
	var parts []string
	say := func(what string, list []string) {
		if len(list) > 0 {
			parts = append(parts, what+" "+quoted(list))
		}
	}
	say("missing", missing)
	say("renamed", renamed)
	say("not declared", unknown)
	say("given twice", twice)
	say("without a name, column", nameless)
	if len(parts) == 0 {
		return nil
	}
	return city.Errorf("invalid.header", "the header does not fit %s: %s", k.ds.Name, strings.Join(parts, "; ")).
		At("line 1").WithHint("%s", cmp.Or(drift.mend(k), fmt.Sprintf("ask the sender, or change fields or delivery.ignore in %s", k.ds.Pos)))
}

// means gives what a column of this name is read for: a field, or itself when
// it is ignored; "" when it is not declared.
func (k *Checker) means(name string) string {
	for _, f := range k.ds.Fields {
		if slices.Contains(f.Source, name) {
			return "field " + f.Name
		}
	}
	if k.joinedFrom(name) != nil {
		return partOf + name
	}
	if slices.Contains(k.ds.Delivery.Ignore, name) || slices.Contains(city.ErrorColumns(), name) {
		return "ignored " + name
	}
	return ""
}

func (k *Checker) sourceNames() []string {
	var out []string
	for _, f := range k.ds.Fields {
		if len(f.Source) > 0 && !f.Optional && f.Default == "" {
			out = append(out, expectedNames(f))
		}
	}
	return out
}

// byPosition uses the declared column positions.
func (k *Checker) byPosition(width int) (*Binding, error) {
	b := k.newBinding(width, false)
	for i, f := range k.ds.Fields {
		switch {
		case f.Column > width && !f.Optional && f.Default == "":
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
