package chaos

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

const head = "业务流水号,登记地,登记日期,工资\n"

// packDir is the city of the harness.
const packDir = "testdata/pack"

// datasets are those of the pack, by their mode.
var datasets = map[string]city.Mode{
	"chaos.append": city.ModeAppend, "chaos.upsert": city.ModeUpsert, "chaos.replace": city.ModeReplace, "chaos.snapshot": city.ModeSnapshot,
}

// names lists the datasets in an order that does not change.
func names() []string {
	return []string{"chaos.append", "chaos.upsert", "chaos.replace", "chaos.snapshot"}
}

// batch is a file to deliver.
type batch struct {
	dataset, name, sha256 string
	content               []byte
	rows                  []row
	broken                bool // its header is not one of the dataset: it is rejected
}

// plan draws files.
type plan struct {
	*rand.Rand
	size  int
	files int
	next  int
	sent  map[string][]row // last rows by dataset, and month where the mode replaces
}

func newPlan(seed uint64, size int) *plan {
	return &plan{Rand: rand.New(rand.NewPCG(seed, 1)), size: size, sent: map[string][]row{}}
}

// batch draws a file: new rows, rows as they were, corrected ones, some twice,
// a few that fail; in modes that speak for a whole some are left out.
func (p *plan) batch(dataset string) *batch {
	mode, key, months := datasets[dataset], dataset, 6
	of := 1 + p.IntN(months)
	if mode == city.ModeReplace {
		key = fmt.Sprint(dataset, of)
	}
	var rows []row
	for _, r := range p.sent[key] {
		switch x := p.IntN(10); {
		case x < 2:
			continue
		case x < 4:
			r.wage += 1 + p.Int64N(5000)
		case x < 5 && !mode.Whole():
			continue
		}
		if len(rows) < p.size*2/3 {
			rows = append(rows, r)
		}
	}
	for n := p.size/2 + p.IntN(p.size/2); len(rows) < n; {
		rows = append(rows, p.row(mode, of))
	}
	p.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	p.sent[key] = append([]row{}, rows...)
	for i := range 1 + p.IntN(3) { // these fail: some are known to the table, some are not
		rows[p.IntN(len(rows)/4)*4+i].bad = true
	}
	twice := rows[len(rows)-1]
	for _, r := range rows[len(rows)/2:] {
		if !r.bad {
			twice = r
		}
	}
	rows = append(rows, twice)
	twice.wage++
	rows = append(rows, twice)
	return p.file(dataset, head, rows)
}

func (p *plan) row(mode city.Mode, of int) row {
	p.next++
	m := 1 + p.IntN(12)
	if mode == city.ModeReplace {
		m = of
	}
	place := "140105"
	if p.IntN(3) == 0 {
		place = "140100"
	}
	return row{no: fmt.Sprintf("N%07d", p.next), place: place, day: fmt.Sprintf("2024-%02d-%02d", m, 1+p.IntN(28)), wage: p.Int64N(1_000_000)}
}

func (p *plan) file(dataset, head string, rows []row) *batch {
	p.files++
	var text strings.Builder
	text.WriteString(head)
	for _, r := range rows {
		text.WriteString(r.line())
	}
	sum := sha256.Sum256([]byte(text.String()))
	return &batch{dataset: dataset, name: fmt.Sprintf("%s-%03d.csv", strings.TrimPrefix(dataset, "chaos."), p.files),
		sha256: hex.EncodeToString(sum[:]), content: []byte(text.String()), rows: rows}
}

// broken draws a file whose header lacks a column.
func (p *plan) broken(dataset string) *batch {
	b := p.file(dataset, strings.Replace(head, "登记日期", "不知道", 1), []row{p.row(datasets[dataset], 1)})
	b.broken = true
	return b
}

// dataset draws one.
func (p *plan) dataset() string { return names()[p.IntN(len(names()))] }
