package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// takePictures saves every page in both themes and both languages, for people
// to look at, and checks that nothing on them is wider than the screen.
func takePictures(t *testing.T, b *tab, s *server) {
	if old, err := filepath.Glob(filepath.Join(pictures, "failed*.png")); err == nil {
		for _, path := range old {
			_ = os.Remove(path) // a picture of an earlier run that is left over misleads nobody
		}
	}
	deliveries := get[struct{ Items []receipt }](t, s, "/deliveries?dataset=hrss.employment&limit=1")
	if len(deliveries.Items) == 0 {
		t.Fatal("no delivery to take a picture of")
	}
	pages := []struct{ name, path, ready string }{
		{"overview", "/", id("target-row-"+followed) + ` [data-light]`},
		{"board", "/targets", id("target-row-" + followed)},
		{"target", "/targets/" + followed, "canvas"},
		{"unbound", "/targets/mine.dongshan.2024", id("target-quote")},
		{"explore", "/explore?m=" + explored + ":value,yoy,rank&by=region&period=2024-01..2024-09&totals=1&sort=m0.value:desc&chart=bar", "canvas"},
		{"explore-empty", "/explore", id("example-0")},
		{"indicators", "/indicators", id("indicator-row-" + "air.pm25_mean")},
		{"indicator", "/indicators/air.pm25_mean", "canvas"},
		{"data", "/data", id("dataset-row-hrss.employment")},
		{"delivery", "/data/deliveries/" + deliveries.Items[0].ID, id("receipt-received")},
		{"quarantine", "/quarantine", id("quarantine-rows") + " tbody tr"},
		{"sources", "/sources", id("sources-empty")},
		{"progress", "/progress", id("owed") + " tbody tr"},
		{"drafts", "/drafts", id("drafts") + " tbody tr"},
		{"monthly", "/monthly?report=" + circulated + "&month=" + circulatedMonth, id("document") + " canvas"},
		{"published", "/published", id("figures") + " tbody tr"},
		{"history", "/indicators/" + explored + "/history?period=2024-08", "canvas"},
		{"alerts", "/alerts", id("alerts") + " tbody tr"},
	}
	for _, theme := range []string{"light", "dark"} {
		for _, lang := range []string{"zh", "en"} {
			eval[any](b, fmt.Sprintf(`localStorage.setItem('jinyang.theme', %q), localStorage.setItem('jinyang.lang', %q)`, theme, lang))
			for _, p := range pages {
				b.open(p.path)
				b.waitFor("the page "+p.name, fmt.Sprintf(`document.documentElement.dataset.theme === %q && document.querySelector(%q) && (%s)`, theme, p.ready, settled))
				t.Log(b.photo(fmt.Sprintf("%s-%s-%s", p.name, theme, lang)))
				if over := eval[int](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
					t.Errorf("the page %s (%s, %s) is %d pixels wider than the screen", p.name, theme, lang, over)
				}
			}
		}
	}
}
