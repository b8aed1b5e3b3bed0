package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// explored is the indicator that the story asks about.
const explored = "employment.new_urban"

// exploreTable is an answer of the API, as far as it is compared.
type exploreTable struct {
	Rows []struct {
		Kind  string            `json:"kind"`
		Dims  map[string]string `json:"dims"`
		Cells map[string]struct {
			Value   *float64 `json:"value"`
			Display string   `json:"display"`
		} `json:"cells"`
	} `json:"rows"`
}

// exploreLine is a line of the table as it stands on the screen.
type exploreLine struct {
	Kind   string `json:"kind"`
	Figure string `json:"figure"`
}

const exploreLinesJS = `[...document.querySelectorAll('[data-testid="explore-table"] tbody tr')].map((r) => ({
	kind: r.dataset.kind, figure: r.querySelector('[data-cell] span').innerText.trim(),
}))`

// tableAnswers is true when the table answers what the address asks; while it
// does not, the old answer stands dimmed.
const tableAnswers = `document.querySelector('[data-testid="explore-table"] tbody tr') && !document.querySelector('[aria-busy="true"]')`

// checkExplore asks a question as an analyst does, goes from a figure to its
// rows and the delivery behind them, keeps the question, and takes it along.
func checkExplore(t *testing.T, b *tab, s *server) {
	b.open("/explore")
	b.waitFor("the questions to begin with", fmt.Sprintf(`document.querySelector('%s')`, id("example-0")))
	b.click(id("explore-add-measure"))
	b.do(chromedp.SendKeys(chromedp.CSS(id("explore-add-measure")), explored))
	b.waitFor("the measure", fmt.Sprintf(`document.querySelector('%s')`, id("explore-measure-"+explored)))
	b.do(chromedp.KeyEvent("\r"))
	b.waitFor("an answer", tableAnswers)
	b.click(id("by-region"))
	b.waitFor("the districts", fmt.Sprintf(`%s && document.querySelectorAll('%s tbody tr').length > 3`, tableAnswers, id("explore-table")))
	b.click(id("explore-totals"))
	b.waitFor("the total", fmt.Sprintf(`%s && document.querySelector('%s tr[data-kind="total"]')`, tableAnswers, id("explore-table")))
	compareExplore(t, b, s)
	checkExploreOrder(t, b)
	checkDrill(t, b)
	checkView(t, b)
	checkExport(t, b)
}

// search reads the question in the address.
func search(b *tab) url.Values {
	b.t.Helper()
	q, err := url.ParseQuery(strings.TrimPrefix(eval[string](b, `location.search`), "?"))
	if err != nil {
		b.t.Fatalf("the address holds no question: %v", err)
	}
	return q
}

// compareExplore asks the API the question of the page, and compares each line.
func compareExplore(t *testing.T, b *tab, s *server) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"measures": []any{map[string]any{"indicator": explored}}, "by": []string{"region"},
		"period": search(b).Get("period"), "grain": "all", "totals": true})
	if err != nil {
		t.Fatal(err)
	}
	want := postJSON[exploreTable](t, s.origin+"/api/v1/explore", body)
	shown := eval[[]exploreLine](b, exploreLinesJS)
	if len(shown) != len(want.Rows) {
		t.Fatalf("the table has %d lines, the API gives %d", len(shown), len(want.Rows))
	}
	for i, w := range want.Rows {
		cell := w.Cells["m0.value"]
		if shown[i].Kind != w.Kind || cell.Value != nil && number(t, shown[i].Figure) != number(t, cell.Display) {
			t.Errorf("line %d shows %+v, the API says %s %q", i, shown[i], w.Kind, cell.Display)
		}
	}
}

func postJSON[T any](t *testing.T, address string, body []byte) (v T) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&v); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d, error %v", address, res.StatusCode, err)
	}
	return v
}

// checkExploreOrder sorts by a head and takes that back.
func checkExploreOrder(t *testing.T, b *tab) {
	t.Helper()
	b.click(id("sort-m0.value"))
	b.waitFor("the order in the address", `new URLSearchParams(location.search).get('sort') === 'm0.value:desc'`)
	b.waitFor("the order in the table", tableAnswers+` && document.querySelector('th[aria-sort="descending"]')`)
	last := 0.0
	for i, l := range eval[[]exploreLine](b, exploreLinesJS) {
		if l.Kind != "cell" || !strings.ContainsAny(l.Figure, "0123456789") {
			continue
		}
		if v := number(t, l.Figure); i > 0 && v > last {
			t.Errorf("line %d has %s after %v in a falling order", i, l.Figure, last)
		} else {
			last = v
		}
	}
	b.click(id("undo-question"))
	b.waitFor("the undo", `!new URLSearchParams(location.search).has('sort')`)
	b.waitFor("the answer before", tableAnswers)
}

