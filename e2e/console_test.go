package e2e

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// followed is the target that the story below follows.
const followed = "employment.new_urban.2024"

// TestConsole is one story: a leader opens the overview, goes to a target,
// reads it in both languages; then data arrive, and the screen follows. The
// steps share the page, so they run in order.
func TestConsole(t *testing.T) {
	t.Parallel()
	chromium(t)
	s := startDemo(t)
	if res, err := http.Get(s.origin + "/"); err != nil || res.Body.Close() != nil || res.StatusCode != http.StatusOK {
		without(t, "the binary holds no console", "run make web and build it again")
	}
	b := openTab(t, s.origin)
	steps := []struct {
		name string
		run  func(t *testing.T, b *tab, s *server)
	}{
		{"overview", checkOverview},
		{"target", checkTarget},
		{"language", checkLanguage},
		{"theme", checkTheme},
		{"late batch", checkLateBatch},
		{"correction", checkCorrection},
		{"quarantine", checkQuarantine},
		{"progress", checkProgress},
		{"alerts", checkAlerts},
		{"explore", checkExplore},
		{"drafts", checkDrafts},
		{"monthly", checkMonthly},
		{"pictures", takePictures},
		{"network", checkNetwork},
	}
	for _, step := range steps {
		if !t.Run(step.name, func(t *testing.T) {
			b.t = t
			step.run(t, b, s)
		}) {
			break // the next step would begin on a page that nobody meant
		}
	}
	b.t = t
}

// row is a line of the board as it stands on the screen.
type row struct {
	Name   string `json:"name"`
	Light  string `json:"light"`
	Actual string `json:"actual"`
}

const rowsJS = `[...document.querySelectorAll('[data-testid^="target-row-"]')].map((r) => ({
	name: r.dataset.testid.slice('target-row-'.length),
	light: r.querySelector('[data-light]')?.dataset.light ?? '',
	actual: r.querySelector('[data-testid="target-actual"]')?.innerText.trim() ?? '',
}))`

// states are all that a target can be in.
var states = []string{"on_pace", "at_risk", "will_miss", "met", "missed", "no_data"}

func checkOverview(t *testing.T, b *tab, s *server) {
	b.open("/")
	b.waitFor("the board", fmt.Sprintf(`document.querySelector('%s')`, id("target-row-"+followed)))
	b.waitFor("the map", fmt.Sprintf(`document.querySelectorAll('%s a').length > 0`, id("district-map")))
	compareBoard(t, b, get[board](t, s, "/targets"))
	if b.text(id("simulated")) == "" {
		t.Error("the page does not say that its figures are simulated")
	}
	if today := get[board](t, s, "/targets").Today; !strings.Contains(eval[string](b, `document.body.innerText`), today) {
		t.Errorf("the page does not show the day %s that the city stands at", today)
	}
}

// compareBoard compares the headline counts and every line with the API.
func compareBoard(t *testing.T, b *tab, want board) {
	t.Helper()
	total := 0
	for _, state := range states {
		text := "0" // a state without targets is left out
		if shown := b.text(id("count-" + state)); shown != "" {
			text = shown
		}
		if text != strconv.Itoa(want.Counts[state]) {
			t.Errorf("the headline says %s × %s, the API %d", text, state, want.Counts[state])
		}
		total += want.Counts[state]
	}
	if total != len(want.Targets) || total == 0 {
		t.Errorf("the counts add up to %d of %d targets", total, len(want.Targets))
	}
	shown := eval[[]row](b, rowsJS)
	if len(shown) != len(want.Targets) {
		t.Fatalf("the board has %d lines, the API %d targets", len(shown), len(want.Targets))
	}
	for _, w := range want.Targets {
		i := slices.IndexFunc(shown, func(r row) bool { return r.Name == w.Target.Name })
		switch {
		case i < 0:
			t.Errorf("the board lacks %s", w.Target.Name)
		case shown[i].Light != w.Light:
			t.Errorf("%s has the light %q, the API says %q", w.Target.Name, shown[i].Light, w.Light)
		case (w.Actual == nil) != (shown[i].Actual == "—"), w.Actual != nil && number(t, shown[i].Actual) != number(t, w.Display):
			t.Errorf("%s stands at %q, the API says %q", w.Target.Name, shown[i].Actual, w.Display)
		}
	}
}

