package city

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"
)

// Fingerprint is the SHA-256 (lower-case hex) of a declaration's content. The
// place where it was declared does not count, so that moving it to another
// file is no change.
func Fingerprint(declaration any) string {
	doc, err := json.Marshal(plain(reflect.ValueOf(declaration)))
	if err != nil {
		return "" // declarations hold nothing that JSON refuses
	}
	sum := sha256.Sum256(doc)
	return hex.EncodeToString(sum[:])
}

var posType = reflect.TypeFor[Pos]()

// plain turns a value into maps, lists and scalars, leaving out Pos and what
// is empty, so that a field added to a type later changes no fingerprint.
func plain(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return plain(v.Elem())
	case reflect.Struct:
		out := map[string]any{}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.IsExported() && f.Type != posType && !v.Field(i).IsZero() {
				out[f.Name] = plain(v.Field(i))
			}
		}
		return out
	case reflect.Slice:
		out := make([]any, v.Len())
		for i := range out {
			out[i] = plain(v.Index(i))
		}
		return out
	}
	return v.Interface()
}
