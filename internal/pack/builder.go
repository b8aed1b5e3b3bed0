package pack

import (
	"fmt"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// builder makes the City out of the values that were read. It first gathers
// all documents, so that their order does not matter, then builds the kinds in
// the order in which they depend on each other.
type builder struct {
	*collector
	spec  *spec
	kinds []string // of documents that are read; none: all
	out   *city.City
	docs  map[string][]*value            // what was read, by kind, in the order of the pack
	names map[string]map[string]city.Pos // kind, name: where it was declared first

	datasets   map[string]*datasetDecl
	indicators map[string]*city.Indicator
	plans      map[string]*planDecl
	keys       map[string]city.Pos // IDs of senders' keys: where they were declared first
}

// datasetDecl is a dataset with what was read for it, which knows the fields
// that were declared with a mistake.
type datasetDecl struct {
	*city.Dataset
	v *value
}

// planDecl is a plan with what was read for it.
type planDecl struct {
	*city.Plan
	v *value
}

func newBuilder(c *collector) *builder {
	return &builder{
		collector:  c,
		spec:       newSpec(),
		out:        &city.City{},
		docs:       map[string][]*value{},
		names:      map[string]map[string]city.Pos{},
		datasets:   map[string]*datasetDecl{},
		indicators: map[string]*city.Indicator{},
		plans:      map[string]*planDecl{},
		keys:       map[string]city.Pos{},
	}
}

// read matches a document with the kind that its first key names, and takes
// down its name.
func (b *builder) read(d *document) {
	if d.body == nil {
		b.note(d)
		return
	}
	r := &reader{b.collector, d}
	if what := forbidden(d.body); what != "" {
		b.addf(d.pos(d.body), CodeNotAllowed, "", "the document uses %s, which a pack may not", what)
		return
	}
	list, ok := pairs(d.body)
	if !ok || len(list) == 0 {
		what := describe(d.body)
		if ok {
			what = "an empty one"
		}
		b.addf(d.pos(d.body), CodeWrongType, "begin it with a key such as dataset: hrss.employment", "the document must be a map, not %s", what)
		return
	}
	name, ok := r.keyName(list[0].Key, "")
	if !ok {
		return
	}
	if len(b.kinds) > 0 && !slices.Contains(b.kinds, name) {
		return
	}
	k := b.spec.kind(name)
	if k == nil {
		b.addf(d.pos(list[0].Key), CodeUnknownKind, didYouMean(name, b.spec.names()), "the first key of a document names its kind, and %q is no kind", name)
		return
	}
	if v := r.read(d.body, k.shape, ""); v != nil {
		b.declare(k.name, v)
	}
}

// note takes down the name of a document that could not be parsed.
func (b *builder) note(d *document) {
	kind, name := d.salvage()
	if b.spec.kind(kind) == nil {
		return
	}
	if _, twice := b.named(kind)[name]; !twice {
		b.named(kind)[name] = city.Pos{File: d.file, Line: d.before + 1}
	}
}

// named gives the names of a kind, to be read and added to.
func (b *builder) named(kind string) map[string]city.Pos {
	if b.names[kind] == nil {
		b.names[kind] = map[string]city.Pos{}
	}
	return b.names[kind]
}

// declare takes a document down under its kind and name.
func (b *builder) declare(kind string, v *value) {
	b.docs[kind] = append(b.docs[kind], v)
	name := v.text(kind)
	if name == "" {
		return
	}
	if first, twice := b.named(kind)[name]; twice {
		b.addf(v.at(kind), CodeDuplicateName, "it is declared at "+first.String(), "there are two declarations of %s %s", kind, name)
		return
	}
	b.named(kind)[name] = v.at(kind)
}

// build builds everything. A pack without a city is blamed on its first file.
func (b *builder) build(firstFile string) {
	b.buildCity(firstFile)
	for _, v := range b.docs[kindUnit] {
		b.out.Units = append(b.out.Units, &city.Unit{Name: v.text(kindUnit), Title: v.title("title"), Pos: v.pos})
	}
	for _, v := range b.docs[kindOrganisation] {
		b.buildOrganisation(v)
	}
	for _, v := range b.docs[kindRegion] {
		b.buildRegion(v)
	}
	b.checkRegions()
	for _, v := range b.docs[kindDocument] {
		b.buildDocument(v)
	}
	for _, v := range b.docs[kindRule] {
		b.buildRule(v)
	}
	for _, v := range b.docs[kindDataset] {
		b.buildDataset(v)
	}
	b.checkReferences()
	for _, v := range b.docs[kindSender] {
		b.buildSender(v)
	}
	b.checkSigned()
	b.buildIndicators()
	for _, v := range b.docs[kindPlan] {
		b.buildPlan(v)
	}
	for _, v := range b.docs[kindTarget] {
		b.buildTarget(v)
	}
	for _, v := range b.docs[kindAlert] {
		b.buildAlert(v)
	}
	for _, v := range b.docs[kindReport] {
		b.buildReport(v)
	}
	for _, v := range b.docs[kindOutline] {
		b.buildOutline(v)
	}
}

// refer gives the name in a key after checking that something of the kind has
// that name. An absent key gives "".
func (b *builder) refer(v *value, key, kind string) string {
	name := v.text(key)
	if name == "" {
		return ""
	}
	b.resolve(v.at(key), key, kind, name)
	return name
}

// resolve reports a name that nothing of the kind has.
func (b *builder) resolve(at city.Pos, label, kind, name string) bool {
	if _, ok := b.names[kind][name]; ok {
		return true
	}
	hint := didYouMean(name, b.declared(kind))
	if kind == kindRegion { // a near code is the code of somewhere else
		hint = oneOfThese(b.declared(kind))
	}
	b.addf(at, CodeUnknownReference, hint, "%s: there is no %s %q", label, kind, name)
	return false
}

// declared lists the names of a kind, sorted.
func (b *builder) declared(kind string) []string {
	out := make([]string, 0, len(b.names[kind]))
	for name := range b.names[kind] {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// repeated reports texts that stand twice in a list.
func (b *builder) repeated(v *value, label string) {
	seen := map[string]bool{}
	for _, item := range v.list() {
		if seen[item.str] {
			b.addf(item.pos, CodeDuplicateName, "", "%s names %s twice", label, item.str)
		}
		seen[item.str] = true
	}
}

// exactlyOne gives the one key of the list that the author wrote, or "" after
// reporting that there is none or more than one.
func (b *builder) exactlyOne(v *value, label string, keys []string) string {
	var given []string
	for _, k := range keys {
		if v.gives(k) {
			given = append(given, k)
		}
	}
	switch len(given) {
	case 1:
		return given[0]
	case 0:
		b.addf(v.pos, CodeMissingKey, "", "%s needs one of %s", label, words(keys, "or"))
	default:
		b.addf(v.at(given[1]), CodeInconsistent, "keep one of them", "%s has %s together", label, words(given, "and"))
	}
	return ""
}

// words joins words as a sentence does: "a, b and c".
func words(list []string, and string) string {
	switch n := len(list); n {
	case 0:
		return ""
	case 1:
		return list[0]
	default:
		s := list[0]
		for _, w := range list[1 : n-1] {
			s += ", " + w
		}
		return fmt.Sprintf("%s %s %s", s, and, list[n-1])
	}
}
