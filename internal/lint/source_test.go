package lint

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// maxLines is more than any file needs; typical ones have about a hundred.
const maxLines = 500

func TestFilesAreShort(t *testing.T) {
	t.Parallel()
	for _, f := range files(t, append([]string{"web/src", "web/tests"}, goFolders...), ".go", ".ts", ".vue", ".css") {
		if n := strings.Count(string(f.text), "\n"); n > maxLines {
			t.Errorf("%s has %d lines, more than %d: divide it by what its parts are about", f.path, n, maxLines)
		}
	}
}

func TestNoTestSleeps(t *testing.T) {
	t.Parallel()
	for _, f := range files(t, goFolders, "_test.go") {
		if slices.Contains(uses(t, f, "time"), "Sleep") {
			t.Errorf("%s uses time.Sleep: wait for what must happen, or use testing/synctest", f.path)
		}
		if slices.Contains(uses(t, f, "chromedp"), "Sleep") {
			t.Errorf("%s uses chromedp.Sleep: poll for what must appear", f.path)
		}
	}
}

func TestNoInit(t *testing.T) {
	t.Parallel()
	for _, f := range files(t, goFolders, ".go") {
		parsed, err := parser.ParseFile(token.NewFileSet(), f.path, f.text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s has an init(): register explicitly, in the one map of app", f.path)
			}
		}
	}
}

// TestEveryPackageSaysWhatItIsFor wants a package comment, in doc.go or at the
// head of another file.
func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	t.Parallel()
	commented := map[string]bool{}
	for _, f := range files(t, goFolders, ".go") {
		parsed, err := parser.ParseFile(token.NewFileSet(), f.path, f.text, parser.ParseComments|parser.PackageClauseOnly)
		if err != nil {
			t.Fatal(err)
		}
		dir := f.path[:strings.LastIndexByte(f.path, '/')]
		commented[dir] = commented[dir] || parsed.Doc != nil
	}
	for dir, ok := range commented {
		if !ok {
			t.Errorf("%s has no package comment", dir)
		}
	}
}

// testOnly are packages that only tests may import.
var testOnly = []string{"testing", "testing/", "pgregory.net/rapid", "go.uber.org/goleak", "github.com/chromedp/", "github.com/rogpeppe/go-internal/"}

func TestNoTestCodeInTheProgram(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if strings.HasSuffix(p.name(), "test") { // conformance suites
			continue
		}
		for _, imp := range p.Imports {
			if slices.ContainsFunc(testOnly, func(o string) bool { return imp == o || (strings.HasSuffix(o, "/") && strings.HasPrefix(imp, o)) }) {
				t.Errorf("package %s imports %s outside its tests", p.name(), imp)
			}
		}
	}
}
