package app

import (
	"context"
	"io/fs"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/ledger"
	"github.com/jinyang-city/jinyang/internal/live"
	"github.com/jinyang-city/jinyang/internal/pack"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

// openLedger makes the service of published figures.
func (a *App) openLedger(o Options) {
	c := ledger.Config{Analysis: a.Analysis, Store: a.Store, Load: pack.LoadDefinitions, Now: a.now,
		Closed: func(c store.Closing) { a.Live.Publish(live.Event{Type: "published", ID: c.ID}) }}
	if !o.ReadOnly {
		c.Tag = func(ctx context.Context, name, actor string) (lake.Tag, error) {
			return a.Lake.TagNow(ctx, name, a.now(), a.noteTag(ctx, actor))
		}
	}
	a.Ledger = ledger.New(c)
}

// keepEdition keeps the files and the definitions of a pack that came in force,
// for figures that were computed by them.
func (a *App) keepEdition(ctx context.Context, c *city.City, files fs.FS) error {
	return ledger.Keep(ctx, a.Store, pack.LoadDefinitions, c, files, a.now())
}

// verifyPublished checks that every published figure can still be computed, and
// is what was published.
func (a *App) verifyPublished(ctx context.Context, v *Verification) (err error) {
	who := policy.System("verify")
	who.Rights = append(who.Rights, policy.RightSmallGroups) // what it finds is told to nobody
	v.Closings, v.Figures, err = a.Ledger.Check(ctx, who, v.problem)
	return err
}
