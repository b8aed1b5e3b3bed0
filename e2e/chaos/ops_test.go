package chaos

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// operation is one thing that can be asked of a world.
type operation struct {
	weight int
	do     func(*world, context.Context) error
}

// operations are drawn by weight.
func operations() []operation {
	return []operation{
		{6, (*world).deliver}, {4, (*world).serve}, {3, (*world).collect}, {4, (*world).rollBack},
		{2, (*world).mend}, {1, (*world).decide}, {1, (*world).maintain}, {5, (*world).upkeep}, {1, (*world).rekey},
	}
}

// step draws an operation and does it, under fire.
func (w *world) step(ctx context.Context) error {
	all := operations()
	sum := 0
	for _, o := range all {
		sum += o.weight
	}
	x := w.plan.IntN(sum)
	for _, o := range all {
		if x -= o.weight; x < 0 {
			return o.do(w, ctx)
		}
	}
	return nil
}

// deliver hands files over by the command line, now and then one that is
// rejected.
func (w *world) deliver(ctx context.Context) error {
	dataset := w.plan.dataset()
	var sent []*batch
	for range 1 + w.plan.IntN(2) {
		sent = append(sent, w.draw(dataset))
	}
	if w.plan.IntN(6) == 0 {
		b := w.plan.broken(dataset)
		w.batches[b.sha256] = b
		sent = []*batch{b}
	}
	j := job{kind: "deliver " + strings.TrimPrefix(dataset, "chaos."), program: []string{"deliver", "--pack", packDir, "--dataset", dataset},
		child: &child{Dataset: dataset}, steps: delivery.Steps()}
	for _, b := range sent {
		path := w.path("files", b.name)
		if err := put(path, b.content); err != nil {
			return err
		}
		j.program, j.child.Files = append(j.program, path), append(j.child.Files, path)
	}
	s, err := w.shoot(ctx, j)
	if err != nil {
		return err
	}
	if want := map[bool]int{false: 0, true: 1}[sent[0].broken]; s.code != want {
		return failed("deliver", s)
	}
	return w.wantAcked(sent...)
}

func (w *world) wantAcked(sent ...*batch) error {
	for _, b := range sent {
		if !w.acked[b.sha256] {
			return fmt.Errorf("%s was answered without a receipt", b.name)
		}
	}
	return nil
}

// candidates lists the deliveries that stand and were not mended, sorted.
func (w *world) candidates() []*change {
	var out []*change
	for _, name := range names() {
		if h := w.tables[name]; h != nil {
			for _, c := range h.stand {
				if _, mended := w.mends[c.id]; !mended && c.sha256 != "" {
					out = append(out, c)
				}
			}
		}
	}
	return out
}

// rollBack takes a delivery back, rather one of the last.
func (w *world) rollBack(ctx context.Context) error {
	all := w.candidates()
	if len(all) == 0 {
		return nil
	}
	id := all[w.plan.IntN(len(all))].id
	s, err := w.shoot(ctx, job{kind: "rollback", program: []string{"rollback", "--reason", "a test", id}, child: &child{Undo: id}, steps: delivery.RollbackSteps()})
	if err != nil {
		return err
	}
	return w.rolledBack(id, s.code == 0, refusal(s.out))
}

// rolledBack judges the answer to a rollback.
func (w *world) rolledBack(id string, ok bool, code string) error {
	switch {
	case ok:
		w.undone[id] = true
	case code == "conflict.delivery": // it was done before the kill; the comparison holds that it was
		w.undone[id] = true
		w.report.repeated++
	case code == "conflict.expired" && w.expired:
		w.report.refused++
	default:
		return fmt.Errorf("the rollback of %s was refused: %s", id, code)
	}
	return nil
}

// held draws a delivery with rows that are still open.
func (w *world) held() (c *change, rows []int64) {
	for _, i := range w.plan.Perm(len(w.candidates())) {
		c := w.candidates()[i]
		rows := w.log.open[c.id]
		if len(rows) > 0 {
			return c, rows
		}
	}
	return nil, nil
}

// mend brings the open rows of a delivery in with the day that they have.
func (w *world) mend(ctx context.Context) error {
	c, rows := w.held()
	if c == nil {
		return nil
	}
	var values []delivery.MendRow
	for _, n := range rows {
		values = append(values, delivery.MendRow{Row: n, Values: map[string]string{"day": c.rows[n-1].day}})
	}
	doc, err := json.Marshal(values)
	if err != nil {
		return err
	}
	file := w.path("files", "mend.json")
	if err := put(file, doc); err != nil {
		return err
	}
	w.mends[c.id] = rows
	s, err := w.shoot(ctx, job{kind: "mend", program: []string{"quarantine", "mend", "--force", "--delivery", c.id, "--values", file, "--reason", "a test"},
		child: &child{Mend: &delivery.MendRequest{DeliveryID: c.id, Rows: values, Reason: "a test", Force: true}}, steps: delivery.Steps()})
	if err != nil {
		return err
	}
	if s.code != 0 && refusal(s.out) != "conflict.row" {
		return failed("mend", s)
	}
	if s.code != 0 {
		w.report.repeated++
	}
	w.note(c.id, rows, "mended")
	return nil
}

func (w *world) note(id string, rows []int64, state string) {
	if w.decided[id] == nil {
		w.decided[id] = map[int64]string{}
	}
	for _, n := range rows {
		w.decided[id][n] = state
	}
}

// decide waives one row or sends it back.
func (w *world) decide(ctx context.Context) error {
	c, rows := w.held()
	if c == nil {
		return nil
	}
	how := []string{"waive", "return"}[w.plan.IntN(2)]
	s, err := w.shoot(ctx, job{kind: "decide", program: []string{"quarantine", how, "--delivery", c.id, "--rows", fmt.Sprint(rows[0]), "--reason", "a test"}})
	if err != nil {
		return err
	}
	if s.code != 0 {
		return failed(how, s)
	}
	w.note(c.id, rows[:1], map[string]string{"waive": "waived", "return": "returned"}[how])
	return nil
}

// maintain runs the program's own maintenance.
func (w *world) maintain(ctx context.Context) error {
	s, err := w.shoot(ctx, job{kind: "maintain", program: []string{"maintain"}})
	if err == nil && s.code != 0 {
		err = failed("maintain", s)
	}
	return err
}

// upkeep tags, expires and joins more eagerly than the program does.
func (w *world) upkeep(ctx context.Context) error {
	c := child{Upkeep: true, Expire: w.plan.IntN(4) == 0}
	if w.plan.IntN(3) == 0 {
		c.Tag = fmt.Sprintf("tag-%d", len(w.tags))
	}
	w.expired = w.expired || c.Expire
	s, err := w.shoot(ctx, job{kind: "upkeep", child: &c, steps: lake.Steps()})
	if err != nil {
		return err
	}
	if s.code != 0 {
		return failed("upkeep", s)
	}
	if c.Tag != "" {
		w.tags[c.Tag] = map[string]table{}
		for name, h := range w.tables {
			w.tags[c.Tag][name] = maps.Clone(h.table)
		}
	}
	return nil
}

// rekey makes a new key of the vault and seals everything anew. Mends and
// rollbacks, which read what is sealed, show whether it can still be opened.
func (w *world) rekey(ctx context.Context) error {
	for _, what := range []string{"rotate", "reseal"} {
		s, err := w.shoot(ctx, job{kind: "vault " + what, program: []string{"vault", what}})
		if err == nil && s.code != 0 {
			err = failed(what, s)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sorted gives the keys of a map in order.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
