// Package config reads the sources file: which sources a city fetches from, how
// often, and how each is reached. It names every mistake in one go, with file,
// line and column, as the check of a pack does.
//
// The form is strict. Keys that nobody knows are mistakes, aliases and tags are
// refused, and a password is never in the file: source.Secret says where it is.
package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// Source is one declared source.
type Source struct {
	Name       string
	Dataset    string // "" when manifests name it
	Kind       string
	Schedule   Schedule
	Timeout    time.Duration // of one batch
	RetryFirst time.Duration // pause after the first failure; it doubles with each further one
	RetryMost  time.Duration // the longest pause
	Options    source.Options
	Base       string   // the folder of the sources file, from which relative paths start
	Pos        city.Pos // where it is declared
}

// Where says for people where the source reads; "" when it cannot say.
func (s *Source) Where() string {
	if l, ok := s.Options.(source.Located); ok {
		return l.Location()
	}
	return ""
}

// mostFile bounds the size of a sources file, in bytes: the time of the YAML
// library grows with the square of it.
const mostFile = 128 << 10

// Load reads the sources file at path. Mistakes in it are Problems.
func Load(path string, kinds []source.Kind, c *city.City) ([]Source, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, city.Errorf(city.CodeInvalid, "the sources file %q: %w", path, err)
	}
	info, err := os.Stat(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, city.Errorf("not_found.sources", "there is no sources file %s", path).WithHint("see docs/sources.md for its form")
	case err != nil:
		return nil, city.Outside(err, "cannot read the sources file")
	case !info.Mode().IsRegular() || info.Size() > mostFile:
		return nil, city.Errorf("invalid.sources", "the sources file is not a file of at most %d KiB", mostFile>>10).At(path)
	}
	text, err := os.ReadFile(abs)
	if err != nil {
		return nil, city.Outside(err, "cannot read the sources file")
	}
	return Parse(text, path, filepath.Dir(abs), kinds, c)
}

// Parse reads the text of a sources file. The name is for messages; relative
// paths start from base.
func Parse(text []byte, name, base string, kinds []source.Kind, c *city.City) ([]Source, error) {
	p := &parser{file: name, base: base, kinds: kinds, city: c}
	body := p.parse(text)
	var out []Source
	if body != nil {
		out = p.sources(body)
	}
	if len(p.problems) > 0 {
		return nil, p.problems.sorted()
	}
	return out, nil
}
