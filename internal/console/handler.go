package console

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// index is the page that starts the console.
const index = "index.html"

// immutable is the folder of files whose names change with their content.
const immutable = "assets/"

type handler struct{ dist fs.FS }

// ServeHTTP implements http.Handler.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "the console is only read: use GET", http.StatusMethodNotAllowed)
		return
	}
	name, ok := h.resolve(r.URL.Path)
	if !ok {
		http.Error(w, "the console has no file "+r.URL.Path, http.StatusNotFound)
		return
	}
	h.serve(w, r, name)
}

// resolve finds the file behind a path. What has no extension and is no file
// is a page, which index.html draws.
func (h *handler) resolve(urlPath string) (string, bool) {
	name := strings.TrimPrefix(path.Clean("/"+urlPath), "/")
	if name == "" {
		return index, true
	}
	if isFile(h.dist, name) && !strings.HasPrefix(path.Base(name), ".") {
		return name, true
	}
	// Names in addresses hold dots (employment.new_urban.2024), so that only
	// the folder of the assets and files at the root can be missing.
	if strings.HasPrefix(name+"/", immutable) || (!strings.Contains(name, "/") && path.Ext(name) != "") {
		return "", false
	}
	return index, true
}

// serve writes a file, compressed when the client takes gzip and the build
// made a compressed twin.
func (h *handler) serve(w http.ResponseWriter, r *http.Request, name string) {
	head := w.Header()
	setHeaders(head, name)
	file := name
	if isFile(h.dist, name+".gz") {
		head.Add("Vary", "Accept-Encoding")
		if acceptsGzip(r.Header) {
			file = name + ".gz"
			head.Set("Content-Encoding", "gzip")
		}
	}
	content, err := open(h.dist, file)
	if err != nil {
		head.Del("Content-Encoding")
		http.Error(w, "the console's file "+name+" cannot be read", http.StatusInternalServerError)
		return
	}
	defer content.Close()
	// The zero time: embedded files have none, and the hash in a name is the
	// better validator.
	http.ServeContent(w, r, name, noTime, content)
}

func isFile(dist fs.FS, name string) bool {
	info, err := fs.Stat(dist, name)
	return err == nil && info.Mode().IsRegular()
}

// seekCloser is what http.ServeContent reads from.
type seekCloser interface {
	io.ReadSeeker
	io.Closer
}

func open(dist fs.FS, name string) (seekCloser, error) {
	f, err := dist.Open(name)
	if err != nil {
		return nil, err
	}
	s, ok := f.(seekCloser)
	if !ok {
		return nil, errors.Join(errors.New("the file cannot be sought in"), f.Close())
	}
	return s, nil
}
