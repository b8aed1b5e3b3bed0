package delivery_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/lake/duck"
	"github.com/jinyang-city/jinyang/internal/store"
	"github.com/jinyang-city/jinyang/internal/vault"
)

// TestMain runs properties over fewer cases than usual, because some of them
// write tables; -rapid.checks asks for more.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "12"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

// bench is a delivery service over a real lake, engine, store and vault.
type bench struct {
	t     *testing.T
	dir   string
	city  *city.City
	store *store.Store
	lake  *lake.Lake
	eng   *duck.Engine
	svc   *delivery.Service
	keys  *vault.Vault
	log   *bytes.Buffer
	mu    sync.Mutex          // of ended
	ended []*delivery.Receipt // as Committed was told
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, dir: t.TempDir(), city: someCity(), log: &bytes.Buffer{}}
	ctx := t.Context()
	var err error
	must := func() {
		if err != nil {
			t.Fatal(err)
		}
	}
	b.store, err = store.Open(ctx, filepath.Join(b.dir, "jinyang.db"))
	must()
	t.Cleanup(func() { _ = b.store.Close() })
	b.lake, err = lake.Open(ctx, filepath.Join(b.dir, "lake"), lake.Options{Now: func() time.Time { return b.svc.Now() }})
	must()
	t.Cleanup(func() { _ = b.lake.Close() })
	b.eng, err = duck.Open(duck.Options{TempDir: filepath.Join(b.dir, "tmp", "engine"), MemoryMB: 256})
	must()
	t.Cleanup(func() { _ = b.eng.Close() })
	keys, err := vault.Open(filepath.Join(b.dir, "vault"))
	must()
	b.keys = keys
	b.svc = delivery.New(delivery.Config{
		Dir: b.dir, Lake: b.lake, Engine: b.eng, Store: b.store, Vault: keys,
		City:  func() *city.City { return b.city },
		Today: func() city.Date { return city.NewDate(2024, 10, 31) },
		Now:   time.Now, Committed: b.committed,
		Log: slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	err = b.svc.Recover(ctx)
	must()
	return b
}

func (b *bench) committed(r *delivery.Receipt) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = append(b.ended, r)
}

// someCity has a dataset of each mode: jobs are corrected by key, air is
// appended and has no header, and strict takes no bad row.
func someCity() *city.City {
	place := &city.Field{Name: "place", Type: city.TypeRegion, Source: []string{"登记地"}, Default: "140100"}
	jobs := &city.Dataset{
		Name: "hrss.jobs", Owner: "hrss", Key: []string{"no"},
		Delivery: city.DeliverySpec{Mode: city.ModeUpsert, Period: "day", Every: city.GrainMonth, RejectAbove: 1, Header: city.HeaderAuto, Ignore: []string{"备注"}},
		Fields: []*city.Field{
			{Name: "no", Type: city.TypeString, Source: []string{"业务流水号"}},
			{Name: "person", Type: city.TypePerson, Source: []string{"公民身份号码"}, Optional: true},
			place,
			{Name: "day", Type: city.TypeDate, Source: []string{"登记日期"}},
			{Name: "wage", Type: city.TypeDecimal, Scale: 2, Source: []string{"工资"}, Optional: true, Sum: true},
		},
	}
	strict := *jobs
	strict.Name, strict.Delivery.RejectAbove = "hrss.strict", 0.4
	air := &city.Dataset{
		Name: "env.air", Owner: "hrss",
		Delivery: city.DeliverySpec{Mode: city.ModeAppend, Period: "day", Every: city.GrainDay, RejectAbove: 1, Header: city.HeaderNone},
		Fields: []*city.Field{
			{Name: "day", Type: city.TypeDate, Source: []string{"day"}, Column: 1},
			{Name: "pm25", Type: city.TypeNumber, Source: []string{"pm25"}, Column: 2, Optional: true, Null: []string{"NaN"}},
		},
	}
	c := &city.City{
		Code: "140100", Name: city.Text{ZH: "太原市"}, TimeZone: "Asia/Shanghai", Datasets: []*city.Dataset{jobs, &strict, air},
		Organisations: []*city.Organisation{{Name: "hrss"}},
		Regions:       []*city.Region{{Code: "140100", Name: city.Text{ZH: "太原市"}}, {Code: "140105", Name: city.Text{ZH: "小店区"}, Parent: "140100"}},
	}
	c.Index()
	return c
}

const head = "业务流水号,公民身份号码,登记地,登记日期,工资\n"

// The numbers belong to nobody: they were made up for tests.
const (
	anna  = "140105199003072317"
	bruno = "110101199003070011"
)

// deliver hands over a file without a manifest and wants a receipt.
func (b *bench) deliver(dataset, content string) *delivery.Receipt {
	b.t.Helper()
	return b.request(delivery.Request{Dataset: dataset, File: "batch.csv", Content: strings.NewReader(content), Actor: "test"})
}

