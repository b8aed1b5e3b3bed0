package pack

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jinyang-city/jinyang/internal/city"
)

// CheckDocuments verifies the documents of a pack against their files in a
// folder: that each file exists, has the declared SHA-256 and is UTF-8, and
// that every target's quote stands in its document exactly as quoted. The
// result is sorted and empty when all is well.
func CheckDocuments(c *city.City, docs fs.FS) Problems {
	out := &collector{}
	texts := map[string]string{}
	for _, d := range c.Documents {
		if text, ok := checkDocument(out, d, docs); ok {
			texts[d.Name] = text
		}
	}
	for _, t := range c.Targets {
		text, read := texts[t.Document]
		if !read || strings.Contains(text, t.Quote) {
			continue
		}
		out.addf(t.Pos, CodeQuoteNotFound, nearQuote(text, t.Quote), "the quote of target %s is not in the document %s: %q", t.Name, t.Document, t.Quote)
	}
	return out.problems.sorted()
}

// checkDocument reads a document. A changed text is still searched for the
// quotes, since they may have survived.
func checkDocument(out *collector, d *city.Document, docs fs.FS) (string, bool) {
	text, err := readBounded(docs, d.File)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		out.addf(d.Pos, CodeDocumentMissing, "put it there, or mend file", "the document %s has no file %s in the folder of documents", d.Name, d.File)
		return "", false
	case err != nil:
		out.addf(d.Pos, CodeDocumentMissing, "", "the document %s cannot be read: %v", d.Name, err)
		return "", false
	case len(text) > maxFileSize:
		out.addf(d.Pos, CodeTooLarge, "", "the document %s is above %d MiB", d.Name, maxFileSize>>20)
		return "", false
	}
	sum := sha256.Sum256(text)
	if got := hex.EncodeToString(sum[:]); got != d.SHA256 {
		out.addf(d.Pos, CodeDocumentChanged, "compare the texts, then mend sha256", "the document %s is not the one declared, its file has the SHA-256 %s", d.Name, got)
	}
	if !utf8.Valid(text) {
		out.addf(d.Pos, CodeNotUTF8, "save the text as UTF-8 and mend sha256", "the document %s is not UTF-8", d.Name)
		return "", false
	}
	return string(bytes.TrimPrefix(text, []byte("\ufeff"))), true
}

// nearQuote says what the document has where the quote was probably taken
// from: the same words with other spaces or punctuation, else the longest
// beginning of the quote that is there.
func nearQuote(text, quote string) string {
	have, at := bare(text)
	want, _ := bare(quote)
	if i := indexRunes(have, want); i >= 0 && len(want) > 0 {
		passage := text[at[i] : at[i+len(want)-1]+utf8.RuneLen(have[i+len(want)-1])]
		return fmt.Sprintf("it differs in spaces or punctuation, the document has %q", passage)
	}
	prefix := commonStart(text, quote)
	if utf8.RuneCountInString(prefix) < 4 {
		return "copy it out of the document"
	}
	return fmt.Sprintf("the document has it only up to %q", prefix)
}

// bare keeps the letters and digits of a text, with the byte at which each
// stands.
func bare(s string) (runes []rune, at []int) {
	for i, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			runes, at = append(runes, r), append(at, i)
		}
	}
	return runes, at
}

// indexRunes is the index of the first occurrence of sub in s, or -1.
func indexRunes(s, sub []rune) int {
	i := strings.Index(string(s), string(sub))
	if i < 0 {
		return -1
	}
	return utf8.RuneCountInString(string(s)[:i])
}

// commonStart is the longest beginning of the quote that stands in the text.
func commonStart(text, quote string) string {
	best := ""
	for i, r := range quote {
		start := quote[:i+utf8.RuneLen(r)]
		if !strings.Contains(text, start) {
			break
		}
		best = start
	}
	return best
}
