package folder

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// taken are the files of a kept folder that have their receipt: fingerprints
// of name, size and time. As a text it is the cursor of such a folder.
type taken map[string]bool

const (
	takenPrefix      = "keep1:"
	fingerprintBytes = 12
	// mostTaken bounds the cursor, which is written after each file.
	mostTaken = 10_000
)

// fingerprint tells one state of a file from all others.
func fingerprint(i Info) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d\x00%d\x00%s", i.Name, i.Size, i.Modified.UnixNano(), i.ID))
	return base64.RawURLEncoding.EncodeToString(sum[:fingerprintBytes])
}

// taken reads the cursor. That of another way of keeping says nothing.
func (s *Source) taken(cursor string) (taken, error) {
	list, ok := strings.CutPrefix(cursor, takenPrefix)
	if s.Options.After != Keep || cursor == "" {
		return taken{}, nil
	}
	size := base64.RawURLEncoding.EncodedLen(fingerprintBytes)
	if !ok || len(list)%size != 0 {
		return nil, city.Errorf("invalid.cursor", "the cursor of the source is not that of a kept folder").
			WithHint("give the source another name to begin anew: files that were taken are found to be the same")
	}
	t := taken{}
	for ; list != ""; list = list[size:] {
		t[list[:size]] = true
	}
	return t, nil
}

func (t taken) has(i Info) bool { return len(t) > 0 && t[fingerprint(i)] }

// with adds a file, and drops those that the folder no longer holds.
func (t taken) with(i Info, there map[string]Info) taken {
	out := taken{fingerprint(i): true}
	for _, f := range there {
		if p := fingerprint(f); t[p] {
			out[p] = true
		}
	}
	return out
}

// String writes the cursor.
func (t taken) String() string {
	list := make([]string, 0, len(t))
	for p := range t {
		list = append(list, p)
	}
	slices.Sort(list)
	return takenPrefix + strings.Join(list, "")
}
