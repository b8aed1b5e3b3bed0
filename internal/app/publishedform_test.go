package app_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/ledger"
	"github.com/jinyang-city/jinyang/internal/store"
)

// TestDefinitionsOfAnOlderForm puts into a folder what a version of the program
// left that wrote definitions in another form: they are made anew out of the
// packs, also those that it saw no change in, and a figure that was published
// with such a version is not taken for redefined.
func TestDefinitionsOfAnOlderForm(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	o := app.Options{Data: filepath.Join(dir, "data"), Pack: ledgerPack(t, dir, "1", allPlaces)}
	a := open(t, o)
	send(t, a, "test.upsert", "A,140105,2024-01-05,10")
	closing := publish(t, a, "2024-01")
	figures, err := a.Store.Figures(t.Context(), store.FigureFilter{ClosingID: closing.ID, Indicator: "upsert.sum"})
	if err != nil {
		t.Fatal(err)
	}
	old := strings.Repeat("0", 64)
	figures[0].Version = old
	closing.Replaces, closing.Digest = closing.ID, ledger.Digest(closing.Sources, figures[:1])
	again, err := a.Store.Publish(t.Context(), closing, figures[:1], func(c store.Closing) audit.Entry {
		detail, _ := json.Marshal(map[string]string{"digest": c.Digest}) // texts always have a JSON form
		return audit.Entry{At: c.At, Actor: "test", Action: "published.close", Subject: c.ID, Detail: detail}
	})
	if err != nil {
		t.Fatal(err)
	}
	noted := []store.EditionDefinitions{{Seq: 1, Definitions: []store.Definition{{Indicator: "upsert.sum", Version: old, Body: json.RawMessage(`{"Name":"upsert.sum"}`)}}}}
	if err := a.Store.RenewDefinitions(t.Context(), noted, audit.Entry{At: time.Now(), Actor: "test", Action: "test", Subject: "definitions"}); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	o.Pack = ""
	a = open(t, o)
	h, err := a.Ledger.History(t.Context(), reader, ledger.Question{Indicator: "upsert.sum", Period: "2024-01"})
	if err != nil {
		t.Fatal(err)
	}
	if len(h.Definitions) != 1 || h.Definitions[0].Version == old || h.Definitions[0].Words.EN == "" {
		t.Errorf("the definitions are %+v", h.Definitions)
	}
	d := figureOf(t, a, again.ID, "upsert.sum", "")
	if d.Version != old || d.NowVersion != old || d.Restated || len(d.Explanation.Definition) > 0 {
		t.Errorf("published by %.8s, now by %.8s, restated %v, changed %v", d.Version, d.NowVersion, d.Restated, d.Explanation.Definition)
	}
	wantVerified(t, a)
}
