package sftp

import (
	"math"
	"net"
	"sync"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// line is the network connection below a session. It breaks off when the
// server is silent for too long, or says too much, while it is asked.
type line struct {
	net.Conn
	stall time.Duration

	mu    sync.Mutex
	cause error       // why it broke off
	down  bool        // it broke off
	timer *time.Timer // runs while the server is asked
	left  int64       // bytes that it may still say
}

func newLine(c net.Conn, stall time.Duration) *line {
	return &line{Conn: c, stall: stall, left: math.MaxInt64}
}

// ask begins to wait for an answer of at most so many bytes; the function that
// it gives ends that.
func (l *line) ask(most int64) (end func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.left = most
	l.timer = time.AfterFunc(l.stall, func() { l.fail(errSilent) })
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.timer.Stop()
		l.timer, l.left = nil, math.MaxInt64
	}
}

// Read reads, and notes that the server is not silent, or hung up.
func (l *line) Read(p []byte) (int, error) {
	n, err := l.Conn.Read(p)
	switch {
	case err != nil:
		l.fail(nil)
	case !l.heard(n):
		l.fail(errTooMuch)
	}
	return n, err
}

// heard notes what the server said and says whether it may go on.
func (l *line) heard(n int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.timer != nil {
		l.timer.Reset(l.stall)
	}
	l.left -= int64(n)
	return l.left >= 0
}

// fail breaks the connection off. The first cause counts.
func (l *line) fail(cause error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down {
		return
	}
	l.down, l.cause = true, cause
	_ = l.Conn.Close() // it is given up
}

// why is the reason that the line was broken off for; nil when it was not, or
// by the server.
func (l *line) why() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cause
}

// broken says whether the connection broke off.
func (l *line) broken() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.down
}

var errTooMuch = city.Errorf("invalid.folder", "the SFTP server lists more than can be kept in memory").WithHint("move what was taken elsewhere, or ask for a folder of its own")
