package vault

import (
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"

	"github.com/jinyang-city/jinyang/internal/city"
)

// A sealed file is a header and then chunks. The header is streamMagic, the
// key's version in four bytes (most significant first) and a random salt of 32
// bytes. The whole header goes into the derivation of the file's own SM4 key,
// so that nonces need to be unique within the file only. Every chunk is
// ChunkSize bytes of plain text, the last one possibly fewer, sealed with
// SM4-GCM under a nonce of the chunk's number in 11 bytes and a byte that is 1
// for the last chunk: the STREAM construction of Hoang, Reyhanitabar, Rogaway
// and Vizár (2015). A chunk out of its place, or an end that is not the end,
// fails to open.
const (
	streamMagic  = "JYSEAL1\n"
	saltBytes    = 32
	streamHeader = len(streamMagic) + 4 + saltBytes

	// ChunkSize is how many bytes of plain text are sealed at once.
	ChunkSize = 64 << 10
)

// chunks seals or opens the chunks of one file in turn.
type chunks struct {
	aead  cipher.AEAD
	nonce [nonceBytes]byte
}

func newChunks(k sealKey, header []byte) (*chunks, error) {
	key := derive(k.stream, "jinyang file key 1", header...)
	aead, err := newGCM(key[:])
	if err != nil {
		return nil, err
	}
	return &chunks{aead: aead}, nil
}

// next gives the nonce of the current chunk and counts on. The counter is held
// in the last 8 of its 11 bytes; a file of 2^64 chunks cannot exist.
func (c *chunks) next(last bool) []byte {
	nonce := c.nonce
	if last {
		nonce[nonceBytes-1] = 1
	}
	counter := c.nonce[3 : nonceBytes-1]
	binary.BigEndian.PutUint64(counter, binary.BigEndian.Uint64(counter)+1)
	return nonce[:]
}

// SealWriter seals what is written to it and writes that to w. The file is
// whole only once Close has returned without an error; Close does not close or
// sync w.
func (v *Vault) SealWriter(w io.Writer) (io.WriteCloser, error) {
	header := binary.BigEndian.AppendUint32([]byte(streamMagic), v.seal)
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails: crypto/rand ends the program instead
	header = append(header, salt...)
	c, err := newChunks(v.keys[v.seal], header)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(header); err != nil {
		return nil, err
	}
	return &sealWriter{w: w, chunks: c, plain: make([]byte, 0, ChunkSize)}, nil
}

var errClosed = errors.New("the sealed file is closed already")

type sealWriter struct {
	w      io.Writer
	chunks *chunks
	plain  []byte // not sealed yet, at most ChunkSize bytes
	sealed []byte // memory for a sealed chunk
	err    error  // the first failure; the file is lost after it
}

// Write collects plain text. A full chunk is sealed only when more follows,
// because the last chunk is sealed differently.
func (s *sealWriter) Write(p []byte) (int, error) {
	written := 0
	for len(p) > 0 {
		if s.err != nil {
			return written, s.err
		}
		if len(s.plain) == ChunkSize {
			s.flush(false)
			continue
		}
		n := min(ChunkSize-len(s.plain), len(p))
		s.plain = append(s.plain, p[:n]...)
		p, written = p[n:], written+n
	}
	return written, s.err
}

// Close seals the last chunk. Closing again is an error.
func (s *sealWriter) Close() error {
	if s.err != nil {
		return s.err
	}
	s.flush(true)
	err := s.err
	if err == nil {
		s.err = errClosed
	}
	return err
}

func (s *sealWriter) flush(last bool) {
	s.sealed = s.chunks.aead.Seal(s.sealed[:0], s.chunks.next(last), s.plain, nil)
	s.plain = s.plain[:0]
	_, s.err = s.w.Write(s.sealed)
}

// unwhole is the error for a sealed file that does not open.
func unwhole(reason string) *city.Error {
	return city.Errorf(CodeSealed, "the sealed file is not whole: %s", reason).
		WithHint("put back the file from a backup")
}
