package folder

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// The names of manifests.
const (
	manifestName   = "manifest.json"
	manifestSuffix = "." + manifestName
)

// mostManifest is the largest manifest that is read, in bytes.
const mostManifest = 4 << 20

func isManifest(name string) bool {
	return name == manifestName || strings.HasSuffix(name, manifestSuffix)
}

// manifest is one that was read.
type manifest struct {
	info Info
	doc  *city.Manifest
}

// readManifests reads the manifests that are settled. One that was read and has
// not changed is not read again.
func (s *Source) readManifests(ctx context.Context, l *look, found []Info) error {
	read := map[string]*manifest{}
	for _, i := range found {
		if m := s.manifests[i.Name]; m != nil && m.info.same(i) {
			read[i.Name] = m
			continue
		}
		if !s.settled(l, i) {
			l.stems = append(l.stems, stem(i.Name))
			continue
		}
		doc, err := s.readManifest(ctx, i)
		if city.CodeOf(err).Root() == city.CodeInvalid {
			l.stems, l.trouble = append(l.stems, stem(i.Name)), err
			continue
		}
		if err != nil {
			return err
		}
		read[i.Name] = &manifest{i, doc}
	}
	s.manifests = read
	return nil
}

// unread says whether a manifest is still being written.
func (s *Source) unread(l *look) bool { return len(l.stems) > 0 && l.trouble == nil }

func stem(name string) string {
	return strings.TrimSuffix(strings.TrimSuffix(name, manifestName), ".")
}

func (s *Source) readManifest(ctx context.Context, i Info) (*city.Manifest, error) {
	c, err := s.open(ctx, i)
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(io.LimitReader(c, mostManifest+1))
	if err = errors.Join(err, c.Close()); err != nil {
		return nil, city.Outside(err, "the manifest cannot be read")
	}
	if len(raw) > mostManifest {
		return nil, city.Errorf("invalid.manifest", "the manifest is larger than %d MiB", mostManifest>>20).At(i.Name)
	}
	doc, err := s.Env.Manifest(raw, i.Name)
	if err != nil {
		return nil, err
	}
	for _, f := range doc.Files {
		if !source.SafeName(f.Name) || path.Base(f.Name) != f.Name || isManifest(f.Name) {
			return nil, city.Errorf("invalid.manifest", "the file %q does not lie beside the manifest", clip(f.Name)).At(i.Name)
		}
	}
	return doc, nil
}

// turn is the file of a manifest that comes next, if it is there. Those after
// it wait: they may depend on it.
func (s *Source) turn(m *manifest, l *look, taken taken) *candidate {
	for i := range m.doc.Files {
		f := &m.doc.Files[i]
		info, there := l.names[f.Name]
		switch {
		case there && taken.has(info):
		case there:
			return &candidate{info: info, manifest: m, entry: f, at: m.info.Modified}
		case !s.progress.done(m.info, f.Name):
			return nil // it has not come yet
		}
	}
	return nil
}

// finishManifests puts those aside whose files are all done and gone. A file
// that is still there was not moved when the program was killed.
func (s *Source) finishManifests(ctx context.Context, l *look) error {
	if s.Options.After == Keep {
		return nil
	}
	for name, m := range s.manifests {
		if !s.progress.complete(m) || l.hasAny(m) {
			continue
		}
		if err := s.putAside(ctx, m.info, doneFolder, nil); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		delete(s.manifests, name)
		if err := s.progress.forget(name); err != nil {
			return err
		}
	}
	return nil
}

func (l *look) hasAny(m *manifest) bool {
	return slices.ContainsFunc(m.doc.Files, func(f city.ManifestFile) bool { _, there := l.names[f.Name]; return there })
}
