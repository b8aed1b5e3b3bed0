package delivery

import (
	"context"
	"errors"
	"io"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
)

// Gather reads src to its end and gives back a copy that no sender can hold up.
// Whoever delivers from a slow or distant sender gathers first: a delivery that
// has begun keeps others of its dataset waiting. The copy lies in an encrypted
// temporary file without a name, which Close and a crash remove.
func (s *Service) Gather(ctx context.Context, src io.Reader) (io.ReadCloser, error) {
	f, err := newScratch(s.Dir)
	if err != nil {
		return nil, err
	}
	n, err := io.CopyBuffer(struct{ io.Writer }{f}, &sourceReader{ctx, src}, make([]byte, copyBytes))
	if err != nil {
		return nil, errors.Join(city.Outside(err, "the file could not be fetched"), f.Close())
	}
	return &gathered{io.NewSectionReader(f, 0, n), f}, nil
}

// gathered reads a scratch file from its start.
type gathered struct {
	*io.SectionReader
	file format.Scratch
}

// Close removes the copy.
func (g *gathered) Close() error { return g.file.Close() }
