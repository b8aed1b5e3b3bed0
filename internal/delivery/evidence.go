package delivery

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// Sealer hides bytes that may hold personal data from everyone without the
// city's keys. Package vault implements it.
type Sealer interface {
	SealWriter(io.Writer) (io.WriteCloser, error)
	OpenReader(io.Reader) (io.Reader, error)
	Seal(plain, context []byte) []byte
	Unseal(sealed, context []byte) ([]byte, error)
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

// partSuffix marks copies that no delivery in the store owns yet.
const partSuffix = ".part"

// keep copies src into the archive, under a name that publish makes final. The
// copy's content is durable when it returns.
func (a *archive) keep(ctx context.Context, id string, src io.Reader) (k *kept, err error) {
	k = &kept{name: id + ".zst.sealed"}
	path := filepath.Join(a.dir, k.name) + partSuffix
	if err := os.MkdirAll(a.dir, 0o700); err != nil {
		return nil, city.Outside(err, "cannot keep the file")
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, city.Outside(err, "cannot keep the file")
	}
	err = a.copy(ctx, k, f, src)
	if err == nil {
		err = city.Outside(f.Sync(), "cannot keep the file")
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, errors.Join(err, os.Remove(path))
	}
	return k, nil
}

// publish gives a copy its final name, durably. It comes after the store knows
// of the delivery: a crash before leaves a copy that sweep removes, and a crash
// after one that Recover finds by its delivery.
func (a *archive) publish(k *kept) error {
	path := filepath.Join(a.dir, k.name)
	if err := os.Rename(path+partSuffix, path); err != nil {
		return city.Outside(err, "cannot keep the file")
	}
	return city.Outside(lake.SyncPath(a.dir), "cannot keep the file")
}

func (a *archive) copy(ctx context.Context, k *kept, dst io.Writer, src io.Reader) error {
	buffered := bufio.NewWriterSize(dst, 1<<20)
	sealed, err := a.sealer.SealWriter(buffered)
	if err != nil {
		return err
	}
	packed, err := zstd.NewWriter(sealed, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(packWindow))
	if err != nil {
		return city.Errorf(city.CodeInternal, "cannot compress the file: %w", err)
	}
	hash := newHashing()
	_, err = io.CopyBuffer(io.MultiWriter(hash, &k.probe, packed), &sourceReader{ctx, src}, make([]byte, copyBytes))
	k.sha256 = hash.sum()
	if err != nil {
		return errors.Join(city.Outside(err, "cannot keep the file"), packed.Close())
	}
	if err := errors.Join(packed.Close(), sealed.Close(), buffered.Flush()); err != nil {
		return city.Outside(err, "cannot keep the file")
	}
	return nil
}

// copyBytes is how much of a file is read at once.
const copyBytes = 128 << 10

// packWindow is how far back the packer looks for repetitions. Rows repeat what
// stands near; what lies further back only pushes it out of the processor's
// cache: with zstd's own 4 MiB packing takes a sixth longer and unpacking a
// third, and the copy is larger.
const packWindow = 512 << 10

// open reads an archived file back.
func (a *archive) open(name string) (io.ReadCloser, error) {
	f, err := os.Open(filepath.Join(a.dir, name))
	if err != nil {
		return nil, city.Outside(err, "cannot read the archived file")
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
	for _, n := range []string{name, name + partSuffix} {
		if err := os.Remove(filepath.Join(a.dir, n)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return city.Outside(err, "cannot remove the archived file")
		}
	}
	return nil
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

// sourceReader reads what a sender hands over. It stops when the context ends,
// and tells the sender's failures from those of the archive; one that has a
// code says enough of itself.
type sourceReader struct {
	ctx context.Context
	r   io.Reader
}

func (s *sourceReader) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.r.Read(p)
	var coded *city.Error
	if err != nil && !errors.Is(err, io.EOF) && !errors.As(err, &coded) {
		err = city.Errorf("unavailable.source", "the file could not be read to its end: %w", err).WithHint("deliver it again; nothing was changed")
	}
	return n, err
}
