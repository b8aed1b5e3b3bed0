package progress

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/store"
)

// SealedUnder counts the files of reports by the version of the key that opens
// them.
func (s *Service) SealedUnder() (map[uint32]int64, error) {
	hashes, _, err := s.files.names()
	if err != nil {
		return nil, err
	}
	out := map[uint32]int64{}
	for _, sha := range hashes {
		version, err := s.files.version(sha)
		if err != nil {
			return nil, err
		}
		out[version]++
	}
	return out, nil
}

// Reseal seals each file anew that is not sealed under the current key, and
// says how many. A file is written beside the old one, held to its hash, and
// only then takes its name; a crash loses nothing. No report may be filed
// meanwhile.
func (s *Service) Reseal(ctx context.Context) (int64, error) {
	hashes, _, err := s.files.names()
	if err != nil {
		return 0, err
	}
	var n int64
	for _, sha := range hashes {
		version, err := s.files.version(sha)
		if err == nil && version != s.Sealer.SealVersion() {
			err = s.files.reseal(ctx, sha)
			n++
		}
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

func (e *evidence) version(sha string) (uint32, error) {
	f, err := os.Open(e.path(sha))
	if err != nil {
		return 0, city.Outside(err, "cannot read a file of a report")
	}
	version, err := e.sealer.FileVersion(f)
	return version, errors.Join(err, f.Close())
}

func (e *evidence) reseal(ctx context.Context, sha string) (err error) {
	old, err := e.open(sha)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, old.Close()) }()
	anew := &Staged{ProgressFile: store.ProgressFile{}, path: filepath.Join(e.dir, rand.Text()+partSuffix)}
	defer anew.Discard()
	if err := e.write(anew, io.Reader(&reading{ctx, old})); err != nil {
		return err
	}
	if anew.SHA256 != sha {
		return city.Errorf(city.CodeConflict+".evidence", "the file %s of a report does not hold what was handed in", sha).
			WithHint("run jinyang verify --evidence; put the file back from a backup")
	}
	if err := os.Rename(anew.path, e.path(sha)); err != nil {
		return city.Outside(err, "cannot seal a file of a report anew")
	}
	return e.sync()
}
