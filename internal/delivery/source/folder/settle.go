package folder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// Where files go that have their receipt.
const (
	doneFolder     = "done"
	rejectedFolder = "rejected"
	receiptSuffix  = ".receipt.json"
)

// settle puts a file aside that has its receipt. One that changed since, or is
// gone, is left alone: what is there now was not delivered.
func (s *Source) settle(ctx context.Context, c *candidate, o source.Outcome) error {
	if s.Options.After == Keep {
		return nil
	}
	now, err := s.Files.Stat(ctx, c.info.Name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if now.Name = c.info.Name; !now.same(c.info) {
		s.Env.Log.Warn("a file changed after it was delivered; it is taken again", "source", s.Env.Name, "file", c.info.Name)
		return nil
	}
	if c.manifest != nil {
		if err := s.progress.note(c.manifest.info, c.entry.Name); err != nil {
			return err
		}
	}
	to := doneFolder
	if !o.Committed {
		to = rejectedFolder
	}
	if err := s.putAside(ctx, c.info, to, o.Receipt); err != nil {
		return err
	}
	return s.removeMarker(ctx, c.info.Name)
}

// putAside moves a file, or deletes it, after its receipt was written.
func (s *Source) putAside(ctx context.Context, i Info, folder string, receipt []byte) error {
	if err := s.Files.Mkdir(ctx, folder); err != nil {
		return err
	}
	to, err := s.freeName(ctx, folder, i.Name)
	if err != nil {
		return err
	}
	if len(receipt) > 0 {
		if err := s.Files.Write(ctx, to+receiptSuffix, receipt); err != nil {
			return err
		}
	}
	if s.Options.After == Delete {
		return s.Files.Remove(ctx, i.Name)
	}
	return s.Files.Rename(ctx, i.Name, to)
}

// mostNames bounds the search for a free name.
const mostNames = 10_000

// freeName finds a name in a folder that neither a file nor a receipt has:
// NAME, then STEM-2, STEM-3 with the same ending.
func (s *Source) freeName(ctx context.Context, folder, name string) (string, error) {
	ext := path.Ext(name)
	base := strings.TrimSuffix(name, ext)
	room := source.MostName - len(ext) - len(receiptSuffix) - len("-10000")
	for n := 1; n <= mostNames; n++ {
		try := name
		if n > 1 || len(name)+len(receiptSuffix) > source.MostName {
			try = fmt.Sprintf("%s-%d%s", strings.ToValidUTF8(base[:min(len(base), max(room, 0))], ""), n, ext)
		}
		try = path.Join(folder, try)
		free, err := s.free(ctx, try)
		if err != nil || free {
			return try, err
		}
	}
	return "", city.Errorf("conflict.file_name", "the folder %s has %d files of the name %q already", folder, mostNames, name).
		WithHint("move them elsewhere")
}

func (s *Source) free(ctx context.Context, name string) (bool, error) {
	for _, n := range []string{name, name + receiptSuffix} {
		_, err := s.Files.Stat(ctx, n)
		if err == nil {
			return false, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return false, err
		}
	}
	return true, nil
}

func (s *Source) removeMarker(ctx context.Context, name string) error {
	if s.Options.Ready == "" {
		return nil
	}
	if err := s.Files.Remove(ctx, name+s.Options.Ready); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
