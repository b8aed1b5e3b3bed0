package app_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
)

// TestInboxAfterACut cuts a batch of two files off after the first: going on
// delivers the second, and going on once more delivers nothing.
func TestInboxAfterACut(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a := open(t, app.Options{Data: filepath.Join(dir, "data"), Pack: packDir})
	day := filepath.Join(dir, "batches", "2024-01-31")
	if err := os.MkdirAll(day, 0o700); err != nil {
		t.Fatal(err)
	}
	m := city.Manifest{Version: city.ManifestVersion, Dataset: request("").Dataset, Batch: "2024-01", Sender: "test",
		Files: []city.ManifestFile{{Name: "a.csv"}, {Name: "b.csv"}}}
	doc, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	manifest := filepath.Join(day, m.Dataset+"-2024-01.manifest.json")
	for path, content := range map[string]string{manifest: string(doc), filepath.Join(day, "a.csv"): firstFile, filepath.Join(day, "b.csv"): secondFile} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Delivery.DeliverManifest(t.Context(), manifest, []string{"a.csv"}, "test", func(*delivery.Receipt) {}); err != nil {
		t.Fatal(err)
	}
	wantTable(t, a, afterFirst)
	for _, want := range []int{1, 0} {
		res, err := a.DeliverInbox(t.Context(), dir, app.DemoOptions{Until: city.Date{Year: 2024, Month: time.January, Day: 31}, Progress: func(string, int, int) {}})
		if err != nil || res.Deliveries != want {
			t.Fatalf("%d deliveries, %v; want %d", res.Deliveries, err, want)
		}
	}
	wantTable(t, a, afterSecond)
}
