package app_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/ledger"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

// histories is how many random histories TestHistories makes up. A defect names
// its seed.
var (
	histories = flag.Int("histories", 1, "random histories of published figures to make up")
	seed      = flag.Uint64("history-seed", 1, "seed of the first of them")
)

var modes = []string{"upsert", "append", "replace", "snapshot"}

// declaration is one pack of a history: what its figures go by.
type declaration struct {
	factor int      // of the sum
	core   []string // regions that the sum is over
	good   int      // up to which amount the standard has a grade good, and the index 50
	per90  bool     // the percentile is the 90th, not the 50th
	third  string   // code of the third region, which a pack may number anew
	moved  bool     // upsert.sum is read from the dataset of append
}

// text writes the pack. A standard, a set of regions and a measure are what
// packs of one history differ in.
func (d declaration) text(t testing.TB) string {
	t.Helper()
	base, err := os.ReadFile(filepath.Join(packDir, "city.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	first := "name: {zh: 小店区, en: Xiaodian District}"
	b.WriteString(strings.ReplaceAll(string(base), first, first+"\nsets: ["+d.set("140105")+"]"))
	p := 50
	if d.per90 {
		p = 90
	}
	fmt.Fprintf(&b, `---
region: "140106"
name: {zh: 迎泽区, en: Yingze District}
parent: "140100"
sets: [%s]
---
region: "%s"
name: {zh: 杏花岭区, en: Xinghualing District}
parent: "140100"
sets: [%s]
---
unit: yuan
title: {zh: 元, en: yuan}
---
unit: piece
title: {zh: 件, en: pieces}
---
unit: percent
title: {zh: "%%", en: "%%"}
---
rule: test.index
kind: index
title: {zh: 指数, en: Index}
versions:
  - source: {zh: 某标准, en: A standard}
    provenance: S
    index:
      levels: [0, 50, 100]
      primary_above: 50
      items:
        amount: {zh: 数, en: Amount, points: [0, %d, 100], beyond: 200}
      grades:
        - {grade: good, zh: 良, en: Good, up_to: 50}
        - {grade: bad, zh: 差, en: Bad}
`, d.set("140106"), d.third, d.set(d.third), d.good)
	for _, mode := range modes {
		b.WriteString(amountsOf(mode))
		b.WriteString(`derived:
  index: {title: {zh: 指数, en: Index}, rule: test.index, items: {amount: amount}}
  grade: {title: {zh: 等级, en: Grade}, rule: test.index, items: {amount: amount}, yields: class}
`)
		for _, ind := range []struct{ name, measure, more string }{
			{"sum", fmt.Sprintf("{sum: amount, factor: %d}", d.factor), "scope: {place: {in: core}}\nwindow: period\nunit: yuan"},
			{"kinds", "{count_distinct: amount}", "window: period\nunit: piece"},
			{"mean", "{mean: amount}", "window: year\nunit: yuan\ndecimals: 1"},
			{"high", fmt.Sprintf("{percentile: amount, p: %d}", p), "window: period\nunit: yuan\ndecimals: 2"},
			{"index", "{mean: index}", "window: period\nunit: piece\ndecimals: 1"},
			{"good", "{ratio: [{count: \"*\", where: {grade: good}}, {count: \"*\"}]}", "window: period\nunit: percent\ndecimals: 1"},
			{"more", "{increase: {sum: amount}, on: period}", "window: period\nunit: yuan"},
			{"per", "{ratio: [{sum: amount}, {indicator: append.kinds}], factor: 1}", "window: period\nunit: yuan\ndecimals: 2"},
		} {
			fmt.Fprintf(&b, "---\nindicator: %[1]s.%[2]s\ntitle: {zh: %[2]s, en: %[2]s}\ndataset: test.%[5]s\nmeasure: %[3]s\n%[4]s\ntime: day\nbetter: higher\ndimensions: [place, grade]\n",
				mode, ind.name, ind.measure, ind.more, d.source(mode, ind.name))
		}
	}
	return b.String()
}

// source is the dataset that an indicator is read from.
func (d declaration) source(mode, kind string) string {
	if d.moved && mode == "upsert" && kind == "sum" {
		return "append"
	}
	return mode
}

func (d declaration) set(region string) string {
	if slices.Contains(d.core, region) {
		return "core"
	}
	return "others"
}

// history is one folder and what an outsider knows of it.
type history struct {
	t      *testing.T
	a      *app.App
	chance *rand.Rand
	dir    string
	packs  int
	model
}

// TestHistories makes histories up and holds every explanation to an oracle,
// which knows of the product only what was sent to it: the deliveries in their
// modes, what was taken back, and the packs.
func TestHistories(t *testing.T) {
	t.Parallel()
	for i := range uint64(*histories) {
		t.Run(fmt.Sprint("seed", *seed+i), func(t *testing.T) {
			dir := t.TempDir()
			h := &history{t: t, dir: dir, chance: rand.New(rand.NewPCG(*seed+i, 7)), model: newModel()}
			h.now = declaration{factor: 1, core: []string{"140105", "140106"}, good: 40, third: "140107"}
			h.a = open(t, app.Options{Data: filepath.Join(dir, "data"), Pack: h.pack()})
			for _, mode := range modes {
				h.deliver(mode, row{"base1", "140105", "2023-12-01", 7}, row{"base2", "140106", "2024-01-15", 60}, row{"base3", "140105", "2024-02-29", 33})
			}
			for range 4 {
				h.anything()
			}
			for round := range 2 {
				period := fmt.Sprintf("2024-%02d", 1+h.chance.IntN(2))
				c, err := h.a.Ledger.Publish(t.Context(), reader, ledger.Request{Period: period, By: []string{"place", "grade"}, Person: "王敏", Reason: "test"})
				if city.CodeOf(err) == "conflict.unchanged" {
					continue // nothing came of what was done at random
				}
				if err != nil {
					t.Fatal(err)
				}
				was := h.snapshot()
				for range 3 + 2*round {
					h.anything()
				}
				h.check(c, was, 10)
			}
			wantVerified(t, h.a)
		})
	}
}

func (h *history) pack() string {
	h.packs++
	out := filepath.Join(h.dir, fmt.Sprint("pack", h.packs))
	if err := os.MkdirAll(out, 0o700); err != nil {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(out, "city.yaml"), []byte(h.now.text(h.t)), 0o600); err != nil {
		h.t.Fatal(err)
	}
	return out
}

func (h *history) deliver(mode string, rows ...row) {
	h.t.Helper()
	var b strings.Builder
	b.WriteString("no,place,day,amount\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "%s,%s,%s,%d\n", r.no, r.place, r.day, r.amount)
	}
	if !h.fresh(mode, b.String()) {
		return
	}
	receipt, err := h.a.Delivery.Deliver(h.t.Context(), delivery.Request{Dataset: "test." + mode, File: "b.csv", Actor: "test", Content: strings.NewReader(b.String())})
	if err != nil {
		h.t.Fatal(err)
	}
	h.sent(mode, receipt.DeliveryID, rows)
}

// anything does one thing at random: mostly a delivery, now and then two in a
// row, a delivery taken back, or another pack.
func (h *history) anything() {
	h.t.Helper()
	mode := modes[h.chance.IntN(len(modes))]
	switch what := h.chance.IntN(10); {
	case what <= 2:
		h.redeclare(what)
	case what <= 4:
		h.undo(mode)
	default:
		for range 1 + h.chance.IntN(2) {
			var rows []row
			for range 1 + h.chance.IntN(6) {
				rows = append(rows, row{string(rune('A' + h.chance.IntN(8))), []string{"140105", "140106", h.now.third}[h.chance.IntN(3)],
					[]string{"2023-12-01", "2023-12-15", "2024-01-01", "2024-01-31", "2024-02-01", "2024-02-29"}[h.chance.IntN(6)], h.chance.IntN(100)})
			}
			h.deliver(mode, rows...)
		}
	}
}

func (h *history) redeclare(what int) {
	next := h.now
	switch what {
	case 0:
		next.third = []string{"140107", "140117"}[h.chance.IntN(2)]
		next.core = [][]string{{"140105", "140106"}, {"140105"}, {next.third, "140106"}}[h.chance.IntN(3)]
	case 1:
		next.good = []int{40, 25, 60}[h.chance.IntN(3)]
	default:
		next.factor, next.per90, next.moved = 1+h.chance.IntN(2), h.chance.IntN(2) == 0, h.chance.IntN(3) == 0
	}
	h.now = next
	if err := h.a.UsePack(h.t.Context(), os.DirFS(h.pack())); err != nil {
		h.t.Fatal(err)
	}
}

func (h *history) undo(mode string) {
	h.t.Helper()
	id, ok := h.pick(mode, h.chance)
	if !ok {
		return
	}
	if _, err := h.a.Delivery.Rollback(h.t.Context(), delivery.RollbackRequest{DeliveryID: id, Reason: "test", Actor: "test"}); err != nil {
		h.t.Fatal(err)
	}
	h.undone(mode, id)
}

// check explains some of a closing's figures, and compares.
func (h *history) check(c store.Closing, was moment, most int) {
	h.t.Helper()
	figures, err := h.a.Store.Figures(h.t.Context(), store.FigureFilter{ClosingID: c.ID})
	if err != nil {
		h.t.Fatal(err)
	}
	h.chance.Shuffle(len(figures), func(i, j int) { figures[i], figures[j] = figures[j], figures[i] })
	for _, f := range figures[:min(most, len(figures))] {
		d, err := h.a.Ledger.Figure(h.t.Context(), reader, f.ID)
		if err != nil {
			h.t.Errorf("%s of %s: %v", f.Indicator, f.Member, err)
			continue
		}
		wantSum(h.t, d)
		wantPresent(h.t, h.a, d)
		h.compare(d, was)
		h.compareHistory(d)
	}
}

// compareHistory holds that a line as of now is what it is now, and that it was
// as of the closing what was published.
func (h *history) compareHistory(d *ledger.FigureDetail) {
	h.t.Helper()
	q := ledger.Question{Indicator: d.Indicator.Name, Period: d.Period, Dimension: d.Dimension, Member: d.Member}
	got, err := h.a.Ledger.History(h.t.Context(), policy.Local("test", policy.RightSmallGroups), q)
	if err != nil {
		h.t.Fatal(err)
	}
	last := got.Points[len(got.Points)-1]
	if last.Display != d.Now.Display || last.Version != d.NowVersion {
		h.t.Errorf("%s of %s: as of now it is %q by %.8s, now %q by %.8s", q.Indicator, q.Member, last.Display, last.Version, d.Now.Display, d.NowVersion)
	}
	if changed := d.Version != d.NowVersion; changed != (len(d.Explanation.Definition) > 0) {
		h.t.Errorf("%s: version %.8s became %.8s, with the changes %v", q.Indicator, d.Version, d.NowVersion, d.Explanation.Definition)
	}
	e, err := h.a.Ledger.Compare(h.t.Context(), reader, q, d.Closing.At, time.Time{})
	if err != nil {
		if city.CodeOf(err) != "not_found.history" {
			h.t.Errorf("%s since it was published: %v", q.Indicator, err)
		}
		return
	}
	if e.Published.Display != d.Display || e.Now.Display != d.Now.Display {
		h.t.Errorf("%s of %s: between the closing and now %q became %q, published as %q and now %q", q.Indicator, q.Member, e.Published.Display, e.Now.Display, d.Display, d.Now.Display)
	}
}
