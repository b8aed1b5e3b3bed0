package delivery

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"testing"

	"pgregory.net/rapid"
)

// TestScratch holds that what was written is read back from any place, and that
// the disk has nothing of it in the clear, nor a name.
func TestScratch(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	content := make([]byte, 200_000)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range content {
		content[i] = "0123456789"[r.IntN(10)]
	}
	s, err := newScratch(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	for rest := content; len(rest) > 0; {
		n, err := s.Write(rest[:min(len(rest), 1+r.IntN(70_000))])
		if err != nil {
			t.Fatal(err)
		}
		rest = rest[n:]
	}
	raw := make([]byte, len(content))
	if _, err := s.(*scratch).f.ReadAt(raw, 0); err != nil {
		t.Fatal(err)
	}
	for i := 0; i+8 < len(raw); i += 8 {
		if bytes.Contains(content, raw[i:i+8]) {
			t.Fatalf("the disk holds %q", raw[i:i+8])
		}
	}
	if names, err := os.ReadDir(spoolDir(dir)); err != nil || len(names) > 0 {
		t.Errorf("the file has a name: %v, %v", names, err)
	}
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(0, len(content)).Draw(t, "at")
		p := make([]byte, rapid.IntRange(1, 5000).Draw(t, "length"))
		n, err := s.ReadAt(p, int64(at))
		if want := min(len(p), len(content)-at); n != want || n < len(p) && !errors.Is(err, io.EOF) || !bytes.Equal(p[:n], content[at:at+n]) {
			t.Fatalf("%d bytes, %v", n, err)
		}
	})
}
