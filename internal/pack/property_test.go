package pack_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/pack"
)

// miniDocuments are the documents of the small pack, one by one.
func miniDocuments(t testing.TB) []string {
	t.Helper()
	files := miniFiles(t)
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	var out []string
	for _, name := range names {
		out = append(out, strings.Split(string(files[name].Data), "\n---\n")...)
	}
	return out
}

// It makes no difference in which files and in which order the documents of a
// pack stand. (The order of regions and units is their order on the screen, so
// it is put aside here.)
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	documents := miniDocuments(t)
	want := content(t, loadMini(t))
	rapid.Check(t, func(t *rapid.T) {
		shuffled := rapid.Permutation(documents).Draw(t, "order")
		files := fstest.MapFS{}
		for len(shuffled) > 0 {
			n := rapid.IntRange(1, len(shuffled)).Draw(t, "documents in a file")
			name := fmt.Sprintf("%03d.yaml", len(files))
			files[name] = &fstest.MapFile{Data: []byte(strings.Join(shuffled[:n], "\n---\n"))}
			shuffled = shuffled[n:]
		}
		c, err := pack.Load(files)
		if err != nil {
			t.Fatalf("refused:\n%v", err)
		}
		if got := content(t, c); got != want {
			t.Errorf("another city:\n%s\nwant\n%s", got, want)
		}
	})
}

// content writes a city without places in files and without the order of its
// parts.
func content(t rapid.TB, c *city.City) string {
	var parts []string
	add := func(v any) {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, withoutPlaces(t, text))
	}
	for _, v := range c.Regions {
		add(v)
	}
	for _, v := range c.Datasets {
		add(v)
	}
	for _, v := range c.Indicators {
		for i := range v.Scope {
			slices.Sort(v.Scope[i].Values) // a set of regions follows their order
		}
		add(v)
	}
	for _, v := range c.Plans {
		add(v)
	}
	for _, v := range c.Targets {
		add(v)
	}
	for _, v := range c.Alerts {
		add(v)
	}
	slices.Sort(parts)
	return strings.Join(parts, "\n")
}

func withoutPlaces(t rapid.TB, text []byte) string {
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	dropPos(v)
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func dropPos(v any) {
	switch x := v.(type) {
	case map[string]any:
		delete(x, "Pos")
		for _, w := range x {
			dropPos(w)
		}
	case []any:
		for _, w := range x {
			dropPos(w)
		}
	}
}

// A pack without one of its lines is refused or read, and every mistake in it
// is placed in the file that has it, or in one that relies on it.
func TestEveryLineMissing(t *testing.T) {
	t.Parallel()
	files := miniFiles(t)
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"city.yaml", "rules.yaml", "datasets.yaml", "measures/indicators.yaml", "targets.yaml"}).Draw(t, "file")
		lines := bytes.Split(files[name].Data, []byte("\n"))
		i := rapid.IntRange(0, len(lines)-1).Draw(t, "line")
		changed := fstest.MapFS{}
		for other, f := range files {
			changed[other] = f
		}
		changed[name] = &fstest.MapFile{Data: bytes.Join(slices.Delete(slices.Clone(lines), i, i+1), []byte("\n"))}
		_, err := pack.Load(changed)
		if err == nil {
			return
		}
		problems, ok := err.(pack.Problems) //nolint:errorlint // the type itself is promised
		if !ok {
			t.Fatalf("got %T: %v", err, err)
		}
		for _, p := range problems {
			if _, known := changed[p.Pos.File]; !known || p.Pos.Line < 1 {
				t.Errorf("no place: %#v", p)
			}
		}
	})
}
