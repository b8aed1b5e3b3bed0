package vault

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// SealKey describes one version of the seal key. The key itself never leaves
// the vault.
type SealKey struct {
	Version   uint32    `json:"version"`
	CreatedAt time.Time `json:"created_at"`
	Current   bool      `json:"current"` // it seals what is new; the others only open what is old
}

// SealKeys lists the versions of the seal key in a vault's folder, the oldest
// first, without changing anything there.
func SealKeys(dir string) ([]SealKey, error) {
	f, err := readKeys(dir, filepath.Join(dir, keyName))
	if err != nil {
		return nil, err
	}
	out := make([]SealKey, len(f.Seal.Keys))
	for i, k := range f.Seal.Keys {
		out[i] = SealKey{Version: k.Version, CreatedAt: k.CreatedAt, Current: k.Version == f.Seal.Current}
	}
	slices.SortFunc(out, func(a, b SealKey) int { return int(a.Version) - int(b.Version) })
	return out, nil
}

// Rotate makes a new version of the seal key, which seals from the next Open
// on, and gives its number. What was sealed before still opens. The caller must
// hold the data folder's lock.
//
// The token key is not rotated: every person would get another token, and every
// table would have to be written anew.
func Rotate(dir string, now time.Time) (uint32, error) {
	var version uint32
	err := changeKeys(dir, func(f *keyFile) error {
		for _, k := range f.Seal.Keys {
			version = max(version, k.Version)
		}
		version++
		k := key{Version: version, CreatedAt: now.UTC().Truncate(time.Second), Key: make([]byte, keyBytes)}
		rand.Read(k.Key) // never fails: crypto/rand ends the program instead
		f.Seal.Keys, f.Seal.Current = append(f.Seal.Keys, k), version
		return nil
	})
	return version, err
}

// Retire removes a version of the seal key. What is still sealed under it can
// never be opened again: the caller has made sure that there is nothing. The
// caller must hold the data folder's lock.
func Retire(dir string, version uint32) error {
	return changeKeys(dir, func(f *keyFile) error {
		i := slices.IndexFunc(f.Seal.Keys, func(k key) bool { return k.Version == version })
		switch {
		case i < 0:
			return city.Errorf(city.CodeNotFound, "the vault has no version %d of the seal key", version)
		case version == f.Seal.Current:
			return city.Errorf(city.CodeConflict+".vault", "version %d is the current one", version).WithHint("rotate first")
		}
		f.Seal.Keys = slices.Delete(f.Seal.Keys, i, i+1)
		return nil
	})
}

// changeKeys replaces the key file as a whole: after a crash it is the old one
// or the new one.
func changeKeys(dir string, change func(*keyFile) error) error {
	path := filepath.Join(dir, keyName)
	f, err := readKeys(dir, path)
	if err != nil {
		return err
	}
	if err := change(f); err != nil {
		return err
	}
	doc, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return city.Errorf(city.CodeInternal, "cannot write the keys: %w", err)
	}
	if _, err := parseKeys(doc); err != nil { // a file that cannot be read again would lose everything
		return city.Errorf(city.CodeInternal, "the changed keys do not pass their own check: %w", err)
	}
	return diskErrorOf(replaceFile(dir, path, doc), path)
}

func replaceFile(dir, path string, doc []byte) error {
	tmp, err := os.CreateTemp(dir, ".keys-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if err := writeSynced(tmp, doc); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	return syncDir(dir)
}

func diskErrorOf(err error, path string) error {
	if err == nil {
		return nil
	}
	return diskError(err, path)
}

// SealVersion is the version of the key that seals now.
func (v *Vault) SealVersion() uint32 { return v.seal }

// TextVersion tells from the first bytes of a sealed text which version of the
// key opens it.
func (*Vault) TextVersion(sealed []byte) (uint32, error) {
	if len(sealed) < blobPrefix || sealed[0] != blobFormat {
		return 0, city.Errorf(CodeSealed, "this is not a sealed text")
	}
	return binary.BigEndian.Uint32(sealed[1:]), nil
}

// FileVersion reads from the beginning of a sealed file which version of the
// key opens it.
func (*Vault) FileVersion(r io.Reader) (uint32, error) {
	head := make([]byte, len(streamMagic)+4)
	if _, err := io.ReadFull(r, head); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return 0, unwhole("it is too short")
		}
		return 0, err
	}
	if string(head[:len(streamMagic)]) != streamMagic {
		return 0, unwhole("it does not begin as one")
	}
	return binary.BigEndian.Uint32(head[len(streamMagic):]), nil
}
