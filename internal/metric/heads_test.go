package metric

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
)

// heads is who stands behind a group and month: how many are named, of how many
// rows, and how many numbers tell them apart.
type heads struct{ persons, rows, numbers int64 }

// askHeads runs the query; who gives the numbers of each group's persons.
func askHeads(t tester, db *sql.DB, r Heads) (found map[string]heads, who map[string][]string) {
	q, err := CompileHeads(testCity(), r, whole)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := db.QueryContext(context.Background(), q.SQL, q.Args...)
	if err != nil {
		t.Fatalf("%v\n%s", err, q.SQL)
	}
	defer rows.Close()
	found, who = map[string]heads{}, map[string][]string{}
	for rows.Next() {
		var start time.Time
		var region, kind, list sql.NullString
		var h heads
		if err := rows.Scan(&start, &region, &kind, &h.persons, &h.rows, &list); err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprint(city.DateOf(start), region.String, kind.String)
		if list.String != "" {
			who[name] = strings.Split(list.String, ",")
		}
		h.numbers = int64(len(who[name]))
		found[name] = h
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return found, who
}

// naiveHeads counts with a set of persons for each group.
func naiveHeads(facts []fact, r Heads) (want map[string]heads, who map[string]map[string]bool) {
	want, who = map[string]heads{}, map[string]map[string]bool{}
	for _, f := range facts {
		if f.other || !r.Period.Contains(f.day) || !f.satisfies(r.Where) || !f.satisfies(r.Indicator.Scope) {
			continue
		}
		name := fmt.Sprint(r.Grain.Start(f.day), f.region, f.kind)
		if who[name] == nil {
			who[name] = map[string]bool{}
		}
		if f.person != "" {
			who[name][f.person] = true
		}
		h := want[name]
		h.rows++
		if h.persons = int64(len(who[name])); r.Person == "" {
			h.persons = 0
		}
		if h.numbers = h.persons; h.persons >= int64(r.Least) {
			h.numbers = 0
		}
		want[name] = h
	}
	return want, who
}

// The one pass counts what counting group by group counts, and its numbers tell
// the same person the same in all groups, and different ones apart.
func TestHeadsAreThoseCountedOneByOne(t *testing.T) {
	t.Parallel()
	db := openFacts(t)
	rapid.Check(t, func(t *rapid.T) {
		facts := drawFacts(t)
		refill(t, db, facts)
		ind := indicator(city.WindowYear, count())
		ind.Scope = drawConditions(t, 1)
		r := Heads{Least: rapid.IntRange(1, 5).Draw(t, "least"), Person: rapid.SampledFrom([]string{"", "person", "person"}).Draw(t, "named by"),
			Request: Request{Indicator: ind, By: []string{"region", "kind"}, Where: drawConditions(t, 1),
				Period: city.Span{From: city.NewDate(2022, 3, 1), To: city.NewDate(2024, 9, 30)},
				Grain:  rapid.SampledFrom([]city.Grain{city.GrainDay, city.GrainMonth, city.GrainYear}).Draw(t, "grain")}}
		found, numbers := askHeads(t, db, r)
		want, who := naiveHeads(facts, r)
		if !maps.Equal(found, want) {
			t.Fatalf("found %v, want %v", found, want)
		}
		all, named := map[string]bool{}, map[string]bool{}
		for group, list := range numbers {
			for _, n := range list {
				all[n] = true
			}
			maps.Copy(named, who[group])
		}
		if len(all) != len(named) {
			t.Fatalf("%d numbers for the %d persons of %v", len(all), len(named), numbers)
		}
	})
}
