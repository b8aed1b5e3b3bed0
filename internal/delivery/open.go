package delivery

import (
	"context"
	"io"
	"slices"
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
	o, err := r.formOf(r.ds)
	if err != nil {
		return nil, err
	}
	o.Encoding = encoding
	return format.Open(r.source(ctx), &r.kept.probe, o)
}

// formOf says what files of a dataset look like. They may be error files that
// were mended.
func (s *Service) formOf(ds *city.Dataset) (o format.Options, err error) {
	o = format.Options{
		Delimiter:  ds.Delivery.Delimiter,
		Positional: ds.Delivery.Header == city.HeaderNone,
		Other:      slices.Concat(ds.Delivery.Ignore, city.ErrorColumns()),
		Scratch:    func() (format.Scratch, error) { return newScratch(s.Dir) },
	}
	for _, f := range ds.Fields {
		if len(f.From) > 0 {
			o.Other = append(o.Other[:len(o.Other):len(o.Other)], f.Source...)
			for _, name := range f.From {
				o.Columns = append(o.Columns, []string{name})
			}
			continue
		}
		if f.Optional || f.Default != "" {
			o.Other = append(o.Other[:len(o.Other):len(o.Other)], f.Source...)
		} else {
			o.Columns = append(o.Columns, f.Source)
		}
	}
	if o.Location, err = time.LoadLocation(s.City().TimeZone); err != nil {
		return o, city.Errorf(city.CodeInternal, "the time zone of the city is not known: %w", err)
	}
	return o, nil
}

func (r *run) encoding() string {
	if r.req.Entry == nil {
		return ""
	}
	return r.req.Entry.Encoding
}

// source reads the archived file of the delivery.
func (r *run) source(ctx context.Context) format.Source { return r.evidence(ctx, r.kept.name) }

// evidence reads an archived file, from its start each time it is called, and
// stops when the context ends.
func (s *Service) evidence(ctx context.Context, name string) format.Source {
	return func() (io.ReadCloser, error) {
		f, err := s.archive.open(name)
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
