package doctext

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/jinyang-city/jinyang/internal/city"
)

const promise = "今年，清溪县新建学校三所，城镇新增就业8万人。"

func read(t *testing.T, b []byte, l Limits) (*Document, error) {
	t.Helper()
	return new(Reader).Read(t.Context(), bytes.NewReader(b), l)
}

func TestText(t *testing.T) {
	t.Parallel()
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(promise))
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"utf-8": []byte(promise), "bom": []byte("\ufeff" + promise), "gb18030": gb} {
		d, err := read(t, b, Limits{})
		if err != nil || d.Text != promise || d.Kind != Text || d.Pages[0].End != len([]rune(promise)) || len(d.SHA256) != 64 {
			t.Errorf("%s: %+v %v", name, d, err)
		}
		if name == "gb18030" && d.Encoding != "gb18030" {
			t.Errorf("read as %s", d.Encoding)
		}
	}
}

// word makes a .docx of its parts.
func word(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const wordHead = `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`

func body(xml string) string { return wordHead + xml + `</w:body></w:document>` }

func TestWord(t *testing.T) {
	t.Parallel()
	b := word(t, map[string]string{
		"word/document.xml": body(`<w:p><w:r><w:t>一、目标</w:t></w:r></w:p><w:p><w:r><w:t>城镇新增就业</w:t></w:r><w:del><w:r><w:delText>9</w:delText></w:r></w:del><w:r><w:t>8万人。</w:t></w:r></w:p>` +
			`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>指标</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>2025年目标</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`),
		"word/footnotes.xml": body(`<w:p><w:r><w:t>注：含自主创业</w:t></w:r></w:p>`),
	})
	d, err := read(t, b, Limits{})
	if want := "一、目标\n城镇新增就业8万人。\n指标\t2025年目标\n注：含自主创业"; err != nil || d.Text != want || !d.Whole {
		t.Fatalf("%q %v", d.Text, err)
	}
}

// page makes a PDF with a line of text on each page; without lines one page of
// nothing, as a scanned one has no text.
func page(lines ...string) []byte {
	var b bytes.Buffer
	var at []int
	object := func(format string, args ...any) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), fmt.Sprintf(format, args...))
	}
	n := max(1, len(lines))
	b.WriteString("%PDF-1.4\n")
	var kids []string
	for i := range n {
		kids = append(kids, fmt.Sprintf("%d 0 R", 4+2*i))
	}
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Join(kids, " "), n)
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
	for i := range n {
		content := ""
		if i < len(lines) {
			content = "BT /F1 12 Tf 72 700 Td (" + lines[i] + ") Tj ET"
		}
		object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>", 5+2*i)
		object("<< /Length %d >>\nstream\n%s\nendstream", len(content), content)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, xref)
	return b.Bytes()
}

// TestPDF reads all documents with one reader, whose translation takes seconds.
func TestPDF(t *testing.T) {
	t.Parallel()
	var r Reader
	read := func(b []byte, l Limits) (*Document, error) { return r.Read(t.Context(), bytes.NewReader(b), l) }
	d, err := read(page("build 12 schools", "plant 300 trees"), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	text := []rune(d.Text)
	if d.Kind != PDF || len(d.Pages) != 2 || !strings.Contains(string(text[d.Pages[1].Start:d.Pages[1].End]), "300 trees") {
		t.Errorf("%q %+v", d.Text, d.Pages)
	}
	if _, err := read(page("a page", "b page", "c page"), Limits{Pages: 2}); city.CodeOf(err) != CodeSize {
		t.Errorf("three pages where two are allowed: %v", err)
	}
	if _, err := read(page(), Limits{}); city.CodeOf(err) != CodeScanned {
		t.Errorf("a page without text: %v", err)
	}
	if _, err := read([]byte("%PDF-1.4\nnothing"), Limits{}); city.CodeOf(err) != CodeDocument {
		t.Errorf("a damaged file: %v", err)
	}
	if _, err := read(page("build 12 schools"), Limits{Time: time.Nanosecond}); city.CodeOf(err) != CodeSize {
		t.Errorf("a document that takes too long: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Read(ctx, bytes.NewReader(page("too late")), Limits{}); city.CodeOf(err) != city.CodeUnavailable {
		t.Error("a PDF is read although nobody waits")
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	bomb := word(t, map[string]string{"word/document.xml": body("<w:p><w:r><w:t>" + strings.Repeat("空", 1<<20) + "</w:t></w:r></w:p>")})
	deep := word(t, map[string]string{"word/document.xml": body(strings.Repeat("<w:p>", 1000))})
	for name, c := range map[string]struct {
		b    []byte
		l    Limits
		code city.Code
	}{
		"empty":     {nil, Limits{}, CodeDocument},
		"old word":  {[]byte("\xd0\xcf\x11\xe0 and more"), Limits{}, CodeDocument},
		"picture":   {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00"), Limits{}, CodeDocument},
		"large":     {[]byte(promise), Limits{Bytes: 10}, CodeSize},
		"long":      {[]byte(promise), Limits{Characters: 5}, CodeSize},
		"bomb":      {bomb, Limits{Unpacked: 1 << 16}, CodeSize},
		"deep":      {deep, Limits{}, CodeDocument},
		"other zip": {word(t, map[string]string{"a.txt": promise}), Limits{}, CodeDocument},
	} {
		var e *city.Error
		if _, err := read(t, c.b, c.l); !errors.As(err, &e) || e.Code != c.code || e.Hint == "" && name != "deep" {
			t.Errorf("%s: %v, want %s with a hint", name, err, c.code)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add([]byte(promise))
	f.Add([]byte("\xff\xfe\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if d, err := readText(b); err == nil && strings.ToValidUTF8(d.Text, "") != d.Text {
			t.Error("the text is not UTF-8")
		}
	})
}

func FuzzWord(f *testing.F) {
	f.Add(word(f, map[string]string{"word/document.xml": body(`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`)}))
	f.Fuzz(func(t *testing.T, b []byte) {
		if d, err := readDOCX(b, Limits{Unpacked: 1 << 20, Characters: 1 << 16}.orDefault()); err == nil && strings.ToValidUTF8(d.Text, "") != d.Text {
			t.Error("the text is not UTF-8")
		}
	})
}
