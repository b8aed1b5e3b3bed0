package delivery

import (
	"encoding/gob"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
)

// spooled is a quarantined row on its way to the store.
type spooled struct {
	Row     int64
	Failure validate.Failure
	Masked  string
	Sealed  []byte
}

// spool keeps quarantined rows in a temporary file, because a file may hold
// more of them than memory.
type spool struct {
	f     *os.File
	enc   *gob.Encoder
	count int64 // rows that were added
}

const spoolPrefix = "quarantine-"

func spoolDir(dataDir string) string { return filepath.Join(dataDir, "tmp") }

// sweepSpools removes temporary files that a crash left in the moment before
// they lost their names.
func sweepSpools(dataDir string) error {
	names, err := os.ReadDir(spoolDir(dataDir))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, n := range names {
		if strings.HasPrefix(n.Name(), spoolPrefix) || strings.HasPrefix(n.Name(), scratchPrefix) {
			err = errors.Join(err, os.Remove(filepath.Join(spoolDir(dataDir), n.Name())))
		}
	}
	return city.Outside(err, "cannot empty the folder for temporary files")
}

func newSpool(dataDir string) (*spool, error) {
	f, err := nameless(dataDir, spoolPrefix)
	if err != nil {
		return nil, city.Outside(err, "cannot make room for quarantined rows")
	}
	return &spool{f: f, enc: gob.NewEncoder(f)}, nil
}

func (s *spool) add(v spooled) error {
	if err := s.enc.Encode(v); err != nil {
		return city.Outside(err, "cannot set a row aside")
	}
	s.count++
	return nil
}

func (s *spool) all() iter.Seq2[spooled, error] {
	return func(yield func(spooled, error) bool) {
		if _, err := s.f.Seek(0, io.SeekStart); err != nil {
			yield(spooled{}, city.Outside(err, "cannot read quarantined rows back"))
			return
		}
		dec := gob.NewDecoder(s.f)
		for {
			var v spooled
			err := dec.Decode(&v)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				err = city.Outside(err, "cannot read quarantined rows back")
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
	}
}

func (s *spool) close() error { return s.f.Close() }
