package lake

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/apache/iceberg-go/table"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Tag is a name for the state of all tables at one moment. Tags never move and
// are never removed, and what they name never expires.
type Tag struct {
	Name   string        `json:"name"`
	At     time.Time     `json:"at"`     // the moment; the present one when the tag was made, or the end of a month
	Tables []TaggedTable `json:"tables"` // those that had rows, by name
}

// TaggedTable is a table that a tag names.
type TaggedTable struct {
	Dataset    string `json:"dataset"`
	SnapshotID string `json:"snapshot_id"` // decimal digits
}

// Noted is called when all tables have a tag, before the tag counts as made. A
// process that is killed may call it again for the same tag.
type Noted func(Tag) error

// CheckTagName refuses names that people may not give: those that read as a
// time, that of the tables' present, and those of month-end tags.
func CheckTagName(name string) error {
	e := city.Errorf("invalid.tag", "%.80q cannot be the name of a tag", name)
	if !tagName.MatchString(name) {
		return e.WithHint("use up to 64 of a-z, 0-9, '.', '_' and '-', beginning with a letter or a digit")
	}
	if dateLike.MatchString(name) {
		return e.WithHint("it reads as a time; write for example as-reported-%s", name)
	}
	if name == table.MainBranch {
		return e.WithHint("%s is the present state of the tables", name)
	}
	if _, ok := monthOf(name); ok {
		return e.WithHint("tags of months are made by maintenance when the month has ended")
	}
	return nil
}

// TagNow names the present state of all tables. A tag of that name is an error
// with the code conflict.tag.
//
// The durable steps: the ledger knows of the tag, its moment and what it names;
// each table has it; noted; the ledger knows that it is complete. After a crash between any two
// of them CompleteTags does what is left, and until then readers of the tag see
// what it is going to name.
func (l *Lake) TagNow(ctx context.Context, name string, now time.Time, noted Noted) (Tag, error) {
	l.tagging.Lock()
	defer l.tagging.Unlock()
	r := tagRow{name: name, moment: now.UnixMilli(), cut: map[string]int64{}}
	tables, err := l.Tables(ctx)
	if err != nil {
		return Tag{}, err
	}
	for _, dataset := range tables {
		t, err := l.load(ctx, dataset)
		if err != nil {
			return Tag{}, err
		}
		if t == nil || t.CurrentSnapshot() == nil {
			continue
		}
		r.cut[dataset] = t.CurrentSnapshot().SnapshotID
	}
	return l.makeTag(ctx, r, noted)
}

// makeTag makes a tag; the caller holds the lock of tags.
func (l *Lake) makeTag(ctx context.Context, r tagRow, noted Noted) (Tag, error) {
	if err := l.beginTag(ctx, r); err != nil {
		return Tag{}, err
	}
	l.step(StepTagBegun)
	return l.completeTag(ctx, r, noted)
}

// CompleteTags finishes the tags that an earlier process could not.
func (l *Lake) CompleteTags(ctx context.Context, noted Noted) ([]Tag, error) {
	l.tagging.Lock()
	defer l.tagging.Unlock()
	rows, err := l.tagRows(ctx)
	if err != nil {
		return nil, err
	}
	var out []Tag
	for _, r := range rows {
		if r.complete {
			continue
		}
		t, err := l.completeTag(ctx, r, noted)
		if err != nil {
			return out, err
		}
		out = append(out, t)
	}
	return out, nil
}

func (l *Lake) completeTag(ctx context.Context, r tagRow, noted Noted) (Tag, error) {
	tables, err := l.Tables(ctx)
	if err != nil {
		return Tag{}, err
	}
	for _, dataset := range tables {
		if err := l.tagTable(ctx, dataset, r); err != nil {
			return Tag{}, err
		}
		l.step(StepTagTable)
	}
	t, err := l.describeTag(ctx, r, tables)
	if err != nil {
		return Tag{}, err
	}
	if err := noted(t); err != nil {
		return Tag{}, err
	}
	l.step(StepTagNoted)
	return t, l.endTag(ctx, r.name)
}

// tagTable gives one table its tag.
func (l *Lake) tagTable(ctx context.Context, dataset string, r tagRow) error {
	h := l.handle(dataset)
	h.commit.Lock()
	defer h.commit.Unlock()
	t, err := l.load(ctx, dataset)
	if err != nil || t == nil {
		return err
	}
	snap, err := l.tagged(ctx, dataset, t, r)
	if err != nil || snap == nil || t.SnapshotByName(r.name) != nil {
		return err
	}
	return l.update(ctx, dataset, t, table.NewSetSnapshotRefUpdate(r.name, snap.SnapshotID, table.TagRef, 0, 0, 0))
}

// Tags lists the tags, oldest moment first.
func (l *Lake) Tags(ctx context.Context) ([]Tag, error) {
	rows, err := l.tagRows(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Tag, len(rows))
	if len(rows) == 0 {
		return out, nil
	}
	tables, err := l.Tables(ctx)
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		out[i] = newTag(r)
	}
	for _, dataset := range tables { // each table is read once, however many tags there are
		if err := l.addTable(ctx, dataset, rows, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func newTag(r tagRow) Tag {
	return Tag{Name: r.name, At: time.UnixMilli(r.moment).UTC(), Tables: []TaggedTable{}}
}

func (l *Lake) describeTag(ctx context.Context, r tagRow, tables []string) (Tag, error) {
	out := []Tag{newTag(r)}
	for _, dataset := range tables {
		if err := l.addTable(ctx, dataset, []tagRow{r}, out); err != nil {
			return Tag{}, err
		}
	}
	return out[0], nil
}

// addTable enters a table in the tags that name it.
func (l *Lake) addTable(ctx context.Context, dataset string, rows []tagRow, tags []Tag) error {
	t, err := l.load(ctx, dataset)
	if err != nil || t == nil {
		return err
	}
	for i, r := range rows {
		snap, err := l.tagged(ctx, dataset, t, r)
		if err != nil {
			return err
		}
		if snap != nil {
			tags[i].Tables = append(tags[i].Tables, TaggedTable{dataset, formatID(snap.SnapshotID)})
		}
	}
	return nil
}

// Tables lists the datasets that have a table, also those that no pack declares
// any more, by name.
func (l *Lake) Tables(ctx context.Context) ([]string, error) {
	spaces, err := l.cat.ListNamespaces(ctx, nil)
	if err != nil {
		return nil, outside(err, "cannot list the tables")
	}
	var out []string
	for _, ns := range spaces {
		for id, err := range l.cat.ListTables(ctx, ns) {
			if err != nil {
				return nil, outside(err, "cannot list the tables")
			}
			out = append(out, strings.Join(id, "."))
		}
	}
	slices.Sort(out)
	return out, nil
}
