package metric

import (
	"fmt"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// compiler holds a checked question, ready to be written as SQL.
type compiler struct {
	city    *city.City
	req     Request
	cal     *calendar
	shifts  []shift // how far back the measure and Against reach; the first is the period itself
	periods []Period
	parts   []*part // the first reads the indicator's own rows
	names   map[*city.Measure]leafRef
}

// part is what is read from the rows of one indicator: those of one dataset,
// with one scope, placed in time by one field, in one kind of window. Most
// questions have one part; one more comes with each other indicator that the
// measure is built from.
type part struct {
	req     Request // whose indicator says which rows
	n       int     // counted from 1
	src     Source
	dataset *city.Dataset
	shifts  []shift
	windows []window
	leaves  []*leaf
	scope   text
	where   text
}

// leafRef finds the columns of a leaf.
type leafRef struct {
	name string
	part *part
}

func newCompiler(c *city.City, r Request, src Source) (*compiler, error) {
	if err := check(r, src); err != nil {
		return nil, err
	}
	k := &compiler{city: c, req: r, names: map[*city.Measure]leafRef{}}
	own, err := k.newPart(r, src)
	if err != nil {
		return nil, err
	}
	if err := k.leavesOf(own, r.Indicator.Measure, 0); err != nil {
		return nil, err
	}
	if k.cal, err = calendarOf(c, r); err != nil {
		return nil, err
	}
	k.shifts = shiftsOf(r)
	k.periods = periodsOf(r, k.cal)
	for _, p := range k.parts {
		p.shifts, p.windows = k.shifts, windowsOf(p.req, k.shifts, k.periods, k.cal)
	}
	return k, nil
}

// newPart checks which rows an indicator reads.
func (k *compiler) newPart(r Request, src Source) (*part, error) {
	ds, err := k.city.Dataset(r.Indicator.Dataset)
	if err != nil {
		return nil, err
	}
	p := &part{req: r, n: len(k.parts) + 1, src: src, dataset: ds}
	if f, ok := ds.Field(r.Indicator.Time); !ok || f.Type != city.TypeDate && f.Type != city.TypeDateTime && f.Type != city.TypeMonth {
		return nil, city.Errorf(city.CodeInvalid, "indicator %s is placed in time by %q, which is not a date, datetime or month of dataset %s",
			r.Indicator.Name, r.Indicator.Time, ds.Name).At(r.Indicator.Pos.String())
	}
	for _, d := range r.By {
		if _, ok := ds.Readable(d); !ok {
			return nil, city.Errorf(city.CodeInvalid, "dataset %s has no field %q to break indicator %s down by", ds.Name, d, r.Indicator.Name)
		}
	}
	conds := conditions{city: k.city, dataset: ds}
	if p.scope, err = conds.all(r.Indicator.Scope); err != nil {
		return nil, err
	}
	if p.where, err = conds.all(slices.Concat(src.Where, r.Where)); err != nil {
		return nil, err
	}
	k.parts = append(k.parts, p)
	return p, nil
}

// partOf finds the part that reads the rows of another indicator, or makes it.
// A question's window is that of every part but of the stocks, which keep
// theirs.
func (k *compiler) partOf(ind *city.Indicator) (*part, error) {
	for _, p := range k.parts {
		if sameRows(p.req.Indicator, ind) {
			return p, nil
		}
	}
	r := k.req
	r.Indicator = ind
	if ind.Window == city.WindowStock {
		r.Window, r.Rolling = "", 0
	}
	return k.newPart(r, Source{})
}

// attach finds the rows of the parts that are not the indicator's own.
func (k *compiler) attach() (err error) {
	own := k.parts[0]
	for _, p := range k.parts[1:] {
		src := own.src
		if name := p.dataset.Name; name != own.dataset.Name {
			var ok bool
			if src, ok = own.src.Others[name]; !ok {
				return city.Errorf(city.CodeInvalid, "indicator %s is also built from dataset %s, whose rows are not at hand here", k.req.Indicator.Name, name).
					WithHint("ask for the indicators that it is built from")
			}
			if err := checkSource(src); err != nil {
				return err
			}
		}
		p.src = src
		if p.where, err = (conditions{city: k.city, dataset: p.dataset}).all(slices.Concat(src.Where, k.req.Where)); err != nil {
			return err
		}
	}
	return nil
}

// sameRows says whether two indicators read the same rows in the same windows.
func sameRows(a, b *city.Indicator) bool {
	return a.Dataset == b.Dataset && a.Time == b.Time && a.Window == b.Window && slices.EqualFunc(a.Scope, b.Scope, func(x, y city.Condition) bool {
		return x.Field == y.Field && x.Not == y.Not && x.Min == y.Min && x.Max == y.Max && slices.Equal(x.Values, y.Values)
	})
}

// Others lists the indicators that an indicator is built from and whose rows
// are not its own, each once, in reading order.
func Others(ind *city.Indicator) []*city.Indicator {
	var out []*city.Indicator
	var walk func(m *city.Measure, depth int)
	walk = func(m *city.Measure, depth int) {
		if m == nil || depth > deepest {
			return
		}
		known := func(o *city.Indicator) bool { return sameRows(o, m.Indicator) }
		if m.Indicator != nil && !known(ind) && !slices.ContainsFunc(out, known) {
			out = append(out, m.Indicator)
		}
		for _, of := range m.Of {
			walk(of, depth+1)
		}
	}
	walk(ind.Measure, 0)
	return out
}

// name is the quoted name of an intermediate table of the part.
func (p *part) name(table string) string {
	if p.n == 1 {
		return quote(table)
	}
	return quote(fmt.Sprintf("%s_%d", table, p.n))
}

// rows is the quoted column that counts the part's rows.
func (p *part) rows() string { return p.name("_n") }

// as reads an intermediate table of the part under its plain name.
func (p *part) as(table string) string {
	if p.n == 1 {
		return quote(table)
	}
	return p.name(table) + " AS " + quote(table)
}
