package app

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/lake/duck"
	"github.com/jinyang-city/jinyang/internal/pack"
	"github.com/jinyang-city/jinyang/internal/sign"
	"github.com/jinyang-city/jinyang/packs"
)

// ManifestOptions say what a manifest is made of.
type ManifestOptions struct {
	Pack     string // folder of the city's pack; "" is the embedded one
	Dataset  string
	Batch    string
	Period   city.Span
	Sender   string    // "" takes the sender of the pack that Key belongs to
	Key      *sign.Key // nil leaves the manifest unsigned
	Beside   string    // folder that the manifest is written to; "" names files without folders
	Sums     []string  // fields beside those that declare sum
	Distinct []string  // fields whose values are counted
	Now      time.Time // when it is sent
	Files    []string
}

// MadeManifest is a manifest and what its sender may want to mend first.
type MadeManifest struct {
	*city.Manifest
	Unfit int64 // rows that the city would hold back
}

// MakeManifest reads files as the city will and writes down what it says of
// them. It needs the city's pack and no data folder.
func MakeManifest(ctx context.Context, o ManifestOptions) (made *MadeManifest, err error) {
	c, err := loadPack(o.Pack)
	if err != nil {
		return nil, err
	}
	ds, err := c.Dataset(o.Dataset)
	if err != nil {
		return nil, err
	}
	m := &city.Manifest{Version: city.ManifestVersion, Dataset: ds.Name, Batch: o.Batch, Period: o.Period, SentAt: o.Now.Truncate(time.Second)}
	if m.Sender, err = senderOf(c, o); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "jinyang-manifest-*")
	if err != nil {
		return nil, city.Outside(err, "cannot make a temporary folder")
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	engine, err := duck.Open(duck.Options{TempDir: filepath.Join(dir, "engine")})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	made = &MadeManifest{Manifest: m}
	w := &delivery.Measurer{City: c, Engine: engine, Dir: dir, Today: city.DateOf(o.Now)}
	for _, path := range o.Files {
		name, err := nameBeside(o.Beside, path)
		if err != nil {
			return nil, err
		}
		f, err := w.Measure(ctx, ds, path, o.Sums, o.Distinct)
		if err != nil {
			return nil, in(path, err)
		}
		f.Name = name
		m.Files = append(m.Files, f.ManifestFile)
		made.Unfit += f.Unfit
	}
	return made, signManifest(m, o.Key)
}

// loadPack reads a pack from a folder, or the embedded one.
func loadPack(dir string) (*city.City, error) {
	if dir != "" {
		if _, err := os.Stat(dir); err != nil {
			return nil, city.Errorf(city.CodeNotFound, "cannot read the pack: %w", err)
		}
		return pack.Load(os.DirFS(dir))
	}
	var files fs.FS
	files, err := packs.Taiyuan()
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "cannot read the embedded pack: %w", err)
	}
	return pack.Load(files)
}

// senderOf is the name that the manifest gives. A signature by a key of one
// sender under the name of another would be rejected.
func senderOf(c *city.City, o ManifestOptions) (string, error) {
	if o.Key == nil {
		return o.Sender, nil
	}
	s, _, ok := c.SenderKey(o.Key.Public().ID())
	switch {
	case !ok && o.Sender == "":
		return "", city.Errorf(city.CodeNotFound, "no sender of the pack has the key %s", o.Key.Public().ID()).
			WithHint("give --sender, and have the city declare the key's public half in its pack")
	case ok && o.Sender != "" && s.Name != o.Sender:
		return "", city.Errorf(city.CodeInvalid, "the key %s is that of %s, not of %s", o.Key.Public().ID(), s.Name, o.Sender)
	case ok:
		return s.Name, nil
	}
	return o.Sender, nil
}

// nameBeside is how a manifest in a folder names a file below it.
func nameBeside(dir, path string) (string, error) {
	if dir == "" {
		return filepath.Base(path), nil
	}
	absDir, err := filepath.Abs(dir)
	if err != nil {
		return "", city.Outside(err, "cannot find the manifest's folder")
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", city.Outside(err, "cannot find the file")
	}
	name, err := filepath.Rel(absDir, abs)
	if err != nil || !filepath.IsLocal(name) {
		return "", city.Errorf(city.CodeInvalid, "%s does not lie beside the manifest", path).
			WithHint("write the manifest into the folder of its files")
	}
	return filepath.ToSlash(name), nil
}

// signManifest signs a manifest with a key, if there is one.
func signManifest(m *city.Manifest, key *sign.Key) error {
	if key == nil {
		return nil
	}
	doc, err := json.Marshal(m)
	if err != nil {
		return city.Errorf(city.CodeInternal, "cannot write the manifest: %w", err)
	}
	m.Signature, err = key.Sign(doc)
	return err
}

// in says which file an error was found in.
func in(path string, err error) error {
	var e *city.Error
	if errors.As(err, &e) && e.Where == "" {
		return e.At(path)
	}
	return err
}
