package file

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strconv"
	"sync"
	"syscall"

	"github.com/jinyang-city/jinyang/internal/delivery/source/folder"
)

// local is a folder of this machine. Every name goes through an os.Root, so
// that no link leads out of the folder. The root is opened anew for each list:
// the folder may be a disk that was mounted again.
type local struct {
	dir string

	mu   sync.Mutex
	root *os.Root
}

var _ folder.Files = (*local)(nil)

// Close closes the folder; methods after it open it again.
func (l *local) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.root == nil {
		return nil
	}
	err := l.root.Close()
	l.root = nil
	return err
}

func (l *local) open() (*os.Root, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.root != nil {
		return l.root, nil
	}
	root, err := os.OpenRoot(l.dir)
	l.root = root
	return root, err
}

// listChunk is how many entries are read at once.
const listChunk = 512

// List passes the entries on.
func (l *local) List(ctx context.Context, yield func(folder.Info) bool) error {
	if err := l.Close(); err != nil {
		return err
	}
	root, err := l.open()
	if err != nil {
		return err
	}
	d, err := root.Open(".")
	if err != nil {
		return err
	}
	defer d.Close() // it was only read
	for {
		entries, err := d.ReadDir(listChunk)
		for _, e := range entries {
			info, ierr := e.Info()
			if errors.Is(ierr, fs.ErrNotExist) {
				continue // it was taken away meanwhile
			}
			if ierr != nil {
				return ierr
			}
			if !yield(describe(info)) {
				return nil
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
	}
}

// Stat describes an entry without following a link.
func (l *local) Stat(_ context.Context, name string) (folder.Info, error) {
	root, err := l.open()
	if err != nil {
		return folder.Info{}, err
	}
	info, err := root.Lstat(name)
	if err != nil {
		return folder.Info{}, err
	}
	return describe(info), nil
}

// Open opens a plain file. It follows no link, and does not wait for the other
// end of a pipe that took the file's place.
func (l *local) Open(_ context.Context, name string) (folder.File, error) {
	root, err := l.open()
	if err != nil {
		return nil, err
	}
	f, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	return &plain{f}, nil
}

// Mkdir makes a folder.
func (l *local) Mkdir(_ context.Context, name string) error {
	root, err := l.open()
	if err != nil {
		return err
	}
	const perm = 0o755 // the sender looks for receipts there
	if err := root.Mkdir(name, perm); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// Write makes a file by way of a hidden one, which the watch passes over.
func (l *local) Write(_ context.Context, name string, content []byte) error {
	root, err := l.open()
	if err != nil {
		return err
	}
	part := path.Join(path.Dir(name), ".part")
	const perm = 0o644
	f, err := root.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC|syscall.O_NOFOLLOW, perm)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = root.Rename(part, name)
	}
	if err != nil {
		return errors.Join(err, root.Remove(part))
	}
	return syncFolder(root, path.Dir(name))
}

// Rename moves a file, durably.
func (l *local) Rename(_ context.Context, from, to string) error {
	root, err := l.open()
	if err != nil {
		return err
	}
	if err := root.Rename(from, to); err != nil {
		return err
	}
	return errors.Join(syncFolder(root, path.Dir(to)), syncFolder(root, path.Dir(from)))
}

// Remove deletes a file.
func (l *local) Remove(_ context.Context, name string) error {
	root, err := l.open()
	if err != nil {
		return err
	}
	return root.Remove(name)
}

func syncFolder(root *os.Root, name string) error {
	d, err := root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// plain is an open file.
type plain struct{ *os.File }

func (p *plain) Stat() (folder.Info, error) {
	info, err := p.File.Stat()
	if err != nil {
		return folder.Info{}, err
	}
	return describe(info), nil
}

func describe(info fs.FileInfo) folder.Info {
	out := folder.Info{Name: info.Name(), Size: info.Size(), Modified: info.ModTime()}
	switch {
	case info.IsDir():
		out.Kind = folder.Folder
	case !info.Mode().IsRegular():
		out.Kind = folder.Other
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		out.ID = strconv.FormatUint(uint64(st.Dev), 36) + "." + strconv.FormatUint(st.Ino, 36)
	}
	return out
}
