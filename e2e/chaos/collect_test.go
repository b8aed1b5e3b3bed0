package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/jinyang-city/jinyang/internal/delivery"
)

// makeInboxes makes a watched folder for each dataset and declares them.
func (w *world) makeInboxes() error {
	doc := "sources:\n"
	var errs []error
	for _, name := range names() {
		short := strings.TrimPrefix(name, "chaos.")
		doc += fmt.Sprintf("  - {name: %s, dataset: %s, every: 1h, file: {folder: %s, pattern: \"*.csv\"}}\n", short, name, short)
		errs = append(errs, os.MkdirAll(w.inbox(name), 0o700))
	}
	return errors.Join(append(errs, put(w.path("inbox", "sources.yaml"), []byte(doc)))...)
}

func (w *world) inbox(dataset string) string {
	return w.path("inbox", strings.TrimPrefix(dataset, "chaos."))
}

// collect lays files into watched folders and has the program fetch them.
func (w *world) collect(ctx context.Context) error {
	for range 1 + w.plan.IntN(3) {
		b := w.draw(w.plan.dataset())
		if err := put(filepath.Join(w.inbox(b.dataset), b.name), b.content); err != nil {
			return err
		}
		w.collected = append(w.collected, b)
	}
	s, err := w.shoot(ctx, job{kind: "collect", program: []string{"collect", "--once", "--pack", packDir, "--sources", w.path("inbox", "sources.yaml")}})
	if err == nil && s.code != 0 {
		err = failed("collect", s)
	}
	return err
}

// compareInboxes holds that every file was put aside, with the receipt that the
// store has, and that none is left.
func (w *world) compareInboxes() error {
	for _, b := range w.collected {
		if left, _ := filepath.Glob(filepath.Join(w.inbox(b.dataset), "*.csv")); len(left) > 0 {
			return fmt.Errorf("left in the folder are %v", left)
		}
		done := filepath.Join(w.inbox(b.dataset), "done", b.name)
		content, err := os.ReadFile(done)
		if err != nil || !bytes.Equal(content, b.content) {
			return fmt.Errorf("%s was not put aside as it was: %w", b.name, err)
		}
		doc, err := os.ReadFile(done + ".receipt.json")
		if err != nil {
			return err
		}
		var r delivery.Receipt
		if err := json.Unmarshal(doc, &r); err != nil || r.SHA256 != b.sha256 {
			return fmt.Errorf("the receipt beside %s is that of another file: %w", b.name, err)
		}
		w.keepReceipt(doc)
	}
	return w.wantAcked(w.collected...)
}
