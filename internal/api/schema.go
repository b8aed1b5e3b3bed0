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

// schemaName names the schemas of the description: city.Text is CityText, a
// list of deliveries ListReceipt.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	pkg := t.PkgPath()
	if pkg = pkg[strings.LastIndexByte(pkg, '/')+1:]; pkg == "city" {
		return "City" + name
	}
	return name
}
