package delivery

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"
	"os"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
)

// scratch is a temporary file of package format. It holds what the sender
// wrote, ID numbers too, so it is encrypted with a key that exists in memory
// only: what stays on the disk when the file is gone tells nothing.
type scratch struct {
	f     *os.File
	block cipher.Block
	write cipher.Stream
	buf   []byte
}

const scratchPrefix = "scratch-"

func newScratch(dataDir string) (format.Scratch, error) {
	var key [32]byte
	_, _ = rand.Read(key[:]) // never fails: crypto/rand aborts the program instead
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "cannot encrypt a temporary file: %w", err)
	}
	f, err := nameless(dataDir, scratchPrefix)
	if err != nil {
		return nil, city.Outside(err, "cannot make room to read the file")
	}
	s := &scratch{f: f, block: block, buf: make([]byte, 32<<10)}
	s.write = s.stream(0)
	return s, nil
}

// stream gives the key stream from a position, which is a multiple of the
// cipher's block, on. The key is never used for another file, so that the
// counter may begin at zero.
func (s *scratch) stream(at int64) cipher.Stream {
	var counter [aes.BlockSize]byte
	binary.BigEndian.PutUint64(counter[8:], uint64(at/aes.BlockSize))
	return cipher.NewCTR(s.block, counter[:])
}

// Write appends.
func (s *scratch) Write(p []byte) (int, error) {
	done := 0
	for done < len(p) {
		part := s.buf[:min(len(s.buf), len(p)-done)]
		s.write.XORKeyStream(part, p[done:done+len(part)])
		n, err := s.f.Write(part)
		done += n
		if err != nil {
			return done, city.Outside(err, "cannot make room to read the file")
		}
	}
	return done, nil
}

// ReadAt may be called at the same time from several goroutines, as
// io.ReaderAt demands.
func (s *scratch) ReadAt(p []byte, off int64) (int, error) {
	n, err := s.f.ReadAt(p, off)
	stream := s.stream(off)
	var skip [aes.BlockSize]byte
	ahead := skip[:off%aes.BlockSize]
	stream.XORKeyStream(ahead, ahead)
	stream.XORKeyStream(p[:n], p[:n])
	if err != nil && !errors.Is(err, io.EOF) {
		err = city.Outside(err, "cannot read the temporary file")
	}
	return n, err
}

func (s *scratch) Close() error { return s.f.Close() }

// nameless makes a temporary file in the data folder that loses its name at
// once, so that a crash leaves nothing behind.
func nameless(dataDir, prefix string) (*os.File, error) {
	dir := spoolDir(dataDir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(dir, prefix+"*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
