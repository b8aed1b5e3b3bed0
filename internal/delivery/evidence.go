package delivery

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/klauspost/compress/zstd"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
)

// Sealer hides bytes that may hold personal data from everyone without the
// city's keys. Package vault implements it.
type Sealer interface {
	SealWriter(io.Writer) (io.WriteCloser, error)
	OpenReader(io.Reader) (io.Reader, error)
	Seal(plain, context []byte) []byte
}

// archive keeps the files as they were delivered: compressed with zstd, then
// sealed, because they hold raw identifiers. A file is validated from its
// archived copy, so what was checked is what was kept, even when the original
// changes while it is read.
type archive struct {
	dir    string
	sealer Sealer
}

// kept describes an archived file.
type kept struct {
	name   string // file name below the archive's folder
	sha256 string // of the original bytes, lower-case hex
	probe  format.Probe
}

const partSuffix = ".part"

// keep copies src into the archive. The copy is durable when it returns.
func (a *archive) keep(ctx context.Context, id string, src io.Reader) (k *kept, err error) {
	k = &kept{name: id + ".zst.sealed"}
	path := filepath.Join(a.dir, k.name)
	if err := os.MkdirAll(a.dir, 0o700); err != nil {
		return nil, diskError("keep the file", err)
	}
	f, err := os.OpenFile(path+partSuffix, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, diskError("keep the file", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(path+partSuffix))
		}
	}()
	if err := a.copy(ctx, k, f, src); err != nil {
		return nil, err
	}
	if err := errors.Join(f.Sync(), f.Close(), os.Rename(path+partSuffix, path)); err != nil {
		return nil, diskError("keep the file", err)
	}
	return k, nil
}

func (a *archive) copy(ctx context.Context, k *kept, dst io.Writer, src io.Reader) error {
	buffered := bufio.NewWriterSize(dst, 1<<20)
	sealed, err := a.sealer.SealWriter(buffered)
	if err != nil {
		return err
	}
	packed, err := zstd.NewWriter(sealed, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return city.Errorf(city.CodeInternal, "cannot compress the file: %w", err)
	}
	hash := sha256.New()
	if _, err := io.Copy(io.MultiWriter(hash, &k.probe, packed), &contextReader{ctx, src}); err != nil {
		return diskError("read or keep the file", err)
	}
	if err := errors.Join(packed.Close(), sealed.Close(), buffered.Flush()); err != nil {
		return diskError("keep the file", err)
	}
	k.sha256 = hex.EncodeToString(hash.Sum(nil))
	return nil
}

// open reads an archived file back.
func (a *archive) open(name string) (io.ReadCloser, error) {
	f, err := os.Open(filepath.Join(a.dir, name))
	if err != nil {
		return nil, city.Errorf(city.CodeUnavailable, "cannot read the archived file: %w", err)
	}
	plain, err := a.sealer.OpenReader(bufio.NewReaderSize(f, 1<<20))
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	z, err := zstd.NewReader(plain, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20))
	if err != nil {
		return nil, errors.Join(city.Errorf(city.CodeInternal, "cannot unpack the archived file: %w", err), f.Close())
	}
	return &archived{z, f}, nil
}

type archived struct {
	*zstd.Decoder
	f *os.File
}

func (r *archived) Close() error {
	r.Decoder.Close()
	return r.f.Close()
}

// remove deletes the copy of a delivery that left no receipt.
func (a *archive) remove(name string) error {
	err := os.Remove(filepath.Join(a.dir, name))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// sweep removes copies that a crash left unfinished.
func (a *archive) sweep() error {
	entries, err := os.ReadDir(a.dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), partSuffix) {
			err = errors.Join(err, os.Remove(filepath.Join(a.dir, e.Name())))
		}
	}
	return err
}

// contextReader stops a long copy when the context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

func diskError(what string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return city.Errorf("unavailable.disk", "cannot %s, the disk is full: %w", what, err).
			WithHint("free some space and deliver again; nothing was changed")
	}
	return city.Errorf(city.CodeUnavailable, "cannot %s: %w", what, err)
}
