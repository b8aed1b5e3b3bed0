package sim

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"os"
	"path/filepath"

	"github.com/jinyang-city/jinyang/internal/city"
)

// dataFile is a data file being written: it counts and hashes what passes.
type dataFile struct {
	name  string
	f     *os.File
	sum   hash.Hash
	bytes int64
	rows  int64
}

func createDataFile(dir, name string) (*dataFile, error) {
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, city.Errorf(city.CodeUnavailable, "cannot create the data file: %w", err)
	}
	return &dataFile{name: name, f: f, sum: sha256.New()}, nil
}

// Write implements io.Writer.
func (d *dataFile) Write(p []byte) (int, error) {
	d.sum.Write(p)
	n, err := d.f.Write(p)
	d.bytes += int64(n)
	if err != nil {
		return n, city.Errorf(city.CodeUnavailable, "cannot write %s: %w", d.name, err)
	}
	return n, nil
}

// finish closes the file and describes it for the manifest.
func (d *dataFile) finish(encoding string) (city.ManifestFile, error) {
	if err := d.f.Close(); err != nil {
		return city.ManifestFile{}, city.Errorf(city.CodeUnavailable, "cannot finish %s: %w", d.name, err)
	}
	rows := d.rows
	return city.ManifestFile{Name: d.name, Rows: &rows, SHA256: hex.EncodeToString(d.sum.Sum(nil)), Encoding: encoding}, nil
}

var _ io.Writer = (*dataFile)(nil)
