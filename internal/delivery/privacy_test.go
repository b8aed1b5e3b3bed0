package delivery_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/store"
)

// TestNoIDNumberIsLeft delivers ID numbers in good rows, bad rows, wrong
// columns and where a header should be, and then looks for them in every file
// of the data folder, in the receipts, the quarantine and the log.
func TestNoIDNumberIsLeft(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	wide := "１４０１０５１９９００３０７２３１７"
	files := []string{
		head + "A1," + anna + ",小店区,2024-01-05,100.00\nA2," + bruno + ",,2024-01-06,\n",
		head + "A1," + anna + ",小店区,2024-01-05,250.00\n",                                     // a correction
		head + "A3," + anna[:17] + "9,,2024-01-06,\n",                                        // a wrong check digit
		head + "A4,,,2024-01-06," + anna + "\nA5,,," + bruno + ",\nA6,," + anna + ",2024,\n", // wrong columns
		head + "A7," + anna + ",小店区\n\"A8\"x," + bruno + ",,2024-01-06,\n",                   // wrong shapes
		head + "A9," + anna + " " + bruno + ",,2024-01-06,\nA10," + wide + ",,2024-01-06,\n",
		"A1," + anna + ",小店区,2024-01-05,100.00\n", // no header
		"业务流水号,登记日期," + bruno + "\n",
		head + "A11," + anna + ",\"小店区,2024-01-05\n", // cut
		head + anna + "来电,,小店区,2024-01-05,1\n",       // in a free text
	}
	receipts := &bytes.Buffer{}
	for _, f := range files {
		r := b.deliver("hrss.jobs", f)
		page, err := b.store.Quarantine(t.Context(), r.DeliveryID, store.QuarantineFilter{}, "", store.MaxPage)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []any{r, page} {
			if err := json.NewEncoder(receipts).Encode(v); err != nil {
				t.Fatal(err)
			}
		}
	}
	b.workbench(receipts)
	b.vaultWork(receipts)
	b.cutOff(files[0] + "A12," + anna + ",,2024-01-05,\n")
	hunt := func(where string, content []byte) {
		for _, id := range []string{anna, bruno, wide, anna[:17], bruno[:17]} {
			if bytes.Contains(content, []byte(id)) {
				t.Errorf("%s holds %s", where, id)
			}
		}
	}
	hunt("the receipts", receipts.Bytes())
	hunt("the log", b.log.Bytes())
	seen := 0
	err := filepath.WalkDir(b.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		hunt(strings.TrimPrefix(path, b.dir), content)
		seen++
		return err
	})
	if err != nil || seen < 20 {
		t.Errorf("%d files were searched, %v", seen, err)
	}
}

// workbench sends rows with ID numbers all through the workbench, and writes
// down what it answers.
func (b *bench) workbench(answers *bytes.Buffer) {
	b.t.Helper()
	d := b.deliver("hrss.jobs", head+"W1,"+anna+",月球,2024-01-05,1\nW2,"+bruno+",月球,2024-01-05,1\nW3,"+anna+",月球,2024-01-05,1\n")
	reason := anna + " 本人来电"
	m, err := b.svc.Mend(b.t.Context(), delivery.MendRequest{DeliveryID: d.DeliveryID, Reason: reason, Actor: "test",
		Rows: []delivery.MendRow{set(1, "person", bruno, "place", "140105"), set(2, "place", anna, "no", anna)}})
	if err != nil || m.Rows[0].State != store.RowMended || m.Rows[1].State != store.RowOpen {
		b.t.Fatalf("%+v, %v", m, err)
	}
	if n, err := b.svc.Waive(b.t.Context(), delivery.RowsRequest{DeliveryID: d.DeliveryID, Rows: []int64{3}, Reason: reason, Actor: "test"}); n != 1 || err != nil {
		b.t.Fatal(n, err)
	}
	if _, raw := b.errorFile(delivery.ErrorsRequest{DeliveryID: d.DeliveryID}); !bytes.Contains(raw, []byte(bruno)) {
		b.t.Errorf("the error file does not hold what the sender wrote: %s", raw)
	}
	_, err = b.svc.Mend(b.t.Context(), delivery.MendRequest{DeliveryID: d.DeliveryID, Reason: reason, Actor: "test", Rows: []delivery.MendRow{set(1, "person", anna)}})
	if err == nil {
		b.t.Error("a mended row was mended again")
	}
	held, herr := b.store.HeldRows(b.t.Context(), store.HeldFilter{}, "", store.MaxPage)
	groups, gerr := b.store.HeldGroups(b.t.Context(), store.HeldFilter{})
	for _, v := range []any{m, held, groups, err.Error()} {
		if err := errors.Join(herr, gerr, json.NewEncoder(answers).Encode(v)); err != nil {
			b.t.Fatal(err)
		}
	}
}

// vaultWork takes a delivery back, seals everything anew, and gives numbers out
// to who has a right to them: they go there and nowhere else.
func (b *bench) vaultWork(answers *bytes.Buffer) {
	b.t.Helper()
	d := b.deliver("hrss.jobs", head+"V1,"+anna+",小店区,2024-01-05,1\n")
	v := b.deliver("hrss.jobs", head+"V2,"+bruno+",小店区,2024-01-05,1\nV3,"+anna+",月球,2024-01-05,1\n")
	rolled := b.rollBack(d.DeliveryID)
	b.rotate()
	sealed, serr := b.svc.Reseal(b.t.Context(), func(int, int) {})
	reason := bruno + " 法院调取"
	given, gerr := b.svc.Identify(b.t.Context(), delivery.IdentifyRequest{Tokens: []string{b.keys.Token(bruno)}, Reason: reason, Actor: "test"})
	text, terr := b.svc.Reveal(b.t.Context(), delivery.RevealRequest{DeliveryID: v.DeliveryID, Row: 2, Reason: reason, Actor: "test"})
	if err := errors.Join(serr, gerr, terr); err != nil || given[0].IDNumber != bruno || !strings.Contains(text, anna) {
		b.t.Fatalf("nothing was given out: %v", err)
	}
	_, err := b.svc.Identify(b.t.Context(), delivery.IdentifyRequest{Tokens: []string{anna}, Reason: reason, Actor: "test"})
	if err == nil {
		b.t.Error("an ID number passed for a token")
	}
	for _, v := range []any{rolled, sealed, err.Error()} {
		if err := json.NewEncoder(answers).Encode(v); err != nil {
			b.t.Fatal(err)
		}
	}
}

// cutOff delivers a file through a store that goes away, and recovers, so that
// the log tells of it.
func (b *bench) cutOff(content string) {
	b.t.Helper()
	b.svc.Step = func(name string) {
		if name == delivery.StepMerged {
			_ = b.store.Close()
		}
	}
	if _, err := b.svc.Deliver(b.t.Context(), delivery.Request{Dataset: "hrss.jobs", File: "a.csv", Content: strings.NewReader(content), Actor: "test"}); err == nil {
		b.t.Error("a delivery without a store succeeded")
	}
	b.reopen()
	if !strings.Contains(b.log.String(), "cut off") {
		b.t.Errorf("the log does not tell of the delivery that was cut off: %s", b.log)
	}
}
