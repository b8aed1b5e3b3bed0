package vault

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io/fs"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

const (
	keyFormat = 1
	keyBytes  = 32

	codeForbidden = city.CodeForbidden + ".vault"
	codeInvalid   = city.CodeInvalid + ".vault"
)

// keyFile is the form of keys.json.
type keyFile struct {
	Format int    `json:"format"`
	Token  keySet `json:"token"`
	Seal   keySet `json:"seal"`
}

// keySet is the versions of one key. The current one is used for new work, the
// others only to open what was sealed before.
type keySet struct {
	Current uint32 `json:"current"`
	Keys    []key  `json:"keys"`
}

type key struct {
	Version   uint32    `json:"version"` // from 1
	CreatedAt time.Time `json:"created_at"`
	Key       []byte    `json:"key"` // keyBytes bytes, base 64 in the file
}

// newKeyFile makes fresh random keys.
func newKeyFile(now time.Time) *keyFile {
	fresh := func() keySet {
		k := key{Version: 1, CreatedAt: now.UTC().Truncate(time.Second), Key: make([]byte, keyBytes)}
		rand.Read(k.Key) // never fails: crypto/rand ends the program instead
		return keySet{Current: 1, Keys: []key{k}}
	}
	return &keyFile{Format: keyFormat, Token: fresh(), Seal: fresh()}
}

// current is the key in use; check has made sure that there is one.
func (s *keySet) current() []byte {
	for _, k := range s.Keys {
		if k.Version == s.Current {
			return k.Key
		}
	}
	return nil
}

// parseKeys reads and checks a key file. Its errors never repeat its bytes.
func parseKeys(b []byte) (*keyFile, error) {
	var f keyFile
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return nil, damaged("it is not the JSON document of a vault")
	}
	if f.Format != keyFormat {
		return nil, city.Errorf(codeInvalid, "the key file has format %d, this program reads format %d", f.Format, keyFormat).
			WithHint("use the version of the program that wrote it, or a newer one")
	}
	if reason := f.Token.check(); reason != "" {
		return nil, damaged("token: " + reason)
	}
	if reason := f.Seal.check(); reason != "" {
		return nil, damaged("seal: " + reason)
	}
	return &f, nil
}

// check says what is wrong with a key set, or nothing.
func (s *keySet) check() string {
	seen := make(map[uint32]bool, len(s.Keys))
	for _, k := range s.Keys {
		switch {
		case k.Version == 0 || seen[k.Version]:
			return "key versions are not unique numbers from 1"
		case len(k.Key) != keyBytes:
			return "a key does not have 32 bytes"
		}
		seen[k.Version] = true
	}
	if !seen[s.Current] {
		return "the current key is missing"
	}
	return ""
}

func damaged(reason string) *city.Error {
	return city.Errorf(codeInvalid, "the key file is damaged: %s", reason).
		WithHint("put back the backup of the key file; new keys would not fit the data")
}

// checkModes refuses keys that others than their owner could read or replace.
func checkModes(dir, file fs.FileInfo) error {
	if dir.Mode().Perm()&0o022 != 0 {
		return city.Errorf(codeForbidden, "others may change the vault's folder (mode %04o)", dir.Mode().Perm()).
			WithHint("run chmod 700 on it")
	}
	if file.Mode().Perm()&0o077 != 0 {
		return city.Errorf(codeForbidden, "others may read the vault's keys (mode %04o)", file.Mode().Perm()).
			WithHint("run chmod 600 on the file, and find out who may have read it")
	}
	return nil
}
