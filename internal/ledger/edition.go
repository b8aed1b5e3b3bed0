package ledger

import (
	"archive/zip"
	"bytes"
	"context"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/store"
)

// maxArchive bounds an archived pack, in bytes before it is packed: what the
// parser itself takes.
const maxArchive = 64 << 20

// Archive packs the files of a city pack, those that the parser reads and no
// others, so that equal packs give equal bytes.
func Archive(files fs.FS) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	size := 0
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.EqualFold(path.Ext(name), ".yaml") {
			return err
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		if size += len(text); size > maxArchive {
			return city.Errorf(city.CodeInvalid, "the pack is above %d MiB", maxArchive>>20)
		}
		f, err := w.Create(name)
		if err != nil {
			return err
		}
		_, err = f.Write(text)
		return err
	})
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, city.Outside(err, "cannot archive the pack")
	}
	return out.Bytes(), nil
}

// editions loads packs that were in force, and keeps the last few.
type editions struct {
	store *store.Store
	load  func(fs.FS) (*city.City, error)

	mu     sync.Mutex
	cities map[string]*city.City
}

// keptCities is how many old packs stay loaded: a reader compares a few.
const keptCities = 8

// city gives the declarations of a pack that was in force.
func (e *editions) city(ctx context.Context, sha256 string) (*city.City, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if c, ok := e.cities[sha256]; ok {
		return c, nil
	}
	c, err := readEdition(ctx, e.store, e.load, sha256)
	if err != nil {
		return nil, err
	}
	if len(e.cities) >= keptCities {
		clear(e.cities)
	}
	e.cities[sha256] = c
	return c, nil
}

// codeUnreadable is of a pack that was in force and is one no more by the rules
// of this version of the program.
const codeUnreadable = city.CodeConflict + ".pack"

// readEdition reads a pack that was in force out of its archive.
func readEdition(ctx context.Context, st *store.Store, load func(fs.FS) (*city.City, error), sha256 string) (*city.City, error) {
	archive, err := st.PackArchive(ctx, sha256)
	if err != nil {
		return nil, err
	}
	files, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, city.Errorf(city.CodeInvalid+".database", "the archive of the pack %.12s is damaged: %w", sha256, err).WithHint("put back a backup")
	}
	c, err := load(files)
	if err != nil {
		return nil, city.Errorf(codeUnreadable, "the pack %.12s, which was in force once, cannot be read by this version of the program: %w", sha256, err).
			WithHint("use the version that put it in force")
	}
	return c, nil
}
