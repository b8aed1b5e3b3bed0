package app_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/store"
)

// fillAt fills the disk when a step is reached for the first time.
func (d *smallDisk) fillAt(step string) (at func(string), reached *bool) {
	reached = new(bool)
	return func(name string) {
		if name == step && !*reached {
			*reached = true
			d.fill()
		}
	}, reached
}

// TestOnASmallDiskUndo fills the disk at each step of a rollback. It fails with
// words that help or ends as if nothing were; with space again it can be done.
func TestOnASmallDiskUndo(t *testing.T) {
	d := mountDisk(t)
	a := open(t, app.Options{Data: filepath.Join(d.dir, "data"), Pack: packDir})
	deliver(t, a, firstFile)
	want := table(t, a)
	refused := 0
	for i, step := range delivery.RollbackSteps() {
		r := deliver(t, a, manyRows(3000, i))
		full := table(t, a)
		fill, reached := d.fillAt(step)
		a.Delivery.Step = fill
		req := delivery.RollbackRequest{DeliveryID: r.DeliveryID, Reason: "a test", Actor: "test"}
		_, err := a.Delivery.Rollback(t.Context(), req)
		a.Delivery.Step = nil
		if !*reached {
			t.Fatalf("%s was not reached: %v", step, err)
		}
		if got := table(t, a); err != nil {
			refused++
			settled := city.CodeOf(err) != "unavailable.unsettled"
			if !strings.Contains(err.Error(), "disk is full") || settled && !slices.Equal(got, full) {
				t.Errorf("%s: %v; or the table changed", step, err)
			}
		} else if !slices.Equal(got, want) {
			t.Errorf("%s: the table holds %d rows, want %d", step, len(got), len(want))
		}
		d.free()
		deliver(t, a, firstFile) // settles what was left open
		if _, err := a.Delivery.Rollback(t.Context(), req); err != nil && city.CodeOf(err) != "conflict.delivery" {
			t.Errorf("%s: with space again: %v", step, err)
		}
		after, err := a.Store.Delivery(t.Context(), r.DeliveryID)
		if err != nil || after.State != store.StateRolledBack {
			t.Errorf("%s: the delivery is %s, %v", step, after.State, err)
		}
		wantTable(t, a, want)
		wantTidy(t, a)
		wantVerified(t, a)
	}
	if refused == 0 {
		t.Error("a full disk kept no rollback from its end: the test shows nothing")
	}
}

// TestOnASmallDiskUpkeep fills the disk before and at each step of the upkeep of
// tables, which says so, and changes neither rows nor tags; with space again it
// goes on.
func TestOnASmallDiskUpkeep(t *testing.T) {
	d := mountDisk(t)
	a := open(t, app.Options{Data: filepath.Join(d.dir, "data"), Pack: packDir})
	refused := 0
	for i, step := range append([]string{"before"}, lake.Steps()...) {
		for part := range 3 {
			deliver(t, a, manyRows(300, 10*i+part))
		}
		want := table(t, a)
		fill, reached := d.fillAt(step)
		if a.Lake.Step = fill; step == "before" {
			fill(step)
		}
		err := d.upkeep(a, step)
		a.Lake.Step = nil
		if !*reached {
			t.Fatalf("%s was not reached: %v", step, err)
		}
		if err != nil {
			refused++
			if !strings.Contains(err.Error(), "disk is full") {
				t.Errorf("%s: %v", step, err)
			}
		}
		wantTable(t, a, want)
		d.free()
		if err := d.upkeep(a, step+" again"); err != nil {
			t.Errorf("%s: with space again: %v", step, err)
		}
		wantTable(t, a, want)
		wantVerified(t, a)
	}
	if refused == 0 {
		t.Error("a full disk kept no upkeep from its end: the test shows nothing")
	}
}

// upkeep makes a tag, and maintains the tables eagerly.
func (d *smallDisk) upkeep(a *app.App, tag string) error {
	_, err := a.Tag(d.t.Context(), strings.ReplaceAll(tag, " ", "-"), "test")
	m, merr := a.Maintain(d.t.Context(), eager, "test")
	if err = errors.Join(err, merr); m != nil {
		for _, e := range m.Errors {
			err = errors.Join(err, errors.New(e.Message))
		}
	}
	return err
}
