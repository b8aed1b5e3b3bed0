package lake

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/apache/iceberg-go/table"
	"github.com/mattn/go-sqlite3"

	"github.com/jinyang-city/jinyang/internal/city"
)

// outside codes a failure of the disk or the catalogue.
func outside(err error, what string) error {
	var e sqlite3.Error
	if errors.As(err, &e) && (e.Code == sqlite3.ErrFull || e.SystemErrno == syscall.ENOSPC) {
		return city.Outside(errors.Join(syscall.ENOSPC, err), what)
	}
	return city.Outside(err, what)
}

// readOnlyDisk says whether nothing can be written into dir because its file
// system does not allow it.
func readOnlyDisk(dir string) bool {
	const write = 2
	return errors.Is(syscall.Access(dir, write), syscall.EROFS)
}

// syncMetadata makes the files of the current snapshot durable: Iceberg writes
// them without, and the catalogue, which is durable at once, names them.
func syncMetadata(ctx context.Context, t *table.Table) error {
	fs, err := t.FS(ctx)
	if err != nil {
		return err
	}
	snap := t.CurrentSnapshot()
	manifests, err := snap.Manifests(fs)
	if err != nil {
		return err
	}
	files := []string{t.MetadataLocation(), snap.ManifestList}
	for _, m := range manifests {
		if m.SnapshotID() == snap.SnapshotID {
			files = append(files, m.FilePath())
		}
	}
	return syncAll(files)
}

// syncAll makes metadata files and their names durable, all at once: a disk
// that is asked so takes little longer than for one.
func syncAll(locations []string) error {
	errs := make([]error, len(locations))
	var all sync.WaitGroup
	for i, l := range locations {
		all.Go(func() {
			path, err := metadataPath(l)
			if err == nil {
				err = errors.Join(SyncPath(path), SyncPath(filepath.Dir(path)))
			}
			errs[i] = err
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// metadataPath gives the path of a metadata file, whose name Iceberg escapes
// as a URI, unlike those of data files.
func metadataPath(location string) (string, error) {
	u, err := url.Parse(location)
	if err != nil {
		return "", err
	}
	return u.Path, nil
}

// SyncPath makes a file's content, or a folder's entries, durable.
func SyncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
