package app_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/delivery/source/config"
)

// yamlBlock is an example in a document.
var yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// TestExamplesOfSources holds that the documents of sources tell of every
// kind, and that their examples are sources files without mistakes.
func TestExamplesOfSources(t *testing.T) {
	t.Parallel()
	docs, err := filepath.Glob("../delivery/source/*/README.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, path := range append(docs, "../../docs/sources.md") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range yamlBlock.FindAllStringSubmatch(string(text), -1) {
			example := m[1]
			if !strings.HasPrefix(example, "sources:") {
				example = "sources:\n" + example
			}
			example = strings.ReplaceAll(example, "SHA256:…", "SHA256:"+strings.Repeat("A", 43)) // a fingerprint
			declared, err := config.Parse([]byte(example), filepath.Base(filepath.Dir(path)), "/", app.SourceKinds(), nil)
			if err != nil {
				t.Errorf("%s: %v", path, err)
			}
			for _, s := range declared {
				shown[s.Kind] = true
			}
		}
	}
	for _, k := range app.SourceKinds() {
		if !shown[k.Name] {
			t.Errorf("no document shows how to declare %s", k.Name)
		}
	}
}
