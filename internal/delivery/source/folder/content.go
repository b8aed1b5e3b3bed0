package folder

import (
	"context"
	"errors"
	"io"

	"github.com/jinyang-city/jinyang/internal/city"
)

// content reads a file and notices, before it says that the file ended, whether
// the file changed meanwhile. Then it fails, so that the delivery changes
// nothing, and the file is fetched again when it has settled.
type content struct {
	s    *Source
	ctx  context.Context
	file File
	want Info
	read int64
}

// open opens a file, which must be the one that was seen.
func (s *Source) open(ctx context.Context, want Info) (*content, error) {
	f, err := s.Files.Open(ctx, want.Name)
	if err != nil {
		return nil, err
	}
	c := &content{s: s, ctx: ctx, file: f, want: want}
	if err := c.unchanged(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return c, nil
}

// Read reads the file and fails instead of ending when it changed.
func (c *content) Read(p []byte) (int, error) {
	n, err := c.file.Read(p)
	c.read += int64(n)
	switch {
	case err == nil && c.read <= c.want.Size, err == nil && n == 0:
		return n, nil
	case err == nil:
		return 0, errChanged
	case !errors.Is(err, io.EOF):
		return n, c.s.fail(err, "the file cannot be read")
	}
	if err := c.unchanged(); err != nil {
		return 0, err
	}
	return n, io.EOF
}

// unchanged compares the open file, and the file that now has its name, with
// what was seen.
func (c *content) unchanged() error {
	open, err := c.file.Stat()
	if err != nil {
		return c.s.fail(err, "the file cannot be read")
	}
	named, err := c.s.Files.Stat(c.ctx, c.want.Name)
	if err != nil {
		return c.s.fail(err, "the file cannot be read")
	}
	open.Name, named.Name = c.want.Name, c.want.Name
	if !open.same(c.want) || !named.same(c.want) || c.read != 0 && c.read != c.want.Size {
		return errChanged
	}
	return nil
}

// errChanged says that the bytes read may be of two files.
var errChanged = city.Errorf("unavailable.changed", "the file changed while it was read").
	WithHint("it is tried again when it has settled; senders should write under another name and rename, or set a marker (ready)")

// Close closes the file.
func (c *content) Close() error { return c.file.Close() }
