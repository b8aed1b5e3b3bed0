package app

import (
	"context"
	"errors"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// tagMonths completes tags that were cut off, and makes those of the months that
// have ended.
func (a *App) tagMonths(ctx context.Context, actor string) ([]lake.Tag, error) {
	noted := a.noteTag(ctx, actor)
	tags, err := a.Lake.CompleteTags(ctx, noted)
	if err != nil {
		return tags, err
	}
	if !a.StandsStill() {
		ended, err := a.Lake.TagMonths(ctx, a.now(), analysis.Zone(a.City()), noted)
		return append(tags, ended...), err
	}
	month := a.Today()
	if month != month.MonthEnd() {
		month = month.MonthStart().AddDays(-1)
	}
	t, made, err := a.Lake.TagMonth(ctx, month, a.now(), noted)
	if made {
		tags = append(tags, t)
	}
	return tags, err
}

// Tag names the present state of all tables.
func (a *App) Tag(ctx context.Context, name, actor string) (lake.Tag, error) {
	if err := errors.Join(a.writable(), lake.CheckTagName(name)); err != nil {
		return lake.Tag{}, err
	}
	return a.Lake.TagNow(ctx, name, a.now(), a.noteTag(ctx, actor))
}

// noteTag writes the audit record of a tag.
func (a *App) noteTag(ctx context.Context, actor string) lake.Noted {
	return func(t lake.Tag) error {
		return a.Store.Audit(ctx, a.upkeepEntry(actor, actionTag, t.Name, t))
	}
}
