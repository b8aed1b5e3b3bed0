package sim_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/pack"
)

// taiyuan loads what the simulator needs of the Taiyuan pack: the regions and
// the datasets and the standards that they name. Indicators and targets are not its business.
func taiyuan(t testing.TB) *city.City {
	t.Helper()
	const root = "../../packs/taiyuan"
	files := fstest.MapFS{}
	var names []string
	for _, dir := range []string{"datasets", "standards"} {
		found, err := filepath.Glob(filepath.Join(root, dir, "*.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, found...)
	}
	for _, n := range []string{"city", "regions", "organisations", "units"} {
		names = append(names, filepath.Join(root, n+".yaml"))
	}
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		files[strings.TrimPrefix(filepath.ToSlash(n), root+"/")] = &fstest.MapFile{Data: b}
	}
	c, err := pack.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
