package http

import (
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// body is an answer that fails when it stalls, and gives a code to a cut.
type body struct {
	io.ReadCloser
	stall   time.Duration
	stalled atomic.Bool
	cancel  func()
	once    sync.Once
}

func (b *body) Read(p []byte) (int, error) {
	t := time.AfterFunc(b.stall, func() {
		b.stalled.Store(true)
		b.cancel()
	})
	n, err := b.ReadCloser.Read(p)
	t.Stop()
	switch {
	case err == nil || errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return n, err
	case b.stalled.Load():
		return n, city.Errorf("unavailable.stalled", "the answer stopped for longer than %s", b.stall)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return n, city.Errorf("unavailable.truncated", "the connection was cut before the end of the answer")
	}
	return n, city.Outside(err, "the answer could not be read to its end")
}

func (b *body) Close() error {
	var err error
	b.once.Do(func() {
		b.cancel() // first: an answer that is given up is not read to its end
		err = b.ReadCloser.Close()
	})
	return err
}

// limited fails beyond a number of bytes.
type limited struct {
	io.ReadCloser
	left int64
	most source.Bytes
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.ReadCloser.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, errTooLarge(l.most)
	}
	return n, err
}

func errTooLarge(most source.Bytes) error {
	return city.Errorf("invalid.too_large", "the answer is larger than %d bytes", most).WithHint("raise most, if that is right")
}
