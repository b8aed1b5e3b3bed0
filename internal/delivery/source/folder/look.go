package folder

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// mostEntries is how many entries of a folder are looked at. It bounds the
// memory that a folder can cost.
const mostEntries = 200_000

// look is what a folder held at one time.
type look struct {
	files   []Info          // that match a pattern
	markers map[string]Info // by the name of the file that they announce
	names   map[string]Info // plain files, those too that only a manifest may ask for
	stems   []string        // of manifests that cannot be used yet
	trouble error           // what needs a person, when nothing else is to do
}

// candidate is a file that may be delivered.
type candidate struct {
	info     Info
	manifest *manifest // nil without one
	entry    *city.ManifestFile
	at       time.Time // its turn: when it, or its manifest, was last changed
}

// look reads the folder.
func (s *Source) look(ctx context.Context) (*look, error) {
	l := &look{markers: map[string]Info{}, names: map[string]Info{}}
	n, seen := 0, map[string]sighting{}
	var manifests []Info
	err := s.Files.List(ctx, func(i Info) bool {
		n++
		switch {
		case n > mostEntries:
			return false
		case i.Kind == Folder || strings.HasPrefix(i.Name, "."):
		case s.Options.Ready != "" && strings.HasSuffix(i.Name, s.Options.Ready):
			l.markers[strings.TrimSuffix(i.Name, s.Options.Ready)] = i
		case isManifest(i.Name):
			if s.usable(l, i) {
				manifests, seen[i.Name] = append(manifests, i), s.sight(i)
			}
		case s.Options.matches(i.Name):
			if s.usable(l, i) {
				l.files, l.names[i.Name], seen[i.Name] = append(l.files, i), i, s.sight(i)
			}
		case i.Kind == Plain && source.SafeName(i.Name):
			l.names[i.Name], seen[i.Name] = i, s.sight(i)
		}
		return true
	})
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	if n > mostEntries {
		l.trouble = city.Errorf("invalid.folder", "the folder has more than %d entries; those beyond are not seen", mostEntries).
			WithHint("move what was taken elsewhere")
	}
	s.seen = seen
	return l, s.readManifests(ctx, l, manifests)
}

// sight says since when a file has been as it is.
func (s *Source) sight(i Info) sighting {
	if before, ok := s.seen[i.Name]; ok && before.info.same(i) {
		return before
	}
	return sighting{i, s.Env.Now()}
}

// usable refuses names and entries that nobody should trust.
func (s *Source) usable(l *look, i Info) bool {
	switch {
	case !source.SafeName(i.Name):
		l.trouble = city.Errorf("invalid.file_name", "a file has the name %q, which cannot be used", clip(i.Name)).WithHint("rename it")
	case i.Kind != Plain:
		l.trouble = city.Errorf("forbidden.file", "%q is a link or a device, not a plain file", i.Name).WithHint("put the file itself there")
	case i.Size > int64(s.Options.Most):
		l.trouble = s.tooLarge(i)
	default:
		return true
	}
	return false
}

func (s *Source) tooLarge(i Info) error {
	return city.Errorf("invalid.too_large", "%q has %d bytes, more than the %d that the source takes", i.Name, i.Size, s.Options.Most).WithHint("ask for it in parts, or declare a larger most")
}

// clip keeps an error short whatever a name is.
func clip(name string) string { return name[:min(len(name), source.MostName)] }

// first is the file whose turn it is; and whether there are files, or manifests,
// that are still being written.
func (s *Source) first(l *look, taken taken) (c *candidate, unsettled bool) {
	listed := map[string]bool{}
	var ready []*candidate
	for _, name := range slices.Sorted(maps.Keys(s.manifests)) {
		m := s.manifests[name]
		for _, f := range m.doc.Files {
			listed[f.Name] = true
		}
		switch c := s.turn(m, l, taken); {
		case c == nil:
		case s.settled(l, c.info):
			ready = append(ready, c)
		default:
			unsettled = true
		}
	}
	unsettled = unsettled || s.unread(l)
	for _, i := range l.files {
		switch {
		case listed[i.Name] || s.Options.Manifest == ManifestRequired || taken.has(i) || l.heldBack(i.Name):
		case s.settled(l, i):
			ready = append(ready, &candidate{info: i, at: i.Modified})
		default:
			unsettled = true
		}
	}
	if len(ready) == 0 {
		return nil, unsettled && s.Options.Ready == ""
	}
	return slices.MinFunc(ready, func(a, b *candidate) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.info.Name, b.info.Name))
	}), false
}

// settled says whether nobody writes to a file any more. A marker older than
// the file announced an earlier one.
func (s *Source) settled(l *look, i Info) bool {
	if s.Options.Ready != "" && !isManifest(i.Name) {
		marker, ok := l.markers[i.Name]
		return ok && !marker.Modified.Before(i.Modified)
	}
	now := s.Env.Now()
	since := s.seen[i.Name].since
	if s.SameClock && i.Modified.Before(since) {
		since = i.Modified
	}
	return now.Sub(since) >= s.Options.Settle
}

// heldBack says whether a file waits for a manifest of its stem.
func (l *look) heldBack(name string) bool {
	return slices.ContainsFunc(l.stems, func(stem string) bool { return name == stem || strings.HasPrefix(name, stem+".") })
}
