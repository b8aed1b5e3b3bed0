package vault

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

const keyName = "keys.json"

// openKeys reads the key file of a folder, and makes it on first use.
func openKeys(dir string) (*keyFile, error) {
	path := filepath.Join(dir, keyName)
	f, err := readKeys(dir, path)
	if !errors.Is(err, fs.ErrNotExist) {
		return f, err
	}
	if err := createKeys(dir, path, time.Now()); err != nil {
		return nil, diskError(err, path)
	}
	return readKeys(dir, path)
}

func readKeys(dir, path string) (*keyFile, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, diskError(err, path)
	}
	if err := statModes(dir, path); err != nil {
		return nil, err
	}
	f, err := parseKeys(b)
	return f, at(err, path)
}

func statModes(dir, path string) error {
	if runtime.GOOS == "windows" { // where mode bits say nothing about access
		return nil
	}
	d, err := os.Stat(dir)
	if err != nil {
		return diskError(err, dir)
	}
	f, err := os.Stat(path)
	if err != nil {
		return diskError(err, path)
	}
	return at(checkModes(d, f), path)
}

func createKeys(dir, path string, now time.Time) error {
	b, err := json.MarshalIndent(newKeyFile(now), "", "  ")
	if err != nil {
		return err
	}
	return createFile(dir, path, b)
}

// createFile writes new keys so that a crash leaves either no file or a whole
// one. It gives the file its name by a link and not by a rename: when two
// processes start at once, the second must not replace keys that the first has
// begun to use.
func createFile(dir, path string, b []byte) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(dir, ".keys-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if err := writeSynced(tmp, b); err != nil {
		return err
	}
	if err := os.Link(tmp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return errors.Join(syncDir(dir), syncDir(filepath.Dir(dir)))
}

func writeSynced(f *os.File, b []byte) error {
	_, err := f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// syncDir makes the names in a folder survive a power cut.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// diskError codes an error of the file system.
func diskError(err error, path string) error {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return city.Errorf(city.CodeUnavailable+".disk", "the disk is full: %w", err).
			At(path).WithHint("free some space and try again")
	case errors.Is(err, fs.ErrPermission):
		return city.Errorf(codeForbidden, "the vault's keys cannot be reached: %w", err).
			At(path).WithHint("run as the user who owns the data folder")
	}
	return city.Errorf(city.CodeUnavailable+".disk", "the vault's keys cannot be reached: %w", err).At(path)
}

// at says in which file a coded error was found.
func at(err error, path string) error {
	var e *city.Error
	if errors.As(err, &e) {
		return e.At(path)
	}
	return err
}
