// Package storetest is the suite that every database below package store must
// pass. It knows the guarantees of package store and nothing of SQLite.
package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/store"
)

// Factory makes a new empty database for one test. The function that it returns
// opens that database, each time as if by another start of the program.
type Factory func(t testing.TB) (open func() (*store.Store, error))

// Run runs the suite.
func Run(t *testing.T, f Factory) {
	for name, test := range map[string]func(*testing.T, Factory){
		"settings":                   testSettings,
		"life of a delivery":         testLife,
		"paths between states":       testPaths,
		"random lives":               testRandomLives,
		"stage refuses":              testStageRefuses,
		"prepare undoes":             testPrepareUndoes,
		"finish refuses":             testFinishRefuses,
		"finish twice":               testFinishTwice,
		"unfinished after a restart": testUnfinished,
		"paging deliveries":          testPaging,
		"filtering deliveries":       testFilter,
		"bad cursors":                testBadCursors,
		"committed file":             testCommittedFile,
		"committed periods":          testCommittedPeriods,
		"totals":                     testTotals,
		"quarantine":                 testQuarantine,
		"quarantine of any size":     testQuarantineSizes,
		"sealed rows":                testSealedRows,
		"held rows":                  testHeldRows,
		"held rows of any number":    testHeldOf,
		"changes of rows":            testChangeRows,
		"mended rows":                testMend,
		"rows taken back":            testTakenBack,
		"rows of rejected":           testRejectedRows,
		"counts agree with rows":     testCountsAgree,
		"rollbacks":                  testRollbacks,
		"paths of a rollback":        testRollbackPaths,
		"sources":                    testSources,
		"counts of sources":          testSourceCounts,
		"reports by hand":            testProgress,
		"packs that were in force":   testEditions,
		"alerts":                     testAlerts,
		"silences":                   testSilences,
		"messages of alerts":         testNotifications,
		"published figures":          testPublished,
		"audit chain":                testAuditChain,
		"audit with the change":      testAuditWithChange,
		"many writers":               testManyWriters,
		"ended context":              testEndedContext,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, f)
		})
	}
}

// start is when the deliveries of the suite begin to arrive.
func start() time.Time { return time.Date(2024, 10, 31, 8, 0, 0, 123456000, time.UTC) }

func open(t testing.TB, f Factory) *store.Store {
	t.Helper()
	return reopen(t, f(t))
}

func reopen(t testing.TB, again func() (*store.Store, error)) *store.Store {
	t.Helper()
	s, err := again()
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// fataler is what testing.TB and rapid.T have in common.
type fataler interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func must(t fataler, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantCode fails the test unless the error has the code or a finer one.
func wantCode(t fataler, err error, code city.Code) {
	t.Helper()
	if got := city.CodeOf(err); err == nil || got != code && got.Root() != code {
		t.Fatalf("got error %v, want code %s", err, code)
	}
}

func entry(action, subject string) audit.Entry {
	return audit.Entry{At: start(), Actor: "test", Action: action, Subject: subject}
}

// sample is the n-th delivery, before validation.
func sample(n int) store.Delivery {
	day := city.DateOf(start()).AddDays(n)
	return store.Delivery{
		ID: fmt.Sprintf("D%05d", n), Dataset: "hrss.employment", Batch: "2024-10", State: store.StateStaged,
		FileName: "就业.csv", FileSHA256: fmt.Sprintf("%064x", n), FileBytes: 1 << 33, Evidence: "evidence/1",
		Period: city.Span{From: day, To: day.AddDays(30)}, SentAt: start().Add(-time.Hour),
		ReceivedAt: start().Add(time.Duration(n) * time.Second), SampleFraction: 0.25, Simulated: true,
	}
}

// checked is the delivery with a balance and a draft of its receipt.
func checked(d store.Delivery, quarantined int64) store.Delivery {
	d.Received, d.Accepted, d.Duplicate, d.Quarantined = 100+quarantined, 97, 3, quarantined
	d.Receipt = json.RawMessage(`{"draft":true}`)
	return d
}

// rows makes n quarantined rows, the odd ones for another reason.
func rows(n int64) iter.Seq2[store.QuarantinedRow, error] {
	return func(yield func(store.QuarantinedRow, error) bool) {
		for i := range n {
			r := store.QuarantinedRow{
				Row: i*2 + 1, Field: "region", Code: "region", Message: "没有这个区划", Masked: "3***********1",
				Sealed: []byte{0, byte(i), 255}, Owner: "hrss",
			}
			if i%2 == 1 {
				r.Field, r.Code = "", "ends_before_start"
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

func outcome(state store.State) store.Outcome {
	o := store.Outcome{State: state, Receipt: json.RawMessage(`{"status":"done"}`), At: start().Add(time.Hour)}
	if state == store.StateCommitted {
		o.SnapshotID = "8744736658442914487"
	}
	return o
}

func stage(t fataler, s *store.Store, d store.Delivery) {
	t.Helper()
	must(t, s.Stage(context.Background(), d, entry("delivery.stage", d.ID)))
}

func prepare(t fataler, s *store.Store, d store.Delivery) {
	t.Helper()
	must(t, s.Prepare(context.Background(), d, rows(d.Quarantined), entry("delivery.validate", d.ID)))
}

func finish(t fataler, s *store.Store, id string, state store.State) {
	t.Helper()
	must(t, s.Finish(context.Background(), id, outcome(state), entry("delivery."+string(state), id)))
}

// commit takes a delivery through its whole life.
func commit(t fataler, s *store.Store, d store.Delivery) {
	t.Helper()
	stage(t, s, d)
	prepare(t, s, checked(d, 0))
	finish(t, s, d.ID, store.StateCommitted)
}
