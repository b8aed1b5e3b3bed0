package pack_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/jinyang-city/jinyang/internal/pack"
)

// FuzzLoad holds the parser to three things on any input: it does not panic,
// what it refuses it refuses with Problems, and every one of them says where.
func FuzzLoad(f *testing.F) {
	for _, file := range miniFiles(f) {
		f.Add(file.Data)
	}
	archives, err := filepath.Glob("testdata/mistakes/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range archives {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range txtar.Parse(text).Files {
			f.Add(part.Data)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		_, err := pack.Load(fstest.MapFS{"a.yaml": {Data: text}})
		if err == nil {
			return
		}
		var problems pack.Problems
		if !errors.As(err, &problems) || len(problems) == 0 {
			t.Fatalf("got %T: %v", err, err)
		}
		lines := bytes.Count(bytes.ReplaceAll(text, []byte("\r"), []byte("\n")), []byte("\n")) + 1
		for _, p := range problems {
			if p.Pos.File != "a.yaml" || p.Pos.Line < 1 || p.Pos.Line > lines {
				t.Errorf("%q has %d lines, and a problem is at %v: %v", text, lines, p.Pos, p)
			}
			if p.Code == "" || p.Message == "" {
				t.Errorf("a problem says nothing: %#v", p)
			}
		}
	})
}
