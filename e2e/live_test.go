package e2e

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// mark sets a variable that a reload of the page would lose.
func (b *tab) mark() { eval[bool](b, `window.e2eMark = true`) }

func (b *tab) checkNotReloaded() {
	b.t.Helper()
	if !eval[bool](b, `window.e2eMark === true`) {
		b.t.Error("the page was loaded anew; it should have been told")
	}
}

// shows is true when the activity panel shows a delivery.
func shows(deliveryID string) string {
	return fmt.Sprintf(`document.querySelector('%s a[href$="/data/deliveries/%s"]')`, id("activity"), deliveryID)
}

// checkLateBatch delivers the batch that the simulation sends after the city's
// day, and waits for it on the overview.
func checkLateBatch(t *testing.T, b *tab, s *server) {
	b.open("/")
	b.waitFor("the activity panel", fmt.Sprintf(`document.querySelectorAll('%s a[href*="/data/deliveries/"]').length > 0`, id("activity")))
	b.mark()
	late, err := filepath.Glob(filepath.Join(s.data, "inbox/batches/2024-11-05/*.csv"))
	if err != nil || len(late) == 0 {
		t.Fatalf("the simulation holds no late batch: %v", err)
	}
	content, err := os.ReadFile(late[0])
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Base(late[0])
	dataset, _, _ := strings.Cut(name, "-")
	r := deliver(t, s, dataset, name, content)
	wantCommitted(t, r)
	b.waitFor("the late batch in the activity panel", shows(r.ID))
	again := deliver(t, s, dataset, name, content)
	if again.Accepted != 0 || again.Duplicate != again.Received || again.Snapshot != r.Snapshot {
		t.Errorf("the same file again changed something: %+v", again)
	}
	b.waitFor("the second delivery in the activity panel", shows(again.ID))
	b.checkNotReloaded()
	checkReceiptPage(t, b, r)
}

func wantCommitted(t *testing.T, r receipt) {
	t.Helper()
	if r.Status != "committed" || r.Accepted == 0 || r.Received != r.Accepted+r.Quarantined+r.Duplicate {
		t.Fatalf("the receipt is not that of a committed delivery that balances: %+v", r)
	}
}

// checkReceiptPage goes from the activity panel to the receipt's page.
func checkReceiptPage(t *testing.T, b *tab, r receipt) {
	t.Helper()
	b.click(fmt.Sprintf(`%s a[href$="/data/deliveries/%s"]`, id("activity"), r.ID))
	b.waitFor("the receipt's page", fmt.Sprintf(`document.querySelector('%s')`, id("receipt-received")))
	for part, want := range map[string]int{"received": r.Received, "accepted": r.Accepted, "quarantined": r.Quarantined, "duplicate": r.Duplicate} {
		if got := b.text(id("receipt-" + part)); number(t, got) != float64(want) {
			t.Errorf("%s: %q on the screen, %d in the receipt", part, got, want)
		}
	}
}

// correction takes registrations of the last month back: the same record
// numbers with the kind 自然减员 (natural decrease) in place of 单位就业 (hired).
func correction(t *testing.T, s *server) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(s.data, "inbox/batches/2024-10-31/hrss.employment-2024-10.csv"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
	if err != nil {
		t.Fatal(err)
	}
	const rows = 8
	var out bytes.Buffer
	n := 0
	for line := range bytes.Lines(text) {
		switch hired := []byte("单位就业"); {
		case out.Len() == 0: // the header
			out.Write(line)
		case n < rows && bytes.Contains(line, hired):
			out.Write(bytes.Replace(line, hired, []byte("自然减员"), 1))
			n++
		}
	}
	if n != rows {
		t.Fatalf("the batch has only %d rows to correct", n)
	}
	return out.Bytes()
}

// checkCorrection delivers a correction that changes a figure, and waits for
// the figure on the board, with all others as the API has them.
func checkCorrection(t *testing.T, b *tab, s *server) {
	b.open("/")
	actual := fmt.Sprintf(`document.querySelector('%s %s')?.innerText.trim()`, id("target-row-"+followed), id("target-actual"))
	b.waitFor("the board", actual)
	b.mark()
	before := b.text(id("target-row-"+followed) + " " + id("target-actual"))
	wantCommitted(t, deliver(t, s, "hrss.employment", "correction.csv", correction(t, s)))
	b.waitFor("the corrected figure", fmt.Sprintf(`%s !== %q`, actual, before))
	if after := b.text(id("target-row-"+followed) + " " + id("target-actual")); number(t, after) >= number(t, before) {
		t.Errorf("people were taken back, but the figure went from %s to %s", before, after)
	}
	compareBoard(t, b, get[board](t, s, "/targets"))
	b.checkNotReloaded()
}