func (b *bench) request(req delivery.Request) *delivery.Receipt {
	b.t.Helper()
	r, err := b.svc.Deliver(b.t.Context(), req)
	if err != nil {
		b.t.Fatal(err)
	}
	b.check(r)
	return r
}

// check holds what is true of every receipt.
func (b *bench) check(r *delivery.Receipt) {
	b.t.Helper()
	if !r.Balanced() {
		b.t.Errorf("the receipt does not balance: %+v", r)
	}
	d, err := b.store.Delivery(b.t.Context(), r.DeliveryID)
	if err != nil || string(d.State) != string(r.Status) {
		b.t.Errorf("the store has the delivery as %s, %v; the receipt says %s", d.State, err, r.Status)
	}
	if kept, err := json.Marshal(r); err != nil || string(kept) != string(d.Receipt) {
		b.t.Errorf("the store has another receipt: %s, %v", d.Receipt, err)
	}
	if r.Status == delivery.Committed && (d.Received != r.Received || d.Accepted != r.Accepted || d.Quarantined != r.Quarantined) {
		b.t.Errorf("the store counts %d = %d + %d + %d", d.Received, d.Accepted, d.Quarantined, d.Duplicate)
	}
	if problems, err := delivery.VerifyReceipt(d.Receipt, b.keys.SigningKeys()[0].PublicKey, nil); err != nil || len(problems) > 0 {
		b.t.Errorf("the receipt does not verify: %v, %v", problems, err)
	}
	if _, err := os.Stat(filepath.Join(b.dir, "evidence", d.Evidence)); err != nil {
		b.t.Errorf("a delivery with a receipt has no evidence: %v", err)
	}
	if r.Status == delivery.Committed && r.Quarantined > 0 {
		page, err := b.store.Quarantine(b.t.Context(), r.DeliveryID, store.QuarantineFilter{}, "", store.MaxPage)
		if err != nil || int64(len(page.Items)) != r.Quarantined {
			b.t.Errorf("%d rows in quarantine, %v; the receipt says %d", len(page.Items), err, r.Quarantined)
		}
	}
}

// brief is a receipt in one line: counts, then reasons.
func brief(r *delivery.Receipt) string {
	out := fmt.Sprintf("%s %d=%d+%d+%d", r.Status, r.Received, r.Accepted, r.Quarantined, r.Duplicate)
	if r.Changed > 0 {
		out += fmt.Sprintf(" changed %d", r.Changed)
	}
	if r.Code != "" {
		out += " " + string(r.Code)
	}
	var reasons []string
	for _, x := range r.Reasons {
		reasons = append(reasons, fmt.Sprintf("%s:%d", x.Code, x.Count))
	}
	slices.Sort(reasons)
	return strings.Join(append([]string{out}, reasons...), " ")
}

// table gives the rows of a dataset, sorted, each as its values joined by "|".
func (b *bench) table(dataset string) []string {
	b.t.Helper()
	ds, err := b.city.Dataset(dataset)
	if err != nil {
		b.t.Fatal(err)
	}
	v, err := b.lake.View(b.t.Context(), ds, time.Time{})
	if err != nil {
		b.t.Fatal(err)
	}
	cols := make([]string, len(ds.Fields))
	for i, f := range ds.Fields {
		cols[i] = fmt.Sprintf("coalesce(CAST(%s AS VARCHAR), '-')", f.Name)
		if f.Type == city.TypePerson {
			cols[i] = fmt.Sprintf("CASE WHEN %[1]s IS NULL THEN '-' ELSE 'token' || length(%[1]s) END", f.Name)
		}
	}
	rows, err := b.eng.Query(context.Background(), "SELECT concat_ws('|', "+strings.Join(cols, ", ")+") FROM "+b.eng.Relation(v)+" ORDER BY 1")
	if err != nil {
		b.t.Fatal(err)
	}
	defer rows.Close()
	out := []string{}
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			b.t.Fatal(err)
		}
		out = append(out, s)
	}
	if int64(len(out)) != v.Rows {
		b.t.Errorf("%d rows, the metadata say %d", len(out), v.Rows)
	}
	return out
}

func (b *bench) wantTable(dataset string, want ...string) {
	b.t.Helper()
	if got := b.table(dataset); !slices.Equal(got, want) {
		b.t.Errorf("the table of %s holds\n%s\nwant\n%s", dataset, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// files lists the files in the folders that a delivery writes to, but for the
// metadata of the tables.
func (b *bench) files() []string {
	b.t.Helper()
	var out []string
	for _, dir := range []string{"evidence", "lake", "tmp"} {
		err := filepath.WalkDir(filepath.Join(b.dir, dir), func(path string, d os.DirEntry, err error) error {
			if err != nil && !os.IsNotExist(err) {
				return err
			}
			if err == nil && !d.IsDir() && !strings.Contains(path, "/metadata/") && !strings.Contains(path, "catalog.db") {
				out = append(out, strings.TrimPrefix(path, b.dir))
			}
			return nil
		})
		if err != nil {
			b.t.Fatal(err)
		}
	}
	return out
}
