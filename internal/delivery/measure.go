package delivery

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// Measurer counts a file as the city will when it is delivered: for senders,
// who declare in a manifest what they send. It needs no data folder.
type Measurer struct {
	City   *city.City
	Engine lake.Stager
	Dir    string    // for temporary files
	Today  city.Date // the day that ages are judged by
}

// Measured is a line of a manifest, and what the sender may want to mend first.
type Measured struct {
	city.ManifestFile
	Unfit int64 // rows that the city would hold back
}

// Measure reads a file of a dataset: its hash, its rows, the sums of the fields
// that declare it and of those named, and the different values of those named.
// The error says what is wrong with the file as a receipt would.
func (m *Measurer) Measure(ctx context.Context, ds *city.Dataset, path string, sums, values []string) (*Measured, error) {
	ask := &city.ManifestFile{Sums: map[string]string{}, Distinct: map[string]int64{}}
	for _, name := range sums {
		ask.Sums[name] = "0"
	}
	for _, name := range values {
		ask.Distinct[name] = 0
	}
	said, err := resolve(ds, ask)
	if err != nil {
		return nil, err
	}
	w := &measuring{Measurer: m, ds: ds, path: path, totals: newTotals(ds, said)}
	if err := w.hash(); err != nil {
		return nil, err
	}
	if w.stage, err = m.Engine.Stage(ctx, ds, "manifest"); err != nil {
		return nil, err
	}
	err = w.read(ctx)
	if err == nil {
		err = countDistinct(ctx, w.totals, w.stage)
	}
	if err = errors.Join(err, w.stage.Close()); err != nil {
		return nil, err
	}
	return w.measured(), nil
}

// measuring is one file on its way.
type measuring struct {
	*Measurer
	ds     *city.Dataset
	path   string
	totals *totals
	stage  lake.Stage
	probe  format.Probe
	sha256 string
	rows   int64
	unfit  int64
}

// hash reads the file through once.
func (w *measuring) hash() error {
	f, err := os.Open(w.path)
	if err != nil {
		return openError("the file", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(io.MultiWriter(h, &w.probe), f); err != nil {
		return city.Outside(err, "cannot read the file")
	}
	w.sha256 = hex.EncodeToString(h.Sum(nil))
	return nil
}

// read adds up the rows.
func (w *measuring) read(ctx context.Context) error {
	reader := &Service{Config: Config{Dir: w.Dir, City: func() *city.City { return w.City }}}
	o, err := reader.formOf(w.ds)
	if err != nil {
		return err
	}
	records, err := format.Open(func() (io.ReadCloser, error) { return os.Open(w.path) }, &w.probe, o)
	if err != nil {
		return err
	}
	defer func() { _ = records.Close() }() // it was only read
	checker, err := validate.Compile(w.City, w.ds, validate.Options{Today: w.Today, Token: pseudonyms()})
	if err != nil {
		return err
	}
	bound, rec, err := bindTo(checker, records)
	if err == nil && bound.Header {
		rec, err = records.Next()
	}
	for ; err == nil; rec, err = records.Next() {
		if err := errors.Join(ctx.Err(), w.take(rec, bound)); err != nil {
			return err
		}
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func (w *measuring) take(rec *format.Record, bound *validate.Binding) error {
	w.rows++
	values, fail := bound.Row(rec)
	if fail != nil {
		w.unfit++
		return w.totals.failed(rec, bound, w.stage)
	}
	w.totals.passed(values)
	if len(w.totals.distinct) == 0 {
		return nil
	}
	return w.stage.Append(w.rows, values)
}

func (w *measuring) measured() *Measured {
	out := &Measured{Unfit: w.unfit}
	out.Name, out.Rows, out.SHA256 = filepath.Base(w.path), &w.rows, w.sha256
	for _, s := range w.totals.sums {
		if out.Sums == nil {
			out.Sums = map[string]string{}
		}
		out.Sums[s.field.Name] = s.total().String()
	}
	for _, d := range w.totals.distinct {
		if out.Distinct == nil {
			out.Distinct = map[string]int64{}
		}
		out.Distinct[d.field.Name] = d.received
	}
	return out
}

// pseudonyms stand for persons while they are counted, so that no ID number is
// written to a temporary file. Their key is forgotten with the file.
func pseudonyms() func(id string) string {
	var key [32]byte
	_, _ = rand.Read(key[:]) // never fails: crypto/rand aborts the program instead
	return func(id string) string {
		h := hmac.New(sha256.New, key[:])
		h.Write([]byte(id)) // never fails
		return hex.EncodeToString(h.Sum(nil)[:16])
	}
}
