package lake

import (
	"context"
	"regexp"
	"strings"
	"time"

	"github.com/apache/iceberg-go/table"

	"github.com/jinyang-city/jinyang/internal/city"
)

// AsOf names a past state of all tables: that of a moment or of a tag. The zero
// value is the present.
type AsOf struct {
	At  time.Time // of a tag: the moment that it stands for, once Resolve has looked it up
	Tag string
}

// IsZero says whether the present is meant.
func (a AsOf) IsZero() bool { return a.At.IsZero() && a.Tag == "" }

var (
	tagName  = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)
	dateLike = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}`) // the beginning of a day or a time
)

// ParseAsOf reads a past state as people write it: a time in RFC 3339, a day,
// which means its end in the zone, or the name of a tag. The empty text is the
// present. Whether the tag is there is found out by Resolve.
func ParseAsOf(text string, zone *time.Location) (AsOf, error) {
	if text == "" {
		return AsOf{}, nil
	}
	if d, err := city.ParseDate(text); err == nil {
		return AsOf{At: endOf(d, zone)}, nil
	}
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return AsOf{At: t}, nil
	}
	if !tagName.MatchString(text) || dateLike.MatchString(text) {
		return AsOf{}, city.Errorf("invalid.as_of", "%.80q is neither a time nor the name of a tag", text).
			WithHint("write 2024-10-31, 2024-10-31T12:00:00+08:00 or the name of a tag; jinyang tags lists them")
	}
	return AsOf{Tag: text}, nil
}

// endOf is the last moment of a day that a snapshot's time, which counts
// milliseconds, can name.
func endOf(d city.Date, zone *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day+1, 0, 0, 0, 0, zone).Add(-time.Millisecond)
}

// Resolve fills in the moment that a tag stands for. A tag that is not there is
// an error with the code "invalid.as_of", which names the nearest one.
func (l *Lake) Resolve(ctx context.Context, a AsOf) (AsOf, error) {
	if a.Tag == "" {
		return a, nil
	}
	r, err := l.tag(ctx, a.Tag)
	if err != nil {
		return AsOf{}, err
	}
	a.At = time.UnixMilli(r.moment).UTC()
	return a, nil
}

func (l *Lake) tag(ctx context.Context, name string) (tagRow, error) {
	rows, err := l.tagRows(ctx)
	if err != nil {
		return tagRow{}, err
	}
	var names []string
	for _, r := range rows {
		if r.name == name {
			return r, nil
		}
		names = append(names, r.name)
	}
	e := city.Errorf("invalid.as_of", "there is no tag %q", name)
	if near := city.Nearest(name, names); near != "" {
		return tagRow{}, e.WithHint("did you mean %s?", near)
	}
	if len(names) == 0 {
		return tagRow{}, e.WithHint("there are no tags yet; a time such as 2024-10-31 will do")
	}
	return tagRow{}, e.WithHint("there are %s", strings.Join(names[max(0, len(names)-shownTags):], ", "))
}

// shownTags is how many tags an error names when none is near.
const shownTags = 12

// ViewAsOf gives a past state of a dataset, or the present one. A moment whose
// snapshot has expired is an error with CodeSnapshotGone; what a tag names never
// expires. A dataset that a tag leaves out, because it had no rows yet, is empty.
func (l *Lake) ViewAsOf(ctx context.Context, ds *city.Dataset, a AsOf) (*View, error) {
	if a.Tag == "" {
		return l.View(ctx, ds, a.At)
	}
	r, err := l.tag(ctx, a.Tag)
	if err != nil {
		return nil, err
	}
	t, err := l.load(ctx, ds.Name)
	if err != nil {
		return nil, err
	}
	if t == nil {
		return emptyView(ds), nil
	}
	snap, err := l.tagged(ctx, ds.Name, t, r)
	if err != nil {
		return nil, err
	}
	return viewOf(ctx, ds.Name, t, snap)
}

// tagged gives the snapshot that a tag names in a table, or nil. While the tag
// is still being made it is the one that the tag is going to name, by the ledger.
func (l *Lake) tagged(ctx context.Context, dataset string, t *table.Table, r tagRow) (*table.Snapshot, error) {
	for name, ref := range t.Metadata().Refs() {
		if name == r.name && ref.SnapshotRefType == table.TagRef {
			return t.SnapshotByID(ref.SnapshotID), nil
		}
	}
	if r.complete {
		return nil, nil
	}
	id, found, err := l.cutOf(ctx, r.name, dataset)
	if err != nil || !found {
		return nil, err
	}
	return snapshotOf(dataset, t, id)
}

// lastAt gives the last snapshot committed at or before a moment, nil when
// there was none, by the times of the commits (byCommit) or in the eyes of a
// clock that reads now (timeOf). Iceberg's own log of snapshots will not do: it
// is cut where a snapshot expired, which would make a past with rows look empty.
func (l *Lake) lastAt(ctx context.Context, dataset string, t *table.Table, moment, now int64) (*table.Snapshot, error) {
	var last *table.Snapshot
	after := int64(-1)
	for _, s := range t.Metadata().Snapshots() {
		if timeOf(s, now) <= moment && (last == nil || s.SequenceNumber > last.SequenceNumber) {
			last, after = &s, s.SequenceNumber
		}
	}
	// What the clock read at commits that have expired is not known.
	_, found, err := l.expiredOne(ctx, `dataset = $1 AND sequence > $2 AND (committed_at <= $3 OR committed_at > $4) LIMIT 1`, dataset, after, moment, now)
	if err != nil {
		return nil, err
	}
	if found {
		return nil, city.Errorf(CodeSnapshotGone, "the state of %s at %s has expired", dataset, time.UnixMilli(moment).UTC().Format(time.RFC3339)).
			WithHint("ask for a tag, which is kept for ever (jinyang tags), or for a later time")
	}
	return last, nil
}
