package pack

import "github.com/jinyang-city/jinyang/internal/city"

// value is what was read for a shape. All methods work on nil, which stands
// for "absent or mistaken": they give the zero value.
type value struct {
	pos     city.Pos
	form    form // never formEither
	str     string
	num     float64
	flag    bool
	day     city.Date
	items   []*value // formList
	entries []entry  // formObject, formMap, in the order of the file
	implied bool     // taken from the specification's default
}

// entry is a key of a map with its value, which is nil when it was mistaken.
type entry struct {
	name string
	pos  city.Pos
	val  *value
}

// entry finds a key that was written or has a default.
func (v *value) entry(name string) *entry {
	if v == nil {
		return nil
	}
	for i := range v.entries {
		if v.entries[i].name == name {
			return &v.entries[i]
		}
	}
	return nil
}

// get is the value of a key.
func (v *value) get(name string) *value {
	if e := v.entry(name); e != nil {
		return e.val
	}
	return nil
}

// gives says whether the author wrote the key, even with a mistaken value.
func (v *value) gives(name string) bool {
	e := v.entry(name)
	return e != nil && (e.val == nil || !e.val.implied)
}

// at is the place of a key, or the place of v when the key is absent.
func (v *value) at(name string) city.Pos {
	if e := v.entry(name); e != nil {
		return e.pos
	}
	if v == nil {
		return city.Pos{}
	}
	return v.pos
}

// text is the text of a key's scalar.
func (v *value) text(name string) string {
	if w := v.get(name); w != nil {
		return w.str
	}
	return ""
}

func (v *value) number(name string) float64 {
	if w := v.get(name); w != nil {
		return w.num
	}
	return 0
}

// numberPtr is nil when the key is absent.
func (v *value) numberPtr(name string) *float64 {
	if w := v.get(name); w != nil {
		n := w.num
		return &n
	}
	return nil
}

func (v *value) int(name string) int { return int(v.number(name)) }

func (v *value) bool(name string) bool {
	w := v.get(name)
	return w != nil && w.flag
}

func (v *value) date(name string) city.Date {
	if w := v.get(name); w != nil {
		return w.day
	}
	return city.Date{}
}

// title reads a {zh, en} object.
func (v *value) title(name string) city.Text {
	w := v.get(name)
	return city.Text{ZH: w.text("zh"), EN: w.text("en")}
}

// list gives the elements of a list, or v itself when it is a scalar; absent
// elements are left out.
func (v *value) list() []*value {
	if v == nil {
		return nil
	}
	if v.form != formList {
		return []*value{v}
	}
	out := make([]*value, 0, len(v.items))
	for _, item := range v.items {
		if item != nil {
			out = append(out, item)
		}
	}
	return out
}

// texts gives the texts of a list, or of a scalar.
func (v *value) texts() []string {
	var out []string
	for _, item := range v.list() {
		out = append(out, item.str)
	}
	return out
}

// each gives the entries whose value was read.
func (v *value) each() []entry {
	if v == nil {
		return nil
	}
	var out []entry
	for _, e := range v.entries {
		if e.val != nil {
			out = append(out, e)
		}
	}
	return out
}
