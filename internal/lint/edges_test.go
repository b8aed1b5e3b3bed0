package lint

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// all in place of a list of imports lifts the rule.
const all = "*"

// edges says which packages of the module each package may import.
// Dependencies point inward: city knows nobody, the pure packages know city,
// services know the engines that they drive, and only app and the commands put
// everything together. A package that is missing here may not be added without
// deciding where it belongs.
var edges = map[string][]string{
	// The nouns, and what is declared about them.
	"internal/city": {},
	"internal/pack": {"internal/city", "internal/sign", "internal/yamltree"},
	// The syntax tree of what people write.
	"internal/yamltree": {},
	"packs":             {},

	// Pure cores: functions without I/O.
	"internal/audit":             {"internal/city"},
	"internal/metric":            {"internal/city", "internal/standard"},
	"internal/forecast":          {},
	"internal/plan":              {"internal/city", "internal/forecast"},
	"internal/policy":            {"internal/city"},
	"internal/alert":             {"internal/city"},
	"internal/plantext":          {},
	"internal/disclosure":        {"internal/city"},
	"internal/standard":          {"internal/city"},
	"internal/worktime":          {"internal/city"},
	"internal/delivery/format":   {"internal/city"},
	"internal/delivery/validate": {"internal/city", "internal/delivery/format"},
	// It writes to whatever it is given.
	"internal/delivery/errorfile": {"internal/city", "internal/delivery/format"},

	// Signatures: a function of a key and a document, but for the chance in them.
	"internal/sign": {"internal/city"},

	// Adapters: each knows one thing outside, and none knows another.
	"internal/console":  {},
	"internal/identity": {"internal/city"},
	"internal/lake":     {"internal/city"},
	"internal/live":     {"internal/city"},
	"internal/sim":      {"internal/city"},
	"internal/vault":    {"internal/city", "internal/sign"},
	// An engine implements lake.Engine, and the store keeps the audit chain.
	"internal/lake/duck": {"internal/city", "internal/lake"},
	"internal/store":     {"internal/city", "internal/audit"},
	// The conformance suite of the store.
	"internal/store/storetest": {"internal/city", "internal/audit", "internal/store"},

	// Texts under review, and how they get into the pack.
	"internal/draft": {"internal/city", "internal/audit", "internal/doctext", "internal/pack", "internal/plantext", "internal/policy", "internal/store"},
	// Documents as text: bytes in, characters out.
	"internal/doctext": {"internal/city", "internal/delivery/format"},

	// Services: one job each, over the lake and the store.
	// It keeps sums of rows in tables of the engine.
	"internal/rollup":   {"internal/city", "internal/lake", "internal/metric"},
	"internal/analysis": {"internal/city", "internal/disclosure", "internal/forecast", "internal/lake", "internal/metric", "internal/plan", "internal/policy", "internal/rollup", "internal/store"},
	// Reports by hand are judged by plan, checked like deliveries, and kept.
	"internal/progress": {"internal/city", "internal/audit", "internal/delivery/format", "internal/delivery/validate", "internal/plan", "internal/policy", "internal/store"},
	// Published figures, and why they differ from what they would be now.
	"internal/ledger":   {"internal/city", "internal/analysis", "internal/audit", "internal/lake", "internal/metric", "internal/policy", "internal/store"},
	"internal/delivery": {"internal/city", "internal/audit", "internal/delivery/errorfile", "internal/delivery/format", "internal/delivery/validate", "internal/lake", "internal/sign", "internal/store"},
	// Alerts read answers and reports, and are kept; what sends them knows neither.
	"internal/alert/watch":  {"internal/city", "internal/alert", "internal/analysis", "internal/audit", "internal/delivery/validate", "internal/plan", "internal/policy", "internal/progress", "internal/store"},
	"internal/alert/notify": {"internal/city", "internal/alert", "internal/delivery/source", "internal/yamltree"},
	// One table out of answers; its files are written by a package of their own.
	"internal/explore":        {"internal/city", "internal/analysis", "internal/audit", "internal/lake", "internal/policy", "internal/store"},
	"internal/explore/export": {"internal/city", "internal/analysis", "internal/explore"},
	// The document of a month, out of the same answers; docx knows nothing of what it writes.
	"internal/docx":           {},
	"internal/monthly":        {"internal/city", "internal/analysis", "internal/explore", "internal/lake", "internal/ledger", "internal/plan", "internal/policy"},
	"internal/monthly/export": {"internal/city", "internal/docx", "internal/monthly"},
	// What fetches batches: each kind knows the interface, the collector knows
	// deliveries and no kind.
	"internal/delivery/source":            {"internal/city"},
	"internal/delivery/source/config":     {"internal/city", "internal/delivery/source", "internal/yamltree"},
	"internal/delivery/source/collect":    {"internal/city", "internal/audit", "internal/delivery", "internal/delivery/source", "internal/delivery/source/config", "internal/store"},
	"internal/delivery/source/folder":     {"internal/city", "internal/delivery/source"},
	"internal/delivery/source/file":       {"internal/city", "internal/delivery/source", "internal/delivery/source/folder"},
	"internal/delivery/source/http":       {"internal/city", "internal/delivery/source"},
	"internal/delivery/source/sftp":       {"internal/city", "internal/delivery/source", "internal/delivery/source/folder"},
	"internal/delivery/source/sqltable":   {"internal/city", "internal/delivery/source"},
	"internal/delivery/source/stream":     {"internal/city", "internal/delivery/source"},
	"internal/delivery/source/sourcetest": {"internal/city", "internal/delivery/source"},
	// The API answers out of the services; it reads receipts and row counts
	// from the store and the lake itself, as no service stands before them.
	"internal/words": {},
	"internal/api":   {"internal/city", "internal/words", "internal/alert", "internal/alert/watch", "internal/analysis", "internal/explore", "internal/explore/export", "internal/delivery", "internal/delivery/source/collect", "internal/draft", "internal/lake", "internal/ledger", "internal/live", "internal/monthly", "internal/monthly/export", "internal/policy", "internal/progress", "internal/sign", "internal/store"},

	// What puts the parts together.
	"internal/app": {all},
	"cmd/jinyang":  {all},

	// Measurements, which no program imports.
	"bench/delivery": {all},
	"bench/query":    {all},

	// Starts real servers for tests.
	"internal/servertest": {},

	// Tests that look at the program from outside.
	"internal/lint": {},
	"e2e":           {},
	"e2e/chaos":     {},
}

