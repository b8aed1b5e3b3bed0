package pack

import (
	"regexp"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// keysOfTypes are the keys of a field that only some types have.
func keysOfTypes() []struct {
	key   string
	types []city.FieldType
} {
	numbers := []city.FieldType{city.TypeInt, city.TypeNumber, city.TypeDecimal}
	return []struct {
		key   string
		types []city.FieldType
	}{
		{"formats", dated.types},
		{"from", dated.types},
		{"values", []city.FieldType{city.TypeEnum}},
		{"true", []city.FieldType{city.TypeBool}},
		{"false", []city.FieldType{city.TypeBool}},
		{"scale", []city.FieldType{city.TypeDecimal}},
		{"min", numbers},
		{"max", numbers},
		{"unit", numbers},
		{"sum", numbers},
		{"max_len", []city.FieldType{city.TypeString}},
		{"pattern", []city.FieldType{city.TypeString}},
		{"personal", []city.FieldType{city.TypeString}},
	}
}

func (b *builder) buildField(e entry) *city.Field {
	v := e.val
	f := &city.Field{
		Name:     e.name,
		Title:    v.title("title"),
		Type:     city.FieldType(v.text("type")),
		Source:   v.get("source").texts(),
		From:     v.get("from").texts(),
		Column:   v.int("column"),
		Optional: v.bool("optional"),
		Null:     v.get("null").texts(),
		Formats:  v.get("formats").texts(),
		True:     v.get("true").texts(),
		False:    v.get("false").texts(),
		Scale:    v.int("scale"),
		Min:      v.numberPtr("min"),
		Max:      v.numberPtr("max"),
		MaxLen:   v.int("max_len"),
		Pattern:  v.text("pattern"),
		Personal: v.bool("personal"),
		Unit:     b.refer(v, "unit", kindUnit),
		Sum:      v.bool("sum"),
		Pos:      e.pos,
	}
	if !v.gives("source") {
		f.Source = []string{e.name}
	}
	b.checkKeysFit(f, v)
	b.fillType(f, v)
	b.checkLimits(f, v)
	f.Default = v.text("default")
	b.checkDefault(f, v.get("default"))
	return f
}

// checkDefault reports a default that no sender could have written: it is read
// like a value in a file.
func (b *builder) checkDefault(f *city.Field, v *value) {
	switch {
	case v == nil:
	case f.Type == city.TypePerson:
		b.addf(v.pos, CodeInconsistent, "leave default out", "the field %s is a person, for whom there is no default", f.Name)
	case f.Type == city.TypeBool:
		if !slices.Contains(f.True, v.str) && !slices.Contains(f.False, v.str) {
			b.addf(v.pos, CodeInvalidValue, "use one of the texts of true and false", "default: %q is not a value of the field %s, which is of type bool", v.str, f.Name)
		}
	case dated.has(f.Type):
		if !slices.ContainsFunc(f.Formats, readsAs(v.str)) {
			b.addf(v.pos, CodeInvalidValue, "write it in one of the formats", "default: %q is not a %s as the sender writes it", v.str, f.Type)
		}
	default:
		b.operand(v, f, "default")
	}
}

// checkKeysFit reports keys that the field's type does not have.
func (b *builder) checkKeysFit(f *city.Field, v *value) {
	if f.Type == "" {
		return
	}
	for _, k := range keysOfTypes() {
		if v.gives(k.key) && !slices.Contains(k.types, f.Type) {
			b.addf(v.at(k.key), CodeFieldType, "", "the field %s is of type %s, which has no %s", f.Name, f.Type, k.key)
		}
	}
}

// fillType reads what only one type has, and its defaults.
func (b *builder) fillType(f *city.Field, v *value) {
	switch f.Type {
	case city.TypeEnum:
		if !v.gives("values") {
			b.addf(v.pos, CodeMissingKey, "list the codes, each with what senders write", "the field %s is an enum without values", f.Name)
		}
		f.Values = b.enumValues(f, v.get("values"))
	case city.TypeBool:
		b.fillBool(f, v)
	case city.TypeDecimal:
		if !v.gives("scale") {
			f.Scale = 2
		}
	case city.TypeDate, city.TypeMonth, city.TypeDateTime:
		b.fillFormats(f, v)
	}
}

// enumValues reads the values of an enum. Where only the sender's word is
// given it is the Chinese title, and the code in words the English one.
func (b *builder) enumValues(f *city.Field, v *value) []city.EnumValue {
	var out []city.EnumValue
	taken := map[string]string{}
	for _, e := range v.each() {
		taken[e.name] = e.name
	}
	for _, e := range v.each() {
		value := city.EnumValue{Code: e.name, Title: city.Text{EN: strings.ReplaceAll(e.name, "_", " ")}}
		sources := e.val
		if e.val.form == formObject {
			value.Title = city.Text{ZH: e.val.text("zh"), EN: e.val.text("en")}
			if sources = e.val.get("source"); sources == nil {
				sources = e.val.get("zh")
			}
		}
		value.Sources = sources.texts()
		if value.Title.ZH == "" && len(value.Sources) > 0 {
			value.Title.ZH = value.Sources[0]
		}
		for _, s := range sources.list() {
			if first, ok := taken[s.str]; ok && first != e.name {
				b.addf(s.pos, CodeDuplicateName, "", "values of %s: %q stands for both %s and %s", f.Name, s.str, first, e.name)
			}
			taken[s.str] = e.name
		}
		out = append(out, value)
	}
	return out
}

func (b *builder) fillBool(f *city.Field, v *value) {
	if !v.gives("true") {
		f.True = []string{"是", "true", "1"}
	}
	if !v.gives("false") {
		f.False = []string{"否", "false", "0"}
	}
	for _, s := range f.False {
		if slices.Contains(f.True, s) {
			b.addf(v.at("false"), CodeDuplicateName, "", "the field %s takes %q for both true and false", f.Name, s)
		}
	}
}

func (b *builder) checkLimits(f *city.Field, v *value) {
	if f.Min != nil && f.Max != nil && *f.Max < *f.Min {
		b.addf(v.at("max"), CodeInconsistent, "", "the field %s has a max below its min", f.Name)
	}
	if f.Pattern != "" {
		if _, err := regexp.Compile(f.Pattern); err != nil {
			b.addf(v.at("pattern"), CodeInvalidValue, "write a regular expression of RE2", "pattern: %v", err)
		}
	}
}
