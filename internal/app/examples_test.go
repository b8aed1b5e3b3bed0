package app_test

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// The example packs, and where the real data of their READMEs lie when they are
// at hand. Those are not part of the repository.
const (
	exampleDir = "../../packs/examples"
	realDir    = "../../../shared/data"
)

var updateExamples = flag.Bool("update-examples", false, "write what the example packs give into their testdata")

// TestExamples puts every pack below packs/examples in force, delivers its
// files testdata/DATASET.csv by the road that all deliveries take, and asks its
// indicators. What comes of it stands in testdata/want.txt.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, dir := range examples(t) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			var files [][2]string
			for _, f := range globbed(t, filepath.Join(dir, "testdata", "*.csv")) {
				files = append(files, [2]string{strings.TrimSuffix(filepath.Base(f), ".csv"), f})
			}
			compareExample(t, dir, "want.txt", files)
		})
	}
}

// TestExamplesReal delivers the real files, of the twelve of Beijing the one in
// which most was found. What the READMEs say of them stands in testdata/real.txt.
func TestExamplesReal(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(realDir); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the real data are not at %s", realDir)
	}
	for pack, files := range map[string][][2]string{
		"beijing-air": {{"air.hourly", "air/beijing_prsa/PRSA_Data_Dongsi_*.csv.gz"}},
		"sf311":       {{"service.requests", "311/sf311_10k.csv.gz"}},
		"gb2260":      {{"codes.divisions", "codes/gb2260_*.csv"}},
		"hotline":     {{"hotline.taxonomy", "hotline/*附件1*.csv"}, {"hotline.messages", "hotline/*附件4*.csv.gz"}},
	} {
		t.Run(pack, func(t *testing.T) {
			t.Parallel()
			var there [][2]string
			for _, f := range files {
				for _, name := range globbed(t, filepath.Join(realDir, f[1])) {
					there = append(there, [2]string{f[0], name})
				}
			}
			compareExample(t, filepath.Join(exampleDir, pack), "real.txt", there)
		})
	}
}

// TestExampleMended mends rows of the Beijing example in place: one whose date
// stands in three columns, and one that is good but for one instrument.
func TestExampleMended(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(exampleDir, "beijing-air")
	a := open(t, app.Options{Data: t.TempDir(), Pack: dir})
	content, err := os.Open(filepath.Join(dir, "testdata", "air.hourly.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	r, err := a.Delivery.Deliver(t.Context(), delivery.Request{Dataset: "air.hourly", File: "air.csv", Content: content, Actor: "test"})
	if err != nil || r.Status != delivery.Committed || r.Quarantined != 9 {
		t.Fatalf("%d rows are quarantined, %v", r.Quarantined, err)
	}
	m, err := a.Delivery.Mend(t.Context(), delivery.MendRequest{DeliveryID: r.DeliveryID, Reason: "站点核实", Actor: "test", Rows: []delivery.MendRow{
		{Row: 5, Values: map[string]string{"o3": "NA"}}, {Row: 7, Values: map[string]string{"date": "2024-02-29"}},
	}})
	if err != nil || m.Receipt.Accepted != 2 {
		t.Fatalf("the receipt of the mended rows has %+v, %v", m.Receipt.Reasons, err)
	}
}

func examples(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, f := range globbed(t, filepath.Join(exampleDir, "*", "city.yaml")) {
		out = append(out, filepath.Dir(f))
	}
	return out
}

func globbed(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("nothing is called %s, %v", pattern, err)
	}
	return names
}

// compareExample delivers files, each a dataset and a name, and compares what
// came of it with a file in the pack's testdata.
func compareExample(t *testing.T, dir, want string, files [][2]string) {
	t.Helper()
	a := open(t, app.Options{Data: t.TempDir(), Pack: dir})
	var out bytes.Buffer
	for _, f := range files {
		content, err := os.Open(f[1])
		if err != nil {
			t.Fatal(err)
		}
		defer content.Close()
		r, err := a.Delivery.Deliver(t.Context(), delivery.Request{Dataset: f[0], File: filepath.Base(f[1]), Content: content, Actor: "test"})
		if err != nil {
			t.Fatal(err)
		}
		describeReceipt(&out, r)
	}
	for _, ind := range a.City().Indicators {
		answer, err := a.Analysis.Query(t.Context(), policy.System("test"), analysis.Question{Indicator: ind.Name, Grain: city.GrainYear})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s:", ind.Name)
		for _, row := range answer.Rows {
			fmt.Fprintf(&out, " %s %s;", row.Period, cmp.Or(row.Display, "-"))
		}
		out.WriteString("\n")
	}
	wantVerified(t, a)
	golden := filepath.Join(dir, "testdata", want)
	if *updateExamples {
		if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if text, err := os.ReadFile(golden); err != nil || !bytes.Equal(text, out.Bytes()) {
		t.Errorf("%s differs; compare, then run the test with -update-examples. %v, now:\n%s", golden, err, &out)
	}
}

// describeReceipt writes what a delivery came to, without texts of rows.
func describeReceipt(out *bytes.Buffer, r *delivery.Receipt) {
	fmt.Fprintf(out, "%s: %s, %d received = %d accepted + %d quarantined + %d duplicate, %d vanished, %v\n",
		r.Dataset, r.Status, r.Received, r.Accepted, r.Quarantined, r.Duplicate, r.Vanished, r.Period)
	for _, w := range r.Reasons {
		fmt.Fprintf(out, "  %s %s %s: %d%s\n", w.Outcome, w.Code, w.Field, w.Count, sampleRows(w.Sample))
	}
	for _, f := range r.Findings {
		fmt.Fprintf(out, "  noticed %s %s: %d%s\n", f.Code, f.Field, f.Count, sampleRows(f.Sample))
	}
	for _, d := range r.Drift {
		fmt.Fprintf(out, "  %s %s\n", d.Kind, d.Column)
	}
}

func sampleRows(samples []delivery.Sample) string {
	var b strings.Builder
	for _, s := range samples {
		if s.Row > 0 {
			fmt.Fprintf(&b, ", row %d", s.Row)
		} else {
			fmt.Fprintf(&b, "; %s", s.Message)
		}
	}
	return b.String()
}
