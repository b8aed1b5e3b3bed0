package app

import (
	"context"
	"encoding/json"
	"os"
	"slices"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/store"
)

// actionTag is the action of the audit record of a tag.
const actionTag = "tag.create"

// verifyTags checks that every tag names what its audit record says that it
// named when it was made, and that the files of it are there.
func (a *App) verifyTags(ctx context.Context, v *Verification) error {
	tags, err := a.Lake.Tags(ctx)
	if err != nil {
		return err
	}
	v.Tags = len(tags)
	a.noteEarlyTags(v, tags)
	for _, t := range tags {
		made, noted, err := a.tagRecord(ctx, t.Name)
		if err != nil {
			return err
		}
		// One that was cut off before it was noted is completed by maintenance.
		if noted && (!made.At.Equal(t.At) || !slices.Equal(made.Tables, t.Tables)) {
			v.problem("the tag %s does not name what it named when it was made", t.Name)
		}
		if err := a.verifyTagged(ctx, v, t); err != nil {
			return err
		}
	}
	return nil
}

// noteEarlyTags notes tags of moments that have not come: they were made while
// the clock was ahead. A month's lacks the end of its month.
func (a *App) noteEarlyTags(v *Verification, tags []lake.Tag) {
	early := slices.DeleteFunc(slices.Clone(tags), func(t lake.Tag) bool { return !t.At.After(a.now()) })
	if len(early) > 0 {
		v.note("%d tags stand for moments that have not come, from %s on: the clock was ahead when they were made", len(early), early[0].Name)
	}
}

// tagRecord gives a tag as the audit chain has it.
func (a *App) tagRecord(ctx context.Context, name string) (t lake.Tag, found bool, err error) {
	for cursor := ""; ; {
		page, err := a.Store.AuditTrail(ctx, name, cursor, store.MaxPage)
		if err != nil {
			return t, false, err
		}
		for _, r := range page.Items {
			if r.Action == actionTag {
				err := json.Unmarshal(r.Detail, &t)
				return t, err == nil, nil
			}
		}
		if cursor = page.Next; cursor == "" {
			return t, false, nil
		}
	}
}

func (a *App) verifyTagged(ctx context.Context, v *Verification, t lake.Tag) error {
	for _, table := range t.Tables {
		view, err := a.Lake.ViewAsOf(ctx, &city.Dataset{Name: table.Dataset}, lake.AsOf{Tag: t.Name})
		if err != nil {
			return err
		}
		for _, f := range view.Files {
			if _, err := os.Stat(lake.FilePath(f)); err != nil {
				v.problem("the tag %s: a file of %s cannot be read: %v", t.Name, table.Dataset, err)
			}
		}
	}
	return nil
}
