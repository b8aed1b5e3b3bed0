package pack_test

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"testing"
	"testing/fstest"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/pack"
)

var update = flag.Bool("update", false, "write the golden files anew")

const mini = "testdata/mini"

// golden compares with a file, or writes it with -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s differs; compare, then run the test with -update. Now:\n%s", name, got)
	}
}

func loadMini(t *testing.T) *city.City {
	t.Helper()
	c, err := pack.Load(os.DirFS(mini))
	if err != nil {
		t.Fatalf("the small pack has mistakes:\n%v", err)
	}
	return c
}

func TestLoad(t *testing.T) {
	t.Parallel()
	c := loadMini(t)
	got, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/mini.json", append(got, '\n'))
	if _, err := c.Target("street.2024"); err != nil {
		t.Errorf("the city is not indexed: %v", err)
	}
}

// The name and hash of a pack depend on its files alone, not on when or where
// they are read, and change with every byte and every name.
func TestPackID(t *testing.T) {
	t.Parallel()
	first := loadMini(t).Pack
	if again := loadMini(t).Pack; again != first {
		t.Errorf("the same pack gives %v and %v", first, again)
	}
	files := miniFiles(t)
	renamed := fstest.MapFS{}
	for name, f := range files {
		renamed["in/"+name] = f
	}
	c, err := pack.Load(renamed)
	if err != nil {
		t.Fatal(err)
	}
	if c.Pack.SHA256 == first.SHA256 {
		t.Error("other file names give the same hash")
	}
	files["city.yaml"] = &fstest.MapFile{Data: append(files["city.yaml"].Data, '\n')}
	if c, err = pack.Load(files); err != nil {
		t.Fatal(err)
	}
	if c.Pack.SHA256 == first.SHA256 {
		t.Error("other bytes give the same hash")
	}
}

func TestLoadErrorIsInvalid(t *testing.T) {
	t.Parallel()
	_, err := pack.Load(fstest.MapFS{"a.yaml": {Data: []byte("unit: x\n")}})
	var problems pack.Problems
	if !errors.As(err, &problems) || city.CodeOf(err) != city.CodeInvalid {
		t.Errorf("got %T of code %s", err, city.CodeOf(err))
	}
	const want = `a.yaml:1: the key title is missing (how it is written after a figure)
a.yaml:1: the pack declares no city (declare it in one document: city: "140100")`
	if err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestLoadWithoutFolder(t *testing.T) {
	t.Parallel()
	_, err := pack.Load(os.DirFS("testdata/nowhere"))
	if city.CodeOf(err) != city.CodeUnavailable {
		t.Errorf("got %v", err)
	}
}

// TestLoadDefinitions: what has no part in a figure may be written as it likes;
// what has must be right.
func TestLoadDefinitions(t *testing.T) {
	t.Parallel()
	files := miniFiles(t)
	files["old.yaml"] = &fstest.MapFile{Data: []byte("report: once\nwords: of an older format\n---\nalmanac: x\n")}
	if _, err := pack.Load(files); err == nil {
		t.Error("a pack with documents of no known form was loaded")
	}
	c, err := pack.LoadDefinitions(files)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Indicators) == 0 || len(c.Targets) > 0 {
		t.Errorf("%d indicators and %d targets", len(c.Indicators), len(c.Targets))
	}
	files["old.yaml"] = &fstest.MapFile{Data: []byte("indicator: x.y\n")}
	if _, err := pack.LoadDefinitions(files); err == nil {
		t.Error("an indicator without a measure was loaded")
	}
}

func TestJSONSchema(t *testing.T) {
	t.Parallel()
	got, err := pack.JSONSchema()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/schema.json", got)
}
