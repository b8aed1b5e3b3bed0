package pack

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const formatDoc = "../../docs/pack-format.md"

func readFormat(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(formatDoc)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The example of the format's description, its indented lines, is a pack; what
// stands between fences are parts of one.
func TestFormatExample(t *testing.T) {
	t.Parallel()
	var example strings.Builder
	fenced := false
	for line := range strings.Lines(readFormat(t)) {
		fenced = fenced != strings.HasPrefix(line, "```")
		if rest, ok := strings.CutPrefix(line, "    "); ok && !fenced {
			example.WriteString(rest)
		}
	}
	c, err := Load(fstest.MapFS{"example.yaml": {Data: []byte(example.String())}})
	if err != nil {
		t.Fatalf("the example has mistakes:\n%v", err)
	}
	if len(c.Targets) == 0 || len(c.Datasets) == 0 {
		t.Error("the example is empty")
	}
}

// The description mentions every key and word of the specification.
func TestFormatIsComplete(t *testing.T) {
	t.Parallel()
	text := readFormat(t)
	seen := map[*shape]bool{}
	var check func(place string, s *shape)
	check = func(place string, s *shape) {
		if s == nil || seen[s] {
			return
		}
		seen[s] = true
		for _, w := range s.words {
			if !strings.Contains(text, w) {
				t.Errorf("%s: the word %s is not described", place, w)
			}
		}
		for _, k := range s.keys {
			if !strings.Contains(text, k.name+":") && !strings.Contains(text, "`"+k.name+"`") {
				t.Errorf("%s: the key %s is not described", place, k.name)
			}
			check(place+"."+k.name, k.shape)
		}
		for _, part := range []*shape{s.of, s.scalar, s.list, s.object} {
			check(place, part)
		}
	}
	for _, k := range newSpec().kinds {
		check(k.name, k.shape)
		if len(k.shape.keys) == 0 || k.shape.keys[0].name != k.name {
			t.Errorf("the first key of %s does not name it", k.name)
		}
	}
}

// The description lists exactly the codes that problem.go declares.
func TestFormatCodes(t *testing.T) {
	t.Parallel()
	f, err := parser.ParseFile(token.NewFileSet(), "problem.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, listed, _ := strings.Cut(readFormat(t), "## Codes of mistakes")
	found := 0
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Code") {
			return true
		}
		code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil || !strings.Contains(listed, "`"+code+"`") {
			t.Errorf("the code %s is not described (%v)", code, err)
		}
		found++
		return true
	})
	if found == 0 {
		t.Error("problem.go declares no code")
	}
}