// maskedJS gives the values of the columns that hold what identifies persons.
const maskedJS = `(() => {
	const table = document.querySelector('[data-testid="drill-rows"]');
	const masked = [...table.querySelectorAll('thead th')].map((th, i) => (th.querySelector('.masked') ? i : -1)).filter((i) => i >= 0);
	return [...table.querySelectorAll('tbody tr')].flatMap((r) => masked.map((i) => r.cells[i].innerText.trim()));
})()`

// checkDrill opens what is behind a figure by the keyboard, and follows it to
// its delivery and back.
func checkDrill(t *testing.T, b *tab) {
	t.Helper()
	eval[bool](b, fmt.Sprintf(`(document.querySelector('%s').focus(), true)`, id("cell-0-m0.value")))
	b.do(chromedp.KeyEvent("\r"))
	b.waitFor("the rows", fmt.Sprintf(`document.querySelector('dialog[open] %s tbody tr')`, id("drill-rows")))
	masked := eval[[]string](b, maskedJS)
	if len(masked) == 0 {
		t.Error("no column of persons' records is masked")
	}
	for _, v := range masked {
		if !strings.ContainsAny(v, "…*") {
			t.Fatal("the rows show what identifies a person")
		}
	}
	eval[bool](b, fmt.Sprintf(`(document.querySelector('dialog[open] %s').click(), true)`, id("behind-deliveries")))
	b.waitFor("the deliveries", fmt.Sprintf(`document.querySelector('dialog[open] %s a')`, id("drill-deliveries")))
	b.click(id("drill-deliveries") + " a")
	b.waitFor("the delivery", fmt.Sprintf(`location.pathname.startsWith('/data/deliveries/') && document.querySelector('%s')`, id("receipt-received")))
	eval[bool](b, `(history.back(), true)`)
	b.waitFor("the question again", `location.pathname === '/explore' && `+tableAnswers)
}

// checkView keeps the question, and opens it from an empty page.
func checkView(t *testing.T, b *tab) {
	t.Helper()
	b.click(id("save-view"))
	b.waitFor("the form", fmt.Sprintf(`document.querySelector('dialog[open] %s')`, id("view-name")))
	eval[bool](b, fmt.Sprintf(`(document.querySelector('%s').select(), true)`, id("view-name")))
	b.do(chromedp.SendKeys(chromedp.CSS(id("view-name")), "by district"), chromedp.SendKeys(chromedp.CSS(id("view-note")), "for Monday"))
	b.click(id("view-save"))
	b.waitFor("the saved view", fmt.Sprintf(`!document.querySelector('dialog[open]') && document.querySelector('%s')`, id("view-now")))
	asked := search(b)
	b.open("/explore?view=" + url.QueryEscape(asked.Get("view")))
	b.waitFor("the view's question", tableAnswers+fmt.Sprintf(` && document.querySelector('%s')`, id("view-now")))
	got := search(b)
	for _, key := range []string{"m", "by", "period", "totals", "view"} {
		if got.Get(key) != asked.Get(key) {
			t.Errorf("the view asks %s=%q, it was saved with %q", key, got.Get(key), asked.Get(key))
		}
	}
}

// checkExport takes the table as a file, and looks into what the browser was
// given to save.
func checkExport(t *testing.T, b *tab) {
	t.Helper()
	first := eval[[]exploreLine](b, exploreLinesJS)[0].Figure
	eval[bool](b, `((make) => { URL.createObjectURL = (blob) => { blob.text().then((text) => { window.e2eFile = text; }); return make(blob); }; return true; })(URL.createObjectURL.bind(URL))`)
	b.click(id("export"))
	b.click(id("export-csv"))
	b.waitFor("the file", `window.e2eFile`)
	if file := eval[string](b, `window.e2eFile`); !strings.Contains(file, strings.ReplaceAll(first, ",", "")) {
		t.Errorf("the file lacks %s, which the table shows: %.300s", first, file)
	}
}
