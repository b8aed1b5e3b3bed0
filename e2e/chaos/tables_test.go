package chaos

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/lake"
)

func (w *world) compareTable(ctx context.Context, a *app.App, dataset string, h *history) error {
	got, err := readTable(ctx, a, dataset, lake.AsOf{})
	if err != nil {
		return err
	}
	w.log.rows += int64(len(got))
	return differ("the table of "+dataset, got, h.table)
}

// differ names the first rows in which a table is not what it must be.
func differ(what string, got []string, must table) error {
	want := must.texts()
	if slices.Equal(got, want) {
		return nil
	}
	have := map[string]int{}
	for _, r := range got {
		have[r]++
	}
	for _, r := range want {
		have[r]--
	}
	var some []string
	for _, r := range sorted(have) {
		if have[r] != 0 && len(some) < 10 {
			some = append(some, fmt.Sprintf("%s %+d", r, have[r]))
		}
	}
	return fmt.Errorf("%s holds %d rows, it must be %d; too many (+) or too few: %s", what, len(got), len(want), strings.Join(some, ", "))
}

func readTable(ctx context.Context, a *app.App, dataset string, at lake.AsOf) ([]string, error) {
	ds, err := a.City().Dataset(dataset)
	if err != nil {
		return nil, err
	}
	view, err := a.Lake.ViewAsOf(ctx, ds, at)
	if err != nil || len(view.Files) == 0 {
		return nil, err
	}
	found, err := a.Analysis.Engine.Query(ctx, `SELECT concat_ws('|', "no", place, CAST(day AS VARCHAR), CAST(wage AS VARCHAR)) FROM `+a.Analysis.Engine.Relation(view))
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var out []string
	for found.Next() {
		var s string
		if err := found.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return out, found.Err()
}

func (w *world) compareTags(ctx context.Context, a *app.App) error {
	for _, tag := range sorted(w.tags) {
		for _, name := range sorted(w.tags[tag]) {
			got, err := readTable(ctx, a, name, lake.AsOf{Tag: tag})
			if err == nil {
				err = differ(name+" as of "+tag, got, w.tags[tag][name])
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
