package api

import (
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/city"
)

// registry names and describes the types of the API.
func registry() huma.Registry {
	r := huma.NewMapRegistry("#/components/schemas/", schemaName)
	r.RegisterTypeAlias(reflect.TypeFor[city.Date](), reflect.TypeFor[day]())
	describeEnums(r)
	return r
}

// day describes a city.Date: it may be empty, which format "date" forbids.
type day string

var _ huma.SchemaProvider = day("")

// Schema describes a day or an empty text.
func (day) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString, Pattern: `^([0-9]{4}-[0-9]{2}-[0-9]{2})?$`, Description: "YYYY-MM-DD; empty when there is none"}
	s.PrecomputeMessages()
	return s
}

// files describes answers that are files of some formats, by their media types.
func files[F interface{ MediaType() string }](formats []F) map[string]*huma.MediaType {
	out := map[string]*huma.MediaType{}
	for _, f := range formats {
		out[f.MediaType()] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	}
	return out
}

// prefixes keep the types of packages apart that have the same name.
var prefixes = map[string]string{"watch": "Alert", "city": "City", "doctext": "Text", "draft": "Draft", "plantext": "Text", "explore": "Explore", "ledger": "Ledger", "monthly": "Monthly", "progress": "Progress"}

// schemaName names the schemas of the description: city.Text is CityText, a
// list of deliveries ListReceipt.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	pkg := t.PkgPath()
	return prefixes[pkg[strings.LastIndexByte(pkg, '/')+1:]] + name
}

// allowNulls says of every member that is a pointer to an object, and not left
// out when it is nil, that it may be null: the framework has no word for that.
// One that is never nil has the tag nullable:"false".
func allowNulls(r huma.Registry) {
	for name, s := range r.Map() {
		if t := r.TypeFromRef("#/components/schemas/" + name); t != nil {
			nullMembers(s, t)
		}
	}
}

func nullMembers(s *huma.Schema, t reflect.Type) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, rest, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			nullMembers(s, f.Type)
			continue
		}
		given := s.Properties[name]
		if given == nil || given.Ref == "" || f.Type.Kind() != reflect.Pointer || strings.Contains(rest, "omit") || f.Tag.Get("nullable") == "false" {
			continue
		}
		s.Properties[name] = &huma.Schema{Description: given.Description, AnyOf: []*huma.Schema{{Ref: given.Ref}, {Type: "null"}}}
	}
}
