package sftp

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path"
	"sync"

	"github.com/pkg/sftp"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source/folder"
)

// mostListing is how many bytes the server may need to list the folder: room
// for more entries than package folder looks at, each with a long name.
const mostListing = 64 << 20

// remote is a folder of the server. It connects when it is first used, and
// again after the connection was lost.
type remote struct {
	o       *Options
	closing context.Context
	cancel  context.CancelFunc

	mu      sync.Mutex
	session *session
}

func newRemote(o *Options) *remote {
	ctx, cancel := context.WithCancel(context.Background())
	return &remote{o: o, closing: ctx, cancel: cancel}
}

var _ folder.Files = (*remote)(nil)

// Close ends the connection, also while another method waits.
func (r *remote) Close() error {
	r.cancel()
	r.mu.Lock()
	s := r.session
	r.mu.Unlock()
	r.drop(s, errClosed)
	return nil
}

var errClosed = city.Errorf("unavailable.closed", "the source was closed")

// drop gives up a connection.
func (r *remote) drop(s *session, why error) {
	if s == nil {
		return
	}
	r.mu.Lock()
	if r.session == s {
		r.session = nil
	}
	r.mu.Unlock()
	s.close(why)
}

// connected gives the connection, made anew where there is none or where the
// server hung up while nobody asked it.
func (r *remote) connected(ctx context.Context) (*session, error) {
	r.mu.Lock()
	s := r.session
	r.mu.Unlock()
	if s != nil && !s.line.broken() {
		return s, nil
	}
	r.drop(s, nil)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(r.closing, func() { cancel(errClosed) })()
	s, err := r.o.dial(ctx)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	r.session = s
	r.mu.Unlock()
	if r.closing.Err() != nil { // Close may have looked before there was a session
		r.drop(s, errClosed)
		return nil, errClosed
	}
	return s, nil
}

// do asks the server for something, on a connection that lives.
func (r *remote) do(ctx context.Context, ask func(*session) error) error {
	return r.bounded(ctx, math.MaxInt64, ask)
}

// bounded is do, for an answer of at most so many bytes.
func (r *remote) bounded(ctx context.Context, most int64, ask func(*session) error) error {
	s, err := r.connected(ctx)
	if err != nil {
		return err
	}
	return r.on(ctx, s, most, ask)
}

// on asks on a given connection, for an answer of at most so many bytes. The
// connection is given up when the server is silent or the context ends, or
// when it breaks.
func (r *remote) on(ctx context.Context, s *session, most int64, ask func(*session) error) error {
	stop := context.AfterFunc(ctx, func() { s.line.fail(context.Cause(ctx)) })
	end := s.line.ask(most)
	err := ask(s)
	end()
	stop()
	if err == nil || errors.Is(err, io.EOF) && s.line.why() == nil {
		return err
	}
	return r.failed(s, err)
}

// failed tells what the server answered from a connection that broke. What the
// server says is not repeated.
func (r *remote) failed(s *session, err error) error {
	var status *sftp.StatusError
	switch why := s.line.why(); {
	case why != nil:
		r.drop(s, why)
		return city.Outside(why, "the SFTP server was given up")
	case errors.Is(err, fs.ErrNotExist):
		return fs.ErrNotExist
	case errors.Is(err, fs.ErrPermission):
		return fs.ErrPermission
	case errors.As(err, &status):
		return city.Errorf("unavailable.sftp", "the SFTP server refuses with its code %d", status.Code)
	}
	r.drop(s, nil)
	return city.Errorf(codeBroken, "the connection to the SFTP server broke off")
}

// codeBroken is the code of a connection that broke while it was used.
const codeBroken city.Code = "unavailable.connection"

func (r *remote) path(name string) string { return path.Join(r.o.Folder, name) }

// List passes the entries on. It is what is asked first after a pause, when the
// server may have hung up, so that it asks once more then.
func (r *remote) List(ctx context.Context, yield func(folder.Info) bool) error {
	var entries []os.FileInfo
	list := func(s *session) (err error) {
		entries, err = s.ReadDirContext(ctx, r.o.Folder)
		return err
	}
	err := r.bounded(ctx, mostListing, list)
	if city.CodeOf(err) == codeBroken {
		err = r.bounded(ctx, mostListing, list)
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !yield(describe(e)) {
			break
		}
	}
	return nil
}

// Stat describes an entry without following a link.
func (r *remote) Stat(ctx context.Context, name string) (i folder.Info, err error) {
	err = r.do(ctx, func(s *session) error {
		info, err := s.Lstat(r.path(name))
		if err == nil {
			i = describe(info)
		}
		return err
	})
	return i, err
}

// Mkdir makes a folder.
func (r *remote) Mkdir(ctx context.Context, name string) error {
	return r.do(ctx, func(s *session) error {
		err := s.Mkdir(r.path(name))
		if err == nil {
			return nil
		}
		if info, serr := s.Stat(r.path(name)); serr == nil && info.IsDir() {
			return nil
		}
		return err
	})
}

// Write makes a file by way of a hidden one, which the watch passes over.
func (r *remote) Write(ctx context.Context, name string, content []byte) error {
	part := r.path(path.Join(path.Dir(name), ".part"))
	return r.do(ctx, func(s *session) error {
		f, err := s.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
		if err != nil {
			return err
		}
		_, err = f.Write(content)
		if _, ok := s.HasExtension("fsync@openssh.com"); ok && err == nil {
			err = f.Sync()
		}
		if err = errors.Join(err, f.Close()); err != nil {
			return err
		}
		return s.replace(part, r.path(name))
	})
}

// replace renames a file, over one of that name where the server can.
func (s *session) replace(from, to string) error {
	if _, ok := s.HasExtension("posix-rename@openssh.com"); ok {
		return s.PosixRename(from, to)
	}
	if err := s.Client.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return s.Client.Rename(from, to)
}

// Rename moves a file.
func (r *remote) Rename(ctx context.Context, from, to string) error {
	return r.do(ctx, func(s *session) error { return s.Client.Rename(r.path(from), r.path(to)) })
}

// Remove deletes a file.
func (r *remote) Remove(ctx context.Context, name string) error {
	return r.do(ctx, func(s *session) error { return s.Client.Remove(r.path(name)) })
}

func describe(i os.FileInfo) folder.Info {
	out := folder.Info{Name: i.Name(), Size: i.Size(), Modified: i.ModTime()}
	switch {
	case i.IsDir():
		out.Kind = folder.Folder
	case !i.Mode().IsRegular():
		out.Kind = folder.Other
	}
	return out
}
