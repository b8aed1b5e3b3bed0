package folder

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"sync"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// Source takes the files of a folder. It implements source.Source.
type Source struct {
	Config
	seen      map[string]sighting
	manifests map[string]*manifest // by file name; as they were read
	progress  journal
	closed    chan struct{}
	close     sync.Once
}

// Config is what a Source is made of.
type Config struct {
	Files   Files
	Options Options
	Env     source.Env
	// SameClock says that the times of files come from the clock of Env.Now,
	// so that an old file need not be watched before it is taken.
	SameClock bool
}

// sighting is since when a file has been as it is.
type sighting struct {
	info  Info
	since time.Time
}

// New makes a Source. It does not touch the folder yet.
func New(c Config) (*Source, error) {
	progress, err := readJournal(c.Env.Folder)
	if err != nil {
		return nil, err
	}
	if c.Env.Dataset == nil {
		c.Options.Manifest = ManifestRequired // nothing else says what a file is
	}
	return &Source{Config: c, seen: map[string]sighting{}, manifests: map[string]*manifest{}, progress: progress, closed: make(chan struct{})}, nil
}

var _ source.Source = (*Source)(nil)

// Close ends the connection to the folder.
func (s *Source) Close() error {
	var err error
	s.close.Do(func() {
		close(s.closed)
		err = s.Files.Close()
	})
	return err
}

// Next gives the oldest file that is ready. When none is, but some are still
// being written, it waits for as long as these take to settle. A name or a
// manifest that cannot be used is an error when nothing else is ready.
func (s *Source) Next(ctx context.Context, cursor string) (*source.Batch, error) {
	taken, err := s.taken(cursor)
	if err != nil {
		return nil, err
	}
	for wait := s.Options.Settle; ; wait = 0 {
		look, err := s.look(ctx)
		if err != nil {
			return nil, s.fail(err, "the folder cannot be read")
		}
		if err := s.finishManifests(ctx, look); err != nil {
			return nil, s.fail(err, "a manifest cannot be moved")
		}
		c, unsettled := s.first(look, taken)
		switch {
		case c != nil:
			return s.batch(ctx, c, look, taken)
		case !unsettled || wait == 0:
			return nil, look.trouble
		}
		if err := s.wait(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// wait waits for files to settle.
func (s *Source) wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-s.closed:
		return errClosed
	case <-ctx.Done():
		return city.Outside(ctx.Err(), "waiting for a file to be complete")
	}
}

// errClosed ends what waits when the source is closed.
var errClosed = city.Errorf("unavailable.closed", "the source was closed")

// fail gives an error of the folder a code.
func (s *Source) fail(err error, what string) error {
	select {
	case <-s.closed:
		return errClosed
	default:
	}
	var coded *city.Error
	switch {
	case err == nil || errors.As(err, &coded):
		return err
	case errors.Is(err, fs.ErrNotExist):
		return city.Errorf("not_found.folder", "%s: %w", what, err).WithHint("make the folder, or mend its path")
	case errors.Is(err, fs.ErrPermission):
		return city.Errorf("forbidden.folder", "%s: %w", what, err).
			WithHint("give the user that jinyang runs as the right to read and write there, or declare after: keep for a folder that is only read")
	}
	return city.Outside(err, what)
}

// batch opens a file for delivery.
func (s *Source) batch(ctx context.Context, c *candidate, look *look, taken taken) (*source.Batch, error) {
	if len(taken) >= mostTaken {
		return nil, city.Errorf("invalid.folder", "%d files of the folder were taken and are kept there, and no more can be told apart", mostTaken).
			WithHint("move old files elsewhere, or declare after: move")
	}
	if s.Options.After == Move { // before the delivery: one whose file cannot be moved would come again for ever
		if err := s.Files.Mkdir(ctx, doneFolder); err != nil {
			return nil, s.fail(err, "the folder cannot be written to")
		}
	}
	if c.info.Size > int64(s.Options.Most) { // one that only a manifest names
		return nil, s.tooLarge(c.info)
	}
	content, err := s.open(ctx, c.info)
	if err != nil {
		return nil, s.fail(err, "the file cannot be opened")
	}
	b := &source.Batch{Name: path.Base(c.info.Name), Content: content, Local: s.SameClock, Settle: func(ctx context.Context, o source.Outcome) error {
		return s.fail(s.settle(ctx, c, o), "the file cannot be put aside")
	}}
	if s.Options.After == Keep {
		b.Cursor = taken.with(c.info, look.names).String()
	}
	if c.manifest != nil {
		b.Manifest, b.Entry, b.Dataset = c.manifest.doc, c.entry, c.manifest.doc.Dataset
	}
	return b, nil
}
