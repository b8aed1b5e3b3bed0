package api

import (
	"context"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/jinyang-city/jinyang/internal/analysis"
)

// page registers an operation whose answer is kept as it was written. The
// answer carries a tag: who has it already is told so, and gets nothing else.
func page[I, O any](api huma.API, id, path, summary string, f func(*request, *I) (analysis.Page, error)) {
	schema := api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[O](), true, "")
	op := huma.Operation{OperationID: id, Method: http.MethodGet, Path: "/api/v1" + path, Summary: summary, Responses: map[string]*huma.Response{
		"200": {Description: "OK", Headers: map[string]*huma.Param{
			"Cache-Control": {Schema: &huma.Schema{Type: huma.TypeString}},
			"ETag":          {Schema: &huma.Schema{Type: huma.TypeString}},
		}, Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}},
		"default": {Description: "Error", Content: map[string]*huma.MediaType{"application/problem+json": {
			Schema: api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, ""),
		}}},
		"304": {Description: "The answer with the tag in If-None-Match still stands"},
	}}
	huma.Register(api, op, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
		p, err := f(&request{ctx}, in)
		if err != nil {
			return nil, problem(err)
		}
		return &huma.StreamResponse{Body: func(hc huma.Context) { send(hc, p) }}, nil
	})
}

// send writes a page. A browser keeps it, and asks each time whether it stands.
func send(ctx huma.Context, p analysis.Page) {
	ctx.SetHeader("Cache-Control", "private, no-cache")
	ctx.SetHeader("ETag", p.Tag)
	if strings.Contains(ctx.Header("If-None-Match"), p.Tag) {
		ctx.SetStatus(http.StatusNotModified)
		return
	}
	ctx.SetHeader("Content-Type", "application/json")
	ctx.SetStatus(http.StatusOK)
	_, _ = ctx.BodyWriter().Write(p.Doc) // a reader that went away needs no answer
}
