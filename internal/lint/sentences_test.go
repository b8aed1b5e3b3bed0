package lint

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/words"
)

// unsaid are packages below the API whose errors are not for officials.
var unsaid = map[string]string{
	"internal/pack":     "its problems name a line of the pack, and are for whom writes it",
	"internal/yamltree": "as pack",
}

// TestEverySentenceIsSaidInChinese wants a translation of each error and hint
// that the API may answer with. Errors of the code internal are left out: they
// are defects, of which the reader is told no more than that.
func TestEverySentenceIsSaidInChinese(t *testing.T) {
	t.Parallel()
	zh, err := words.Chinese()
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range below("internal/api") {
		if unsaid[pkg] != "" {
			continue
		}
		for _, s := range sentencesOf(t, pkg) {
			if !zh.Has(s.text) {
				t.Errorf("%s: no Chinese in internal/words/zh for %q", s.at, s.text)
			}
		}
	}
}

// below lists a package and all that it may import, directly or not.
func below(pkg string) []string {
	seen := []string{pkg}
	for i := 0; i < len(seen); i++ {
		for _, next := range edges[seen[i]] {
			if !slices.Contains(seen, next) {
				seen = append(seen, next)
			}
		}
	}
	slices.Sort(seen)
	return seen
}

// sentence is a text that an error is made of, and where.
type sentence struct{ at, text string }

// reader finds the sentences of a package.
type reader struct {
	set      *token.FileSet
	forwards map[string][]int // functions that hand parameters on as sentences: which ones
	helpers  map[string]*ast.FuncDecl
	found    []sentence
}

func sentencesOf(t *testing.T, pkg string) []sentence {
	t.Helper()
	r := reader{set: token.NewFileSet(), forwards: map[string][]int{}, helpers: map[string]*ast.FuncDecl{}}
	var parsed []*ast.File
	for _, f := range files(t, []string{pkg}, ".go") {
		if path.Dir(f.path) != pkg || strings.HasSuffix(f.path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(r.set, f.path, f.text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, file)
		ast.Inspect(file, r.declared)
	}
	for _, file := range parsed {
		ast.Inspect(file, r.used)
	}
	return r.found
}

// declared notes functions that make errors out of what they are given, and
// functions that may word a hint.
func (r *reader) declared(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncDecl:
		r.helpers[n.Name.Name] = n
		if n.Body != nil {
			r.note(n.Name.Name, n.Type, n.Body)
		}
	case *ast.AssignStmt:
		for i, rhs := range n.Rhs {
			fn, ok := rhs.(*ast.FuncLit)
			name, named := n.Lhs[min(i, len(n.Lhs)-1)].(*ast.Ident)
			if ok && named {
				r.note(name.Name, fn.Type, fn.Body)
			}
		}
	}
	return true
}

// note keeps which parameters of a function become sentences.
func (r *reader) note(name string, typ *ast.FuncType, body *ast.BlockStmt) {
	if name == "Errorf" || name == "WithHint" {
		return
	}
	at := 0
	for _, field := range typ.Params.List {
		for _, p := range field.Names {
			if ident, ok := field.Type.(*ast.Ident); ok && ident.Name == "string" && isForwarded(body, p.Name) && !slices.Contains(r.forwards[name], at) {
				r.forwards[name] = append(r.forwards[name], at)
			}
			at++
		}
	}
}

// isForwarded says whether a body hands its parameter on as the text of an error or a hint.
func isForwarded(body *ast.BlockStmt, param string) (yes bool) {
	is := func(e ast.Expr) bool { id, ok := e.(*ast.Ident); return ok && id.Name == param }
	ast.Inspect(body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		from := textAt(call)
		if from < 0 || from >= len(call.Args) {
			return true
		}
		text, _ := literal(call.Args[from])
		yes = yes || is(call.Args[from]) || text == "%s" && len(call.Args) > from+1 && is(call.Args[from+1])
		for _, a := range call.Args[from+1:] { // a sentence within a sentence
			if inner, ok := a.(*ast.CallExpr); ok && called(inner) == "Sprintf" && len(inner.Args) > 0 {
				yes = yes || is(inner.Args[0])
			}
		}
		return true
	})
	return yes
}

// textAt is where a call takes the text of an error or a hint; -1 for other calls.
func textAt(call *ast.CallExpr) int {
	switch called(call) {
	case "Errorf":
		return 1
	case "WithHint":
		return 0
	}
	return -1
}

// called is the name of what a call calls; "" for fmt.Errorf and for what has no name.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		if pkg, ok := f.X.(*ast.Ident); ok && pkg.Name == "fmt" && f.Sel.Name == "Errorf" {
			return ""
		}
		return f.Sel.Name
	}
	return ""
}

// used takes the sentences of calls and of errors written out.
func (r *reader) used(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		name := called(n)
		if name == "Errorf" && len(n.Args) > 1 && isInternal(n.Args[0]) {
			return true
		}
		if at := textAt(n); at >= 0 && at < len(n.Args) {
			r.take(n.Args[at])
			if text, _ := literal(n.Args[at]); text == "%s" && len(n.Args) > at+1 {
				r.worded(n.Args[at+1])
			}
		}
		for _, at := range r.forwards[name] {
			if at < len(n.Args) {
				r.take(n.Args[at])
			}
		}
	case *ast.CompositeLit:
		r.writtenOut(n)
	}
	return true
}

// writtenOut takes the sentences of an Error written out by its fields.
func (r *reader) writtenOut(lit *ast.CompositeLit) {
	var code ast.Expr
	var texts []ast.Expr
	for _, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			return
		}
		switch key, _ := kv.Key.(*ast.Ident); {
		case key == nil:
			return
		case key.Name == "Code":
			code = kv.Value
		case key.Name == "Message" || key.Name == "Hint" || key.Name == "Detail":
			texts = append(texts, kv.Value)
		}
	}
	if code != nil && !isInternal(code) {
		for _, text := range texts {
			r.take(text)
		}
	}
}

// worded takes what a function of the package may return as a hint.
func (r *reader) worded(e ast.Expr) {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		r.take(e)
		return
	}
	for _, a := range call.Args {
		r.take(a)
	}
	fn := r.helpers[called(call)]
	if fn == nil || fn.Body == nil {
		return
	}
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		if back, ok := n.(*ast.ReturnStmt); ok && len(back.Results) == 1 {
			result := back.Results[0]
			if call, ok := result.(*ast.CallExpr); ok && called(call) == "Sprintf" {
				result = call.Args[0]
			}
			r.take(result)
		}
		return true
	})
}

func isInternal(e ast.Expr) bool {
	sel, ok := e.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "CodeInternal"
}

// take keeps a sentence, unless it is nothing but a value.
func (r *reader) take(e ast.Expr) {
	text, ok := literal(e)
	text = strings.TrimSuffix(text, ": %w")
	if ok && strings.ContainsAny(strings.ReplaceAll(strings.ReplaceAll(text, "%s", ""), "%v", ""), "abcdefghijklmnopqrstuvwxyz") {
		r.found = append(r.found, sentence{r.set.Position(e.Pos()).String(), text})
	}
}

// literal reads a text of the code; what is joined to it stands as %s.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		a, aok := literal(e.X)
		b, bok := literal(e.Y)
		if !aok {
			a = "%s"
		}
		if !bok {
			b = "%s"
		}
		return a + b, e.Op == token.ADD && (aok || bok)
	}
	return "", false
}
