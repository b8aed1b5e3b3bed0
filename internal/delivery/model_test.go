package delivery_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/delivery"
)

// model is what the table of hrss.jobs must hold, computed the plain way: a
// map from key to row.
type model struct {
	rand  *rand.Rand
	rows  map[string]string
	files []string // committed before
}

// TestModel sends random deliveries, with repeats, corrections, bad rows, files
// that came before and senders that go away, to the service and to the model.
func TestModel(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			m := &model{rand: rand.New(rand.NewPCG(seed, 140100)), rows: map[string]string{}}
			for range 16 {
				m.step(b)
				if t.Failed() {
					return
				}
			}
			b.settled()
		})
	}
}

func (m *model) step(b *bench) {
	b.t.Helper()
	content := m.file()
	if len(m.files) > 0 && m.rand.IntN(5) == 0 {
		content = m.files[m.rand.IntN(len(m.files))]
	}
	if m.rand.IntN(5) == 0 {
		m.cut(b, content)
		return
	}
	want := m.apply(content)
	r := b.deliver("hrss.jobs", content)
	got := [5]int64{r.Received, r.Accepted, r.Changed, r.Quarantined, r.Duplicate}
	if r.Status != delivery.Committed || got != want {
		b.t.Errorf("%q gave %s %v, want %v", content, r.Status, got, want)
	}
	b.wantTable("hrss.jobs", m.table()...)
}

// cut ends the sender's context at a step before the commit.
func (m *model) cut(b *bench, content string) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	at := delivery.Steps()[m.rand.IntN(2)]
	b.svc.Step = func(name string) {
		if name == at {
			cancel()
		}
	}
	if r, err := b.svc.Deliver(ctx, delivery.Request{Dataset: "hrss.jobs", File: "cut.csv", Content: strings.NewReader(content), Actor: "test"}); err == nil {
		b.t.Errorf("a delivery that was cut off at %s gave %s", at, brief(r))
	}
	b.svc.Step = nil
	b.wantTable("hrss.jobs", m.table()...)
}

// file writes up to 12 rows over 10 keys; some are bad.
func (m *model) file() string {
	var out strings.Builder
	out.WriteString(head)
	for range 1 + m.rand.IntN(12) {
		day := fmt.Sprintf("2024-01-%02d", 1+m.rand.IntN(2))
		if m.rand.IntN(6) == 0 {
			day = "2024-02-30"
		}
		fmt.Fprintf(&out, "K%d,,,%s,%d\n", m.rand.IntN(10), day, m.rand.IntN(2))
	}
	return out.String()
}

// apply changes the model as a delivery must, and counts received, accepted,
// changed, quarantined and duplicate.
func (m *model) apply(content string) (n [5]int64) {
	lines := strings.Split(strings.TrimSuffix(strings.TrimPrefix(content, head), "\n"), "\n")
	n[0] = int64(len(lines))
	if slices.Contains(m.files, content) {
		n[4] = n[0]
		return n
	}
	m.files = append(m.files, content)
	last := map[string]string{}
	for _, line := range lines {
		f := strings.Split(line, ",")
		if f[3] == "2024-02-30" {
			n[3]++
			continue
		}
		last[f[0]] = fmt.Sprintf("%s|-|140100|%s|%s.00", f[0], f[3], f[4])
	}
	for key, row := range last {
		before, ok := m.rows[key]
		if ok && before == row {
			continue
		}
		if ok {
			n[2]++
		}
		n[1]++
		m.rows[key] = row
	}
	n[4] = n[0] - n[1] - n[3]
	return n
}

func (m *model) table() []string {
	out := []string{}
	for _, row := range m.rows {
		out = append(out, row)
	}
	slices.Sort(out)
	return out
}
