package vault

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

// OpenReader opens a file that SealWriter made. The reader gives plain text
// only after it was authenticated, and io.EOF only after the last chunk: a file
// that was cut, extended, reordered or changed anywhere ends with an
// invalid.sealed error. Errors of r itself are passed on.
func (v *Vault) OpenReader(r io.Reader) (io.Reader, error) {
	header := make([]byte, streamHeader)
	if _, err := io.ReadFull(r, header); err != nil {
		return nil, cut(err)
	}
	if string(header[:len(streamMagic)]) != streamMagic {
		return nil, unwhole("it does not begin as one")
	}
	k, err := v.key(binary.BigEndian.Uint32(header[len(streamMagic):]))
	if err != nil {
		return nil, err
	}
	c, err := newChunks(k, header)
	if err != nil {
		return nil, err
	}
	return &openReader{r: bufio.NewReader(r), chunks: c, sealed: make([]byte, ChunkSize+tagBytes)}, nil
}

type openReader struct {
	r      *bufio.Reader
	chunks *chunks
	sealed []byte // memory for a chunk; opened in place
	plain  []byte // opened, not yet read
	begun  bool
	err    error // what follows plain
}

// Read gives the plain text of one chunk after another.
func (o *openReader) Read(p []byte) (int, error) {
	for len(o.plain) == 0 {
		if o.err != nil {
			return 0, o.err
		}
		o.plain, o.err = o.open()
	}
	n := copy(p, o.plain)
	o.plain = o.plain[n:]
	return n, nil
}

// open reads and opens the next chunk. The error is io.EOF with the last one.
func (o *openReader) open() ([]byte, error) {
	n, err := io.ReadFull(o.r, o.sealed)
	last := errors.Is(err, io.ErrUnexpectedEOF)
	switch {
	case last && n < tagBytes, errors.Is(err, io.EOF):
		return nil, unwhole("it was cut short")
	case err != nil && !last:
		return nil, err
	case !last:
		if last, err = o.atEnd(); err != nil {
			return nil, err
		}
	}
	if n == tagBytes && o.begun {
		return nil, unwhole("it has an empty chunk at its end")
	}
	o.begun = true
	plain, err := o.chunks.aead.Open(o.sealed[:0], o.chunks.next(last), o.sealed[:n], nil)
	if err != nil {
		return nil, unwhole("a part of it was cut, moved or changed")
	}
	if last {
		return plain, io.EOF
	}
	return plain, nil
}

// atEnd says whether nothing follows the chunk that was just read.
func (o *openReader) atEnd() (bool, error) {
	_, err := o.r.Peek(1)
	if errors.Is(err, io.EOF) {
		return true, nil
	}
	return false, err
}

func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return unwhole("it was cut short")
	}
	return err
}
