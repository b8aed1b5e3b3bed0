package stream

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// The names of files in the folder of a spool: one that is open, and batches,
// which sort by their age.
const (
	openName   = "open.part"
	sealedName = "20060102T150405.000000"
)

// mostLine is the longest line, in bytes, that a delivery reads
// (format.MaxRecord). A message that is longer becomes a batch of its own: the
// delivery rejects that with a receipt, and keeps it as evidence.
const mostLine = 1 << 20

// spool keeps messages on the disk, sealed, until they are delivered.
type spool struct {
	dir     string
	now     func() time.Time
	form    *form
	frames  frames
	options *Options

	mu     sync.Mutex
	file   *os.File  // the open one; nil when there is none
	first  time.Time // when its first message came
	count  int64     // messages in it
	size   int64     // bytes of it
	sealed []string  // oldest first
	held   int64     // bytes of those
	failed error     // nothing is written after an error
}

// openSpool takes over what an earlier process left. What was not written whole
// was not acknowledged either.
func openSpool(env source.Env, f *form, o *Options) (*spool, error) {
	s := &spool{dir: filepath.Join(env.Folder, "spool"), now: env.Now, form: f, frames: frames{env.Sealer, []byte(env.Name)}, options: o}
	return s, s.load()
}

// append writes messages down for good. After an error nothing of them counts,
// and nothing more is written until the spool is opened anew.
func (s *spool) append(messages [][]byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil {
		s.failed = s.write(messages)
	}
	return s.failed
}

// write makes one frame of the messages, or more where a batch is full between
// them.
func (s *spool) write(messages [][]byte) error {
	var block bytes.Buffer
	n := int64(0)
	flush := func() error {
		defer func() { block.Reset(); n = 0 }()
		return s.frame(block.Bytes(), n)
	}
	for _, m := range messages {
		lines := s.form.lines(m)
		if len(lines) > mostLine {
			if err := errors.Join(flush(), s.finish(), s.frame(lines, 1), s.finish()); err != nil {
				return err
			}
			continue
		}
		block.Write(lines)
		n++
		if s.count+n >= s.options.Most || s.size+int64(block.Len()) >= int64(s.options.Size) {
			if err := errors.Join(flush(), s.finish()); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil || s.file == nil {
		return err
	}
	return s.file.Sync()
}

// frame appends a block of so many messages to the open file.
func (s *spool) frame(block []byte, messages int64) error {
	if messages == 0 {
		return nil
	}
	if s.file == nil {
		f, err := os.OpenFile(filepath.Join(s.dir, openName), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return err
		}
		s.file, s.count, s.size = f, 0, 0
	}
	if s.count == 0 {
		s.first = s.now()
	}
	n, err := s.file.Write(s.frames.seal(block, messages))
	s.count, s.size = s.count+messages, s.size+int64(n)
	return err
}

// name is the name of the next batch: the time, or later when the batch before
// has that time too.
func (s *spool) name() (string, error) {
	at := s.now().UTC()
	if n := len(s.sealed); n > 0 {
		last, err := time.Parse(sealedName, strings.TrimSuffix(s.sealed[n-1], s.form.suffix()))
		if err != nil {
			return "", fmt.Errorf("a file that is not of this spool: %w", err)
		}
		if next := last.Add(time.Microsecond); at.Before(next) {
			at = next
		}
	}
	return at.Format(sealedName) + s.form.suffix(), nil
}

// finish makes a batch of the open file, if it holds something.
func (s *spool) finish() error {
	if s.count == 0 {
		return nil
	}
	if err := errors.Join(s.file.Sync(), s.file.Close()); err != nil {
		return err
	}
	name, err := s.name()
	if err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(s.dir, openName), filepath.Join(s.dir, name)); err != nil {
		return err
	}
	s.file, s.sealed, s.held, s.count, s.size = nil, append(s.sealed, name), s.held+s.size, 0, 0
	return syncFolder(s.dir)
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// seal makes a batch of what the open file holds.
func (s *spool) seal() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil {
		s.failed = s.finish()
	}
	return s.failed
}

// oldest gives the oldest batch.
func (s *spool) oldest() (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.sealed) == 0 {
		return "", false
	}
	return s.sealed[0], true
}

// due is when the open file must be sealed; empty says that it holds nothing.
func (s *spool) due() (at time.Time, empty bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.first.Add(s.options.Within), s.count == 0
}

// room says whether more may be written.
func (s *spool) room() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failed == nil && s.held+s.size < int64(s.options.Spool)
}

// open opens a batch to be read.
func (s *spool) open(name string) (io.ReadCloser, error) {
	f, err := os.Open(filepath.Join(s.dir, name))
	if err != nil {
		return nil, err
	}
	return &opened{File: f, frames: s.frames, rest: s.form.header}, nil
}

// remove forgets a batch. It may have been removed before.
func (s *spool) remove(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.Index(s.sealed, name)
	if i < 0 {
		return nil
	}
	path := filepath.Join(s.dir, name)
	info, err := os.Stat(path)
	if err == nil {
		s.held -= info.Size()
		err = os.Remove(path)
	}
	if err != nil && !gone(err) {
		return err
	}
	s.sealed = slices.Delete(s.sealed, i, i+1)
	return syncFolder(s.dir)
}

// close closes the open file, which the next process goes on with.
func (s *spool) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	s.file, s.failed = nil, errClosed
	return err
}
