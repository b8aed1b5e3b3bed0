package config

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// decoder fills a struct with the values of a map, and remembers where each key
// stands.
type decoder struct {
	*parser
	at map[string]*token.Token // by path below the struct, for example tls.ca
}

// field is a key that a struct takes.
type field struct {
	name  string
	index []int
}

// fields are the keys of a struct type: those of its yaml tags, and those of
// structs embedded with `yaml:",inline"`.
func fields(t reflect.Type) []field {
	var out []field
	for i := range t.NumField() {
		f := t.Field(i)
		name, rest, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case rest == "inline":
			for _, g := range fields(f.Type) {
				out = append(out, field{g.name, append([]int{i}, g.index...)})
			}
		case name != "" && name != "-" && f.IsExported():
			out = append(out, field{name, f.Index})
		}
	}
	return out
}

// decode fills v, a struct, from pairs; more are keys that somebody else reads.
// The path is that of the keys below the struct that Check talks about.
func (d *decoder) decode(pairs []pair, v reflect.Value, label, path string, more ...string) {
	known := map[string][]int{}
	var names []string
	for _, f := range fields(v.Type()) {
		known[f.name], names = f.index, append(names, f.name)
	}
	for _, p := range pairs {
		index, ok := known[p.name]
		if !ok {
			d.addf(p.key, CodeUnknownKey, didYouMean(p.name, append(names, more...)), "unknown key %s", join(label, p.name))
			continue
		}
		here := join(path, p.name)
		d.at[here] = p.key
		d.value(p.value, v.FieldByIndex(index), join(label, p.name), here)
	}
}

// value fills v from a node. What does not fit is a mistake, and leaves v as it
// was.
func (d *decoder) value(n ast.Node, v reflect.Value, label, path string) {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		d.value(n, v.Elem(), label, path)
		return
	}
	if _, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok || scalarKind(v.Kind()) {
		d.scalar(n, v, label)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		d.decode(d.pairs(n, label), v, label, path)
	case reflect.Map:
		d.mapping(n, v, label, path)
	case reflect.Slice:
		d.list(n, v, label, path)
	default:
		d.addf(n.GetToken(), CodeWrongType, "", "%s cannot be declared", label)
	}
}

func scalarKind(k reflect.Kind) bool {
	return k == reflect.String || k == reflect.Bool || (k >= reflect.Int && k <= reflect.Uint64) || k == reflect.Float32 || k == reflect.Float64
}

func (d *decoder) mapping(n ast.Node, v reflect.Value, label, path string) {
	out := reflect.MakeMap(v.Type())
	for _, p := range d.pairs(n, label) {
		here := join(path, p.name)
		d.at[here] = p.key
		elem := reflect.New(v.Type().Elem()).Elem()
		d.value(p.value, elem, join(label, p.name), here)
		out.SetMapIndex(reflect.ValueOf(p.name).Convert(v.Type().Key()), elem)
	}
	v.Set(out)
}

// list takes a list, or a single value for a list of one.
func (d *decoder) list(n ast.Node, v reflect.Value, label, path string) {
	nodes := []ast.Node{n}
	if seq, ok := n.(*ast.SequenceNode); ok {
		nodes = seq.Values
	}
	out := reflect.MakeSlice(v.Type(), 0, len(nodes))
	for i, item := range nodes {
		elem := reflect.New(v.Type().Elem()).Elem()
		d.value(item, elem, fmt.Sprintf("%s[%d]", label, i+1), path)
		out = reflect.Append(out, elem)
	}
	v.Set(out)
}

var (
	durationType = reflect.TypeFor[time.Duration]()
	secretType   = reflect.TypeFor[source.Secret]()
)

// scalar fills v from a single value.
func (d *decoder) scalar(n ast.Node, v reflect.Value, label string) {
	text, ok := plainText(n)
	if !ok {
		d.wrongType(n, "a single value", label)
		return
	}
	bad := func(code, hint, format string, args ...any) { d.addf(n.GetToken(), code, hint, format, args...) }
	if v.Type() == secretType {
		s := source.Secret(text)
		if err := s.Check(); err != nil {
			message, hint := words(err)
			bad(CodeSecret, hint, "%s: %s", label, message)
			return
		}
		v.SetString(text)
		return
	}
	if err := setScalar(v, strings.TrimSpace(text)); err != nil {
		message, hint := words(err)
		bad(CodeInvalidValue, hint, "%s: %s", label, message)
	}
}

// setScalar reads a text as the type of v asks.
func setScalar(v reflect.Value, text string) error {
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return u.UnmarshalText([]byte(text))
	}
	if v.Type() == durationType {
		return setDuration(v, text)
	}
	switch k := v.Kind(); {
	case k == reflect.String:
		v.SetString(text)
	case k == reflect.Bool:
		if text != "true" && text != "false" {
			return city.Errorf(city.CodeInvalid, "%q is not true or false", text)
		}
		v.SetBool(text == "true")
	case k >= reflect.Int && k <= reflect.Int64:
		i, err := strconv.ParseInt(text, 10, v.Type().Bits())
		if err != nil {
			return city.Errorf(city.CodeInvalid, "%q is not a whole number", text)
		}
		v.SetInt(i)
	case k >= reflect.Uint && k <= reflect.Uint64:
		u, err := strconv.ParseUint(text, 10, v.Type().Bits())
		if err != nil {
			return city.Errorf(city.CodeInvalid, "%q is not a whole number above 0", text)
		}
		v.SetUint(u)
	default:
		f, err := strconv.ParseFloat(text, v.Type().Bits())
		if err != nil {
			return city.Errorf(city.CodeInvalid, "%q is not a number", text)
		}
		v.SetFloat(f)
	}
	return nil
}

func setDuration(v reflect.Value, text string) error {
	t, err := time.ParseDuration(text)
	if err != nil || t < 0 {
		return city.Errorf(city.CodeInvalid, "%q is not a length of time", text).WithHint("write for example 30s, 10m or 1h30m")
	}
	v.SetInt(int64(t))
	return nil
}
