package sftp_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	pkg "github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source/sftp"
)

// hostile is a server that a source should not trust.
type hostile struct {
	entries func(offset int64) os.FileInfo // of its folder; nil after the last
	size    int64                          // that its files say they have
	content io.ReaderAt
}

// entry describes a file that is nowhere.
type entry struct {
	name string
	size int64
}

func (e entry) Name() string       { return e.name }
func (e entry) Size() int64        { return e.size }
func (e entry) Mode() os.FileMode  { return 0o644 }
func (e entry) ModTime() time.Time { return time.Unix(1_700_000_000, 0) }
func (e entry) IsDir() bool        { return false }
func (e entry) Sys() any           { return nil }

func (h *hostile) Fileread(*pkg.Request) (io.ReaderAt, error) { return h.content, nil }

func (h *hostile) Filelist(r *pkg.Request) (pkg.ListerAt, error) {
	if r.Method == "List" {
		return h, nil
	}
	return &hostile{entries: func(offset int64) os.FileInfo {
		if offset > 0 {
			return nil
		}
		return entry{r.Filepath, h.size}
	}}, nil
}

func (h *hostile) ListAt(into []os.FileInfo, offset int64) (int, error) {
	for i := range into {
		if into[i] = h.entries(offset + int64(i)); into[i] == nil {
			return i, io.EOF
		}
	}
	return len(into), nil
}

// serve answers connections until the test ends.
func (h *hostile) serve(t *testing.T) *sftp.Options {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	config := &ssh.ServerConfig{PasswordCallback: func(ssh.ConnMetadata, []byte) (*ssh.Permissions, error) { return nil, nil }}
	config.AddHostKey(key)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go h.session(c, config)
		}
	}()
	o := sftp.Kind().Options().(*sftp.Options)
	o.Host, o.User, o.Password, o.HostKey = l.Addr().String(), "x", secret(t, "x"), []string{ssh.FingerprintSHA256(key.PublicKey())}
	o.Folder, o.Settle, o.After = "/out", time.Millisecond, "keep"
	return o
}

func (h *hostile) session(c net.Conn, config *ssh.ServerConfig) {
	_, channels, requests, err := ssh.NewServerConn(c, config)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	for n := range channels {
		channel, requests, err := n.Accept()
		if err != nil {
			return
		}
		go func() {
			for r := range requests {
				_ = r.Reply(r.Type == "subsystem", nil)
			}
		}()
		go func() { _ = pkg.NewRequestServer(channel, pkg.Handlers{FileGet: h, FileList: h}).Serve() }()
	}
}

// TestEndlessFolder holds that a listing without end is given up.
func TestEndlessFolder(t *testing.T) {
	t.Parallel()
	name := strings.Repeat("n", 1000)
	h := &hostile{entries: func(n int64) os.FileInfo { return entry{fmt.Sprint(n, name), 1} }}
	if _, err := next(t, h.serve(t)); city.CodeOf(err) != "invalid.folder" {
		t.Errorf("it ends with %v", err)
	}
}

// zeros is content without end.
type zeros struct{}

func (zeros) ReadAt(p []byte, _ int64) (int, error) {
	clear(p)
	return len(p), nil
}

// TestHugeFile holds that a file which says that it is huge is not begun, and
// that one which goes on after its end is cut off.
func TestHugeFile(t *testing.T) {
	t.Parallel()
	h := &hostile{size: 1 << 50, content: zeros{}}
	h.entries = func(n int64) os.FileInfo {
		if n > 0 {
			return nil
		}
		return entry{"a.csv", h.size}
	}
	if _, err := next(t, h.serve(t)); city.CodeOf(err) != "invalid.too_large" {
		t.Errorf("it is taken: %v", err)
	}
	h.size = 5 << 20
	b, err := next(t, h.serve(t))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Content.Close()
	if n, err := io.Copy(io.Discard, b.Content); city.CodeOf(err) != "unavailable.changed" || n > 2*h.size {
		t.Errorf("%d bytes, %v", n, err)
	}
}
