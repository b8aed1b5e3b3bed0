package pack

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/jinyang-city/jinyang/internal/city"
)

// reader matches the tree of one document with a shape. A value that does not
// match is reported and read as nil.
type reader struct {
	*collector
	doc *document
}

// read matches a node. The label names the place in messages, for example
// delivery.mode.
func (r *reader) read(n ast.Node, s *shape, label string) *value {
	if what := forbidden(n); what != "" {
		r.addf(r.doc.pos(n), CodeNotAllowed, "write the value out where it is used", "%s uses %s, which a pack may not", subject(label), what)
		return nil
	}
	switch s.form {
	case formEither:
		return r.readEither(n, s, label)
	case formObject:
		return r.readObject(n, s, label)
	case formMap:
		return r.readMap(n, s, label)
	case formList:
		return r.readList(n, s, label)
	}
	return r.readScalar(n, s, label)
}

// forbidden names what YAML offers and a pack may not use. Aliases are refused
// because a few lines of them can stand for gigabytes; tags and merge keys,
// because nobody who reads the pack should have to know them.
func forbidden(n ast.Node) string {
	switch n.(type) {
	case *ast.AliasNode:
		return "an alias (*)"
	case *ast.AnchorNode:
		return "an anchor (&)"
	case *ast.TagNode:
		return "a tag (!)"
	case *ast.MergeKeyNode:
		return "a merge key (<<)"
	}
	return ""
}

func subject(label string) string {
	if label == "" {
		return "the document"
	}
	return label
}

func (r *reader) readEither(n ast.Node, s *shape, label string) *value {
	alternative, what := s.scalar, "a single value"
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		alternative, what = s.object, "a map"
	case *ast.SequenceNode:
		alternative, what = s.list, "a list"
	}
	if alternative == nil {
		r.addf(r.doc.pos(n), CodeWrongType, "", "%s may not be %s", subject(label), what)
		return nil
	}
	return r.read(n, alternative, label)
}

// pairs are the key-value pairs of a mapping, false when n is none.
func pairs(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch m := n.(type) {
	case *ast.MappingNode:
		return m.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{m}, true
	}
	return nil, false
}

// entries walks through the pairs of a mapping and has each value read by the
// function. Keys that are not plain, and keys that were there, are reported.
func (r *reader) entries(n ast.Node, hint, label string, read func(e *entry, n ast.Node)) *value {
	list, ok := pairs(n)
	if !ok {
		r.wrongType(n, "a map of keys and values", hint, label)
		return nil
	}
	v := &value{pos: r.doc.pos(n), form: formMap}
	seen := map[string]city.Pos{}
	for _, pair := range list {
		name, ok := r.keyName(pair.Key, label)
		if !ok {
			continue
		}
		e := entry{name: name, pos: r.doc.pos(pair.Key)}
		if first, twice := seen[name]; twice {
			r.addf(e.pos, CodeDuplicateKey, fmt.Sprintf("it is at line %d already", first.Line), "the key %s is given twice", join(label, name))
			continue
		}
		seen[name] = e.pos
		read(&e, pair.Value)
		v.entries = append(v.entries, e)
	}
	return v
}

// keyName takes a key as it is written: true, null and 1 are names like any
// other, because fields and texts may be called so.
func (r *reader) keyName(n ast.MapKeyNode, label string) (string, bool) {
	if what := forbidden(n); what != "" {
		r.addf(r.doc.pos(n), CodeNotAllowed, "write the keys out", "%s uses %s, which a pack may not", subject(label), what)
		return "", false
	}
	if k, ok := n.(*ast.StringNode); ok {
		return k.Value, true
	}
	if _, ok := n.(ast.ScalarNode); ok {
		return n.GetToken().Value, true
	}
	r.addf(r.doc.pos(n), CodeWrongType, "", "a key of %s is not a plain word", subject(label))
	return "", false
}

func (r *reader) readObject(n ast.Node, s *shape, label string) *value {
	v := r.entries(n, s.example(), label, func(e *entry, n ast.Node) {
		k := s.key(e.name)
		if k == nil {
			r.addf(e.pos, CodeUnknownKey, didYouMean(e.name, s.keyList()), "unknown key %s", join(label, e.name))
			return
		}
		e.val = r.read(n, k.shape, join(label, e.name))
	})
	if v == nil {
		return nil
	}
	v.form = formObject
	for _, k := range s.keys {
		if v.entry(k.name) != nil {
			continue
		}
		if k.required {
			r.addf(v.pos, CodeMissingKey, k.doc, "the key %s is missing", join(label, k.name))
		}
		if k.fallback != nil {
			v.entries = append(v.entries, entry{k.name, v.pos, implied(k.fallback, v.pos)})
		}
	}
	return v
}

// example shows the required keys of an object.
func (s *shape) example() string {
	var keys []string
	for _, k := range s.keys {
		if k.required {
			keys = append(keys, k.name+": …")
		}
	}
	if len(keys) == 0 {
		return ""
	}
	return "write {" + strings.Join(keys, ", ") + "}"
}

// implied makes the value of a default.
func implied(fallback any, pos city.Pos) *value {
	v := &value{pos: pos, implied: true}
	switch f := fallback.(type) {
	case string:
		v.form, v.str = formText, f
	case float64:
		v.form, v.num = formNumber, f
	case bool:
		v.form, v.flag = formBool, f
	}
	return v
}

func (r *reader) readMap(n ast.Node, s *shape, label string) *value {
	v := r.entries(n, "", label, func(e *entry, n ast.Node) {
		if !s.keyNames.re.MatchString(e.name) {
			r.addf(e.pos, CodeInvalidValue, "", "the name %q in %s must be %s", e.name, subject(label), s.keyNames.says)
			return
		}
		e.val = r.read(n, s.of, join(label, e.name))
	})
	if v != nil && len(v.entries) < s.minItems {
		r.addf(v.pos, CodeInvalidValue, "", "%s is empty", subject(label))
		return nil
	}
	return v
}

func (r *reader) readList(n ast.Node, s *shape, label string) *value {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		r.wrongType(n, "a list", "", label)
		return nil
	}
	v := &value{pos: r.doc.pos(n), form: formList}
	for i, item := range seq.Values {
		v.items = append(v.items, r.read(item, s.of, fmt.Sprintf("%s[%d]", label, i+1)))
	}
	if n := len(v.items); n < s.minItems || (s.maxItems > 0 && n > s.maxItems) {
		r.addf(v.pos, CodeInvalidValue, "", "%s must have %s, not %d", subject(label), s.countText(), n)
		return nil
	}
	return v
}

// countText says how many elements a list takes.
func (s *shape) countText() string {
	switch {
	case s.minItems == s.maxItems:
		return fmt.Sprintf("exactly %d elements", s.minItems)
	case s.minItems == 1:
		return "at least one element"
	}
	return fmt.Sprintf("at least %d elements", s.minItems)
}

func join(label, name string) string {
	if label == "" {
		return name
	}
	return label + "." + name
}
