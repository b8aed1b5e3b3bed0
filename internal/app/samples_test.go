package app_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source/config"
)

var (
	sample  = regexp.MustCompile("(?s)```yaml\n(- name.*?)```")
	dataset = regexp.MustCompile(`(?m)^  dataset: *([a-z0-9_.]+)`)
)

// TestSamples holds that the declarations shown in the README of each kind are
// right, and that each kind has one.
func TestSamples(t *testing.T) {
	t.Parallel()
	readmes, err := filepath.Glob("../delivery/source/*/README.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, readme := range readmes {
		text, err := os.ReadFile(readme)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range sample.FindAllStringSubmatch(string(text), -1) {
			c := &city.City{TimeZone: "Asia/Shanghai"}
			for _, d := range dataset.FindAllStringSubmatch(m[1], -1) {
				c.Datasets = append(c.Datasets, &city.Dataset{Name: d[1]})
			}
			c.Index()
			file := filepath.Join(t.TempDir(), "sources.yaml")
			if err := os.WriteFile(file, []byte("sources:\n"+m[1]), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := config.Load(file, app.SourceKinds(), c); err != nil {
				t.Errorf("%s: %v", readme, err)
			}
			for _, k := range app.SourceKinds() {
				shown[k.Name] = shown[k.Name] || strings.Contains(m[1], "\n  "+k.Name+":")
			}
		}
	}
	for name, ok := range shown {
		if !ok {
			t.Errorf("no README shows how to declare the kind %s", name)
		}
	}
}
