package pack

import (
	"slices"
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

func (b *builder) buildDataset(v *value) {
	d := &datasetDecl{v: v, Dataset: &city.Dataset{
		Name:    v.text(kindDataset),
		Title:   v.title("title"),
		Note:    v.title("note"),
		Owner:   b.refer(v, "owner", kindOrganisation),
		Grade:   v.int("grade"),
		Sharing: b.sharing(v.get("sharing")),
		Key:     v.get("key").texts(),
		Pos:     v.pos,
	}}
	for _, e := range v.get("fields").each() {
		d.Fields = append(d.Fields, b.buildField(e))
	}
	b.checkSources(v.get("fields"))
	d.Delivery = b.delivery(d)
	b.checkKey(d)
	b.buildChecks(d)
	b.buildDerived(d)
	b.out.Datasets = append(b.out.Datasets, d.Dataset)
	if _, twice := b.datasets[d.Name]; !twice {
		b.datasets[d.Name] = d
	}
}

// sharing reads the sharing class. A provider that shares with nobody has to
// name the legal basis (政务数据共享条例 art. 14).
func (b *builder) sharing(v *value) city.Sharing {
	s := city.Sharing{Class: v.text("class"), Basis: v.text("basis"), Methods: v.get("methods").texts()}
	b.repeated(v.get("methods"), "sharing.methods")
	if s.Class == "denied" && !v.gives("basis") {
		b.addf(v.at("class"), CodeMissingKey, "name the law or rule", "the key sharing.basis is missing; the class denied needs it")
	}
	if s.Class == "denied" && v.gives("methods") {
		b.addf(v.at("methods"), CodeInconsistent, "leave methods out", "sharing.methods is given for data that is not shared")
	}
	return s
}

func (b *builder) delivery(d *datasetDecl) city.DeliverySpec {
	v := d.v.get("delivery")
	spec := city.DeliverySpec{
		Mode:      city.Mode(v.text("mode")),
		Period:    v.text("period"),
		Every:     city.Grain(v.text("every")),
		LateAfter: v.text("late_after"),
		Header:    city.HeaderMode(v.text("header")),
		Signed:    v.text("signed") == "required",
		InPeriod:  v.text("dates") == "period",
		Ignore:    v.get("ignore").texts(),
	}
	b.checkIgnored(d, v.get("ignore"))
	spec.RejectAbove, spec.VanishAbove = share(v.text("reject_above")), share(v.text("vanish_above"))
	if v.gives("vanish_above") && spec.Mode != "" && !spec.Mode.Whole() {
		b.addf(v.at("vanish_above"), CodeInconsistent, "leave it out, or use the mode replace or snapshot", "delivery.vanish_above: nothing vanishes in the mode %s", spec.Mode)
	}
	spec.Delimiter = delimiter(v.text("delimiter"))
	if f := b.fieldOf(d, v.get("period"), "delivery.period", dated); f != nil && f.Optional {
		b.addf(v.at("period"), CodeInconsistent, "remove optional from the field", "delivery.period: the field %s may be empty, so it cannot date a row", f.Name)
	}
	if spec.Header == city.HeaderNone {
		b.checkColumns(d)
	}
	return spec
}

// share reads a percentage.
func share(percent string) float64 {
	// The pattern admits no text that ParseFloat refuses.
	// Read with its exponent, 0.7% is the number that 7 of 1000 is, and a batch on
	// the boundary stays on it; divided by 100 it would be another one.
	n, _ := strconv.ParseFloat(strings.TrimSuffix(percent, "%")+"e-2", 64)
	return n
}

// delimiter is the character that a word of the format stands for.
func delimiter(word string) rune {
	if word == "tab" {
		return '\t'
	}
	for _, r := range word {
		return r
	}
	return 0
}

// checkIgnored reports a column that is both left out and read by a field.
func (b *builder) checkIgnored(d *datasetDecl, ignore *value) {
	b.repeated(ignore, "delivery.ignore")
	for _, name := range ignore.list() {
		for _, f := range d.Fields {
			if slices.Contains(f.Source, name.str) || slices.Contains(f.From, name.str) {
				b.addf(name.pos, CodeDuplicateSource, "leave it out of ignore", "delivery.ignore names the column %q, which the field %s reads", name.str, f.Name)
			}
		}
	}
}

// checkColumns wants a position for every field of a file without header. A
// field with a default may be absent from the file.
func (b *builder) checkColumns(d *datasetDecl) {
	for _, e := range d.v.get("fields").each() {
		if !e.val.gives("column") && !e.val.gives("default") {
			b.addf(e.pos, CodeMissingKey, "give column, or a default when the file has no such column", "the field %s has no column, and the files have no header", e.name)
		}
	}
}

func (b *builder) checkKey(d *datasetDecl) {
	if d.Delivery.Mode == city.ModeUpsert && !d.v.gives("key") {
		b.addf(d.v.pos, CodeMissingKey, "list the fields that identify a row", "the key key is missing; mode upsert needs it")
	}
	b.repeated(d.v.get("key"), "key")
	for _, name := range d.v.get("key").list() {
		if f := b.fieldOf(d, name, "key", anyType); f != nil && f.Optional {
			b.addf(name.pos, CodeInconsistent, "remove optional from the field", "key: the field %s may be empty, so it cannot identify a row", f.Name)
		}
	}
}

// checkSources reports two fields that read the same column.
func (b *builder) checkSources(fields *value) {
	names, columns := map[string]string{}, map[int]string{}
	for _, e := range fields.each() {
		own := map[string]bool{}
		sources := e.val.get("source").list()
		if !e.val.gives("source") {
			sources = []*value{{pos: e.pos, str: e.name}}
		}
		for _, s := range sources {
			switch first, taken := names[s.str]; {
			case own[s.str]:
				b.addf(s.pos, CodeDuplicateSource, "", "the field %s names the column %q twice", e.name, s.str)
			case taken:
				b.addf(s.pos, CodeDuplicateSource, "", "the fields %s and %s both read the column %q", first, e.name, s.str)
			default:
				names[s.str] = e.name
			}
			own[s.str] = true
		}
		if n := e.val.int("column"); n > 0 {
			if first, taken := columns[n]; taken {
				b.addf(e.val.at("column"), CodeDuplicateSource, "", "the fields %s and %s both read column %d", first, e.name, n)
			} else {
				columns[n] = e.name
			}
		}
	}
}

// typeClass is a group of field types that something can work with.
type typeClass struct {
	says  string // completes "needs …"; "" for any type
	types []city.FieldType
}

var (
	anyType = typeClass{}
	numeric = typeClass{"a number", []city.FieldType{city.TypeInt, city.TypeNumber, city.TypeDecimal}}
	dated   = typeClass{"a date, datetime or month", []city.FieldType{city.TypeDate, city.TypeDateTime, city.TypeMonth}}
	timed   = typeClass{"a date or datetime", []city.FieldType{city.TypeDate, city.TypeDateTime}}
)

func (c typeClass) has(t city.FieldType) bool { return c.says == "" || slices.Contains(c.types, t) }

// fieldOf finds the field that v names and checks its type. It gives nil when
// there is none, when its type does not fit, and when the field or the dataset
// was mistaken itself, which has been reported already.
func (b *builder) fieldOf(d *datasetDecl, v *value, label string, class typeClass) *city.Field {
	if v == nil {
		return nil
	}
	return b.fieldAt(d, v.pos, v.str, label, class)
}

func (b *builder) fieldAt(d *datasetDecl, at city.Pos, name, label string, class typeClass) *city.Field {
	if d == nil || d.v.get("fields") == nil || name == "" {
		return nil
	}
	e := d.v.get("fields").entry(name)
	if e == nil {
		e = d.v.get("derived").entry(name)
	}
	if e == nil {
		b.addf(at, CodeUnknownReference, didYouMean(name, fieldNames(d.v)), "%s: the dataset %s has no field %q", label, d.Name, name)
		return nil
	}
	f, ok := d.Readable(name)
	switch {
	case !ok || f.Type == "":
		return nil
	case !class.has(f.Type):
		b.addf(at, CodeFieldType, "", "%s needs %s, and the field %s is of type %s", label, class.says, name, f.Type)
		return nil
	}
	return f
}

func fieldNames(dataset *value) []string {
	var out []string
	for _, e := range dataset.get("fields").entries {
		out = append(out, e.name)
	}
	return out
}
