package folder

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
)

// journal keeps which files of the manifests in the folder are done, so that a
// file that was moved away is told from one that has not come yet. It lasts as
// long as its manifest is in the folder.
type journal struct {
	path string
	Open map[string]*progress `json:"open"` // by the manifest's file name
}

// progress is how far one manifest is.
type progress struct {
	Of   string   `json:"of"` // fingerprint of the manifest's file; a new file of the name starts anew
	Done []string `json:"done"`
}

func readJournal(folder string) (journal, error) {
	j := journal{path: filepath.Join(folder, "manifests.json"), Open: map[string]*progress{}}
	raw, err := os.ReadFile(j.path)
	if errors.Is(err, fs.ErrNotExist) {
		return j, nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &j)
	}
	if err != nil {
		return j, city.Outside(err, "the notes of the source cannot be read")
	}
	return j, nil
}

func (j *journal) done(manifest Info, name string) bool {
	p := j.Open[manifest.Name]
	return p != nil && p.Of == fingerprint(manifest) && slices.Contains(p.Done, name)
}

func (j *journal) complete(m *manifest) bool {
	for _, f := range m.doc.Files {
		if !j.done(m.info, f.Name) {
			return false
		}
	}
	return true
}

// note keeps that a file of a manifest is done, durably.
func (j *journal) note(manifest Info, name string) error {
	if j.done(manifest, name) {
		return nil
	}
	p := j.Open[manifest.Name]
	if of := fingerprint(manifest); p == nil || p.Of != of {
		p = &progress{Of: of}
		j.Open[manifest.Name] = p
	}
	p.Done = append(p.Done, name)
	return j.save()
}

func (j *journal) forget(manifest string) error {
	delete(j.Open, manifest)
	return j.save()
}

func (j *journal) save() error {
	raw, err := json.Marshal(j)
	if err != nil {
		return city.Errorf(city.CodeInternal, "the notes of the source cannot be written: %w", err)
	}
	return city.Outside(WriteFile(j.path, raw), "the notes of the source cannot be written")
}

// WriteFile makes a file of this machine, whole or not at all, and durable.
func WriteFile(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".part-*")
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
