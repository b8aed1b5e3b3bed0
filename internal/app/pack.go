package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/live"
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
		a.packFrom = o.Pack
		return a.UsePack(ctx, os.DirFS(o.Pack))
	}
	if o.ReadOnly {
		return a.readCopy(ctx)
	}
	if err := a.restorePack(); err != nil {
		return err
	}
	if _, err := os.Stat(a.path(packDir)); err == nil {
		// A crash may have come between the copy and the note that it is in force.
		return a.usePack(ctx, os.DirFS(a.path(packDir)), false)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return city.Outside(err, "cannot read the pack in force")
	}
	embedded, err := packs.Taiyuan()
	if err != nil {
		return city.Errorf(city.CodeInternal, "cannot read the embedded pack: %w", err)
	}
	return a.UsePack(ctx, embedded)
}

// readCopy loads the copy of the pack beside a process that may be replacing
// it. A copy that is not the one the store says is in force may be of two packs
// in part, so it is read again; replacing takes less time than reading. What
// does not settle is a copy whose note was lost: it is in force.
func (a *App) readCopy(ctx context.Context) error {
	const tries = 3
	var err error
	for range tries {
		var want string
		if want, _, err = a.Store.Setting(ctx, settingPack); err != nil {
			return err
		}
		err = a.load(os.DirFS(a.path(packDir)))
		if _, gone := os.Stat(a.path(packDir)); gone != nil {
			err = a.load(os.DirFS(a.path(packDir + ".old")))
		}
		if want == "" {
			err = city.Errorf(city.CodeUnavailable, "%s is not set up to its end", a.Dir).WithHint("deliver something into it, or serve it")
		}
		if err == nil && a.City().Pack.SHA256 == want {
			return nil
		}
	}
	return err
}

// ReloadPack reads the pack again from where it came: the folder that was asked
// for, or the copy in the data folder. A pack with mistakes leaves the one in
// force untouched. Browsers are told to read anew.
func (a *App) ReloadPack(ctx context.Context) error {
	dir := a.packFrom
	if dir == "" {
		dir = a.path(packDir)
	}
	c, err := pack.Load(os.DirFS(dir))
	if err != nil {
		return err
	}
	if err := a.enforce(ctx, c, os.DirFS(dir), dir != a.path(packDir)); err != nil {
		return err
	}
	a.changed(live.Event{Type: live.Resync})
	return nil
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
func (a *App) UsePack(ctx context.Context, files fs.FS) error { return a.usePack(ctx, files, true) }

func (a *App) usePack(ctx context.Context, files fs.FS, keep bool) error {
	c, err := pack.Load(files)
	if err != nil {
		return err
	}
	return a.enforce(ctx, c, files, keep)
}

// enforce puts a checked pack in force, and keeps a copy unless it is the copy.
func (a *App) enforce(ctx context.Context, c *city.City, files fs.FS, keep bool) error {
	have, _, err := a.Store.Setting(ctx, settingPack)
	if err != nil {
		return err
	}
	if have != c.Pack.SHA256 {
		if keep {
			if err := a.keepPack(files); err != nil {
				return err
			}
		}
		e := audit.Entry{At: a.now(), Actor: "system:open", Action: "pack.use", Subject: c.Pack.SHA256}
		if err := a.Store.SetSettings(ctx, map[string]string{settingPack: c.Pack.SHA256}, e); err != nil {
			return err
		}
	}
	if err := a.keepEdition(ctx, c, files); err != nil {
		return err
	}
	a.city.Store(c)
	return nil
}

// keepPack copies a pack into the data folder. The copy is whole before it
// takes the old one's place.
func (a *App) keepPack(files fs.FS) error {
	next, old := a.path(packDir+".next"), a.path(packDir+".old")
	fail := func(err error) error {
		return city.Outside(err, "cannot keep the pack in the data folder")
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
func (a *App) restorePack() error {
	if _, err := os.Stat(a.path(packDir)); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	err := os.Rename(a.path(packDir+".old"), a.path(packDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return city.Outside(err, "cannot put the pack back")
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
		if err := os.WriteFile(to, b, 0o600); err != nil {
			return err
		}
		return lake.SyncPath(to)
	})
}
