package folder

import (
	"context"
	"io"
	"time"
)

// Files is a folder of a sender. Names are relative to it, with slashes. An
// error that is fs.ErrNotExist or fs.ErrPermission says so; those with a code
// of package city keep it. It is used by one goroutine, but for Close.
type Files interface {
	Reader
	Writer
	// Close ends the connection, also while another method waits.
	Close() error
}

// Reader reads a folder.
type Reader interface {
	// List passes each entry of the folder on, in any order, without following
	// links, until yield returns false.
	List(ctx context.Context, yield func(Info) bool) error
	// Stat describes an entry without following a link.
	Stat(ctx context.Context, name string) (Info, error)
	// Open opens a plain file and never follows a link.
	Open(ctx context.Context, name string) (File, error)
}

// Writer changes a folder. It is not used with After keep.
type Writer interface {
	// Mkdir makes a folder; that it is there already is no error.
	Mkdir(ctx context.Context, name string) error
	// Write makes a file, whole or not at all.
	Write(ctx context.Context, name string, content []byte) error
	// Rename moves a file to a name that nothing has.
	Rename(ctx context.Context, from, to string) error
	// Remove deletes a file.
	Remove(ctx context.Context, name string) error
}

// File is an open file. Its Stat is of the file that was opened, whatever its
// name stands for by now.
type File interface {
	io.ReadCloser
	Stat() (Info, error)
}

// Info describes an entry of a folder. Two that are equal are of one file
// that did not change between.
type Info struct {
	Name     string // as the folder has it, which may be hostile
	Size     int64  // bytes
	Modified time.Time
	ID       string // tells files of one name apart, where the folder can: an inode
	Kind     Kind
}

// Kind is what an entry is.
type Kind int

// The kinds of entries.
const (
	Plain  Kind = iota
	Folder      // passed over
	Other       // links, pipes, devices: refused
)

// same says whether nothing of the file changed.
func (i Info) same(j Info) bool {
	return i.Name == j.Name && i.Size == j.Size && i.Modified.Equal(j.Modified) && i.ID == j.ID && i.Kind == j.Kind
}
