package city

// Yield says what a derived field holds.
type Yield string

const (
	YieldIndex Yield = "index" // the whole number of an IndexTable
	YieldClass Yield = "class" // the grade of an index, or the class of a GradeTable
)

// Derived is a field that is computed out of others by a rule, in the edition
// in force on the row's day. It is not stored: a new edition, or a mistake mended
// in a table, counts at once and for the days that it is valid for.
type Derived struct {
	Name   string
	Title  Text
	Rule   *Rule
	Items  map[string]string // item of the rule's table → field of the dataset
	Yields Yield
	Pos    Pos
}

// Type is the type of the values: an int for an index, else an enum.
func (d *Derived) Type() FieldType {
	if d.Yields == YieldIndex && d.Rule.Kind == RuleIndex {
		return TypeInt
	}
	return TypeEnum
}

// AsField describes the derived field like a stored one, for whoever reads it.
func (d *Derived) AsField() *Field {
	f := &Field{Name: d.Name, Title: d.Title, Type: d.Type(), Optional: true, Pos: d.Pos}
	if f.Type == TypeEnum {
		f.Values = d.values()
	}
	return f
}

// values lists the grades or classes of all editions, each once.
func (d *Derived) values() []EnumValue {
	var out []EnumValue
	seen := map[string]bool{}
	add := func(code string, title Text) {
		if !seen[code] {
			seen[code] = true
			out = append(out, EnumValue{Code: code, Title: title})
		}
	}
	for _, v := range d.Rule.Versions {
		if v.Index != nil {
			for _, g := range v.Index.Grades {
				add(g.Name, g.Title)
			}
		}
		if v.Grading != nil {
			for _, c := range v.Grading.Classes {
				add(c.Name, c.Title)
			}
		}
	}
	return out
}

// Readable finds what can be asked about: a field, or one that is derived.
func (d *Dataset) Readable(name string) (*Field, bool) {
	if f, ok := d.Field(name); ok {
		return f, true
	}
	for _, v := range d.Derived {
		if v.Name == name {
			return v.AsField(), true
		}
	}
	return nil, false
}
