package lake

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/apache/iceberg-go"
	"github.com/apache/iceberg-go/io"
	"github.com/apache/iceberg-go/table"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Swept counts files that were removed.
type Swept struct {
	Files int
	Bytes int64
}

// Sweep removes the files of a table that nothing names and that were last
// written before a moment: those of expired snapshots, and what a process left
// that was killed. No delivery to the dataset may be running.
//
// Files are named by the metadata that the catalogue knows, by the earlier
// metadata that these list, and by every snapshot that is left. They are removed
// only after those metadata are durable; a crash leaves files for the next call.
func (l *Lake) Sweep(ctx context.Context, dataset string, before time.Time) (Swept, error) {
	h := l.handle(dataset)
	h.commit.Lock()
	defer h.commit.Unlock()
	t, err := l.load(ctx, dataset)
	if err != nil || t == nil {
		return Swept{}, err
	}
	data := l.DataDir(dataset)
	meta := filepath.Join(filepath.Dir(data), "metadata")
	if path, err := metadataPath(t.MetadataLocation()); err != nil || filepath.Dir(path) != meta {
		return Swept{}, city.Errorf(city.CodeConflict, "the metadata of %s lie elsewhere than its folder %s", dataset, meta).
			WithHint("another engine moved the table; its files are not cleared away")
	}
	old, err := oldFiles(before, data, meta)
	if err != nil || len(old) == 0 {
		return Swept{}, outsideOrNil(err, "cannot list the files of "+dataset)
	}
	if err := syncAll([]string{t.MetadataLocation()}); err != nil {
		return Swept{}, outside(err, "cannot make the metadata of "+dataset+" durable")
	}
	named, err := l.named(ctx, t)
	if err != nil {
		return Swept{}, outside(err, "cannot read what the snapshots of "+dataset+" name")
	}
	return l.remove(old, named)
}

func outsideOrNil(err error, what string) error {
	if err == nil {
		return nil
	}
	return outside(err, what)
}

// oldFile is a file that may go when nothing names it.
type oldFile struct {
	path  string
	bytes int64
}

// oldFiles lists the files of tables in some folders that were last written
// before a moment.
func oldFiles(before time.Time, dirs ...string) ([]oldFile, error) {
	var out []oldFile
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, e := range entries {
			if !e.Type().IsRegular() || !tableFile(e.Name()) {
				continue
			}
			info, err := e.Info()
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return nil, err
			}
			if info.ModTime().Before(before) {
				out = append(out, oldFile{filepath.Join(dir, e.Name()), info.Size()})
			}
		}
	}
	return out, nil
}

// tableFile says whether a name is one that tables give. Whatever else lies in
// their folders is not ours to remove.
func tableFile(name string) bool {
	for _, suffix := range []string{".parquet", ".avro", ".metadata.json"} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}

// names is the set of paths that a table still names.
type names map[string]bool

// named collects what a table names.
func (l *Lake) named(ctx context.Context, t *table.Table) (names, error) {
	files, err := t.FS(ctx)
	if err != nil {
		return nil, err
	}
	n := names{}
	if err := n.metadata(t.MetadataLocation()); err != nil {
		return nil, err
	}
	for e := range t.Metadata().PreviousFiles() {
		if err := n.metadata(e.MetadataFile); err != nil {
			return nil, err
		}
	}
	for _, s := range t.Metadata().Snapshots() {
		if err := n.snapshot(ctx, files, s); err != nil {
			return nil, err
		}
	}
	return n, nil
}

func (n names) metadata(location string) error {
	path, err := metadataPath(location)
	n[path] = true
	return err
}

// snapshot adds the manifests of a snapshot and the files in them. Manifests
// that an earlier snapshot shares are not read again.
func (n names) snapshot(ctx context.Context, files io.IO, s table.Snapshot) error {
	manifests, err := s.Manifests(files)
	if err = errors.Join(err, n.metadata(s.ManifestList), ctx.Err()); err != nil {
		return err
	}
	for _, m := range manifests {
		path, err := metadataPath(m.FilePath())
		if err != nil {
			return err
		}
		if n[path] {
			continue
		}
		n[path] = true
		if err := n.manifest(files, m); err != nil {
			return err
		}
	}
	return nil
}

func (n names) manifest(files io.IO, m iceberg.ManifestFile) error {
	for entry, err := range m.Entries(files, true) {
		if err != nil {
			return err
		}
		path := strings.TrimPrefix(FilePath(entry.DataFile().FilePath()), "file:") // others write file:/path
		if !filepath.IsAbs(path) {
			return fmt.Errorf("the table names a file by %q, which is no path of this machine", path)
		}
		n[path] = true
	}
	return nil
}

func (l *Lake) remove(files []oldFile, named names) (Swept, error) {
	var s Swept
	for _, f := range files {
		if named[f.path] {
			continue
		}
		if err := os.Remove(f.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return s, outside(err, "cannot remove a file that no snapshot names")
		}
		l.step(StepFileRemoved)
		s.Files++
		s.Bytes += f.bytes
	}
	return s, nil
}
