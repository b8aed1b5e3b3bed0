package delivery

import (
	"bytes"
	"context"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/sign"
)

// mostManifest is the largest manifest, in bytes, that is read.
const mostManifest = 4 << 20

// ReadManifest reads a manifest file. Unknown members are mistakes.
func ReadManifest(path string) (*city.Manifest, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, openError("the manifest", err)
	}
	defer f.Close()
	return ParseManifest(f, filepath.Base(path))
}

// ParseManifest reads a manifest to its end. Where names it in errors, which
// have the code invalid.manifest when the manifest is at fault.
func ParseManifest(src io.Reader, where string) (*city.Manifest, error) {
	text, err := io.ReadAll(io.LimitReader(src, mostManifest+1))
	if err != nil {
		return nil, city.Outside(err, "cannot read the manifest")
	}
	if len(text) > mostManifest {
		return nil, city.Errorf(codeManifest, "the manifest is larger than %d MiB", mostManifest>>20).At(where)
	}
	// What has no canonical form could not be signed, and a member given twice
	// would not say which is meant.
	if _, err := sign.Canonical(text, ""); err != nil {
		return nil, city.Errorf(codeManifest, "the manifest cannot be read: %w", err).At(where).
			WithHint("write one JSON object in UTF-8 without a byte order mark, each member once")
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	m := city.Manifest{Text: text}
	if err := dec.Decode(&m); err != nil {
		return nil, city.Errorf(codeManifest, "the manifest cannot be read: %w", inWords(err)).At(where)
	}
	if err := checkManifest(&m, where); err != nil {
		return nil, err
	}
	return &m, nil
}

// inWords says of a member of the wrong type what it is and what it should be,
// without the names of this program.
func inWords(err error) error {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return err
	}
	texts := reflect.TypeFor[encoding.TextUnmarshaler]() // dates, too
	want := map[reflect.Kind]string{reflect.String: "a text", reflect.Int: "a whole number", reflect.Int64: "a whole number", reflect.Float64: "a number",
		reflect.Bool: "true or false", reflect.Slice: "a list"}[wrong.Type.Kind()]
	switch {
	case reflect.PointerTo(wrong.Type).Implements(texts):
		want = "a text"
	case want == "":
		want = "an object"
	}
	return fmt.Errorf("%s is a JSON %s, %s is expected", wrong.Field, wrong.Value, want)
}

func checkManifest(m *city.Manifest, where string) error {
	bad := func(format string, args ...any) error {
		return city.Errorf(codeManifest, format, args...).At(where)
	}
	switch {
	case m.Version != city.ManifestVersion:
		return bad("the manifest has the version %d, %d is read", m.Version, city.ManifestVersion)
	case m.Dataset == "":
		return bad("the manifest names no dataset")
	case len(m.Files) == 0:
		return bad("the manifest lists no files")
	case m.Period.From.IsZero() != m.Period.To.IsZero() || m.Period.To.Before(m.Period.From):
		return bad("the period %s has no beginning, no end, or ends before it starts", m.Period)
	case m.Sample != nil && (m.Sample.Fraction <= 0 || m.Sample.Fraction > 1):
		return bad("the sample fraction %v is not above 0 and at most 1", m.Sample.Fraction)
	}
	seen := map[string]bool{}
	for _, f := range m.Files {
		switch {
		case !filepath.IsLocal(f.Name):
			return bad("the file %q lies outside the manifest's folder", f.Name)
		case seen[f.Name]:
			return bad("the file %q is listed twice", f.Name)
		case f.Rows != nil && *f.Rows < 0:
			return bad("the file %q is said to have %d rows", f.Name, *f.Rows)
		}
		if what := badTotals(&f); what != "" {
			return bad("the file %q: %s", f.Name, what)
		}
		seen[f.Name] = true
	}
	return nil
}

// badTotals says which declared sum or count is none.
func badTotals(f *city.ManifestFile) string {
	for _, field := range slices.Sorted(maps.Keys(f.Sums)) {
		if _, err := city.ParseAmount(f.Sums[field]); err != nil {
			return fmt.Sprintf("the sum of %q: %v", field, err)
		}
	}
	for _, field := range slices.Sorted(maps.Keys(f.Distinct)) {
		if f.Distinct[field] < 0 {
			return fmt.Sprintf("%q is said to have %d different values", field, f.Distinct[field])
		}
	}
	return ""
}

// DeliverManifest delivers the files of a manifest, which lie beside it, in
// their order. Only narrows them by name when it is not empty. Each receipt is
// passed on as it is made; the first error stops.
func (s *Service) DeliverManifest(ctx context.Context, path string, only []string, actor string, each func(*Receipt)) error {
	m, err := ReadManifest(path)
	if err != nil {
		return err
	}
	for _, name := range only {
		if !slices.ContainsFunc(m.Files, func(f city.ManifestFile) bool { return filepath.Base(f.Name) == filepath.Base(name) }) {
			return city.Errorf("invalid.manifest", "the manifest does not list the file %q", filepath.Base(name)).At(filepath.Base(path))
		}
	}
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return openError("the manifest's folder", err)
	}
	defer root.Close()
	for i := range m.Files {
		entry := &m.Files[i]
		if len(only) > 0 && !slices.ContainsFunc(only, func(n string) bool { return filepath.Base(n) == filepath.Base(entry.Name) }) {
			continue
		}
		r, err := s.deliverEntry(ctx, root, m, entry, actor)
		if err != nil {
			return err
		}
		each(r)
	}
	return nil
}

func (s *Service) deliverEntry(ctx context.Context, root *os.Root, m *city.Manifest, entry *city.ManifestFile, actor string) (*Receipt, error) {
	f, err := root.Open(filepath.FromSlash(entry.Name))
	if err != nil {
		return nil, openError("the file "+entry.Name, err)
	}
	defer f.Close()
	return s.Deliver(ctx, Request{Dataset: m.Dataset, File: filepath.Base(entry.Name), Content: f, Actor: actor, Manifest: m, Entry: entry})
}

// DeliverFile delivers one file without a manifest.
func (s *Service) DeliverFile(ctx context.Context, dataset, path, actor string) (*Receipt, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, openError("the file", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, city.Errorf(city.CodeInvalid, "%s is a folder, not a file", path)
	}
	return s.Deliver(ctx, Request{Dataset: dataset, File: filepath.Base(path), Content: f, Actor: actor})
}

func openError(what string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return city.Errorf(city.CodeNotFound, "cannot open %s: %w", what, err)
	}
	return city.Outside(err, "cannot open "+what)
}
