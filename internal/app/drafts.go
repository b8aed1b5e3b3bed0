package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/draft"
	"github.com/jinyang-city/jinyang/internal/live"
	"github.com/jinyang-city/jinyang/internal/pack"
)

// draftsDir holds the files that targets are read from, each under its hash.
const draftsDir = "drafts"

// drafts says what the reading of plans works with.
func (a *App) drafts() *draft.Service {
	return draft.New(draft.Config{Dir: a.path(draftsDir), Store: a.Store, City: a.City, Pack: packEditor{a}, Now: a.now})
}

// packEditor changes single files of the pack in force.
type packEditor struct{ a *App }

var _ draft.Pack = packEditor{}

// Writable refuses when the pack is somebody's folder: what is written into the
// copy would be gone when that folder is read again.
func (p packEditor) Writable() error {
	if p.a.packFrom == "" {
		return nil
	}
	return city.Errorf(city.CodeConflict+".pack", "the pack is read from a folder given with --pack").WithHint("save the file into that folder, and have the pack read again (SIGHUP)")
}

func (p packEditor) dir() string {
	if p.a.packFrom != "" {
		return p.a.packFrom
	}
	return p.a.path(packDir)
}

// File gives a file of the pack.
func (p packEditor) File(name string) ([]byte, bool, error) {
	b, err := os.ReadFile(filepath.Join(p.dir(), filepath.FromSlash(name)))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, false, nil
	case err != nil:
		return nil, false, city.Outside(err, "cannot read the pack")
	}
	return b, true, nil
}

// Without is the city as declared without a file.
func (p packEditor) Without(name string) (c *city.City, err error) {
	err = p.with(name, nil, func(dir string) error {
		c, err = pack.Load(os.DirFS(dir))
		return err
	})
	return c, err
}

// Try checks the pack with a file changed.
func (p packEditor) Try(name string, text []byte) error {
	return p.with(name, text, func(dir string) error {
		_, err := pack.Load(os.DirFS(dir))
		return err
	})
}

// Use puts the pack with a file changed in force, and tells browsers to read
// anew.
func (p packEditor) Use(ctx context.Context, name string, text []byte) error {
	err := p.with(name, text, func(dir string) error { return p.a.UsePack(ctx, os.DirFS(dir)) })
	if err == nil {
		p.a.Live.Publish(live.Event{Type: live.Resync})
	}
	return err
}

// packCopies are the folders in tmp in which a changed pack is tried.
const packCopies = "pack-*"

// dropPackCopies removes the copies that a process left that was killed while
// it tried one. The caller has the folder to itself.
func (a *App) dropPackCopies() error {
	left, err := filepath.Glob(a.path("tmp", packCopies))
	for _, dir := range left {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	return city.Outside(err, "cannot remove what is left of a changed pack")
}

// with makes a copy of the pack with a file changed, and removes it behind f.
func (p packEditor) with(name string, text []byte, f func(dir string) error) error {
	if err := os.MkdirAll(p.a.path("tmp"), 0o700); err != nil {
		return city.Outside(err, "cannot copy the pack")
	}
	dir, err := os.MkdirTemp(p.a.path("tmp"), packCopies)
	if err != nil {
		return city.Outside(err, "cannot copy the pack")
	}
	defer os.RemoveAll(dir) // what a kill leaves is removed at the next start
	if err := copyPack(dir, os.DirFS(p.dir())); err != nil {
		return city.Outside(err, "cannot copy the pack")
	}
	to := filepath.Join(dir, filepath.FromSlash(name))
	if text == nil {
		err = os.Remove(to)
	} else if err = os.MkdirAll(filepath.Dir(to), 0o700); err == nil {
		err = os.WriteFile(to, text, 0o600)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return city.Outside(err, "cannot copy the pack")
	}
	return f(dir)
}
