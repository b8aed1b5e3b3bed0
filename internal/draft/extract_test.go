package draft_test

import (
	"archive/zip"
	"bytes"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/jinyang-city/jinyang/internal/doctext"
	"github.com/jinyang-city/jinyang/internal/draft"
)

// TestEveryFormSaysTheSame reads one plan as UTF-8, GB18030 and .docx.
func TestEveryFormSaysTheSame(t *testing.T) {
	t.Parallel()
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, f := range []struct {
		name string
		b    []byte
	}{{"plan.txt", []byte(text)}, {"plan-gb.txt", gb}, {"plan.docx", docx(t, text)}} {
		x, err := draft.Extract(t.Context(), new(doctext.Reader), f.name, bytes.NewReader(f.b), nil, 0)
		if err != nil {
			t.Fatal(f.name, err)
		}
		var got []string
		for _, p := range x.Targets {
			got = append(got, p.Quote+" "+p.Deadline)
			if string([]rune(x.Text)[p.Start:p.End]) != p.Quote {
				t.Errorf("%s: %q does not stand at %d", f.name, p.Quote, p.Start)
			}
		}
		if want == nil {
			want = got
		}
		if len(got) != 5 || len(want) != len(got) {
			t.Fatalf("%s: %q", f.name, got)
		}
		for n := range want {
			if got[n] != want[n] {
				t.Errorf("%s: %q, want %q", f.name, got[n], want[n])
			}
		}
	}
}

// docx makes a word processor's document with a paragraph for each line.
func docx(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	out := `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`
	for line := range bytes.Lines([]byte(text)) {
		out += "<w:p><w:r><w:t>" + string(bytes.TrimSpace(line)) + "</w:t></w:r></w:p>"
	}
	if _, err := w.Write([]byte(out + "</w:body></w:document>")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
