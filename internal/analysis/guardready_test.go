package analysis_test

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"testing"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/metric"
)

// tap is an engine that notes which questions count persons.
type tap struct {
	lake.Engine
	mu    sync.Mutex
	heads int
}

func (e *tap) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if strings.Contains(query, `"`+metric.ColumnWho+`"`) {
		e.mu.Lock()
		e.heads++
		e.mu.Unlock()
	}
	return e.Engine.Query(ctx, query, args...)
}

// counted gives how often persons were counted since it was last asked.
func (e *tap) counted() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := e.heads
	e.heads = 0
	return n
}

// What decides about small groups is ready before anybody asks: no question
// about whole months counts persons any more, by whatever fields, until the rows
// change.
func TestGuardIsReadyBeforeItIsAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deliver([]string{"cases.register", "2024-01..2024-06"}, sparse())
	e := &tap{Engine: w.app.Analysis.Engine}
	w.app.Analysis.Engine = e
	ready := func() {
		t.Helper()
		releases, err := w.app.Analysis.Guard(t.Context(), asker)
		if err != nil || releases != 1 { // one for both indicators, whatever they measure
			t.Fatalf("%d releases, %v", releases, err)
		}
	}
	ready()
	if e.counted() == 0 {
		t.Fatal("nothing was counted, so that nothing is tried")
	}
	for _, by := range [][]string{nil, {"place"}, {"kind"}, {"place", "kind"}} {
		for _, grain := range []city.Grain{city.GrainMonth, city.GrainQuarter, city.GrainYear} {
			for _, name := range []string{"cases.month", "cases.cost"} {
				if _, err := w.app.Analysis.Query(t.Context(), asker, analysis.Question{Indicator: name, By: by, Grain: grain, Period: span(t, "2024")}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	ready()
	if n := e.counted(); n != 0 {
		t.Errorf("persons were counted %d times after all was ready", n)
	}
	w.deliver([]string{"cases.register"}, "id,day,place,kind,note,cost\nnew,2024-06-03,140105,wages,,1\n")
	ready()
	if e.counted() == 0 {
		t.Error("after a delivery nothing was counted")
	}
}
