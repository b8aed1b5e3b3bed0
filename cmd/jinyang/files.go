package main

import (
	"bufio"
	"io"
	"os"

	"github.com/jinyang-city/jinyang/internal/city"
)

// writeNew writes a file that must not be there yet. What cannot be written to
// its end is removed.
func writeNew(path string, mode os.FileMode, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if os.IsExist(err) {
		return city.Errorf(city.CodeConflict+".file", "%s is there already", path).WithHint("remove it or choose another name")
	}
	if err != nil {
		return city.Outside(err, "cannot write "+path)
	}
	err = firstError(write(f), f.Sync())
	if err = firstError(err, f.Close()); err != nil {
		_ = os.Remove(path) // the error that counts is the first one
		return city.Outside(err, "cannot write "+path)
	}
	return nil
}

// writeAnew writes a file, also in the place of another. One that could not be
// written to its end is removed.
func writeAnew(path string, write func(io.Writer) error) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return city.Outside(err, "cannot write the file")
	}
	defer func() {
		if err = firstError(err, file.Close()); err != nil {
			_ = os.Remove(path) // the error that counts is the first one
		}
	}()
	w := bufio.NewWriter(file)
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return city.Outside(err, "cannot write the file")
	}
	return nil
}
