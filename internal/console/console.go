// Package console serves the web console. Its source is TypeScript in web/;
// `make web` builds it into the folder dist, which is embedded in the binary,
// so that no page needs the internet. On a checkout where the console has not
// been built the package still compiles, and serves a page that says how.
//
// Every file that shrinks has a precompressed twin (.gz) beside it, written by
// the build. Files below assets/ carry a hash of their content in their names
// and may be kept forever; all others are asked for again every time.
package console

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed all:dist
var embedded embed.FS

// Handler serves the embedded console for GET and HEAD. A path without an
// extension that is no file is a page of the console and gets index.html.
func Handler() http.Handler {
	dist, err := fs.Sub(embedded, "dist")
	if err != nil {
		// The pattern of the embed directive guarantees the folder.
		return http.HandlerFunc(notBuilt)
	}
	return New(dist)
}

// Built says whether the binary holds a console.
func Built() bool {
	_, err := fs.Stat(embedded, "dist/"+index)
	return err == nil
}

// New serves a built console from a file system whose root holds index.html.
// Without index.html it answers every page with how to build the console.
func New(dist fs.FS) http.Handler {
	if _, err := fs.Stat(dist, index); err != nil {
		return http.HandlerFunc(notBuilt)
	}
	return &handler{dist: dist}
}
