package e2e

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// circulated is the monthly document of the demo city, and its month.
const circulated, circulatedMonth = "hrss.monthly", "2024-10"

// checkMonthly reads the document on its page, and takes it along as the link
// gives it: the file holds the same figures, and a note for each source.
func checkMonthly(t *testing.T, b *tab, s *server) {
	b.open("/monthly?report=" + circulated + "&month=" + circulatedMonth)
	b.waitFor("the document", fmt.Sprintf(`document.querySelector('%s canvas') && document.querySelector('%s li')`, id("document"), id("notes")))
	if marks := eval[int](b, fmt.Sprintf(`document.querySelectorAll('%s sup a').length`, id("document"))); marks == 0 {
		t.Error("no figure of the page has a note")
	}
	notes := eval[int](b, fmt.Sprintf(`document.querySelectorAll('%s li').length`, id("notes")))
	href := eval[string](b, fmt.Sprintf(`document.querySelector('%s').getAttribute('href')`, id("docx")))
	res, err := http.Get(s.origin + href)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("the download answers %s (%v)", res.Status, err)
	}
	if name := res.Header.Get("Content-Disposition"); !strings.Contains(name, circulated+"_"+circulatedMonth) {
		t.Errorf("the file is named %q", name)
	}
	text, end := wordPart(t, data, "word/document.xml"), wordPart(t, data, "word/endnotes.xml")
	figure := eval[string](b, fmt.Sprintf(`document.querySelector('%s .text .figure').innerText`, id("document")))
	if !strings.Contains(text, figure) {
		t.Errorf("the file does not hold %s, which the page shows", figure)
	}
	if got := strings.Count(end, "<w:endnoteRef/>"); got != notes || notes == 0 {
		t.Errorf("the file has %d notes, the page %d", got, notes)
	}
}

// wordPart reads one part of a DOCX.
func wordPart(t *testing.T, data []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	part, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(part)
}
