package app_test

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/ledger"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

// reader sees all that is published.
var reader = policy.Local("test", policy.RightSmallGroups)

// amountsOf declares a dataset test.MODE of that mode: amounts by number, place
// and day. What belongs to the dataset may follow.
func amountsOf(mode string) string {
	vanish := ""
	if city.Mode(mode).Whole() {
		vanish = ", vanish_above: 100%"
	}
	return fmt.Sprintf(`---
dataset: test.%[1]s
title: {zh: %[1]s, en: %[1]s}
owner: hrss
grade: 1
sharing: {class: unconditional}
delivery: {mode: %[1]s, period: day, every: month, late_after: 5wd, reject_above: 100%%%[2]s}
key: [no]
fields:
  "no":   {type: string, source: no, title: {zh: 号, en: Number}}
  place:  {type: region, source: place, title: {zh: 地, en: Place}}
  day:    {type: date, source: day, title: {zh: 日, en: Day}}
  amount: {type: int, source: amount, title: {zh: 数, en: Amount}}
`, mode, vanish)
}

// ledgerPack writes a city with a dataset for each mode, and with a sum, a
// count of distinct values and a mean over each. rate and places are what
// definitions differ in.
func ledgerPack(t testing.TB, dir, rate, places string) string {
	t.Helper()
	base, err := os.ReadFile(filepath.Join(packDir, "city.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.Write(base)
	b.WriteString("---\nregion: \"140106\"\nname: {zh: 迎泽区, en: Yingze District}\nparent: \"140100\"\n")
	b.WriteString("---\nunit: yuan\ntitle: {zh: 元, en: yuan}\n---\nunit: piece\ntitle: {zh: 件, en: pieces}\n")
	for _, mode := range []string{"upsert", "append", "replace", "snapshot"} {
		b.WriteString(amountsOf(mode))
		fmt.Fprintf(&b, `---
indicator: %[1]s.sum
title: {zh: 合计, en: Sum}
dataset: test.%[1]s
measure: {sum: amount, factor: %[2]s}
scope: {place: [%[3]s]}
time: day
window: period
better: higher
unit: yuan
decimals: 0
dimensions: [place]
---
indicator: %[1]s.kinds
title: {zh: 种数, en: Kinds}
dataset: test.%[1]s
measure: {count_distinct: amount}
time: day
window: period
better: higher
unit: piece
dimensions: [place]
---
indicator: %[1]s.mean
title: {zh: 平均, en: Mean}
dataset: test.%[1]s
measure: {mean: amount}
time: day
window: year
better: higher
unit: yuan
decimals: 1
dimensions: [place]
`, mode, rate, places)
	}
	out := filepath.Join(dir, "pack-"+rate+"-"+fmt.Sprint(len(places)))
	if err := os.MkdirAll(out, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(out, "city.yaml"), []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return out
}

const allPlaces = `"140100", "140105", "140106"`

// send delivers rows no,place,day,amount to a dataset.
func send(t testing.TB, a *app.App, dataset string, rows ...string) *delivery.Receipt {
	t.Helper()
	r, err := a.Delivery.Deliver(t.Context(), delivery.Request{Dataset: dataset, File: "b.csv", Actor: "test",
		Content: strings.NewReader("no,place,day,amount\n" + strings.Join(rows, "\n") + "\n")})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func publish(t testing.TB, a *app.App, period string) store.Closing {
	t.Helper()
	c, err := a.Ledger.Publish(t.Context(), reader, ledger.Request{Period: period, By: []string{"place"}, Person: "王敏", Reason: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// figureOf finds a published figure; place "" is the whole city.
func figureOf(t testing.TB, a *app.App, closing, indicator, place string) *ledger.FigureDetail {
	t.Helper()
	figures, err := a.Store.Figures(t.Context(), store.FigureFilter{ClosingID: closing, Indicator: indicator})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range figures {
		if f.Member == place {
			d, err := a.Ledger.Figure(t.Context(), reader, f.ID)
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
	}
	t.Fatalf("%s of %q was not published as %s", indicator, place, closing)
	return nil
}

// parts writes the parts of an explanation in one line.
func parts(e ledger.Explanation) string {
	var out []string
	for _, p := range e.Parts {
		amount := "-"
		if p.Amount != nil {
			amount = *p.Amount
		}
		out = append(out, fmt.Sprintf("%s %s (%d)", p.Cause, amount, p.Rows))
	}
	return strings.Join(out, ", ")
}

// wantSum holds the law: the amounts add up to the difference, in full and as
// displayed, and end at the present value.
func wantSum(t testing.TB, d *ledger.FigureDetail) {
	t.Helper()
	e := d.Explanation
	if e.Difference == nil {
		return
	}
	full, shown := new(big.Rat), new(big.Rat)
	for _, p := range e.Parts {
		if p.Amount == nil {
			continue
		}
		full.Add(full, number(t, *p.Amount))
		shown.Add(shown, number(t, strings.TrimPrefix(p.Display, "+")))
	}
	if full.Cmp(number(t, *e.Difference)) != 0 {
		t.Errorf("%s: the parts %s add up to %s, not %s", d.ID, parts(e), full.FloatString(6), *e.Difference)
	}
	was, now := number(t, e.Published.Display), number(t, e.Now.Display)
	if shown.Cmp(new(big.Rat).Sub(now, was)) != 0 {
		t.Errorf("%s: the displayed parts of %s → %s add up to %s", d.ID, e.Published.Display, e.Now.Display, shown.FloatString(3))
	}
}

func number(t testing.TB, text string) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	return r
}

// TestWhyAFigureDiffers has one cause after the other change what was published.
func TestWhyAFigureDiffers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a := open(t, app.Options{Data: filepath.Join(dir, "data"), Pack: ledgerPack(t, dir, "1", allPlaces)})
	send(t, a, "test.upsert", "A,140105,2024-01-05,10", "B,140105,2024-01-06,20", "C,140106,2024-01-07,40")
	send(t, a, "test.replace", "A,140105,2024-01-05,10", "B,140106,2024-01-06,20")
	c := publish(t, a, "2024-01")
	if c.ID != "2024-01-r1" || c.Replaces != "" {
		t.Fatalf("closed as %s, replacing %q", c.ID, c.Replaces)
	}
	if _, err := a.Ledger.Publish(t.Context(), reader, ledger.Request{Period: "2024-01", By: []string{"place"}, Person: "王敏", Reason: "test"}); city.CodeOf(err) != "conflict.unchanged" {
		t.Errorf("closing it again unchanged: %v", err)
	}
	second := send(t, a, "test.upsert", "A,140105,2024-01-05,11", "B,140106,2024-01-06,20", "D,140105,2024-01-08,300", "E,140105,2024-02-01,1")
	send(t, a, "test.replace", "A,140105,2024-01-05,12", "D,140105,2024-01-09,5")
	for _, want := range []struct{ indicator, place, parts string }{
		{"upsert.sum", "", "late_rows 300 (1), region 0 (1), corrections 1 (1)"},
		{"upsert.sum", "140105", "late_rows 300 (1), region -20 (1), corrections 1 (1)"},
		{"upsert.sum", "140106", "region 20 (1)"},
		{"replace.sum", "", "late_rows 5 (1), corrections 2 (1), vanished -20 (1)"},
		{"replace.sum", "140105", "late_rows 5 (1), corrections 2 (1)"},
	} {
		d := figureOf(t, a, c.ID, want.indicator, want.place)
		if got := parts(d.Explanation); got != want.parts {
			t.Errorf("%s of %q: %s, want %s", want.indicator, want.place, got, want.parts)
		}
		wantSum(t, d)
	}
	if _, err := a.Delivery.Rollback(t.Context(), delivery.RollbackRequest{DeliveryID: second.DeliveryID, Reason: "test", Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	if err := a.UsePack(t.Context(), os.DirFS(ledgerPack(t, dir, "2", allPlaces))); err != nil {
		t.Fatal(err)
	}
	d := figureOf(t, a, c.ID, "upsert.sum", "")
	if got, want := parts(d.Explanation), "late_rows 300 (1), region 0 (1), corrections 1 (1), rollback -301 (3), definition 70 (0)"; got != want {
		t.Errorf("after a rollback and another definition: %s, want %s", got, want)
	}
	if err := a.UsePack(t.Context(), os.DirFS(ledgerPack(t, dir, "1", `"140105"`))); err != nil {
		t.Fatal(err)
	}
	d = figureOf(t, a, c.ID, "upsert.sum", "")
	if got, want := parts(d.Explanation), "late_rows 300 (1), region -40 (1), corrections 1 (1), rollback -301 (3)"; got != want {
		t.Errorf("with fewer regions: %s, want %s", got, want)
	}
	next := publish(t, a, "2024-01")
	if next.ID != "2024-01-r2" || next.Replaces != c.ID {
		t.Errorf("closed again as %s, replacing %q", next.ID, next.Replaces)
	}
	wantVerified(t, a)
	wantHistory(t, a)
}

// wantHistory looks at the history of the sum after TestWhyAFigureDiffers.
func wantHistory(t *testing.T, a *app.App) {
	t.Helper()
	h, err := a.Ledger.History(t.Context(), reader, ledger.Question{Indicator: "upsert.sum", Period: "2024-01"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range h.Points {
		got = append(got, p.Cause.Kind+" "+p.Display)
	}
	want := "delivery 70, delivery 371, rollback 70, definition 140, definition 30"
	if strings.Join(got, ", ") != want || len(h.Definitions) != 3 || len(h.Published) != 2 || h.Thinned {
		t.Errorf("the history is %s with %d definitions and %d published figures, want %s", strings.Join(got, ", "), len(h.Definitions), len(h.Published), want)
	}
	e, err := a.Ledger.Compare(t.Context(), reader, ledger.Question{Indicator: "upsert.sum", Period: "2024-01"}, h.Points[0].AsOf, h.Points[2].AsOf)
	if err != nil || *e.Difference != "0" {
		t.Errorf("between the first delivery and the rollback: %+v, %v", e, err)
	}
}

// TestPartsAddUp delivers at random in all modes, takes deliveries back, joins
// files, lets snapshots expire and changes definitions: whatever the measure,
// the parts of each published figure add up to its difference.
func TestPartsAddUp(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	packs := []string{ledgerPack(t, dir, "1", allPlaces), ledgerPack(t, dir, "0.1", allPlaces), ledgerPack(t, dir, "1", `"140105"`)}
	a := open(t, app.Options{Data: filepath.Join(dir, "data"), Pack: packs[0]})
	for _, mode := range []string{"upsert", "append", "replace", "snapshot"} {
		send(t, a, "test."+mode, "A,140105,2024-01-05,10", "B,140106,2024-02-06,25", "C,140105,2024-01-06,25")
	}
	for seed := range uint64(2) {
		r := rand.New(rand.NewPCG(seed, 1))
		for range 4 {
			anything(t, a, r, packs)
		}
		c := publish(t, a, fmt.Sprintf("2024-%02d", 1+seed%2))
		for range 3 {
			for range 4 {
				anything(t, a, r, packs)
			}
			figures, err := a.Store.Figures(t.Context(), store.FigureFilter{ClosingID: c.ID})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range figures {
				d, err := a.Ledger.Figure(t.Context(), reader, f.ID)
				if err != nil {
					t.Fatal(err)
				}
				wantSum(t, d)
				wantPresent(t, a, d)
			}
		}
		if _, err := a.Maintain(t.Context(), app.Upkeep{Keep: 1, Grace: 1}, "test"); err != nil {
			t.Fatal(err)
		}
	}
	wantVerified(t, a)
}

// wantPresent holds that a walk ends at what a plain question answers.
func wantPresent(t *testing.T, a *app.App, d *ledger.FigureDetail) {
	t.Helper()
	list, err := a.Ledger.List(t.Context(), reader, ledger.Filter{Closing: d.ClosingID, Indicator: d.Indicator.Name})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list.Items {
		if f.ID == d.ID && (f.Now.Display != d.Explanation.Now.Display || f.Restated != d.Explanation.Restated) {
			t.Errorf("%s: the walk ends at %q, the answer now is %q", d.ID, d.Explanation.Now.Display, f.Now.Display)
		}
	}
}

// anything does one thing at random.
func anything(t *testing.T, a *app.App, r *rand.Rand, packs []string) {
	t.Helper()
	dataset := "test." + []string{"upsert", "append", "replace", "snapshot"}[r.IntN(4)]
	switch what := r.IntN(10); {
	case what == 0:
		if err := a.UsePack(t.Context(), os.DirFS(packs[r.IntN(len(packs))])); err != nil {
			t.Fatal(err)
		}
	case what <= 2:
		undoAny(t, a, r, dataset)
	case what == 3:
		if _, err := a.Maintain(t.Context(), app.Upkeep{}, "test"); err != nil {
			t.Fatal(err)
		}
	default:
		var rows []string
		for range 1 + r.IntN(6) {
			rows = append(rows, fmt.Sprintf("%c,%s,2024-%02d-%02d,%d", 'A'+r.IntN(8), []string{"140100", "140105", "140106"}[r.IntN(3)], 1+r.IntN(2), 1+r.IntN(9), r.IntN(100)))
		}
		send(t, a, dataset, rows...)
	}
}

// undoAny takes one of a dataset's deliveries back, if there is any.
func undoAny(t *testing.T, a *app.App, r *rand.Rand, dataset string) {
	t.Helper()
	page, err := a.Store.Deliveries(context.Background(), store.Filter{Dataset: dataset, States: []store.State{store.StateCommitted}}, "", store.MaxPage)
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Items) == 0 {
		return
	}
	d := page.Items[r.IntN(len(page.Items))]
	_, err = a.Delivery.Rollback(context.Background(), delivery.RollbackRequest{DeliveryID: d.ID, Reason: "test", Actor: "test"})
	if err != nil && city.CodeOf(err).Root() != city.CodeConflict && city.CodeOf(err).Root() != city.CodeNotFound {
		t.Fatal(err)
	}
}
