package api

import (
	"net/http"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/jinyang-city/jinyang/internal/alert/watch"
	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/delivery/source/collect"
	"github.com/jinyang-city/jinyang/internal/draft"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/ledger"
	"github.com/jinyang-city/jinyang/internal/live"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/progress"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Config is what the API serves.
type Config struct {
	Version  string // of the program
	City     func() *city.City
	Today    func() city.Date
	Analysis *analysis.Service
	Ledger   *ledger.Service
	Delivery *delivery.Service
	Lake     *lake.Lake
	Store    *store.Store
	Live     *live.Broker
	Sources  *collect.Collector
	Progress *progress.Service
	Alerts   *watch.Service
	Drafts   *draft.Service
	Who      policy.Principal // on whose behalf requests are answered, until they can be told apart
}

type server struct{ Config }

// frameworkOnce sets what the framework keeps in package variables: the form
// of its own errors, and that lists are never null.
var frameworkOnce sync.Once

// Handler serves the API below /api/.
func Handler(c Config) http.Handler {
	mux := http.NewServeMux()
	describe(mux, c)
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) { unknown(mux, w, r) })
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeProblem(w, city.Errorf("forbidden.origin", "a page of another origin may not send this request"))
	}))
	return guard.Handler(mux)
}

// describe registers all operations, and so makes the description of the API.
func describe(mux *http.ServeMux, c Config) huma.API {
	frameworkOnce.Do(func() { huma.NewError, huma.DefaultArrayNullable = newProblem, false })
	conf := huma.DefaultConfig("Jinyang", c.Version)
	conf.Info.Description = "A city's promises, the data behind them, and how they stand."
	conf.OpenAPIPath, conf.DocsPath, conf.SchemasPath = "/api/openapi", "", ""
	conf.CreateHooks = nil // no $schema members in answers
	conf.RejectUnknownQueryParameters = true
	conf.Components.Schemas = registry()
	api := humago.New(mux, conf)
	s := &server{c}
	s.cityRoutes(api)
	s.targetRoutes(api)
	s.indicatorRoutes(api)
	s.exploreRoutes(api)
	s.viewRoutes(api)
	s.publishedRoutes(api)
	s.historyRoutes(api)
	s.monthlyRoutes(api)
	s.datasetRoutes(api)
	s.deliveryRoutes(api)
	s.sourceRoutes(api)
	s.uploadRoutes(api)
	s.keyRoutes(api)
	s.rollbackRoutes(api)
	s.quarantineRoutes(api)
	s.tagRoutes(api)
	s.wordRoutes(api)
	s.outlineRoutes(api)
	s.identifyRoutes(api)
	s.progressRoutes(api)
	s.alertRoutes(api)
	s.draftRoutes(api)
	s.eventRoutes(api)
	allowNulls(conf.Components.Schemas)
	return api
}

// unknown answers for a path or method that no operation has.
func unknown(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) {
	if allowed := allowed(mux, r); len(allowed) > 0 {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		writeProblem(w, methodProblem(r.Method, allowed))
		return
	}
	writeProblem(w, city.Errorf(city.CodeNotFound, "there is nothing at %s", r.URL.Path).WithHint("see /api/openapi.json"))
}

// allowed lists the methods that the path of a request knows.
func allowed(mux *http.ServeMux, r *http.Request) []string {
	var out []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := mux.Handler(other); strings.HasPrefix(pattern, method+" ") {
			out = append(out, method)
		}
	}
	return out
}

func methodProblem(method string, allowed []string) *Problem {
	const status = http.StatusMethodNotAllowed
	p := &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Code: "invalid.method",
		Detail: "the method " + method + " does nothing here", Hint: "use " + strings.Join(allowed, " or ")}
	return p.translated()
}

// get registers an operation that reads.
func get[I, O any](api huma.API, id, path, summary string, f func(r *request, in *I) (*O, error)) {
	huma.Register(api, huma.Operation{OperationID: id, Method: http.MethodGet, Path: "/api/v1" + path, Summary: summary}, handle(f))
}
