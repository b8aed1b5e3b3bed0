package format

import (
	"compress/gzip"
	"errors"
	"io"

	"github.com/jinyang-city/jinyang/internal/city"
)

// openGzip reads a file packed with gzip.
func (o *opener) openGzip(src Source, packed *Probe) (Records, error) {
	plain := func() (io.ReadCloser, error) { return o.gunzip(src, packed.Bytes) }
	probe, err := measure(plain)
	if err != nil {
		return nil, err
	}
	return o.open(plain, probe, true)
}

func (o *opener) gunzip(src Source, packed int64) (io.ReadCloser, error) {
	file, err := src()
	if err != nil {
		return nil, err
	}
	w := &witness{r: file}
	z, err := gzip.NewReader(w)
	if err != nil {
		return nil, errors.Join(w.blame(notEnd(err), badGzip), file.Close())
	}
	return &struct {
		io.Reader
		io.Closer
	}{&unpacking{r: z, w: w, left: o.Limits.allowed(packed), failed: badGzip}, file}, nil
}

func badGzip(cause error) *city.Error {
	return city.Errorf(CodeArchive, "the gzip file is damaged or cut short: %w", cause).WithHint("ask for it again")
}

// notEnd keeps an end of the file where none may be from looking like the end
// of the records.
func notEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
