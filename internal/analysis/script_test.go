package analysis_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
)

var update = flag.Bool("update", false, "write the answers of testdata/scripts anew")

// TestScripts delivers rows through the real services and compares what is
// answered. Each part of a file is one step:
//
//	-- today DATE --                  the day that the city stands at, from here on
//	-- ahead DURATION --              how far the wall clock is ahead of the true one, from here on
//	-- deliver DATASET [PERIOD] --    a file, with a manifest when there is a period
//	-- ask INDICATOR [key=value] --   grain, period, by, where (repeatable), as_of=STEP
//	-- board [YEAR] --
//	-- target NAME --
//
// The bodies of the last three are golden. STEP counts the deliveries: as_of=1
// asks for the state after the first.
func TestScripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/scripts/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			runScript(t, name)
		})
	}
}

func runScript(t *testing.T, name string) {
	ar, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	for i := range ar.Files {
		f := &ar.Files[i]
		words := strings.Fields(f.Name)
		got, golden := w.step(words, string(f.Data))
		if golden && *update {
			f.Data = []byte(got)
		}
		if golden && got != string(f.Data) {
			t.Errorf("%s, part %d, %s:\n%swant:\n%s", name, i+1, f.Name, got, f.Data)
		}
	}
	if *update {
		if err := os.WriteFile(name, txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// world is a city with its data folder.
type world struct {
	t         *testing.T
	app       *app.App
	today     city.Date
	delivered []time.Time
	ahead     time.Duration // how far the wall clock is ahead
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, today: city.Date{Year: 2024, Month: time.July, Day: 15}}
	now := func() time.Time { return time.Now().Add(w.ahead) }
	a, err := app.Open(t.Context(), app.Options{Data: t.TempDir(), Pack: "testdata/pack", Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	w.app = a
	w.app.Analysis.Today = func() city.Date { return w.today }
	return w
}

// step takes one step and gives what it printed, when it prints.
func (w *world) step(words []string, body string) (got string, golden bool) {
	w.t.Helper()
	switch words[0] {
	case "today":
		w.today = date(w.t, words[1])
	case "ahead":
		var err error
		if w.ahead, err = time.ParseDuration(words[1]); err != nil {
			w.t.Fatal(err)
		}
	case "deliver":
		w.deliver(words[1:], body)
	case "ask":
		return w.ask(words[1:]), true
	case "board":
		return w.board(words[1:]), true
	case "target":
		return w.target(words[1]), true
	default:
		w.t.Fatalf("unknown step %q", words)
	}
	return "", false
}

func (w *world) deliver(words []string, body string) {
	w.t.Helper()
	req := delivery.Request{Dataset: words[0], File: "rows.csv", Content: strings.NewReader(body), Actor: "test"}
	if len(words) > 1 {
		req.Manifest = &city.Manifest{Version: city.ManifestVersion, Dataset: words[0], Batch: words[1], Period: span(w.t, words[1]), Files: []city.ManifestFile{{Name: "rows.csv"}}}
		req.Entry = &req.Manifest.Files[0]
	}
	r, err := w.app.Delivery.Deliver(w.t.Context(), req)
	if err != nil {
		w.t.Fatal(err)
	}
	if r.Status != delivery.Committed || r.Quarantined > 0 {
		w.t.Fatalf("the delivery is not clean: %+v", r)
	}
	w.delivered = append(w.delivered, w.committed(r.Dataset))
}

// committed is the time of a dataset's last commit.
func (w *world) committed(dataset string) time.Time {
	w.t.Helper()
	src, err := w.app.Analysis.Source(w.t.Context(), dataset)
	if err != nil {
		w.t.Fatal(err)
	}
	return src.CommitAt
}

func (w *world) ask(words []string) string {
	w.t.Helper()
	q := analysis.Question{Indicator: words[0]}
	for _, word := range words[1:] {
		w.option(&q, word)
	}
	a, err := w.app.Analysis.Query(context.Background(), asker, q)
	if err != nil {
		return "error: " + string(city.CodeOf(err)) + ": " + err.Error() + "\n"
	}
	return answerText(a)
}

func (w *world) option(q *analysis.Question, word string) {
	w.t.Helper()
	key, value, _ := strings.Cut(word, "=")
	switch key {
	case "grain":
		q.Grain = city.Grain(value)
	case "period":
		q.Period = span(w.t, value)
	case "by":
		q.By = strings.Split(value, ",")
	case "where":
		conds, err := analysis.ParseWhere([]string{value})
		if err != nil {
			w.t.Fatal(err)
		}
		q.Where = append(q.Where, conds...)
	case "as_of":
		n, err := strconv.Atoi(value)
		if err != nil {
			w.t.Fatal(err)
		}
		q.AsOf.At = w.delivered[n-1]
	default:
		w.t.Fatalf("unknown option %q", word)
	}
}

func answerText(a *analysis.Answer) string {
	var b strings.Builder
	for _, r := range a.Rows {
		fmt.Fprintf(&b, "%s", r.Period)
		for _, dim := range a.By {
			fmt.Fprintf(&b, " %s", r.Labels[dim].EN)
		}
		fmt.Fprintf(&b, " [%s..%s] %s %s", r.From, r.To, r.Status, figure(r.Value))
		if r.Display != "" {
			fmt.Fprintf(&b, " %q", r.Display)
		}
		fmt.Fprintf(&b, " before %s change %s rows %d", figure(r.Previous), figure(r.Change), r.Rows)
		if r.Reason.EN != "" {
			fmt.Fprintf(&b, " (%s)", r.Reason.EN)
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "complete to %q, %q\n", a.Source.CompleteTo, a.Period)
	return b.String()
}

func (w *world) board(words []string) string {
	w.t.Helper()
	year := 0
	if len(words) > 0 {
		n, err := strconv.Atoi(words[0])
		if err != nil {
			w.t.Fatal(err)
		}
		year = n
	}
	board, err := w.app.Analysis.Board(context.Background(), asker, year)
	if err != nil {
		return "error: " + string(city.CodeOf(err)) + ": " + err.Error() + "\n"
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%d of %v, as at %s, complete to %q\n", board.Year, board.Years, board.Today, board.CompleteTo)
	for _, t := range board.Targets {
		statusText(&b, &t)
	}
	states := make([]string, 0, len(board.Counts))
	total := 0
	for s, n := range board.Counts {
		states, total = append(states, fmt.Sprintf("%d %s", n, s)), total+n
	}
	slices.Sort(states)
	fmt.Fprintf(&b, "%s\n", strings.Join(states, ", "))
	if total != len(board.Targets) {
		w.t.Errorf("the counts sum to %d, there are %d targets", total, len(board.Targets))
	}
	return b.String()
}

func statusText(b *bytes.Buffer, t *analysis.TargetStatus) {
	fmt.Fprintf(b, "%s: %s %s, %s %q of %q, pace %s, before %s\n  %s\n", t.Target.Name, t.Light, t.State, figure(t.Actual), t.Display, t.Promise, figure(t.Pace), figure(t.Previous), t.Reason.EN)
	if t.Probability != nil {
		fmt.Fprintf(b, "  probability %s", figure(t.Probability))
		if f := t.Forecast; f != nil {
			fmt.Fprintf(b, ", on %s %s from %s to %s %s", f.At, figure(&f.Value), figure(&f.Low), figure(&f.High), f.Method)
		}
		if n := t.Needed; n != nil {
			fmt.Fprintf(b, ", needs %s a %s after %s", figure(&n.Value), n.Per, figure(&n.Recent))
		}
		b.WriteString("\n")
	}
	if t.ForecastNote.EN != "" {
		fmt.Fprintf(b, "  no forecast: %s\n", t.ForecastNote.EN)
	}
	for _, m := range t.Missing {
		fmt.Fprintf(b, "  missing %s\n", m.Title.EN)
	}
}

func (w *world) target(name string) string {
	w.t.Helper()
	d, err := w.app.Analysis.Target(context.Background(), asker, name)
	if err != nil {
		return "error: " + string(city.CodeOf(err)) + ": " + err.Error() + "\n"
	}
	var b bytes.Buffer
	statusText(&b, &d.TargetStatus)
	for _, p := range d.Curve {
		fmt.Fprintf(&b, "  %s %s %s, before %s\n", p.Period, p.Status, figure(p.Value), figure(p.Previous))
	}
	for _, v := range d.Districts {
		fmt.Fprintf(&b, "  %s: %s, share %s\n", v.Region.Title.EN, figure(v.Value), figure(v.Share))
	}
	w.gaps(&b, d)
	for _, c := range d.Deliveries {
		rows := "some"
		if c.Rows != nil {
			rows = strconv.FormatInt(*c.Rows, 10)
		}
		fmt.Fprintf(&b, "  from %q: %s of %d rows\n", c.Batch, rows, c.Accepted)
	}
	return b.String()
}

// gaps prints what explains the gap, and holds that it adds up.
func (w *world) gaps(b *bytes.Buffer, d *analysis.TargetDetail) {
	if b := d.PaceBasis.EN; b == "" && d.Pace != nil {
		w.t.Error("a pace without a basis")
	}
	for _, c := range d.Contributions {
		fmt.Fprintf(b, "  gap %s by %s:", figure(&c.Gap), c.Dimension)
		sum := 0.0
		for _, i := range c.Items {
			fmt.Fprintf(b, " %s %s of %s,", i.Label.EN, figure(i.Actual), figure(i.Expected))
			sum += i.Gap
		}
		b.WriteString("\n")
		if math.Abs(sum-c.Gap) > 1e-6 || math.Abs(c.Gap-(*d.Actual-*d.Pace)) > 1e-9 {
			w.t.Errorf("%s by %s: the parts sum to %v, the gap is %v", d.Target.Name, c.Dimension, sum, c.Gap)
		}
	}
}

func figure(v *float64) string {
	if v == nil {
		return "-"
	}
	return strconv.FormatFloat(*v, 'g', 6, 64)
}

func date(t *testing.T, s string) city.Date {
	t.Helper()
	d, err := city.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func span(t *testing.T, s string) city.Span {
	t.Helper()
	p, err := city.ParseSpan(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
