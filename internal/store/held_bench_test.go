package store

import (
	"fmt"
	"iter"
	"path/filepath"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// benchRows is how many quarantined rows BenchmarkHeld keeps, half of them in
// one delivery.
const benchRows = 1_000_000

// faulty makes rows that failed for five reasons in turn.
func faulty(n int) iter.Seq2[QuarantinedRow, error] {
	sealed := make([]byte, 200)
	return func(yield func(QuarantinedRow, error) bool) {
		for i := range n {
			code := fmt.Sprintf("code_%d", i%5)
			if !yield(QuarantinedRow{Row: int64(i + 1), Field: code, Code: code, Message: "the value is not one of a list", Masked: "A1,***,小店区,2024-01-05", Sealed: sealed, Owner: "hrss"}, nil) {
				return
			}
		}
	}
}

// BenchmarkHeld measures the workbench over a million quarantined rows.
func BenchmarkHeld(b *testing.B) {
	s, ctx := open(b, filepath.Join(b.TempDir(), "city.db")), b.Context()
	const small = 500
	for i := range small + 1 {
		n := benchRows / 2 / small
		if i == small {
			n = benchRows / 2
		}
		d := sample(fmt.Sprintf("D%05d", i))
		d.Dataset, d.Period = fmt.Sprintf("hrss.set%d", i%20), city.Span{}
		if err := s.Stage(ctx, d, entry()); err != nil {
			b.Fatal(err)
		}
		d.Received, d.Quarantined, d.Receipt = int64(n), int64(n), []byte(`{}`)
		if err := s.Prepare(ctx, d, faulty(n), entry()); err != nil {
			b.Fatal(err)
		}
		if err := s.Finish(ctx, d.ID, Outcome{State: StateCommitted, Receipt: d.Receipt, At: noon()}, entry()); err != nil {
			b.Fatal(err)
		}
	}
	list := func(f HeldFilter, cursor string) func(*testing.B) {
		return func(b *testing.B) {
			for b.Loop() {
				if _, err := s.HeldRows(ctx, f, cursor, DefaultPage); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	b.Run("first page", list(HeldFilter{State: RowOpen}, ""))
	b.Run("last page", list(HeldFilter{State: RowOpen}, heldCursor(small+1, benchRows/2-40)))
	b.Run("one reason of one dataset", list(HeldFilter{State: RowOpen, Dataset: "hrss.set7", Code: "code_3", Field: "code_3"}, ""))
	b.Run("one reason of the large delivery", list(HeldFilter{State: RowOpen, DeliveryID: "D00500", Code: "code_3"}, heldCursor(small+1, benchRows/4)))
	b.Run("nothing", list(HeldFilter{State: RowWaived}, ""))
	b.Run("groups", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.HeldGroups(ctx, HeldFilter{State: RowOpen}); err != nil {
				b.Fatal(err)
			}
		}
	})
	begin := time.Now()
	c := RowChange{DeliveryID: "D00500", Code: "code_1", To: RowWaived, Note: "x", By: "x", At: noon()}
	if n, err := s.ChangeRows(ctx, c, entry()); err != nil || n != benchRows/10 {
		b.Fatal(n, err)
	}
	b.Logf("%d rows were waived in %v", benchRows/10, time.Since(begin))
	b.Run("open rows among waived", list(HeldFilter{State: RowOpen, DeliveryID: "D00500"}, ""))
}
