package stream

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// load reads what is on the disk.
func (s *spool) load() error {
	s.file, s.count, s.size, s.sealed, s.held, s.failed = nil, 0, 0, nil, 0, nil
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(s.dir) // sorted by name
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			return err
		}
		if e.Name() != openName {
			s.sealed, s.held = append(s.sealed, e.Name()), s.held+info.Size()
		}
	}
	return s.resume()
}

// reopen begins anew after an error, such as a full disk.
func (s *spool) reopen() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil || errors.Is(s.failed, errClosed) {
		return s.failed
	}
	if s.file != nil {
		_ = s.file.Close() // it failed before
	}
	err := s.load()
	if err != nil {
		s.failed = err
	}
	return err
}

// resume opens the open file again behind its last whole frame.
func (s *spool) resume() error {
	f, err := os.OpenFile(filepath.Join(s.dir, openName), os.O_RDWR, 0)
	if gone(err) {
		return nil
	}
	if err != nil {
		return err
	}
	count, whole, err := measure(f)
	if err == nil {
		err = f.Truncate(whole)
	}
	if err == nil {
		_, err = f.Seek(whole, io.SeekStart)
	}
	if err != nil {
		return errors.Join(err, f.Close())
	}
	s.file, s.size, s.count, s.first = f, whole, count, s.now()
	return nil
}