// reason explains a forbidden edge.
func reason(from, to string) string {
	switch {
	case from == "internal/city":
		return "city holds the nouns that everybody talks about, and knows nobody"
	case pure(from):
		return "it is pure: it may know the nouns of city and nothing that does I/O"
	case to == "internal/app" || strings.HasPrefix(to, "cmd/"):
		return "only the commands stand above app"
	case strings.HasSuffix(to, "test"):
		return "test code may not be linked into the program"
	}
	return "dependencies point inward and adapters do not know each other; pass what it needs in through a small interface, or change the table edges and say why"
}

// checkEdges names the imports of a package that the table does not allow.
func checkEdges(p goPackage, table map[string][]string) []string {
	allowed, known := table[p.name()]
	if !known {
		return []string{fmt.Sprintf("package %s is not in the table edges of internal/lint: decide what it may import", p.name())}
	}
	var out []string
	for _, imp := range p.Imports {
		to, ours := strings.CutPrefix(imp, module)
		if ours && !slices.Contains(allowed, all) && !slices.Contains(allowed, to) {
			out = append(out, fmt.Sprintf("package %s may not import %s: %s", p.name(), to, reason(p.name(), to)))
		}
	}
	return out
}

func TestDependenciesPointInward(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		for _, problem := range checkEdges(p, edges) {
			t.Error(problem)
		}
	}
}

// TestTheTableHasNoCircle holds that the table itself points inward.
func TestTheTableHasNoCircle(t *testing.T) {
	t.Parallel()
	var visit func(name string, path []string)
	visit = func(name string, path []string) {
		if slices.Contains(path, name) {
			t.Fatalf("the table allows a circle: %s", strings.Join(append(path, name), " → "))
		}
		for _, to := range edges[name] {
			visit(to, append(slices.Clone(path), name))
		}
	}
	for name := range edges {
		visit(name, nil)
	}
}

// TestForbiddenEdgesAreNamed holds that the rule bites.
func TestForbiddenEdgesAreNamed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to, want string
	}{
		{"internal/city", "internal/store", "knows nobody"},
		{"internal/metric", "internal/lake", "it is pure"},
		{"internal/lake", "internal/store", "adapters do not know each other"},
		{"internal/api", "internal/app", "only the commands stand above app"},
		{"internal/delivery", "internal/store/storetest", "test code"},
		{"internal/unknown", "internal/city", "decide what it may import"},
		{"internal/app", "internal/store", ""},
		{"internal/store", "internal/audit", ""},
	} {
		got := strings.Join(checkEdges(goPackage{ImportPath: module + c.from, Imports: []string{module + c.to, "fmt"}}, edges), "\n")
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s → %s: %q, want something with %q", c.from, c.to, got, c.want)
		}
	}
}
