package delivery

import (
	"context"
	"io"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
)

// open reads the records of the archived file, in the form that its content
// shows.
func (r *run) open(ctx context.Context) (format.Records, error) {
	encoding, err := format.ParseEncoding(r.encoding())
	if err != nil {
		return nil, err
	}
	o := format.Options{
		Encoding: encoding, Delimiter: r.ds.Delivery.Delimiter,
		Positional: r.ds.Delivery.Header == city.HeaderNone,
		Other:      r.ds.Delivery.Ignore,
		Scratch:    func() (format.Scratch, error) { return newScratch(r.Dir) },
	}
	for _, f := range r.ds.Fields {
		if f.Optional || f.Default != "" {
			o.Other = append(o.Other[:len(o.Other):len(o.Other)], f.Source...)
		} else {
			o.Columns = append(o.Columns, f.Source)
		}
	}
	if o.Location, err = time.LoadLocation(r.City().TimeZone); err != nil {
		return nil, city.Errorf(city.CodeInternal, "the time zone of the city is not known: %w", err)
	}
	return format.Open(r.source(ctx), &r.kept.probe, o)
}

func (r *run) encoding() string {
	if r.req.Entry == nil {
		return ""
	}
	return r.req.Entry.Encoding
}

// source reads the archived file, from its start each time it is called, and
// stops when the context ends.
func (r *run) source(ctx context.Context) format.Source {
	return func() (io.ReadCloser, error) {
		f, err := r.archive.open(r.kept.name)
		if err != nil {
			return nil, err
		}
		return &interrupted{f, ctx}, nil
	}
}

type interrupted struct {
	io.ReadCloser
	ctx context.Context
}

func (r *interrupted) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.ReadCloser.Read(p)
}

// readError tells a file at fault, which is rejected, from an archive that
// cannot be read and a disk that takes no more.
func readError(err error) error {
	if city.CodeOf(err).Root() == city.CodeInvalid {
		return rejectFor(err)
	}
	return city.Outside(err, "cannot read the archived file")
}
