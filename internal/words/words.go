// Package words says the program's sentences in Chinese.
//
// An error is put in words once, in English, where it happens: that is what
// logs, receipts (which are signed) and scripts keep. The catalogue in zh/
// pairs each sentence, as the code writes it with its verbs (%s, %d), with the
// same in Chinese, where {1} stands for what the first verb became. So a
// sentence is said in Chinese without its source knowing of languages, also one
// that was kept long ago. A test of internal/lint reads the code for sentences
// that the catalogue lacks.
package words

import (
	"cmp"
	"embed"
	"io/fs"
	"slices"
	"strings"
	"sync"
)

//go:embed zh/*.txt
var files embed.FS

// Catalogue are sentences and the same in another language.
type Catalogue struct {
	exact    map[string]string
	patterns []pattern // the most literal first, so that the closest sentence wins
}

// Chinese is the catalogue that the program comes with.
var Chinese = sync.OnceValues(func() (*Catalogue, error) {
	zh, err := fs.Sub(files, "zh")
	if err != nil {
		return nil, err
	}
	return Read(zh)
})

// Read reads all .txt files of a folder into one catalogue.
func Read(dir fs.FS) (*Catalogue, error) {
	names, err := fs.Glob(dir, "*.txt")
	if err != nil {
		return nil, err
	}
	c := &Catalogue{exact: map[string]string{}}
	for _, name := range names {
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, err
		}
		if err := c.parse(name, string(text)); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(c.patterns, func(a, b pattern) int { return cmp.Compare(b.literal, a.literal) })
	return c, nil
}

// Has says whether the catalogue knows the sentence as the code writes it.
func (c *Catalogue) Has(format string) bool {
	_, ok := c.exact[format]
	return ok
}

// Formats lists the sentences as the code writes them.
func (c *Catalogue) Formats() []string {
	out := make([]string, 0, len(c.exact))
	for f := range c.exact {
		out = append(out, f)
	}
	slices.Sort(out)
	return out
}

// deepest bounds sentences within sentences.
const deepest = 3

// longest bounds what is looked up, in bytes; no sentence is as long.
const longest = 4_000

// Say gives a sentence of the program in the catalogue's language; false when
// it does not know it. What stands within the sentence is said as well where it
// is a sentence itself, and kept as it is where not.
func (c *Catalogue) Say(sentence string) (string, bool) { return c.say(sentence, 0) }

func (c *Catalogue) say(sentence string, depth int) (string, bool) {
	if depth > deepest || sentence == "" || len(sentence) > longest {
		return "", false
	}
	if said, ok := c.exact[sentence]; ok && !strings.Contains(sentence, "%") {
		return said, true
	}
	for _, p := range c.patterns {
		values, ok := p.match(sentence)
		if !ok {
			continue
		}
		for i, v := range values {
			if said, ok := c.say(v, depth+1); ok {
				values[i] = said
			}
		}
		return p.fill(values), true
	}
	return "", false
}
