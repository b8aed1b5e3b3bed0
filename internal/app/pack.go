package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/pack"
	"github.com/jinyang-city/jinyang/packs"
)

const packDir = "pack"

// openCity loads the pack in force, or puts one in force: the one that was
// asked for, or the embedded one in an empty data folder.
func (a *App) openCity(ctx context.Context, o Options) error {
	if o.Pack != "" {
		if _, err := os.Stat(o.Pack); err != nil {
			return city.Errorf(city.CodeNotFound, "cannot read the pack: %w", err)
		}
		if o.ReadOnly {
			return a.load(os.DirFS(o.Pack))
		}
		return a.UsePack(ctx, os.DirFS(o.Pack))
	}
	if err := a.restorePack(o.ReadOnly); err != nil {
		return err
	}
	if _, err := os.Stat(a.path(packDir)); err == nil {
		return a.load(os.DirFS(a.path(packDir)))
	} else if !errors.Is(err, fs.ErrNotExist) {
		return city.Errorf(city.CodeUnavailable, "cannot read the pack in force: %w", err)
	}
	embedded, err := packs.Taiyuan()
	if err != nil {
		return city.Errorf(city.CodeInternal, "cannot read the embedded pack: %w", err)
	}
	if o.ReadOnly {
		return a.load(embedded)
	}
	return a.UsePack(ctx, embedded)
}

func (a *App) load(files fs.FS) error {
	c, err := pack.Load(files)
	if err != nil {
		return err
	}
	a.city.Store(c)
	return nil
}

// UsePack checks a pack and puts it in force. A pack with mistakes leaves the
// one in force untouched.
func (a *App) UsePack(ctx context.Context, files fs.FS) error {
	c, err := pack.Load(files)
	if err != nil {
		return err
	}
	have, _, err := a.Store.Setting(ctx, settingPack)
	if err != nil {
		return err
	}
	if have != c.Pack.SHA256 {
		if err := a.keepPack(files); err != nil {
			return err
		}
		e := audit.Entry{At: a.now(), Actor: "system:open", Action: "pack.use", Subject: c.Pack.SHA256}
		if err := a.Store.SetSettings(ctx, map[string]string{settingPack: c.Pack.SHA256}, e); err != nil {
			return err
		}
	}
	a.city.Store(c)
	return nil
}

// keepPack copies a pack into the data folder. The copy is whole before it
// takes the old one's place.
func (a *App) keepPack(files fs.FS) error {
	next, old := a.path(packDir+".next"), a.path(packDir+".old")
	fail := func(err error) error {
		return city.Errorf(city.CodeUnavailable, "cannot keep the pack in the data folder: %w", err)
	}
	if err := errors.Join(os.RemoveAll(next), os.RemoveAll(old)); err != nil {
		return fail(err)
	}
	if err := copyPack(next, files); err != nil {
		return fail(err)
	}
	if err := os.Rename(a.path(packDir), old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fail(err)
	}
	if err := os.Rename(next, a.path(packDir)); err != nil {
		return fail(err)
	}
	if err := os.RemoveAll(old); err != nil {
		return fail(err)
	}
	return nil
}

// restorePack puts the old pack back when a crash came between the two renames
// of keepPack.
func (a *App) restorePack(readOnly bool) error {
	if _, err := os.Stat(a.path(packDir)); readOnly || !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	err := os.Rename(a.path(packDir+".old"), a.path(packDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return city.Errorf(city.CodeUnavailable, "cannot put the pack back: %w", err)
	}
	return nil
}

// copyPack writes the YAML files of a pack, and nothing else, below dir.
func copyPack(dir string, files fs.FS) error {
	return fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if d.IsDir() {
			return os.MkdirAll(to, 0o700)
		}
		if filepath.Ext(name) != ".yaml" {
			return nil
		}
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		return os.WriteFile(to, b, 0o600)
	})
}
