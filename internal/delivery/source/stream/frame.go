package stream

import (
	"encoding/binary"
	"errors"
	"io"
	"os"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// frames write and read the files of a spool: blocks of lines, each sealed,
// behind its length and the number of its messages.
type frames struct {
	source.Sealer
	context []byte // what the seals are bound to: the name of the source
}

const (
	frameHead = 8         // two numbers of 32 bits
	mostFrame = 512 << 20 // bytes; no broker sends a message that large
)

func (f frames) seal(block []byte, messages int64) []byte {
	sealed := f.Seal(block, f.context)
	out := make([]byte, frameHead, frameHead+len(sealed))
	binary.BigEndian.PutUint32(out, uint32(len(sealed)))
	binary.BigEndian.PutUint32(out[4:], uint32(messages))
	return append(out, sealed...)
}

// head reads the head of a frame; io.EOF where there is none.
func head(r io.Reader) (length, messages int64, err error) {
	var b [frameHead]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return 0, 0, err
	}
	length, messages = int64(binary.BigEndian.Uint32(b[:])), int64(binary.BigEndian.Uint32(b[4:]))
	if length > mostFrame {
		return 0, 0, errDamaged
	}
	return length, messages, nil
}

// measure counts the messages of whole frames and says where the last of them
// ends.
func measure(f *os.File) (messages, whole int64, err error) {
	info, err := f.Stat()
	if err != nil {
		return 0, 0, err
	}
	for {
		length, n, err := head(f)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || err == nil && whole+frameHead+length > info.Size() {
			return messages, whole, nil
		}
		if err != nil {
			return 0, 0, err
		}
		messages, whole = messages+n, whole+frameHead+length
		if _, err := f.Seek(whole, io.SeekStart); err != nil {
			return 0, 0, err
		}
	}
}

// opened is a batch that is read.
type opened struct {
	*os.File
	frames frames
	rest   []byte // unsealed and not yet read
}

// Read gives the next bytes of the batch.
func (o *opened) Read(p []byte) (int, error) {
	for len(o.rest) == 0 {
		length, _, err := head(o.File)
		if errors.Is(err, io.EOF) {
			return 0, io.EOF
		}
		if err == nil {
			o.rest, err = o.block(length)
		}
		if err != nil {
			return 0, city.Outside(err, "the spool cannot be read")
		}
	}
	n := copy(p, o.rest)
	o.rest = o.rest[n:]
	return n, nil
}

func (o *opened) block(length int64) ([]byte, error) {
	sealed := make([]byte, length)
	if _, err := io.ReadFull(o.File, sealed); err != nil {
		return nil, errDamaged
	}
	return o.frames.Unseal(sealed, o.frames.context)
}

// errDamaged says that a file of the spool is not as it was written.
var errDamaged = city.Errorf("invalid.spool", "a file of the spool is damaged").WithHint("look at the disk; messages in it were acknowledged and are not elsewhere")