// number reads a figure with grouped thousands and a real minus sign.
func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(strings.NewReplacer(",", "", "−", "-", "%", "", " ", "").Replace(text), 64)
	if err != nil {
		t.Errorf("%q is not a figure", text)
	}
	return v
}

func checkTarget(t *testing.T, b *tab, s *server) {
	b.click(id("target-row-"+followed) + " a")
	b.waitFor("the target's page", fmt.Sprintf(`location.pathname === '/targets/%s' && document.querySelector('%s')`, followed, id("figure-actual")))
	want := get[targetDetail](t, s, "/targets/"+followed)
	if want.Actual == nil || want.Pace == nil {
		t.Fatalf("the target has no value to compare: %+v", want)
	}
	if got := b.text(id("figure-actual")); number(t, got) != number(t, want.Display) {
		t.Errorf("actual: %q on the screen, %q in the API", got, want.Display)
	}
	half := 0.5 * math.Pow10(-want.Decimals)
	if got := b.text(id("figure-pace")); math.Abs(number(t, got)-*want.Pace) > half+1e-9 {
		t.Errorf("pace: %q on the screen, %v in the API", got, *want.Pace)
	}
	if got := plain(b.text(id("figure-promise"))); !strings.Contains(got, plain(want.Promise)) {
		t.Errorf("promise: %q on the screen, %q in the API", got, want.Promise)
	}
	if got := b.text(id("target-quote")); got != want.Quote.Text || got == "" {
		t.Errorf("quote: %q on the screen, %q in the API", got, want.Quote.Text)
	}
	if got := b.text(id("definition-sql")); plain(got) != plain(want.Definition.SQL) || !strings.Contains(got, "SELECT") {
		t.Errorf("SQL: %q on the screen, %q in the API", got, want.Definition.SQL)
	}
	checkOrigins(t, b, want)
	b.waitFor("the curve", `document.querySelector('canvas')`)
}

// plain drops what only sets a text: spaces of every kind and group commas.
func plain(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), ""), ",", "")
}

// checkOrigins checks that the page names the deliveries and the districts.
func checkOrigins(t *testing.T, b *tab, want targetDetail) {
	t.Helper()
	if len(want.Deliveries) == 0 || len(want.Districts) == 0 {
		t.Fatal("the API names no deliveries or no districts")
	}
	if list := b.text(id("target-deliveries")); !strings.Contains(list, want.Deliveries[0].ID) {
		t.Errorf("the newest delivery %s does not stand in %q", want.Deliveries[0].ID, list)
	}
	page := b.text("main")
	for _, d := range want.Districts {
		if !strings.Contains(page, d.Region.Title.ZH) {
			t.Errorf("the page does not name the district %s", d.Region.Title.ZH)
		}
	}
}

func checkLanguage(t *testing.T, b *tab, s *server) {
	want := get[targetDetail](t, s, "/targets/"+followed)
	actual := b.text(id("figure-actual"))
	for _, lang := range []struct{ code, title string }{{"en", want.Target.Title.EN}, {"zh-CN", want.Target.Title.ZH}} {
		b.click(id("lang-toggle"))
		b.waitFor("the language "+lang.code, fmt.Sprintf(`document.documentElement.lang === %q && document.querySelector('h1')?.innerText.includes(%q)`, lang.code, lang.title))
		if got := b.text(id("target-quote")); got != want.Quote.Text {
			t.Errorf("the quote became %q", got)
		}
		if got := b.text(id("figure-actual")); got != actual {
			t.Errorf("the figure became %q", got)
		}
	}
}

func checkTheme(t *testing.T, b *tab, _ *server) {
	const theme = `document.documentElement.dataset.theme`
	const paper = `getComputedStyle(document.body).backgroundColor`
	before, ground := eval[string](b, theme), eval[string](b, paper)
	b.click(id("theme-toggle"))
	b.waitFor("the other theme", fmt.Sprintf(`%s !== %q && %s !== %q`, theme, before, paper, ground))
	b.click(id("theme-toggle"))
	b.waitFor("the first theme", fmt.Sprintf(`%s === %q && %s === %q`, theme, before, paper, ground))
}

func checkNetwork(t *testing.T, b *tab, _ *server) {
	foreign, all := b.foreign()
	if all == 0 {
		t.Error("no request was seen; the check sees nothing")
	}
	for _, r := range foreign {
		t.Errorf("a request left the machine: %s", r)
	}
	for _, c := range b.complaints() {
		t.Errorf("the browser complained: %s", c)
	}
}
