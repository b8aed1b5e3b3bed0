package chaos

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// report counts what a run did.
type report struct {
	seed                uint64
	begun               time.Time
	rounds, comparisons int
	kills, missed       int            // that hit a running operation; that came when it had ended
	runs                map[string]int // operations by kind
	hits                map[string]map[string]int
	finished, discarded int // unfinished deliveries and rollbacks, by what recovery did with them
	repeated            int // requests that found themselves done before the kill
	refused             int // rollbacks of deliveries whose older states had expired
	deliveries          int // with a receipt
	rollbacks           int
	rows                int64
}

func newReport(seed uint64) *report {
	return &report{seed: seed, begun: time.Now(), runs: map[string]int{}, hits: map[string]map[string]int{}}
}

func (r *report) run(kind string) { r.runs[kind]++ }

func (r *report) hit(kind, where string) {
	r.kills++
	if r.hits[kind] == nil {
		r.hits[kind] = map[string]int{}
	}
	r.hits[kind][where]++
}

// wheres lists where kills hit: what was there, in the order of a
// delivery, and then the named steps.
func wheres(hits map[string]int) []string {
	order := []string{"no trace", "staged", "validated", "rollback staged", "rollback prepared", "files joined", "done, not answered"}
	place := func(where string) int {
		if i := slices.Index(order, where); i >= 0 {
			return i
		}
		return len(order)
	}
	return slices.SortedFunc(maps.Keys(hits), func(a, b string) int { return cmp.Or(place(a)-place(b), strings.Compare(a, b)) })
}

func (r *report) print(w io.Writer) {
	fmt.Fprintf(w, "chaos: seed %d, %d rounds, %.0f s\n", r.seed, r.rounds, time.Since(r.begun).Seconds())
	fmt.Fprintf(w, "%-18s %5s %6s  %s\n", "operation", "runs", "kills", "what was there of it when it was killed")
	for _, kind := range sorted(r.runs) {
		n, at := 0, ""
		for _, where := range wheres(r.hits[kind]) {
			n += r.hits[kind][where]
			at += fmt.Sprintf("%s %d; ", where, r.hits[kind][where])
		}
		fmt.Fprintf(w, "%-18s %5d %6d  %s\n", kind, r.runs[kind], n, at)
	}
	fmt.Fprintf(w, "%d kills hit a running operation; %d more came when it had ended\n", r.kills, r.missed)
	fmt.Fprintf(w, "recovery finished %d and discarded %d; %d requests found themselves done; %d rollbacks were refused: expired\n", r.finished, r.discarded, r.repeated, r.refused)
	fmt.Fprintf(w, "%d comparisons; at the end %d deliveries, %d rollbacks, %d rows: no difference\n", r.comparisons, r.deliveries, r.rollbacks, r.rows)
}
