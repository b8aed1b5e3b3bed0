package pack_test

import (
	"errors"
	"io/fs"
	"os"
	"testing"

	"github.com/jinyang-city/jinyang/internal/pack"
)

// The folders are relative to this package. The documents are not part of the
// repository.
const (
	taiyuanPack  = "../../packs/taiyuan"
	taiyuanTexts = "../../../shared/seeds"
)

// TestTaiyuanPack holds the shipped pack to its format and, where they are at
// hand, to the texts that it quotes.
func TestTaiyuanPack(t *testing.T) {
	t.Parallel()
	c, err := pack.Load(os.DirFS(taiyuanPack))
	if err != nil {
		t.Fatalf("the pack has mistakes:\n%v", err)
	}
	t.Logf("%s %s: %d regions, %d organisations, %d datasets, %d indicators, %d targets", c.Pack.Name, c.Pack.SHA256[:12],
		len(c.Regions), len(c.Organisations), len(c.Datasets), len(c.Indicators), len(c.Targets))
	t.Run("documents", func(t *testing.T) {
		t.Parallel()
		if _, err := os.Stat(taiyuanTexts); errors.Is(err, fs.ErrNotExist) {
			t.Skipf("the texts that the pack quotes are not at %s", taiyuanTexts)
		}
		if problems := pack.CheckDocuments(c, os.DirFS(taiyuanTexts)); len(problems) > 0 {
			t.Errorf("%d mistakes:\n%v", len(problems), problems)
		}
	})
}
