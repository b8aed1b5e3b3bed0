package sftp

import (
	"bufio"
	"context"
	"io"
	"math"

	"github.com/pkg/sftp"

	"github.com/jinyang-city/jinyang/internal/delivery/source/folder"
)

// ahead is how much of a file is asked for at once: enough that a distant
// server is not waited for at each packet.
const ahead = 1 << 20

// file is an open file of the server. It lives as long as its connection.
type file struct {
	ctx     context.Context
	r       *remote
	session *session
	f       *sftp.File
	buf     *bufio.Reader
}

// Open opens a file. The server follows a link all the same, which package
// folder notices by Stat.
func (r *remote) Open(ctx context.Context, name string) (folder.File, error) {
	s, err := r.connected(ctx)
	if err != nil {
		return nil, err
	}
	f := &file{ctx: ctx, r: r, session: s}
	if err := f.ask(func(s *session) (err error) {
		f.f, err = s.Open(r.path(name))
		return err
	}); err != nil {
		return nil, err
	}
	f.buf = bufio.NewReaderSize(fetch{f}, ahead)
	return f, nil
}

// ask asks on the connection that the file was opened on.
func (f *file) ask(what func(*session) error) error {
	return f.r.on(f.ctx, f.session, math.MaxInt64, what)
}

func (f *file) Read(p []byte) (int, error) { return f.buf.Read(p) }

// Close closes the file. The server may be gone, and the file was only read.
func (f *file) Close() error {
	if f.session.line.why() == nil {
		_ = f.ask(func(*session) error { return f.f.Close() })
	}
	return nil
}

func (f *file) Stat() (i folder.Info, err error) {
	err = f.ask(func(*session) error {
		info, err := f.f.Stat()
		if err == nil {
			i = describe(info)
		}
		return err
	})
	return i, err
}

// fetch reads the file from the server.
type fetch struct{ *file }

func (f fetch) Read(p []byte) (n int, err error) {
	err = f.ask(func(*session) error {
		n, err = f.f.Read(p)
		if err == io.EOF && n > 0 { // the end is told at the next read
			return nil
		}
		return err
	})
	return n, err
}
