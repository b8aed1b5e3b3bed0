package chaos

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// row is one row as it is sent.
type row struct {
	no, place, day string
	wage           int64 // in cents
	bad            bool  // it is sent with a day that no calendar has
}

const noSuchDay = "2024-02-30"

func (r row) line() string {
	day := r.day
	if r.bad {
		day = noSuchDay
	}
	return fmt.Sprintf("%s,%s,%s,%s\n", r.no, r.place, day, money(r.wage))
}

// text is the row as a table holds it.
func (r row) text() string {
	return strings.Join([]string{r.no, r.place, r.day, money(r.wage)}, "|")
}

func money(cents int64) string { return fmt.Sprintf("%d.%02d", cents/100, cents%100) }

// table is what a dataset must hold, by what tells its rows apart.
type table map[string]row

func identity(mode city.Mode, r row) string {
	if mode == city.ModeAppend {
		return r.text()
	}
	return r.no
}

// texts lists the rows as the harness reads them from the lake.
func (t table) texts() []string {
	out := make([]string, 0, len(t))
	for _, r := range t {
		out = append(out, r.text())
	}
	slices.Sort(out)
	return out
}

// counts is what a receipt must say.
type counts struct {
	Received, Accepted, Changed, Quarantined, Duplicate, Vanished int64
	SumReceived, SumAccepted, SumQuarantined                      int64 // of the wages, in cents
}

// change is one delivery as the model sees it.
type change struct {
	id     string
	mode   city.Mode
	sha256 string // of the file; "" of mended rows, which are never passed over
	rows   []row
}

// batchOf sorts the rows of a delivery into those that count, the last one of
// each key, and the keys of those that failed.
func (c *change) batch() (good table, order []string, held map[string]bool, n counts) {
	good, held = table{}, map[string]bool{}
	for _, r := range c.rows {
		n.Received++
		n.SumReceived += r.wage
		if r.bad {
			n.Quarantined++
			n.SumQuarantined += r.wage
			held[r.no] = true
			continue
		}
		id := identity(c.mode, r)
		if _, known := good[id]; !known {
			order = append(order, id)
		}
		good[id] = r
	}
	return good, order, held, n
}

// apply does to a table what a delivery does.
func (t table) apply(c *change) counts {
	good, order, held, n := c.batch()
	for _, id := range order {
		r := good[id]
		old, there := t[id]
		if there && old == r {
			continue
		}
		n.Accepted++
		n.SumAccepted += r.wage
		if there {
			n.Changed++
		}
	}
	for id, r := range t {
		_, brought := good[id]
		if !brought && !held[id] && c.speaksFor(r, good) {
			delete(t, id)
			n.Vanished++
		}
	}
	for id, r := range good {
		t[id] = r
	}
	n.Duplicate = n.Received - n.Accepted - n.Quarantined
	return n
}

// speaksFor says whether the batch would have the row if there were any: it is
// all there is of the months of its rows, or of the table.
func (c *change) speaksFor(r row, good table) bool {
	if c.mode != city.ModeReplace {
		return c.mode == city.ModeSnapshot
	}
	first, last := "9999-99", ""
	for _, g := range good {
		first, last = min(first, month(g.day)), max(last, month(g.day))
	}
	return month(r.day) >= first && month(r.day) <= last
}

func month(day string) string { return day[:len("2006-01")] }

// passOver says whether the same file stands before it.
func (c *change) passOver(seen map[string]bool) bool {
	if c.sha256 == "" || c.mode.Whole() {
		return false
	}
	again := seen[c.sha256]
	seen[c.sha256] = true
	return again
}

// fold gives what a table holds after deliveries.
func fold(changes []*change) table {
	t, seen := table{}, map[string]bool{}
	for _, c := range changes {
		if !c.passOver(seen) {
			t.apply(c)
		}
	}
	return t
}

// history is a dataset under way through its log.
type history struct {
	stand []*change // not rolled back
	table table
}

// deliver takes the next delivery and says what its receipt must say.
func (h *history) deliver(c *change) counts {
	seen := map[string]bool{}
	for _, s := range h.stand {
		s.passOver(seen)
	}
	h.stand = append(h.stand, c)
	if c.passOver(seen) {
		n := counts{Received: int64(len(c.rows)), Duplicate: int64(len(c.rows))}
		for _, r := range c.rows {
			n.SumReceived += r.wage
		}
		return n
	}
	return h.table.apply(c)
}

// rollBack takes a delivery back and says by how many rows the table grew.
func (h *history) rollBack(id string) (grown int64, known bool) {
	at := slices.IndexFunc(h.stand, func(c *change) bool { return c.id == id })
	if at < 0 {
		return 0, false
	}
	before := len(h.table)
	h.stand = slices.Delete(h.stand, at, at+1)
	h.table = fold(h.stand)
	return int64(len(h.table) - before), true
}
