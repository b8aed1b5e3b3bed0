package pack

import (
	"io/fs"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Load reads a pack from the root of a file system, checks it and builds the
// City, indexed and ready. The error is a Problems when the pack has mistakes
// (city.CodeInvalid), and a *city.Error of city.CodeUnavailable when the files
// cannot be read.
func Load(fsys fs.FS) (*city.City, error) {
	c := &collector{}
	files, err := readFiles(fsys, c)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		c.addf(city.Pos{}, CodeEmptyPack, "a pack is a folder of .yaml files, see docs/pack-format.md", "the folder holds no pack")
		return nil, c.problems.sorted()
	}
	b := newBuilder(c)
	for _, f := range files {
		for _, d := range parse(f, c) {
			b.read(d)
		}
	}
	b.build(files[0].name)
	if len(c.problems) > 0 {
		return nil, c.problems.sorted()
	}
	b.out.Pack = city.PackID{Name: b.out.Code + " " + b.out.Name.ZH, SHA256: hashFiles(files)}
	b.out.Index()
	return b.out, nil
}
