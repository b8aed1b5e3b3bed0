package sim_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/sim"
)

func months(from, to string) (city.Date, city.Date) {
	a, errA := city.ParseDate(from + "-01")
	b, errB := city.ParseDate(to + "-01")
	if err := errors.Join(errA, errB); err != nil {
		panic(err) // a mistake in the test itself
	}
	return a, b
}

func generate(t *testing.T, c *city.City, scale float64, from, to string, seed uint64) (string, *sim.Summary) {
	t.Helper()
	o := sim.Options{Out: t.TempDir(), Scale: scale, Seed: seed}
	o.From, o.To = months(from, to)
	sum, err := sim.Generate(context.Background(), c, o)
	if err != nil {
		t.Fatal(err)
	}
	return o.Out, sum
}

// treeHash is a hash over the names and bytes of all files.
func treeHash(t *testing.T, root string) string {
	t.Helper()
	h := sha256.New()
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		rel, _ := filepath.Rel(root, path)
		fmt.Fprintf(h, "%s %d\n", filepath.ToSlash(rel), len(raw))
		h.Write(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// It changes the process's time zone and number of processors, so it runs alone.
func TestSameSeedSameBytes(t *testing.T) {
	c := taiyuan(t)
	first, _ := generate(t, c, 0.002, "2024-02", "2024-06", 7)
	want := treeHash(t, first)

	zone, procs := time.Local, runtime.GOMAXPROCS(1)
	time.Local = time.FixedZone("far", -11*60*60)
	defer func() { time.Local = zone; runtime.GOMAXPROCS(procs) }()
	again, _ := generate(t, taiyuan(t), 0.002, "2024-02", "2024-06", 7)
	if got := treeHash(t, again); got != want {
		t.Error("the same options give other bytes")
	}
	other, _ := generate(t, c, 0.002, "2024-02", "2024-06", 8)
	if treeHash(t, other) == want {
		t.Error("another seed gives the same bytes")
	}
}

func TestSchedule(t *testing.T) {
	t.Parallel()
	c := taiyuan(t)
	out, sum := generate(t, c, 0.001, "2024-01", "2024-12", 1)
	days := map[string]string{}
	rows, files := int64(0), 0
	for _, b := range batches(t, out) {
		days[b.Dataset+" "+b.Batch] = b.day
		if !b.Simulated || b.Version != city.ManifestVersion || !strings.HasPrefix(b.Sender, "simulator/") {
			t.Errorf("%s %s is not labelled as simulated", b.Dataset, b.Batch)
		}
		if got := city.DateOf(b.SentAt).String(); got != b.day {
			t.Errorf("%s %s: sent at %s, in the folder of %s", b.Dataset, b.Batch, b.SentAt, b.day)
		}
		people := b.Dataset == "hrss.employment" || b.Dataset == "hrss.training" || b.Dataset == "hrss.insurance"
		if people != (b.Sample != nil) || people && b.Sample.Fraction != 0.001 {
			t.Errorf("%s %s: sample %v", b.Dataset, b.Batch, b.Sample)
		}
		for _, f := range b.Files {
			files++
			rows += *f.Rows
			if *f.Rows == 0 {
				t.Errorf("%s has no row", f.Name)
			}
		}
	}
	for name, want := range map[string]string{
		"hrss.insurance opening-2023-12-31":     "2023-12-31",
		"hrss.insurance 2024-02":                "2024-02-29",
		"stats.economy 2024Q1":                  "2024-03-31",
		"ybj.evoucher 2024-09":                  "2024-09-30",
		"ybj.evoucher 2024-10":                  "2024-11-05",
		"hrss.employment 2024-03":               "2024-03-31",
		"hrss.employment 2024-03-correction-1":  "2024-05-20",
		"commerce.consumption_status 2024-12":   "2024-12-31",
		"stats.economy 2024-02":                 "",
		"env.air_station_hourly 2024-02":        "",
		"hrss.employment opening-2023-12-31":    "",
		"ybj.crossregion_openings opening-2023": "",
	} {
		if days[name] != want {
			t.Errorf("%s was sent %q, want %q", name, days[name], want)
		}
	}
	if sum.Batches != len(days) || sum.Rows != rows || sum.Files != files {
		t.Errorf("the summary says %d batches, %d files, %d rows; there are %d, %d, %d", sum.Batches, sum.Files, sum.Rows, len(days), files, rows)
	}
}

func TestCorrectionChangesKnownRows(t *testing.T) {
	t.Parallel()
	c := taiyuan(t)
	out, _ := generate(t, c, 0.02, "2024-03", "2024-03", 1)
	before, changed := map[string]row{}, 0
	var correction []row
	for _, b := range batches(t, out) {
		switch {
		case b.Dataset != "hrss.employment":
		case b.Batch == "2024-03":
			for _, r := range b.rows(t, c) {
				before[r["record_no"]] = r
			}
		default:
			correction = b.rows(t, c)
		}
	}
	for _, r := range correction {
		old, ok := before[r["record_no"]]
		if !ok || old["person"] != r["person"] || old["event_date"] != r["event_date"] {
			t.Errorf("record %s of the correction was never sent so", r["record_no"])
		}
		if old["kind"] != r["kind"] {
			changed++
		}
	}
	if changed == 0 || changed != len(correction) {
		t.Errorf("%d of %d rows of the correction change something", changed, len(correction))
	}
}

func TestGenerateRefuses(t *testing.T) {
	t.Parallel()
	c := taiyuan(t)
	full := t.TempDir()
	if err := os.MkdirAll(filepath.Join(full, "batches", "2024-01-31"), 0o755); err != nil {
		t.Fatal(err)
	}
	from, to := months("2024-01", "2024-02")
	good := sim.Options{Out: t.TempDir(), Scale: 0.001, From: from, To: to}
	cases := map[string]struct {
		change func(*sim.Options)
		code   city.Code
	}{
		"no folder":     {func(o *sim.Options) { o.Out = "" }, city.CodeInvalid},
		"full folder":   {func(o *sim.Options) { o.Out = full }, city.CodeConflict},
		"no scale":      {func(o *sim.Options) { o.Scale = 0 }, city.CodeInvalid},
		"not a scale":   {func(o *sim.Options) { o.Scale = math.NaN() }, city.CodeInvalid},
		"large scale":   {func(o *sim.Options) { o.Scale = 1.01 }, city.CodeInvalid},
		"no months":     {func(o *sim.Options) { o.From = city.Date{} }, city.CodeInvalid},
		"turned months": {func(o *sim.Options) { o.From, o.To = to, from }, city.CodeInvalid},
		"many months":   {func(o *sim.Options) { o.From = from.AddYears(-20) }, city.CodeInvalid},
	}
	for name, tc := range cases {
		o := good
		tc.change(&o)
		if _, err := sim.Generate(context.Background(), c, o); err == nil || city.CodeOf(err) != tc.code {
			t.Errorf("%s: %v, want code %s", name, err, tc.code)
		}
	}
	empty := &city.City{Code: "140100"}
	empty.Index()
	if _, err := sim.Generate(context.Background(), empty, good); city.CodeOf(err) != city.CodeInvalid {
		t.Errorf("a city without districts: %v", err)
	}
}

func TestGenerateStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	from, to := months("2024-01", "2024-02")
	o := sim.Options{Out: t.TempDir(), Scale: 0.001, From: from, To: to}
	o.Progress = func(done, total int, what string) {
		if done == 3 {
			cancel()
		}
	}
	if _, err := sim.Generate(ctx, taiyuan(t), o); !errors.Is(err, context.Canceled) {
		t.Fatalf("a cancelled run gives %v", err)
	}
	if n := len(batches(t, o.Out)); n != 3 {
		t.Errorf("%d manifests, want those of the three finished batches", n)
	}
}

// A pack may declare fewer datasets; a field that is gone is an error by name.
func TestFollowsTheDeclaration(t *testing.T) {
	t.Parallel()
	c := taiyuan(t)
	d, err := c.Dataset("stats.cpi")
	if err != nil {
		t.Fatal(err)
	}
	small := *c
	small.Datasets = []*city.Dataset{d}
	small.Index()
	out, sum := generate(t, &small, 0.001, "2024-01", "2024-03", 1)
	if sum.Batches != 4 || len(batches(t, out)) != 4 {
		t.Errorf("%d batches of one dataset, want an opening and three months", sum.Batches)
	}
	gone := *d
	gone.Fields = d.Fields[:2]
	small.Datasets = []*city.Dataset{&gone}
	small.Index()
	o := sim.Options{Out: t.TempDir(), Scale: 1}
	o.From, o.To = months("2024-01", "2024-01")
	if _, err := sim.Generate(context.Background(), &small, o); err == nil || !strings.Contains(err.Error(), `no field "rise"`) {
		t.Errorf("a missing field: %v", err)
	}
}
