package monthly

import (
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

var (
	sourcesTitle     = city.Text{ZH: "本报告所用数据", EN: "Data that this report was made from"}
	columnDataset    = city.Text{ZH: "数据集", EN: "Dataset"}
	columnSnapshot   = city.Text{ZH: "快照", EN: "Snapshot"}
	columnCompleteTo = city.Text{ZH: "数据完整截至", EN: "Complete to"}
	columnKind       = city.Text{ZH: "性质", EN: "Kind"}
	kindSimulated    = city.Text{ZH: "模拟", EN: "simulated"}
	kindReal         = city.Text{ZH: "业务数据", EN: "operational"}
	colon            = city.Text{ZH: "：", EN: ": "}
	dueBy            = city.Text{ZH: "%s前完成", EN: "by %s"}
)

// sources lists the datasets that the notes so far speak of.
func (b *building) sources() error {
	out := b.newTable(say(b.lang, sourcesTitle))
	for _, c := range []city.Text{columnDataset, columnSnapshot, columnCompleteTo, columnKind} {
		out.Columns = append(out.Columns, Column{Title: say(b.lang, c), Wide: c == columnDataset})
	}
	var seen []string
	for _, n := range b.doc.Notes {
		key := n.Dataset + "@" + n.SnapshotID
		if n.Dataset == "" || n.CompleteTo.IsZero() || slices.Contains(seen, key) {
			continue
		}
		seen = append(seen, key)
		title := n.Dataset
		if ds, err := b.city.Dataset(n.Dataset); err == nil {
			title = ds.Title.In(b.lang) + b.bracketed(n.Dataset)
		}
		kind := kindReal
		if n.Simulated {
			kind = kindSimulated
		}
		out.Rows = append(out.Rows, Row{Cells: []Cell{textCell(title), textCell(orMark(n.SnapshotID)), textCell(n.CompleteTo.String()), textCell(say(b.lang, kind))}})
	}
	b.place(out)
	return nil
}

func orMark(text string) string {
	if text == "" {
		return markNone
	}
	return text
}

// withUnitAfter writes a promise, which may begin with its sign, with its unit.
func withUnitAfter(lang, promise string, unit city.Text) string {
	sign, number, found := strings.Cut(promise, " ")
	if !found {
		return withUnit(lang, promise, unit)
	}
	return sign + " " + withUnit(lang, number, unit)
}

// decimalsOf counts the decimals of a printed figure.
func decimalsOf(display string) int {
	_, frac, _ := strings.Cut(display, ".")
	return len(frac)
}
