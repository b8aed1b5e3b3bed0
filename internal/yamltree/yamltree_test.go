package yamltree_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/yamltree"
)

func TestDepth(t *testing.T) {
	t.Parallel()
	const depth = 5
	block := ""
	for i := range depth + 2 {
		block += strings.Repeat("  ", i) + "a:\n"
	}
	for name, text := range map[string]string{
		"flow": strings.Repeat("[", depth+1), "maps": strings.Repeat("{a: ", depth+1), "entries": strings.Repeat("- ", depth+1) + "x", "block": block,
	} {
		var deep *yamltree.DepthError
		if _, err := yamltree.Parse([]byte(text), depth); !errors.As(err, &deep) || deep.At == nil || deep.Depth != depth {
			t.Errorf("%s: %v", name, err)
		}
	}
	f, err := yamltree.Parse([]byte("a: {b: [1]}\na: 2\n---\nc: 3\n"), depth)
	if err != nil || len(f.Docs) != 2 {
		t.Errorf("a sound text: %v", err)
	}
}

// FuzzParse holds that no text ends the program.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "a: 1", "- - -", "{", "a: &x\n<<: *x", "%YAML 1.2\n---", "\t", "? [a]\n: b", "!!binary |"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if tree, err := yamltree.Parse(text, 20); err == nil && tree == nil {
			t.Error("neither a tree nor an error")
		}
	})
}
