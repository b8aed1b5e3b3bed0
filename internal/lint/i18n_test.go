package lint

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// placeholder is a part of a text that a value takes the place of.
var placeholder = regexp.MustCompile(`\{[A-Za-z0-9_]+\}`)

// texts reads a file of the console's texts into path → text.
func texts(t *testing.T, name string) map[string]string {
	t.Helper()
	doc, err := os.ReadFile(filepath.Join(root, "web/src/i18n", name))
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := json.Unmarshal(doc, &tree); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	flat := map[string]string{}
	flatten(t, flat, name, nil, tree)
	return flat
}

func flatten(t *testing.T, into map[string]string, name string, path []string, node any) {
	t.Helper()
	switch v := node.(type) {
	case map[string]any:
		for key, child := range v {
			flatten(t, into, name, append(slices.Clone(path), key), child)
		}
	case string:
		into[strings.Join(path, ".")] = v
	default:
		t.Errorf("%s: %s is neither a text nor a group of texts", name, strings.Join(path, "."))
	}
}

func values(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// TestBothLanguagesSayTheSame holds that the console has every text in both
// languages, with the same values in it.
func TestBothLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	zh, en := texts(t, "zh.json"), texts(t, "en.json")
	for key, text := range zh {
		other, ok := en[key]
		switch {
		case !ok:
			t.Errorf("en.json lacks %s", key)
		case text == "" || other == "":
			t.Errorf("%s is empty in one language", key)
		case !slices.Equal(values(text), values(other)):
			t.Errorf("%s has the values %v in zh.json and %v in en.json", key, values(text), values(other))
		}
	}
	for key := range en {
		if _, ok := zh[key]; !ok {
			t.Errorf("zh.json lacks %s", key)
		}
	}
}
