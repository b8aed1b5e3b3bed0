package delivery

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Keyed tells by which version of the vault's key something is sealed.
type Keyed interface {
	SealVersion() uint32 // of what is sealed now
	TextVersion(sealed []byte) (uint32, error)
	FileVersion(r io.Reader) (uint32, error)
}

// Sealed counts what is sealed under one version of the seal key.
type Sealed struct {
	Files int64 `json:"files"` // archived files
	Rows  int64 `json:"rows"`  // quarantined rows
}

// SealedUnder counts archived files and quarantined rows by the version of the
// key that opens them.
func (s *Service) SealedUnder(ctx context.Context) (map[uint32]Sealed, error) {
	out := map[uint32]Sealed{}
	names, err := s.archive.names()
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		version, err := s.fileVersion(name)
		if err != nil {
			return nil, err
		}
		n := out[version]
		n.Files++
		out[version] = n
	}
	err = s.Store.SealedTexts(ctx, func(texts []store.SealedText) error {
		for _, t := range texts {
			version, err := s.Vault.TextVersion(t.Sealed)
			if err != nil {
				return err
			}
			n := out[version]
			n.Rows++
			out[version] = n
		}
		return nil
	})
	return out, err
}

// Reseal seals everything anew that is not sealed under the current key: each
// archived file, then the quarantined rows. A file is written beside the old
// one, read back and compared with the hash of what was delivered, and only
// then takes its name; rows change some hundred at a time. So a crash loses
// nothing, and the next call goes on with what is left. Progress is told how
// many of all files are done. No delivery may run meanwhile.
func (s *Service) Reseal(ctx context.Context, progress func(done, all int)) (Sealed, error) {
	var n Sealed
	names, err := s.archive.names()
	if err != nil {
		return n, err
	}
	hashes, err := s.hashes(ctx)
	if err != nil {
		return n, err
	}
	for i, name := range names {
		version, err := s.fileVersion(name)
		if err == nil && version != s.Vault.SealVersion() {
			err = s.archive.reseal(ctx, name, hashes[name])
			n.Files++
		}
		if err != nil {
			return n, err
		}
		progress(i+1, len(names))
	}
	err = s.Store.SealedTexts(ctx, func(texts []store.SealedText) error {
		changed, err := s.resealTexts(texts)
		if err != nil || len(changed) == 0 {
			return err
		}
		n.Rows += int64(len(changed))
		return s.Store.ReplaceSealed(ctx, changed)
	})
	return n, err
}

// hashes gives the SHA-256 of each archived file's content.
func (s *Service) hashes(ctx context.Context) (map[string]string, error) {
	out := map[string]string{}
	for cursor := ""; ; {
		page, err := s.Store.Deliveries(ctx, store.Filter{}, cursor, 0)
		if err != nil {
			return nil, err
		}
		for _, d := range page.Items {
			out[d.Evidence] = d.FileSHA256
		}
		if cursor = page.Next; cursor == "" {
			return out, nil
		}
	}
}

func (s *Service) resealTexts(texts []store.SealedText) ([]store.SealedText, error) {
	var changed []store.SealedText
	for _, t := range texts {
		version, err := s.Vault.TextVersion(t.Sealed)
		if err != nil {
			return nil, err
		}
		if version == s.Vault.SealVersion() {
			continue
		}
		plain, err := s.Vault.Unseal(t.Sealed, []byte(t.DeliveryID))
		if err != nil {
			return nil, err
		}
		t.Sealed = s.Vault.Seal(plain, []byte(t.DeliveryID))
		changed = append(changed, t)
	}
	return changed, nil
}

// names lists the archived files.
func (a *archive) names() ([]string, error) {
	entries, err := os.ReadDir(a.dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, city.Outside(err, "cannot list the archived files")
	}
	var out []string
	for _, e := range entries {
		if e.Type().IsRegular() && !strings.HasSuffix(e.Name(), partSuffix) {
			out = append(out, e.Name())
		}
	}
	return out, nil
}

// version is the version of the key that opens an archived file.
func (s *Service) fileVersion(name string) (uint32, error) {
	f, err := os.Open(filepath.Join(s.archive.dir, name))
	if err != nil {
		return 0, city.Outside(err, "cannot read an archived file")
	}
	version, err := s.Vault.FileVersion(f)
	return version, errors.Join(err, f.Close())
}

// reseal seals a file anew. Want is the hash of what it holds.
func (a *archive) reseal(ctx context.Context, name, want string) error {
	path := filepath.Join(a.dir, name)
	if err := a.copySealed(ctx, path); err != nil {
		return errors.Join(err, os.Remove(path+partSuffix))
	}
	have, err := a.hash(ctx, name+partSuffix)
	if err == nil && have != want {
		err = city.Errorf(city.CodeConflict+".evidence", "the archived file %s does not hold what was delivered", name).
			WithHint("run jinyang verify; put the file back from a backup")
	}
	if err != nil {
		return errors.Join(err, os.Remove(path+partSuffix))
	}
	return a.publish(&kept{name: name})
}

// copySealed writes the sealed file beside itself, under the current key.
func (a *archive) copySealed(ctx context.Context, path string) (err error) {
	from, err := os.Open(path)
	if err != nil {
		return city.Outside(err, "cannot read an archived file")
	}
	defer from.Close()
	plain, err := a.sealer.OpenReader(bufio.NewReaderSize(from, 1<<20))
	if err != nil {
		return err
	}
	to, err := os.OpenFile(path+partSuffix, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return city.Outside(err, "cannot write an archived file")
	}
	buffered := bufio.NewWriterSize(to, 1<<20)
	sealed, err := a.sealer.SealWriter(buffered)
	if err == nil {
		_, err = io.CopyBuffer(sealed, &interrupted{io.NopCloser(plain), ctx}, make([]byte, copyBytes))
	}
	if err == nil {
		err = errors.Join(sealed.Close(), buffered.Flush(), to.Sync())
	}
	return city.Outside(errors.Join(err, to.Close()), "cannot write an archived file")
}

// HashEvidence is the SHA-256, in lower-case hex, of the original that an archived
// file of a data folder holds. It reads the whole file.
func HashEvidence(ctx context.Context, data string, sealer Sealer, name string) (string, error) {
	a := archive{dir: filepath.Join(data, "evidence"), sealer: sealer}
	return a.hash(ctx, name)
}

// hash is the SHA-256 of what an archived file holds, in lower-case hex.
func (a *archive) hash(ctx context.Context, name string) (string, error) {
	f, err := a.open(name)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	_, err = io.CopyBuffer(h, &interrupted{f, ctx}, make([]byte, copyBytes))
	return hex.EncodeToString(h.Sum(nil)), errors.Join(err, f.Close())
}
