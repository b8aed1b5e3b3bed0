package pack

import (
	"io/fs"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Load reads a pack from the root of a file system, checks it and builds the
// City, indexed and ready. The error is a Problems when the pack has mistakes
// (city.CodeInvalid), and a *city.Error of city.CodeUnavailable when the files
// cannot be read.
func Load(fsys fs.FS) (*city.City, error) { return load(fsys, nil, nil) }

// LoadDefinitions reads of a pack what figures are computed by, and nothing
// else: regions, rules, datasets and indicators with what they name. A pack that
// was in force once is read so, lest a kind of document that has become stricter
// since, and has no part in a figure, keep the figure from being explained.
func LoadDefinitions(fsys fs.FS) (*city.City, error) {
	return load(fsys, nil, []string{kindCity, kindRegion, kindOrganisation, kindSender, kindUnit, kindRule, kindDataset, kindIndicator})
}

// Check is Load and CheckDocuments in one: mistakes in the pack do not hide
// those in its quotes. Without documents (nil) it is Load.
func Check(fsys, documents fs.FS) (*city.City, error) { return load(fsys, documents, nil) }

// load reads the documents of some kinds, or of all when none is named.
func load(fsys, documents fs.FS, kinds []string) (*city.City, error) {
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
	b.kinds = kinds
	for _, f := range files {
		for _, d := range parse(f, c) {
			b.read(d)
		}
	}
	b.build(files[0].name)
	if documents != nil {
		c.problems = append(c.problems, CheckDocuments(b.out, documents)...)
	}
	if len(c.problems) > 0 {
		return nil, c.problems.sorted()
	}
	b.out.Pack = city.PackID{Name: b.out.Code + " " + b.out.Name.ZH, SHA256: hashFiles(files)}
	b.out.Index()
	return b.out, nil
}
