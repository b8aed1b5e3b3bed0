package format

import (
	"errors"
	"io"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Limits bound what a packed file may become. The zero value of a field means
// the default.
type Limits struct {
	Unpacked int64 // bytes that a packed file, or a part of a workbook, may unpack to
	Ratio    int64 // times its packed size, once it is larger than Free
	Free     int64 // bytes that any file may unpack to whatever its ratio
	Scratch  int64 // bytes of a file that must be kept at hand to be read: zip, XLSX, Parquet
	Entries  int   // files in a zip archive or parts of a workbook
}

// defaultLimits are wide enough for a city's yearly ledgers: CSV of registers
// packs to a tenth or a thirtieth, and sheets seldom to less than a hundredth.
func defaultLimits() Limits {
	return Limits{Unpacked: 64 << 30, Ratio: 200, Free: 64 << 20, Scratch: 8 << 30, Entries: 2000}
}

func (l Limits) orDefault() Limits {
	d := defaultLimits()
	fill := func(v *int64, d int64) {
		if *v <= 0 {
			*v = d
		}
	}
	fill(&l.Unpacked, d.Unpacked)
	fill(&l.Ratio, d.Ratio)
	fill(&l.Free, d.Free)
	fill(&l.Scratch, d.Scratch)
	if l.Entries <= 0 {
		l.Entries = d.Entries
	}
	return l
}

// allowed is how many bytes may come out of packed bytes.
func (l Limits) allowed(packed int64) int64 {
	if packed > l.Unpacked/l.Ratio {
		return l.Unpacked
	}
	return min(l.Unpacked, max(l.Free, l.Ratio*packed))
}

// witness passes reads through and remembers a failure of what it reads, so
// that a decoder's error about the file can be told from one of its source.
type witness struct {
	r   io.Reader
	at  io.ReaderAt
	err error
}

func (w *witness) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	return n, w.note(err)
}

// errOffset is a place before the beginning, which only the file itself can
// have named.
var errOffset = errors.New("the file names a place before its beginning")

func (w *witness) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errOffset
	}
	n, err := w.at.ReadAt(p, off)
	return n, w.note(err)
}

func (w *witness) note(err error) error {
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return err
}

// blame gives the source's failure where there was one, errors that already
// say what is wrong as they are, and otherwise the file's error.
func (w *witness) blame(err error, file func(cause error) *city.Error) error {
	var told *city.Error
	switch {
	case err == nil || errors.Is(err, io.EOF):
		return err
	case w.err != nil:
		return w.err
	case errors.As(err, &told):
		return err
	}
	return file(err)
}

// unpacking reads what a decompressor gives, up to a limit, and says what is
// wrong with the packed file when it fails.
type unpacking struct {
	r      io.Reader
	w      *witness
	left   int64
	failed func(cause error) *city.Error
}

func (u *unpacking) Read(p []byte) (int, error) {
	if int64(len(p)) > u.left+1 {
		p = p[:u.left+1]
	}
	n, err := u.r.Read(p)
	if int64(n) > u.left {
		return int(u.left), city.Errorf(CodeArchive, "the file unpacks to far more than its packed size, and was not read further").
			WithHint("if it is no mistake, deliver it in parts or unpacked")
	}
	u.left -= int64(n)
	return n, u.w.blame(err, u.failed)
}
