package watch

import (
	"testing"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/store"
)

// batch makes a delivery of a period, "" an unknown one.
func batch(t *testing.T, state store.State, period string, received, quarantined int64) store.Delivery {
	t.Helper()
	d := store.Delivery{ID: "D" + period, State: state, FileName: "110101199003078515-" + period + ".csv", Received: received, Quarantined: quarantined}
	if period != "" {
		p, err := city.ParseSpan(period)
		if err != nil {
			t.Fatal(err)
		}
		d.Period = p
	}
	return d
}

// TestRejected holds that a rejected batch is a cause until something of its
// period is accepted. The deliveries come newest first.
func TestRejected(t *testing.T) {
	t.Parallel()
	in, out := store.StateCommitted, store.StateRejected
	mended := batch(t, out, "2024-09", 5, 5)
	mended.MendOf = "D1"
	for name, c := range map[string]struct {
		newest []store.Delivery
		want   alert.Level
		link   string
	}{
		"nothing ever came":        {nil, alert.Clear, "x"},
		"the newest":               {[]store.Delivery{batch(t, out, "2024-10", 5, 5), batch(t, in, "2024-09", 5, 0)}, alert.Raise, "D2024-10"},
		"sent again":               {[]store.Delivery{batch(t, in, "2024-10", 5, 0), batch(t, out, "2024-10", 5, 5)}, alert.Clear, "x"},
		"another month came since": {[]store.Delivery{batch(t, in, "2024-11", 5, 0), batch(t, out, "2024-10", 5, 5)}, alert.Raise, "D2024-10"},
		"part of it came since":    {[]store.Delivery{batch(t, in, "2024-10-15", 5, 0), batch(t, out, "2024-10", 5, 5)}, alert.Clear, "x"},
		"of an unknown period":     {[]store.Delivery{batch(t, in, "2024-11", 5, 0), batch(t, out, "", 5, 5)}, alert.Clear, "x"},
		"settled without a period": {[]store.Delivery{batch(t, in, "", 5, 0), batch(t, out, "2024-10", 5, 5)}, alert.Clear, "x"},
		"mended rows are no batch": {[]store.Delivery{mended, batch(t, in, "2024-08", 5, 0)}, alert.Clear, "x"},
		"an older one":             {[]store.Delivery{batch(t, in, "2024-11", 5, 0), batch(t, in, "2024-09", 5, 0), batch(t, out, "2024-10", 5, 5)}, alert.Raise, "D2024-10"},
	} {
		r := rejected(c.newest, alert.Facts{Name: "x"})
		if r.Level != c.want || r.Name != c.link {
			t.Errorf("%s: %s at %s", name, r.Level, r.Name)
		}
		if r.Level == alert.Raise && (len(r.Text.ZH) == 0 || r.Display == "110101199003078515-2024-10.csv") {
			t.Errorf("%s: the sentence %q, or the number of a person in %q", name, r.Text.ZH, r.Display)
		}
	}
}

// TestHeldBack holds that the newest accepted batch with rows is judged.
func TestHeldBack(t *testing.T) {
	t.Parallel()
	share := 0.05
	w := &city.QualityWatch{Quarantined: &share, Clear: 0.02}
	in, out := store.StateCommitted, store.StateRejected
	for name, c := range map[string]struct {
		newest []store.Delivery
		want   alert.Level
	}{
		"nothing": {nil, alert.Unknown}, "much": {[]store.Delivery{batch(t, in, "2024-10", 100, 6)}, alert.Raise}, "just as much": {[]store.Delivery{batch(t, in, "2024-10", 100, 5)}, alert.Hold},
		"little": {[]store.Delivery{batch(t, in, "2024-10", 100, 2)}, alert.Clear}, "rejected are told apart": {[]store.Delivery{batch(t, out, "2024-11", 100, 99), batch(t, in, "2024-10", 100, 0)}, alert.Clear},
		"an empty one": {[]store.Delivery{batch(t, in, "2024-11", 0, 0), batch(t, in, "2024-10", 100, 50)}, alert.Raise},
	} {
		if r := heldBack(w, c.newest, alert.Facts{}); r.Level != c.want {
			t.Errorf("%s: %s, want %s", name, r.Level, c.want)
		}
	}
}
