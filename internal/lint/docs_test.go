package lint

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	// fence opens and closes a block of code, whose names are examples.
	fence = regexp.MustCompile("(?m)^ *```")
	// ticked is a name in the running text.
	ticked = regexp.MustCompile("`([^`\n]+)`")
	// linked is the target of a link.
	linked = regexp.MustCompile(`\]\(([^)\s#]+)[^)]*\)`)
	// repoPath is a name that means a file or folder of the repository.
	repoPath = regexp.MustCompile(`^(?:\./)?(?:\.ci|bench|cmd|docs|e2e|internal|packs|scripts|web)(?:/[\w.*-]+)*/?(?::\d+)?$`)
	// rootFile is a name that means a file at the root of the repository.
	rootFile = regexp.MustCompile(`^(?:[A-Z][A-Za-z]+(?:\.zh)?\.md|go\.(?:mod|sum)|Makefile|LICENSE)$`)
	// symbol is a name that means something exported, such as lake.Engine.
	symbol = regexp.MustCompile(`^((?:internal/)?[a-z][a-z0-9/]*)\.([A-Z]\w*)(?:\.([A-Z]\w*))?(?:\(\))?$`)
)

// built are paths that a document may name though only a build makes them.
var built = []string{"bin", "e2e/screenshots", "web/node_modules", "internal/console/dist"}

// prose cuts the fenced blocks out of a document.
func prose(text string) string {
	var out strings.Builder
	for i, part := range fence.Split(text, -1) {
		if i%2 == 0 {
			out.WriteString(part)
		}
	}
	return out.String()
}

// exported collects the exported names of every package: Name, Type.Member and
// the methods' names alone, by the package's path within the module and by its
// last element.
func exported(t *testing.T) map[string]map[string]bool {
	t.Helper()
	all := map[string]map[string]bool{}
	for _, f := range files(t, []string{"internal", "packs"}, ".go") {
		parsed, err := parser.ParseFile(token.NewFileSet(), f.path, f.text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		dir := f.path[:strings.LastIndexByte(f.path, '/')]
		for _, name := range []string{dir, strings.TrimPrefix(dir, "internal/"), dir[strings.LastIndexByte(dir, '/')+1:]} {
			if all[name] == nil {
				all[name] = map[string]bool{}
			}
			for _, d := range parsed.Decls {
				declared(all[name], d)
			}
		}
	}
	return all
}

func declared(into map[string]bool, d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			into[d.Name.Name] = true
		} else if base := baseType(d.Recv.List[0].Type); base != "" {
			into[base+"."+d.Name.Name] = true
			into[d.Name.Name] = true // a text may name the method alone
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				into[s.Name.Name] = true
				members(into, s)
			case *ast.ValueSpec:
				for _, n := range s.Names {
					into[n.Name] = true
				}
			}
		}
	}
}

func baseType(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return baseType(e.X)
	case *ast.IndexExpr:
		return baseType(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// members adds the fields of a struct and the methods of an interface.
func members(into map[string]bool, s *ast.TypeSpec) {
	var list *ast.FieldList
	switch typ := s.Type.(type) {
	case *ast.StructType:
		list = typ.Fields
	case *ast.InterfaceType:
		list = typ.Methods
	default:
		return
	}
	for _, f := range list.List {
		for _, n := range f.Names {
			into[s.Name.Name+"."+n.Name] = true
		}
	}
}

// missingPath says whether a name means a path of the repository that is not there.
func missingPath(name string) bool {
	if !repoPath.MatchString(name) && !rootFile.MatchString(name) {
		return false
	}
	name, _, _ = strings.Cut(strings.TrimPrefix(strings.TrimSuffix(name, "/"), "./"), ":")
	if slices.ContainsFunc(built, func(b string) bool { return name == b || strings.HasPrefix(name, b+"/") }) {
		return false
	}
	found, err := filepath.Glob(filepath.Join(root, name))
	return err != nil || len(found) == 0
}

// missingSymbol says whether a name means an exported name of one of our
// packages that is not there. Packages of others are not looked at.
func missingSymbol(name string, known map[string]map[string]bool) bool {
	m := symbol.FindStringSubmatch(name)
	if m == nil || known[m[1]] == nil {
		return false
	}
	want := m[2]
	if m[3] != "" {
		want += "." + m[3]
	}
	return !known[m[1]][want]
}

// documents are the repository's own texts.
func documents(t *testing.T) []file {
	t.Helper()
	out := files(t, []string{"docs", "packs"}, ".md")
	atRoot, err := filepath.Glob(filepath.Join(root, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range atRoot {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, file{filepath.Base(path), text})
	}
	return out
}

// TestDocumentsNameWhatExists holds that paths and symbols in the running text
// of the documents are there.
func TestDocumentsNameWhatExists(t *testing.T) {
	t.Parallel()
	known := exported(t)
	for _, doc := range documents(t) {
		for _, m := range ticked.FindAllStringSubmatch(prose(string(doc.text)), -1) {
			switch name := strings.TrimSpace(m[1]); {
			case missingPath(name):
				t.Errorf("%s names the path `%s`, which does not exist", doc.path, name)
			case missingSymbol(name, known):
				t.Errorf("%s names the symbol `%s`, which does not exist", doc.path, name)
			}
		}
	}
}

// TestLinksLeadSomewhere holds that links between documents have a target.
func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	for _, doc := range documents(t) {
		for _, m := range linked.FindAllStringSubmatch(prose(string(doc.text)), -1) {
			if strings.Contains(m[1], ":") { // an address elsewhere
				continue
			}
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(doc.path), m[1])); err != nil {
				t.Errorf("%s links to %s, which does not exist", doc.path, m[1])
			}
		}
	}
}

func TestNamesThatMustExist(t *testing.T) {
	t.Parallel()
	known := map[string]map[string]bool{"lake": {"Engine": true, "Engine.Rows": true}}
	for _, c := range []struct {
		name         string
		path, symbol bool // reported as missing
	}{
		{"internal/lint/doc.go", false, false},
		{"internal/lint/*_test.go", false, false},
		{"internal/lint/doc.go:3", false, false},
		{"internal/gone", true, false},
		{"docs/gone.md", true, false},
		{"Gone.md", true, false},
		{"bin/jinyang", false, false},
		{"packs/taiyuan/", false, false},
		{"make demo", false, false},
		{"web", false, false},
		{"lake.Engine", false, false},
		{"lake.Engine.Rows", false, false},
		{"lake.Motor", false, true},
		{"lake.Engine.Gone()", false, true},
		{"http.Handler", false, false},
		{"city.yaml", false, false},
	} {
		if got := fmt.Sprint(missingPath(c.name), missingSymbol(c.name, known)); got != fmt.Sprint(c.path, c.symbol) {
			t.Errorf("%s: missing as path and as symbol: %s, want %v %v", c.name, got, c.path, c.symbol)
		}
	}
}
