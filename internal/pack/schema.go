package pack

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// JSONSchema gives the JSON Schema (2020-12) of one document of a pack, made
// out of the specification that the parser itself uses. Editors can check a
// pack with it while it is written; what needs the whole pack, such as
// references and units, only Load can check.
func JSONSchema() ([]byte, error) {
	s := newSpec()
	w := &schemaWriter{defs: map[string]node{}}
	var kinds []node
	for _, k := range s.kinds {
		name := "document_" + k.name
		w.defs[name] = w.object(k.shape)
		w.defs[name]["description"] = k.doc
		kinds = append(kinds, reference(name))
	}
	root := node{
		"$schema":     "https://json-schema.org/draft/2020-12/schema",
		"title":       fmt.Sprintf("Jinyang city pack, format %d", formatVersion),
		"description": "One document of a pack. Its first key says which kind it is.",
		"oneOf":       kinds,
		"$defs":       w.defs,
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(root); err != nil {
		return nil, fmt.Errorf("write the JSON Schema: %w", err)
	}
	return out.Bytes(), nil
}

// node is a schema or a part of one. Maps are written in the order of their
// keys, so the result is always the same.
type node = map[string]any

// schemaWriter turns shapes into schemas. Named shapes become definitions,
// which also ends the recursion of shapes that refer to themselves.
type schemaWriter struct {
	defs map[string]node
}

func reference(name string) node { return node{"$ref": "#/$defs/" + name} }

// schema is the schema of a shape, or a reference to its definition. Two
// shapes of one name are alike, so the first stands for both.
func (w *schemaWriter) schema(s *shape) node {
	if s.name == "" {
		return w.body(s)
	}
	if _, done := w.defs[s.name]; !done {
		w.defs[s.name] = node{} // ends the recursion
		w.defs[s.name] = w.body(s)
	}
	return reference(s.name)
}

func (w *schemaWriter) body(s *shape) node {
	switch s.form {
	case formText:
		return w.text(s)
	case formInt, formNumber:
		return w.number(s)
	case formBool:
		return node{"type": "boolean"}
	case formDate:
		return node{"type": "string", "format": "date", "pattern": `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`}
	case formScalar:
		return node{"type": []string{"string", "number", "boolean"}}
	case formObject:
		return w.object(s)
	case formMap:
		return w.freeMap(s)
	case formList:
		return w.list(s)
	}
	return w.either(s)
}

func (w *schemaWriter) text(s *shape) node {
	n := node{"type": "string", "minLength": 1}
	if len(s.words) > 0 {
		return node{"enum": s.words}
	}
	if s.pattern != nil {
		n["pattern"] = s.pattern.re.String()
	}
	if s.maxRunes > 0 {
		n["maxLength"] = s.maxRunes
	}
	return n
}

func (w *schemaWriter) number(s *shape) node {
	n := node{"type": "number"}
	if s.form == formInt {
		n["type"] = "integer"
	}
	if s.min != nil {
		n["minimum"], n["maximum"] = *s.min, *s.max
	}
	return n
}

func (w *schemaWriter) object(s *shape) node {
	properties, needed := node{}, []string{}
	for _, k := range s.keys {
		p := w.schema(k.shape)
		p["description"] = k.doc
		if k.fallback != nil {
			p["default"] = k.fallback
		}
		properties[k.name] = p
		if k.required {
			needed = append(needed, k.name)
		}
	}
	n := node{"type": "object", "properties": properties, "additionalProperties": false}
	if len(needed) > 0 {
		n["required"] = needed
	}
	return n
}

func (w *schemaWriter) freeMap(s *shape) node {
	return node{
		"type":                 "object",
		"propertyNames":        node{"pattern": s.keyNames.re.String()},
		"additionalProperties": w.schema(s.of),
		"minProperties":        s.minItems,
	}
}

func (w *schemaWriter) list(s *shape) node {
	n := node{"type": "array", "items": w.schema(s.of), "minItems": s.minItems}
	if s.maxItems > 0 {
		n["maxItems"] = s.maxItems
	}
	return n
}

func (w *schemaWriter) either(s *shape) node {
	var alternatives []node
	for _, alternative := range []*shape{s.scalar, s.list, s.object} {
		if alternative != nil {
			alternatives = append(alternatives, w.schema(alternative))
		}
	}
	return node{"anyOf": alternatives}
}
