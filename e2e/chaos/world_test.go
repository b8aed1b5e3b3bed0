package chaos

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/jinyang-city/jinyang/internal/delivery"
)

// world is one data folder and what was asked of it.
type world struct {
	bin, dir string // the program, and the folder with everything
	plan     *plan
	fire     *fire
	report   *report
	wanted   int // kills

	batches   map[string]*batch           // by SHA-256: all that was sent
	receipts  map[string]json.RawMessage  // by delivery: all that was given out
	acked     map[string]bool             // by SHA-256: batches with a receipt
	mends     map[string][]int64          // by delivery: rows that were mended
	decided   map[string]map[int64]string // by delivery and row: waived, returned or mended
	undone    map[string]bool             // deliveries that were to be rolled back, and were not refused
	tags      map[string]map[string]table // by tag and dataset
	expired   bool                        // older states of tables may be gone
	pending   map[string]bool             // what kills left open
	collected []*batch                    // batches that lay in watched folders
	tables    map[string]*history         // of the last comparison
	log       *facts                      // likewise
}

func newWorld(bin, dir string, seed uint64, size int, f *fire, r *report, wanted int) (*world, error) {
	w := &world{bin: bin, dir: dir, plan: newPlan(seed, size), fire: f, report: r, wanted: wanted,
		batches: map[string]*batch{}, receipts: map[string]json.RawMessage{}, acked: map[string]bool{}, mends: map[string][]int64{},
		decided: map[string]map[int64]string{}, undone: map[string]bool{}, tags: map[string]map[string]table{}, pending: map[string]bool{}}
	return w, errors.Join(os.Mkdir(w.path("files"), 0o700), w.makeInboxes())
}

func (w *world) path(parts ...string) string {
	return filepath.Join(append([]string{w.dir}, parts...)...)
}

func (w *world) data() string { return w.path("data") }

// draw makes a batch that is going to be sent.
func (w *world) draw(dataset string) *batch {
	b := w.plan.batch(dataset)
	w.batches[b.sha256] = b
	return b
}

// program gives the command that runs the program on the folder.
func (w *world) program(args ...string) *exec.Cmd {
	cmd := exec.Command(w.bin, args...)
	cmd.Args = append(cmd.Args, "--json", "--data", w.data())
	return cmd
}

// keepReceipts keeps the receipts that a command printed, as far as it came.
func (w *world) keepReceipts(out []byte) {
	var doc struct {
		Receipts []json.RawMessage `json:"receipts"`
		Receipt  json.RawMessage   `json:"receipt"`
	}
	var list []json.RawMessage
	if json.Unmarshal(out, &list) != nil && json.Unmarshal(out, &doc) == nil {
		list = append(append(doc.Receipts, doc.Receipt), out)
	}
	for _, r := range list {
		w.keepReceipt(r)
	}
}

func (w *world) keepReceipt(doc json.RawMessage) {
	var r delivery.Receipt
	if json.Unmarshal(doc, &r) == nil && r.DeliveryID != "" && r.Status != "" {
		w.receipts[r.DeliveryID] = doc
		w.acked[r.SHA256] = true
	}
}

// failed makes an error of a command that ended as it must not.
func failed(kind string, s shot) error {
	return fmt.Errorf("%s ended with %d:\n%s%s", kind, s.code, s.out, s.err)
}

// refusal is the code of an answer that says no.
func refusal(out []byte) string {
	var f struct {
		Code string `json:"code"`
	}
	_ = json.Unmarshal(out, &f) // then there is none
	return f.Code
}

// put writes a file as if it had lain there for long.
func put(path string, content []byte) error {
	long := time.Now().Add(-time.Hour)
	return errors.Join(os.WriteFile(path, content, 0o600), os.Chtimes(path, long, long))
}
