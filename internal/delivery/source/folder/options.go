package folder

import (
	"errors"
	"path"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// Options are the keys that every kind with a folder takes.
type Options struct {
	Folder   string        `yaml:"folder"`
	Pattern  []string      `yaml:"pattern"`  // file names with * ? [ ]; any of them
	Manifest string        `yaml:"manifest"` // optional, or required: only files that a manifest lists
	Ready    string        `yaml:"ready"`    // suffix of the marker that announces a file, for example .ok; "" none
	Settle   time.Duration `yaml:"settle"`   // how long a file without marker must have been unchanged
	After    string        `yaml:"after"`    // move, delete or keep
	Most     source.Bytes  `yaml:"most"`     // the largest file that is taken
}

// What becomes of a file that has its receipt.
const (
	Move   = "move"   // to done/ or rejected/, with the receipt beside it
	Delete = "delete" // and the receipt goes to done/ or rejected/
	Keep   = "keep"   // it stays as it is; the cursor knows that it was taken
)

// Words of Options.Manifest.
const (
	ManifestOptional = "optional"
	ManifestRequired = "required"
)

// Defaults are the options of who declares none.
func Defaults() Options {
	return Options{Pattern: []string{"*"}, Manifest: ManifestOptional, Settle: 5 * time.Second, After: Move, Most: 64 << 30}
}

// mostSettle bounds Options.Settle, which Next waits for.
const mostSettle = 10 * time.Minute

// Check finds mistakes in the options. The Where of each is the key at fault.
func (o Options) Check() error {
	var errs []error
	bad := func(key, format string, args ...any) {
		errs = append(errs, city.Errorf(city.CodeInvalid, format, args...).At(key))
	}
	if o.Folder == "" {
		bad("folder", "the folder is not given")
	}
	if len(o.Pattern) == 0 {
		bad("pattern", "no pattern is given; \"*\" takes every file")
	}
	for _, p := range o.Pattern {
		if _, err := path.Match(p, ""); err != nil || p == "" || strings.Contains(p, "/") {
			bad("pattern", "%q is not a pattern for file names", p)
		}
	}
	word := func(key, value string, words ...string) {
		for _, w := range words {
			if value == w {
				return
			}
		}
		bad(key, "%q is not one of %s", value, strings.Join(words, ", "))
	}
	word("manifest", o.Manifest, ManifestOptional, ManifestRequired)
	word("after", o.After, Move, Delete, Keep)
	if o.Settle < 0 || o.Settle > mostSettle {
		bad("settle", "%s is not between 0s and %s", o.Settle, mostSettle)
	}
	if o.Most <= 0 {
		bad("most", "no file is that small")
	}
	if o.Ready != "" && (o.Ready[0] != '.' || len(o.Ready) < 2 || strings.Contains(o.Ready, "/")) {
		bad("ready", "%q is not the end of a file name such as .ok", o.Ready)
	}
	return errors.Join(errs...)
}

// NamesDataset says that manifests may name the dataset.
func (o Options) NamesDataset() {}

// matches says whether a name is one of those asked for.
func (o Options) matches(name string) bool {
	for _, p := range o.Pattern {
		if ok, err := path.Match(p, name); ok && err == nil {
			return true
		}
	}
	return false
}
