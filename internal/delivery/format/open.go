package format

import (
	"errors"
	"io"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Source opens the file from its start; it may be called again for another
// pass.
type Source func() (io.ReadCloser, error)

// Scratch is a temporary file. It is gone after Close.
type Scratch interface {
	io.Writer
	io.ReaderAt
	io.Closer
}

// Options say what is known of a file before it is read.
type Options struct {
	Encoding  Encoding // as declared by the sender; "" to detect it
	Delimiter rune     // of CSV; 0 means a comma
	// Columns are the names by which each column that the file must hold may
	// be called. They find the header among the title rows of a sheet.
	Columns [][]string
	Other   []string // names of further columns that the file may hold
	// Positional says that the dataset is declared by column positions: rows of
	// a sheet begin with its first one.
	Positional bool
	// Location is where times with a zone are put to be written down; nil means
	// UTC.
	Location *time.Location
	// Scratch makes a temporary file, for forms that are not read from start to
	// end.
	Scratch func() (Scratch, error)
	Limits  Limits
}

// Open reads a file whose bytes went through probe. Errors with a code of this
// package or the codes invalid.empty and invalid.encoding are the file's,
// others those of its source.
func Open(src Source, probe *Probe, o Options) (Records, error) {
	o.Limits = o.Limits.orDefault()
	if o.Location == nil {
		o.Location = time.UTC
	}
	op := &opener{Options: o}
	r, err := op.open(src, probe, false)
	if err != nil {
		return nil, errors.Join(err, op.close())
	}
	return r, nil
}

// opener finds its way through the packing of one file, and gathers what is to
// be closed at the end.
type opener struct {
	Options
	closers []io.Closer
	form    Form
}

// opened ties the records of a file to what must be closed after them.
type opened struct {
	reader
	named bool
	*opener
}

// reader is the part of Records that each form implements.
type reader interface{ Next() (*Record, error) }

func (o *opened) Named() bool  { return o.named }
func (o *opened) Close() error { return o.close() }

var _ Records = (*opened)(nil)

func (o *opener) close() error {
	var err error
	for i := len(o.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, o.closers[i].Close())
	}
	o.closers = nil
	return err
}

// open reads the file, or when inside an archive its only data file.
func (o *opener) open(src Source, probe *Probe, inside bool) (Records, error) {
	k := probe.kind()
	if inside && k == kindGzip {
		return nil, nested()
	}
	switch k {
	case kindGzip:
		return o.openGzip(src, probe)
	case kindZip:
		return o.openZip(src, probe, inside)
	case kindParquet:
		o.form.Kind = KindParquet
		return o.openParquet(src)
	}
	enc, err := probe.Encoding(o.Encoding)
	if err != nil {
		return nil, err
	}
	file, err := src()
	if err != nil {
		return nil, err
	}
	o.closers = append(o.closers, file)
	o.form.Encoding, o.form.BOM = enc, probe.bom()
	text := Decode(file, enc)
	if k == kindJSONL {
		o.form.Kind = KindJSONLines
		r, err := newJSONL(text)
		if err != nil {
			return nil, err
		}
		return &opened{r, true, o}, nil
	}
	return &opened{NewCSV(text, o.Delimiter), false, o}, nil
}

func nested() error {
	return city.Errorf(CodeArchive, "the archive holds another archive").WithHint("pack the data file once only")
}

// measure reads a packed file through once: it learns what the unpacked bytes
// are, and finds damage and excess before a row is taken from it.
func measure(src Source) (*Probe, error) {
	r, err := src()
	if err != nil {
		return nil, err
	}
	p := &Probe{}
	_, err = io.Copy(p, r)
	return p, errors.Join(err, r.Close())
}

// spool copies a file to a scratch file, which is closed with the records.
func (o *opener) spool(src Source) (*witness, int64, error) {
	r, err := src()
	if err != nil {
		return nil, 0, err
	}
	n, s, err := o.copy(r)
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, 0, err
	}
	return &witness{at: s}, n, nil
}

func (o *opener) copy(r io.Reader) (int64, Scratch, error) {
	s, err := o.Scratch()
	if err != nil {
		return 0, nil, err
	}
	o.closers = append(o.closers, s)
	n, err := io.Copy(s, io.LimitReader(r, o.Limits.Scratch+1))
	if err == nil && n > o.Limits.Scratch {
		err = city.Errorf(CodeFormat, "the file is larger than the %d MiB that a zip archive, workbook or Parquet file may have", o.Limits.Scratch>>20).
			WithHint("deliver it in parts, or as CSV, plain or packed with gzip")
	}
	return n, s, err
}
