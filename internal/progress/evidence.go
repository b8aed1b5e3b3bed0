package progress

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Sealer hides the content of files from everyone without the city's keys.
// Package vault implements it.
type Sealer interface {
	SealWriter(io.Writer) (io.WriteCloser, error)
	OpenReader(io.Reader) (io.Reader, error)
	SealVersion() uint32
	FileVersion(io.Reader) (uint32, error)
}

// Bounds of files.
const (
	MaxFile  = 20 << 20 // bytes
	MaxFiles = 10       // of one report
)

const (
	folder       = "progress" // below the data folder
	sealedSuffix = ".sealed"
	partSuffix   = ".part"
)

// evidence keeps sealed files by the hash of their content.
type evidence struct {
	dir    string
	sealer Sealer
}

// Staged is a file that was sealed and synced, but belongs to no report yet.
// Discard removes it.
type Staged struct {
	store.ProgressFile
	path string
}

// Discard removes the temporary copy, if it is still there.
func (f *Staged) Discard() { _ = os.Remove(f.path) } // else Recover does

// stage seals a file under a temporary name.
func (e *evidence) stage(ctx context.Context, name string, src io.Reader) (*Staged, error) {
	name, err := fileName(name)
	if err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(&reading{ctx, src}, 64<<10)
	head, err := in.Peek(headBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, city.Outside(err, "the file could not be read to its end")
	}
	k, err := kindOf(name, head)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(e.dir, 0o700); err != nil {
		return nil, city.Outside(err, "cannot keep the file")
	}
	out := &Staged{ProgressFile: store.ProgressFile{Name: name, MediaType: k.media}, path: filepath.Join(e.dir, rand.Text()+partSuffix)}
	if err := e.write(out, in); err != nil {
		out.Discard()
		return nil, err
	}
	return out, nil
}

// write seals what is read to the file's temporary name, and syncs it.
func (e *evidence) write(f *Staged, src io.Reader) (err error) {
	to, err := os.OpenFile(f.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return city.Outside(err, "cannot keep the file")
	}
	defer func() { err = errors.Join(err, city.Outside(to.Close(), "cannot keep the file")) }()
	sealed, err := e.sealer.SealWriter(to)
	if err != nil {
		return err
	}
	hash := sha256.New()
	if f.Bytes, err = io.Copy(io.MultiWriter(sealed, hash), io.LimitReader(src, MaxFile+1)); err != nil {
		return city.Outside(err, "cannot keep the file")
	}
	if f.Bytes > MaxFile {
		return city.Errorf(CodeFile, "the file is larger than %d MiB", MaxFile>>20).At("file").WithHint("hand in a smaller one, or several")
	}
	f.SHA256 = hex.EncodeToString(hash.Sum(nil))
	return city.Outside(errors.Join(sealed.Close(), to.Sync()), "cannot keep the file")
}

// publish gives a file its final name, which it never takes from another, and
// says whether it was not there before. It must be followed by sync.
func (e *evidence) publish(ctx context.Context, f *Staged) (created bool, err error) {
	err = os.Link(f.path, e.path(f.SHA256))
	if errors.Is(err, fs.ErrExist) {
		if have, err := e.hash(ctx, f.SHA256); err != nil || have != f.SHA256 {
			return false, city.Errorf(city.CodeConflict+".evidence", "the file %s that is kept already is damaged", f.SHA256).
				WithHint("run jinyang verify --evidence; put it back from a backup")
		}
		err = nil
	} else {
		created = err == nil
	}
	f.Discard()
	return created, city.Outside(err, "cannot keep the file")
}

// sync makes the names durable.
func (e *evidence) sync() error {
	d, err := os.Open(e.dir)
	if err != nil {
		return city.Outside(err, "cannot keep the file")
	}
	return city.Outside(errors.Join(d.Sync(), d.Close()), "cannot keep the file")
}

func (e *evidence) path(sha string) string { return filepath.Join(e.dir, sha+sealedSuffix) }

// open reads a file back.
func (e *evidence) open(sha string) (io.ReadCloser, error) {
	f, err := os.Open(e.path(sha))
	if err != nil {
		return nil, city.Outside(err, "cannot read the file")
	}
	plain, err := e.sealer.OpenReader(bufio.NewReaderSize(f, 64<<10))
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &opened{plain, f}, nil
}

type opened struct {
	io.Reader
	file io.Closer
}

func (o *opened) Close() error { return o.file.Close() }

// hash is the SHA-256 of what a kept file holds, in lower-case hex.
func (e *evidence) hash(ctx context.Context, sha string) (string, error) {
	f, err := e.open(sha)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	_, err = io.Copy(h, &reading{ctx, f})
	return hex.EncodeToString(h.Sum(nil)), errors.Join(err, f.Close())
}

// names lists the hashes of the files that are kept.
func (e *evidence) names() (hashes, parts []string, err error) {
	entries, err := os.ReadDir(e.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, city.Outside(err, "cannot list the files of reports")
	}
	for _, entry := range entries {
		if sha, ok := strings.CutSuffix(entry.Name(), sealedSuffix); ok && len(sha) == 2*sha256.Size {
			hashes = append(hashes, sha)
		} else if strings.HasSuffix(entry.Name(), partSuffix) {
			parts = append(parts, entry.Name())
		}
	}
	return hashes, parts, nil
}

// reading stops when its context ends.
type reading struct {
	ctx context.Context
	r   io.Reader
}

func (r *reading) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
