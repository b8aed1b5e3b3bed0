package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/store"
)

// TestManyRowsKeepTheirOrder delivers more rows than are under way at once, each
// thirteenth of them bad: every row has its number, in the table, among the samples
// and in the quarantine.
func TestManyRowsKeepTheirOrder(t *testing.T) {
	t.Parallel()
	const n, every = 12_000, 13
	var file strings.Builder
	file.WriteString(head)
	for i := 1; i <= n; i++ {
		day := "2024-01-05"
		if i%every == 0 {
			day = "2024-13-05"
		}
		fmt.Fprintf(&file, "R%05d,%s,小店区,%s,%d\n", i, anna, day, i)
	}
	b := newBench(t)
	r := b.deliver("hrss.jobs", file.String())
	if got, want := brief(r), fmt.Sprintf("committed %d=%d+%d+0 not_a_date:%d", n, n-n/every, n/every, n/every); got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
	for i, s := range r.Reasons[0].Sample {
		if s.Row != int64(every*(i+1)) {
			t.Errorf("sample %d is row %d", i+1, s.Row)
		}
	}
	page, err := b.store.Quarantine(t.Context(), r.DeliveryID, store.QuarantineFilter{}, "", store.MaxPage)
	if err != nil || len(page.Items) == 0 {
		t.Fatal(err)
	}
	for i, q := range page.Items {
		if q.Row != int64(every*(i+1)) || !strings.HasPrefix(q.Masked, fmt.Sprintf("R%05d,", q.Row)) {
			t.Fatalf("quarantined row %d is %d, %s", i+1, q.Row, q.Masked)
		}
	}
	if wrong := b.misnumbered("hrss.jobs"); wrong != 0 {
		t.Errorf("%d rows of the table have another's number", wrong)
	}
}

// misnumbered counts the rows whose record number is not that in their key.
func (b *bench) misnumbered(dataset string) (n int) {
	b.t.Helper()
	ds, err := b.city.Dataset(dataset)
	if err != nil {
		b.t.Fatal(err)
	}
	v, err := b.lake.View(b.t.Context(), ds, b.svc.Now().AddDate(1, 0, 0))
	if err != nil {
		b.t.Fatal(err)
	}
	rows, err := b.eng.Query(context.Background(), "SELECT count(*) FROM "+b.eng.Relation(v)+" WHERE CAST(substr(no, 2) AS BIGINT) <> _row")
	if err != nil {
		b.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			b.t.Fatal(err)
		}
	}
	return n
}

// brittle is an engine whose stages fail at one row.
type brittle struct {
	lake.Stager
	at int64
}

var errBrittle = errors.New("the stage broke")

func (e brittle) Stage(ctx context.Context, ds *city.Dataset, id string) (lake.Stage, error) {
	s, err := e.Stager.Stage(ctx, ds, id)
	return brittleStage{s, e.at}, err
}

type brittleStage struct {
	lake.Stage
	at int64
}

func (s brittleStage) Append(row int64, values []any) error {
	if row == s.at {
		return errBrittle
	}
	return s.Stage.Append(row, values)
}

// TestStageFails holds that a stage which fails anywhere ends the delivery,
// whatever is under way then. That no goroutine stays behind is checked for all
// tests of the package.
func TestStageFails(t *testing.T) {
	t.Parallel()
	const n = 20_000
	for _, at := range []int64{1, 1024, 1025, 9_000, n} {
		t.Run(fmt.Sprint(at), func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			sound := b.svc
			b.deliver("hrss.jobs", head+"R0,,小店区,2024-01-05,1\n")
			c := b.svc.Config
			c.Engine = brittle{b.eng, at}
			b.svc = delivery.New(c)
			err := b.unchanged(t.Context(), delivery.Request{Dataset: "hrss.jobs", File: "f.csv", Content: strings.NewReader(rows(n)), Actor: "test"}, city.CodeUnavailable)
			if !errors.Is(err, errBrittle) {
				t.Error(err)
			}
			b.svc = sound
			if r := b.deliver("hrss.jobs", head+"R1,,小店区,2024-01-05,1\n"); r.Accepted != 1 {
				t.Errorf("the next delivery: %s", brief(r))
			}
		})
	}
}
