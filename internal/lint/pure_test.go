package lint

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// purePackages hold functions without I/O. Each names the imports that it may
// have all the same, which must be as pure as itself.
var purePackages = map[string][]string{
	"internal/city":              {"syscall"}, // the error numbers, to tell a full disk from other failures
	"internal/forecast":          nil,
	"internal/plan":              nil,
	"internal/plantext":          nil,
	"internal/metric":            nil,
	"internal/disclosure":        nil,
	"internal/policy":            nil,
	"internal/alert":             nil,
	"internal/standard":          nil,
	"internal/worktime":          nil,
	"internal/delivery/validate": nil,
	"internal/audit":             {"github.com/emmansun/gmsm/sm3"}, // a hash function
}

// outside are the packages of the standard library that reach out of the
// program: files, network, processes, databases, chance, logs.
var outside = []string{
	"os", "io/fs", "io/ioutil", "path/filepath", "embed", "net", "database/sql", "syscall", "plugin",
	"log", "crypto/rand", "math/rand", "runtime/pprof", "C", "unsafe",
}

// errno is what a pure package may use of package syscall.
var errno = regexp.MustCompile(`^E[A-Z0-9]+$|^Errno$`)

// clock are the functions of package time that read the clock or wait for it:
// a pure function is told what time it is.
var clock = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}

func pure(name string) bool {
	_, ok := purePackages[name]
	return ok
}

// reachesOut says whether an import of the standard library does I/O.
func reachesOut(imp string) bool {
	return slices.ContainsFunc(outside, func(o string) bool { return imp == o || strings.HasPrefix(imp, o+"/") })
}

// checkPure names the imports that a pure package may not have.
func checkPure(p goPackage) []string {
	allowed, ok := purePackages[p.name()]
	if !ok {
		return nil
	}
	var out []string
	for _, imp := range p.Imports {
		host, _, _ := strings.Cut(imp, "/")
		switch foreign := strings.Contains(host, ".") && !strings.HasPrefix(imp, module); {
		case slices.Contains(allowed, imp):
		case reachesOut(imp):
			out = append(out, fmt.Sprintf("package %s may not import %s: it is pure, and that reaches out of the program; pass in what it needs", p.name(), imp))
		case foreign:
			out = append(out, fmt.Sprintf("package %s may not import %s: it is pure, and nothing holds another module to that", p.name(), imp))
		}
	}
	return out
}

func TestPurePackagesDoNoIO(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		for _, problem := range checkPure(p) {
			t.Error(problem)
		}
	}
}

func TestPureRuleBites(t *testing.T) {
	t.Parallel()
	for imp, want := range map[string]int{
		"os": 1, "os/exec": 1, "net/http": 1, "database/sql": 1, "io/fs": 1, "github.com/spf13/cobra": 1, "github.com/emmansun/gmsm/sm3": 1, "syscall": 1,
		"io": 0, "strings": 0, "oslike": 0, module + "internal/city": 0,
	} {
		if got := checkPure(goPackage{ImportPath: module + "internal/metric", Imports: []string{imp}}); len(got) != want {
			t.Errorf("%s: %q, want %d problems", imp, got, want)
		}
	}
}

// TestPurePackagesAreTold holds that none of them reads the clock, or calls
// the operating system.
func TestPurePackagesAreTold(t *testing.T) {
	t.Parallel()
	for _, f := range files(t, []string{"internal"}, ".go") {
		dir := f.path[:strings.LastIndexByte(f.path, '/')]
		if !pure(dir) || strings.HasSuffix(f.path, "_test.go") {
			continue
		}
		for _, name := range uses(t, f, "time") {
			if slices.Contains(clock, name) {
				t.Errorf("%s uses time.%s: a pure function is told the time", f.path, name)
			}
		}
		for _, name := range uses(t, f, "syscall") {
			if !errno.MatchString(name) {
				t.Errorf("%s uses syscall.%s: a pure package may only name error numbers", f.path, name)
			}
		}
	}
}

// uses names what a file uses of the package of the standard library.
func uses(t *testing.T, f file, pkg string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), f.path, f.text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == pkg {
				out = append(out, sel.Sel.Name)
			}
		}
		return true
	})
	return out
}
