package pack_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/jinyang-city/jinyang/internal/pack"
)

// miniFiles is the small pack as a map that a test may change.
func miniFiles(t testing.TB) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(os.DirFS(mini), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(mini, name))
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// describe writes the problems of an error as the golden files hold them.
func describe(err error) string {
	var problems pack.Problems
	if !errors.As(err, &problems) {
		return fmt.Sprintf("%v\n", err)
	}
	var b strings.Builder
	for _, p := range problems {
		fmt.Fprintf(&b, "[%s] %s\n", p.Code, p)
	}
	return b.String()
}

// TestMistakes adds one file with a mistake to the small pack at a time. The
// cases are pairs NAME.yaml, NAME.want in testdata/mistakes/*.txtar; the file
// is read as test.yaml, the last of the pack.
func TestMistakes(t *testing.T) {
	t.Parallel()
	archives, err := filepath.Glob("testdata/mistakes/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			runArchive(t, name)
		})
	}
}

func runArchive(t *testing.T, name string) {
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	wants := map[string]string{}
	for _, f := range archive.Files {
		if base, ok := strings.CutSuffix(f.Name, ".want"); ok {
			wants[base] = string(f.Data)
		}
	}
	out := &txtar.Archive{Comment: archive.Comment}
	for _, f := range archive.Files {
		base, ok := strings.CutSuffix(f.Name, ".yaml")
		if !ok {
			continue
		}
		files := miniFiles(t)
		files["test.yaml"] = &fstest.MapFile{Data: f.Data}
		_, err := pack.Load(files)
		got := describe(err)
		if err == nil {
			t.Errorf("%s is accepted", base)
		}
		if got != wants[base] && !*update {
			t.Errorf("%s gives\n%swant\n%s", base, got, wants[base])
		}
		out.Files = append(out.Files, f, txtar.File{Name: base + ".want", Data: []byte(got)})
	}
	if text := txtar.Format(out); *update && !bytes.Equal(text, txtar.Format(archive)) {
		if err := os.WriteFile(name, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Mistakes in several documents are all reported, in the order of the files,
// and a document that is not YAML hides no other.
func TestAllMistakesAtOnce(t *testing.T) {
	t.Parallel()
	files := miniFiles(t)
	files["z.yaml"] = &fstest.MapFile{Data: []byte("unit: a\ntitle: {zh: 甲}\n---\nunit: [\n---\nunit: b\n")}
	files["a.yaml"] = &fstest.MapFile{Data: []byte("unit: c\ntitel: {zh: 甲, en: A}\n")}
	_, err := pack.Load(files)
	want := `[missing_key] a.yaml:1: the key title is missing (how it is written after a figure)
[unknown_key] a.yaml:2: unknown key titel (did you mean title?)
[missing_key] z.yaml:2: the key title.en is missing (English)
[syntax] z.yaml:4: not YAML: sequence end token ']' not found
[missing_key] z.yaml:6: the key title is missing (how it is written after a figure)
`
	if got := describe(err); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestMistakesOfFiles(t *testing.T) {
	t.Parallel()
	ok := []byte("unit: x\ntitle: {zh: 甲, en: A}\n")
	many := fstest.MapFS{}
	for i := range 2001 {
		many[fmt.Sprintf("%04d.yaml", i)] = &fstest.MapFile{Data: []byte("# nothing\n")}
	}
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  string
	}{
		"empty folder": {fstest.MapFS{"README.md": {Data: ok}},
			"[empty_pack] the folder holds no pack (a pack is a folder of .yaml files, see docs/pack-format.md)\n"},
		"only comments": {fstest.MapFS{"a.yaml": {Data: []byte("# hello\n---\n---\n# again\n")}},
			"[missing_key] a.yaml:1: the pack declares no city (declare it in one document: city: \"140100\")\n"},
		"other ending": {fstest.MapFS{"a.yaml": {Data: ok}, "b.yml": {Data: ok}, ".git/x.yaml": {Data: []byte("?")}},
			"[missing_key] a.yaml:1: the pack declares no city (declare it in one document: city: \"140100\")\n" +
				"[not_read] b.yml:1: the file is not read (rename it to end in .yaml)\n"},
		"not UTF-8": {fstest.MapFS{"a.yaml": {Data: []byte("unit: x\ntitle: {zh: \xd6\xd0, en: A}\n")}},
			"[missing_key] a.yaml:1: the pack declares no city (declare it in one document: city: \"140100\")\n" +
				"[not_utf8] a.yaml:2: the file is not UTF-8 (save the file as UTF-8)\n"},
		"lines of other systems": {fstest.MapFS{"a.yaml": {Data: []byte("\ufeffunit: x\r\ntitle: {zh: 甲, en: A}\r\n---\r\nunit: y\rtitle: {zh: 甲, en: A}\rsymbol: z\r")}},
			"[missing_key] a.yaml:1: the pack declares no city (declare it in one document: city: \"140100\")\n" +
				"[unknown_key] a.yaml:6: unknown key symbol (use one of unit, title)\n"},
		"large file": {fstest.MapFS{"a.yaml": {Data: ok}, "b.yaml": {Data: bytes.Repeat([]byte("#"), 4<<20+1)}},
			"[missing_key] a.yaml:1: the pack declares no city (declare it in one document: city: \"140100\")\n" +
				"[too_large] b.yaml:1: the file is above 4 MiB (split it into several files)\n"},
		"large document": {fstest.MapFS{"a.yaml": {Data: append([]byte("unit: x\n---\n"), bytes.Repeat([]byte("# long\n"), 128<<10/7+1)...)}},
			"[missing_key] a.yaml:1: the key title is missing (how it is written after a figure)\n" +
				"[missing_key] a.yaml:1: the pack declares no city (declare it in one document: city: \"140100\")\n" +
				"[too_large] a.yaml:2: the document is above 128 KiB (divide documents with ---)\n"},
		"many files": {many,
			"[missing_key] 0000.yaml:1: the pack declares no city (declare it in one document: city: \"140100\")\n" +
				"[too_large] 2000.yaml:1: the pack has 2001 files, at most 2000 are read\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := pack.Load(c.files)
			if got := describe(err); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}
