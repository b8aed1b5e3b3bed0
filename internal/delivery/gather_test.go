package delivery_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
)

func TestGather(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := delivery.New(delivery.Config{Dir: dir})
	want := strings.Repeat("140105199003072317,", 50_000)
	r, err := s.Gather(t.Context(), iotest.HalfReader(strings.NewReader(want)))
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close()); err != nil || string(got) != want {
		t.Errorf("%d bytes of %d, %v", len(got), len(want), err)
	}
	broken := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(io.ErrUnexpectedEOF))
	if _, err := s.Gather(t.Context(), broken); city.CodeOf(err) != "unavailable.source" {
		t.Errorf("a broken connection: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Gather(ended, strings.NewReader(want)); city.CodeOf(err) != city.CodeCancelled {
		t.Errorf("an ended context: %v", err)
	}
	if left, err := os.ReadDir(filepath.Join(dir, "tmp")); len(left) > 0 || err != nil {
		t.Errorf("left are %v, %v", left, err)
	}
}
