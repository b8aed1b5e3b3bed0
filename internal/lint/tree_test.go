package lint

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// module is the path that all packages of the repository begin with.
const module = "github.com/jinyang-city/jinyang/"

// root is the repository's folder, as seen from this package's tests.
const root = "../.."

// goPackage is what the rules need of `go list`.
type goPackage struct {
	ImportPath string
	Imports    []string // of the files that are not tests
	GoFiles    []string
}

// name is the import path within the module.
func (p *goPackage) name() string { return strings.TrimPrefix(p.ImportPath, module) }

// packages lists all packages of the module.
func packages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,GoFiles", "./...")
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.Bytes())
	}
	var all []goPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		switch err := dec.Decode(&p); {
		case errors.Is(err, io.EOF):
			return all
		case err != nil:
			t.Fatalf("go list printed what cannot be read: %v", err)
		}
		all = append(all, p)
	}
}

// unread are folders and files that nobody here wrote.
var unread = []string{".git", ".cache", "node_modules", "dist", "bin", "testdata", "screenshots", "schema.d.ts"}

// file is a source file, its path relative to the repository's folder.
type file struct {
	path string
	text []byte
}

// files reads the files below the folders whose names end in one of the endings.
func files(t *testing.T, below []string, endings ...string) []file {
	t.Helper()
	var out []file
	for _, dir := range below {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist) && path == filepath.Join(root, dir):
				return nil // a folder that git does not keep, being empty
			case err != nil:
				return err
			case slices.Contains(unread, d.Name()):
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			case d.IsDir() || !slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(path, e) }):
				return nil
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(root, path)
			out = append(out, file{filepath.ToSlash(rel), text})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(out) == 0 {
		t.Fatalf("no file below %v ends in %v; the rule would hold for nothing", below, endings)
	}
	return out
}

// goFolders are the folders with Go code.
var goFolders = []string{"bench", "cmd", "internal", "packs", "e2e"}
