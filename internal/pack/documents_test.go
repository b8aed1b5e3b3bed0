package pack_test

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/pack"
)

func TestCheckDocuments(t *testing.T) {
	t.Parallel()
	if problems := pack.CheckDocuments(loadMini(t), os.DirFS("testdata/texts")); len(problems) > 0 {
		t.Errorf("the texts of the small pack are refused:\n%v", problems)
	}
}

func TestCheckDocumentsMistakes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(c *city.City, files fstest.MapFS)
		want   string
	}{
		"missing": {
			func(_ *city.City, files fstest.MapFS) { delete(files, "plan.txt") },
			"[document_missing] city.yaml:52: the document plan-2024 has no file plan.txt in the folder of documents (put it there, or mend file)\n",
		},
		"folder": {
			func(c *city.City, _ fstest.MapFS) { c.Documents[0].File = "." },
			"[document_missing] city.yaml:52: the document plan-2024 cannot be read: . is not a regular file\n",
		},
		"not UTF-8": {
			func(_ *city.City, files fstest.MapFS) { files["plan.txt"].Data = []byte("\xd6\xd0") },
			"[document_changed] city.yaml:52: the document plan-2024 is not the one declared, its file has the SHA-256 703b0c61f8d1992219404ea74b79ef3edc6638bdecf7499f94c93334f0086fe6 (compare the texts, then mend sha256)\n" +
				"[not_utf8] city.yaml:52: the document plan-2024 is not UTF-8 (save the text as UTF-8 and mend sha256)\n",
		},
		"other punctuation": {
			func(c *city.City, _ fstest.MapFS) { c.Targets[0].Quote = "今年，全市新增就业 8万人以上" },
			"[quote_not_found] targets.yaml:9: the quote of target employment.new.2024 is not in the document plan-2024: \"今年，全市新增就业 8万人以上\" (it differs in spaces or punctuation, the document has \"今年,全市新增就业8万人以上\")\n",
		},
		"other figure": {
			func(c *city.City, _ fstest.MapFS) { c.Targets[0].Quote = "全市新增就业9万人以上" },
			"[quote_not_found] targets.yaml:9: the quote of target employment.new.2024 is not in the document plan-2024: \"全市新增就业9万人以上\" (the document has it only up to \"全市新增就业\")\n",
		},
		"foreign quote": {
			func(c *city.City, _ fstest.MapFS) { c.Targets[0].Quote = "春风又绿江南岸" },
			"[quote_not_found] targets.yaml:9: the quote of target employment.new.2024 is not in the document plan-2024: \"春风又绿江南岸\" (copy it out of the document)\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile("testdata/texts/plan.txt")
			if err != nil {
				t.Fatal(err)
			}
			declared, files := loadMini(t), fstest.MapFS{"plan.txt": {Data: text}}
			c.change(declared, files)
			if got := describe(pack.CheckDocuments(declared, files)); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

// A text that was edited after it was declared is named, and the quotes that
// survived in it are not blamed.
func TestChangedDocument(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/texts/plan.txt")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{"plan.txt": {Data: append(text, "更正\n"...)}}
	got := describe(pack.CheckDocuments(loadMini(t), files))
	if !strings.HasPrefix(got, "[document_changed] city.yaml:52: ") || strings.Count(got, "\n") != 1 {
		t.Errorf("got\n%s", got)
	}
}

// A mistake elsewhere in the pack does not hide a quote that is not there.
func TestCheckReportsBoth(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{}
	mini := os.DirFS("testdata/mini")
	err := fs.WalkDir(mini, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(mini, name)
		files[name] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	files["zz.yaml"] = &fstest.MapFile{Data: []byte("unit: furlong\ntitel: {zh: 弗隆, en: furlongs}\n")}
	_, err = pack.Check(files, fstest.MapFS{})
	var problems pack.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("got %v", err)
	}
	codes := map[string]bool{}
	for _, p := range problems {
		codes[p.Code] = true
	}
	if !codes[pack.CodeUnknownKey] || !codes[pack.CodeDocumentMissing] {
		t.Errorf("want an unknown key and a missing document, got %v", problems)
	}
}
