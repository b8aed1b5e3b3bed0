package pack

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Bounds of a pack. They keep a wrong folder (or a hostile one) from filling
// the memory; a real pack is far below them.
const (
	maxFileSize = 4 << 20 // bytes
	maxFiles    = 2000
	maxPackSize = 64 << 20 // bytes of all files
	// maxDocumentSize in bytes. The YAML library's time grows with the square
	// of a document's length, so this bound is what keeps it to seconds.
	maxDocumentSize = 128 << 10
)

// file is one YAML file of a pack.
type file struct {
	name string // path below the pack's folder
	text []byte // as stored, for the hash
}

// readFiles reads the YAML files of the pack in the order of their paths. Only
// a failure of the file system is an error; the rest is collected.
func readFiles(fsys fs.FS, c *collector) ([]file, error) {
	names, err := listFiles(fsys, c)
	if err != nil {
		return nil, err
	}
	if len(names) > maxFiles {
		c.addf(city.Pos{File: names[maxFiles], Line: 1}, CodeTooLarge, "", "the pack has %d files, at most %d are read", len(names), maxFiles)
		names = names[:maxFiles]
	}
	var out []file
	size := 0
	for _, name := range names {
		if size > maxPackSize {
			c.addf(city.Pos{File: name, Line: 1}, CodeTooLarge, "", "the pack is above %d MiB, this file and those after it are not read", maxPackSize>>20)
			break
		}
		text, err := readBounded(fsys, name)
		switch {
		case err != nil:
			return nil, city.Errorf(city.CodeUnavailable, "cannot read the pack: %w", err).At(name)
		case len(text) > maxFileSize:
			c.addf(city.Pos{File: name, Line: 1}, CodeTooLarge, "split it into several files", "the file is above %d MiB", maxFileSize>>20)
		default:
			out, size = append(out, file{name, text}), size+len(text)
		}
	}
	return out, nil
}

// listFiles lists the .yaml files, sorted. Hidden files and folders are
// skipped; a .yml file is a mistake, because it would be silently ignored.
func listFiles(fsys fs.FS, c *collector) ([]string, error) {
	var names []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch hidden := name != "." && strings.HasPrefix(path.Base(name), "."); {
		case err != nil:
			return err
		case hidden && d.IsDir():
			return fs.SkipDir
		case hidden || d.IsDir():
			return nil
		}
		switch strings.ToLower(path.Ext(name)) {
		case ".yaml":
			names = append(names, name)
		case ".yml":
			c.addf(city.Pos{File: name, Line: 1}, CodeNotRead, "rename it to end in .yaml", "the file is not read")
		}
		return nil
	})
	if err != nil {
		return nil, city.Errorf(city.CodeUnavailable, "cannot read the pack's folder: %w", err)
	}
	slices.Sort(names)
	return names, nil
}

// readBounded reads at most one byte more than maxFileSize.
func readBounded(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", name)
	}
	return io.ReadAll(io.LimitReader(f, maxFileSize+1))
}

// hashFiles is the SHA-256 over the names and bytes of the files, each with
// its length before it so that no two packs give the same stream.
func hashFiles(files []file) string {
	h := sha256.New()
	for _, f := range files {
		fmt.Fprintf(h, "%d %s\n%d\n", len(f.name), f.name, len(f.text))
		h.Write(f.text)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// chunk is the text of one document (or of a few, when they are divided in an
// unusual way) and the number of lines before it.
type chunk struct {
	text   []byte
	before int
}

// split cuts a file at the lines that begin with "---". YAML allows that mark
// nowhere else at the start of a line, so no scalar is cut in two.
func split(text []byte) []chunk {
	var out []chunk
	start, startLine, line := 0, 0, 0
	for i := 0; i < len(text); {
		end := len(text)
		if n := bytes.IndexByte(text[i:], '\n'); n >= 0 {
			end = i + n + 1
		}
		if i > start && isMark(text[i:end]) {
			out = append(out, chunk{text[start:i], startLine})
			start, startLine = i, line
		}
		i = end
		line++
	}
	return append(out, chunk{text[start:], startLine})
}

func isMark(line []byte) bool {
	rest, ok := bytes.CutPrefix(line, []byte("---"))
	return ok && (len(rest) == 0 || bytes.IndexByte([]byte(" \t\r\n"), rest[0]) >= 0)
}

// invalidLine is the line of the first byte that is not UTF-8, from 1, or 0.
func invalidLine(text []byte) int {
	if utf8.Valid(text) {
		return 0
	}
	line := 1
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError && size <= 1 {
			return line
		}
		if r == '\n' {
			line++
		}
		text = text[size:]
	}
	return 0
}
