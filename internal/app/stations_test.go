package app_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/store"
)

// TestRealStations delivers real hourly files of Taiyuan's stations in which one
// station is dead and two are stuck: the pack's checks find these and no other.
func TestRealStations(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("/work/shared/data/air/taiyuan_stations_hourly_2020-*.csv")
	if err != nil || len(files) == 0 {
		t.Skip("the real files are not at hand")
	}
	a := open(t, app.Options{Data: t.TempDir(), Pack: "../../packs/taiyuan"})
	want := map[string][]string{"no_measurement": {"涧河"}, "stuck_sensor": {"上兰", "巨轮(启用181031)"}}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := a.Delivery.Deliver(t.Context(), delivery.Request{Dataset: "env.air_station_hourly", File: filepath.Base(name), Content: f, Actor: "test"})
		_ = f.Close() // it was only read
		if err != nil || r.Status != delivery.Committed {
			t.Fatalf("%s: %+v, %v", name, r, err)
		}
		for code, stations := range want {
			if got := heldStations(t, a, r.DeliveryID, code); code == "stuck_sensor" && !slices.Equal(got, stations) || !slices.Contains(got, stations[0]) {
				t.Errorf("%s holds back %q for %s, want %q", r.File, got, code, stations)
			}
		}
		if len(r.Findings) != 1 || r.Findings[0].Code != "hours_missing" || r.Findings[0].Count < 100 {
			t.Errorf("%s: the gaps of the file are not noticed: %+v", r.File, r.Findings)
		}
	}
}

// heldStations lists the stations whose rows a delivery holds back for a reason.
func heldStations(t *testing.T, a *app.App, id, code string) []string {
	t.Helper()
	var out []string
	for cursor := ""; ; {
		page, err := a.Store.Quarantine(t.Context(), id, store.QuarantineFilter{Code: code}, cursor, store.MaxPage)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range page.Items {
			out = append(out, strings.Split(row.Masked, ",")[2])
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
