package format

import (
	"archive/zip"
	"io"
	"path"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// archive is a zip archive whose directory was checked.
type archive struct {
	w      *witness
	limits Limits
	files  []*zip.File // without folders
}

// openZip reads a workbook, or the only data file of a zip archive.
func (o *opener) openZip(src Source, packed *Probe, inside bool) (Records, error) {
	w, size, err := o.spool(src)
	if err != nil {
		return nil, err
	}
	a, err := newArchive(w, size, o.Limits)
	if err != nil {
		return nil, err
	}
	if book, err := a.workbook(); err != nil || book {
		if err != nil {
			return nil, err
		}
		return o.openXLSX(a)
	}
	if inside {
		return nil, nested()
	}
	f, err := a.only()
	if err != nil {
		return nil, err
	}
	plain := func() (io.ReadCloser, error) { return a.open(f) }
	probe, err := measure(plain)
	if err != nil {
		return nil, err
	}
	return o.open(plain, probe, true)
}

// newArchive reads and checks the directory of an archive.
func newArchive(w *witness, size int64, l Limits) (*archive, error) {
	d := &directory{witness: w, left: int64(l.Entries) * directoryEntry}
	z, err := zip.NewReader(d, size)
	if err != nil {
		return nil, w.blame(notEnd(err), badZip)
	}
	d.done = true
	if len(z.File) > l.Entries {
		return nil, city.Errorf(CodeArchive, "the archive holds %d files, more than %d", len(z.File), l.Entries)
	}
	a := &archive{w: w, limits: l}
	for _, f := range z.File {
		if err := checkEntry(f); err != nil {
			return nil, err
		}
		if !strings.HasSuffix(f.Name, "/") {
			a.files = append(a.files, f)
		}
	}
	return a, nil
}

// directoryEntry is more than an ordinary file takes in the directory of an
// archive, which is kept in memory.
const directoryEntry = 8 << 10

// directory stops reading when the directory of an archive is too long.
type directory struct {
	*witness
	left int64
	done bool // the directory was read
}

func (d *directory) ReadAt(p []byte, off int64) (int, error) {
	if d.done {
		return d.witness.ReadAt(p, off)
	}
	if d.left -= int64(len(p)); d.left < 0 {
		return 0, city.Errorf(CodeArchive, "the archive holds too many files, or files with too long names").WithHint("pack the data file alone")
	}
	return d.witness.ReadAt(p, off)
}

func badZip(cause error) *city.Error {
	return city.Errorf(CodeArchive, "the zip archive is damaged or cut short: %w", cause).WithHint("ask for it again")
}

// checkEntry refuses what no sender of data needs. Nothing is ever written
// under a name out of an archive, but a path that leaves it shows an archive
// that was made to do harm.
func checkEntry(f *zip.File) error {
	name := strings.ReplaceAll(f.Name, `\`, "/")
	switch {
	case strings.HasPrefix(name, "/") || strings.Contains(name, ":") || strings.Contains("/"+name+"/", "/../") || strings.ContainsRune(name, 0):
		return city.Errorf(CodeArchive, "the archive holds a file with a path that leads out of it: %s", shown(f)).WithHint("pack the data file alone, without folders")
	case f.Flags&1 != 0:
		return city.Errorf(CodeArchive, "the archive is locked with a password").WithHint("pack it without a password")
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return city.Errorf(CodeArchive, "the archive is packed by a method that is not read (%d): %s", f.Method, shown(f)).WithHint("pack it with the ordinary method, deflate")
	case !f.Mode().IsRegular() && !f.Mode().IsDir():
		return city.Errorf(CodeArchive, "the archive holds a link or device: %s", shown(f)).WithHint("pack the data file alone")
	}
	return nil
}

// only gives the one data file of the archive. What desktop systems leave in
// archives on their own does not count.
func (a *archive) only() (*zip.File, error) {
	var data []*zip.File
	for _, f := range a.files {
		base := path.Base(f.Name)
		if !strings.HasPrefix(f.Name, "__MACOSX/") && !strings.HasPrefix(base, ".") && base != "Thumbs.db" && base != "desktop.ini" {
			data = append(data, f)
		}
	}
	switch len(data) {
	case 0:
		return nil, city.Errorf(CodeArchive, "the archive holds no file").WithHint("pack one data file")
	case 1:
		return data[0], nil
	}
	return nil, city.Errorf(CodeArchive, "the archive holds %d files, but one is a delivery: %s", len(data), list(data, shown)).
		WithHint("deliver each data file by itself, in an archive of its own or none")
}

// workbook says whether the archive is an XLSX workbook. Other documents that
// are zip archives inside are refused by name.
func (a *archive) workbook() (bool, error) {
	types := false
	for _, f := range a.files {
		switch name := strings.ToLower(f.Name); {
		case name == "[content_types].xml":
			types = true
		case name == "mimetype" || strings.HasPrefix(name, "word/") || strings.HasPrefix(name, "ppt/"):
			return false, city.Errorf(CodeFormat, "the file is a document of an office program, but no XLSX workbook").WithHint("save the table as XLSX or CSV")
		}
	}
	return types, nil
}

// open reads one file of the archive, with its checksum.
func (a *archive) open(f *zip.File) (io.ReadCloser, error) {
	r, err := f.Open()
	if err != nil {
		return nil, a.w.blame(notEnd(err), badZip)
	}
	left := a.limits.allowed(int64(min(f.CompressedSize64, 1<<62)))
	return &struct {
		io.Reader
		io.Closer
	}{&unpacking{r: r, w: a.w, left: left, failed: badZip}, r}, nil
}
