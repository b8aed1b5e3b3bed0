// Package file is the kind of source that watches a folder of this machine. See
// package folder for what is taken when, and README.md for how to declare it.
package file

import (
	"context"
	"path/filepath"

	"github.com/jinyang-city/jinyang/internal/delivery/source"
	"github.com/jinyang-city/jinyang/internal/delivery/source/folder"
)

// Kind is the entry for the table of kinds.
func Kind() source.Kind {
	return source.Kind{Name: "file", Options: func() source.Options { return &Options{Options: folder.Defaults()} }}
}

// Options declare a watched folder.
type Options struct {
	folder.Options `yaml:",inline"`
}

var (
	_ source.Options = (*Options)(nil)
	_ source.Located = (*Options)(nil)
	_ source.Named   = (*Options)(nil)
)

// Open makes the source. The folder is looked at later.
func (o *Options) Open(_ context.Context, env source.Env) (source.Source, error) {
	dir := o.Folder
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(env.Base, dir)
	}
	return folder.New(folder.Config{Files: &local{dir: dir}, Options: o.Options, Env: env, SameClock: true})
}

// Location says where the source reads, for lists of sources.
func (o *Options) Location() string { return o.Folder }
