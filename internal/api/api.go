package api

import (
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/live"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Config is what the API serves.
type Config struct {
	Version  string // of the program
	City     func() *city.City
	Today    func() city.Date
	Analysis *analysis.Service
	Delivery *delivery.Service
	Lake     *lake.Lake
	Store    *store.Store
	Live     *live.Broker
}

type server struct{ Config }

// problemsOnce sets the form of the framework's own errors, which it keeps in
// a package variable.
var problemsOnce sync.Once

// Handler serves the API below /api/.
func Handler(c Config) http.Handler {
	problemsOnce.Do(func() { huma.NewError = newProblem })
	mux := http.NewServeMux()
	conf := huma.DefaultConfig("Jinyang", c.Version)
	conf.Info.Description = "A city's promises, the data behind them, and how they stand."
	conf.OpenAPIPath, conf.DocsPath, conf.SchemasPath = "/api/openapi", "", ""
	conf.CreateHooks = nil // no $schema members in answers
	conf.RejectUnknownQueryParameters = true
	conf.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	api := humago.New(mux, conf)
	s := &server{c}
	s.cityRoutes(api)
	s.targetRoutes(api)
	s.indicatorRoutes(api)
	s.datasetRoutes(api)
	s.deliveryRoutes(api)
	s.eventRoutes(api)
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		writeProblem(w, city.Errorf(city.CodeNotFound, "there is nothing at %s", r.URL.Path).WithHint("see /api/openapi.json"))
	})
	return http.NewCrossOriginProtection().Handler(mux)
}

// get registers an operation that reads.
func get[I, O any](api huma.API, id, path, summary string, f func(r *request, in *I) (*O, error)) {
	huma.Register(api, huma.Operation{OperationID: id, Method: http.MethodGet, Path: "/api/v1" + path, Summary: summary}, handle(f))
}
