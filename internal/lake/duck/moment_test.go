package duck_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// moments is a dataset whose rows are dated by a moment.
func moments() *city.Dataset {
	return &city.Dataset{
		Name: "test.moments", Key: []string{"at", "station"}, Delivery: city.DeliverySpec{Mode: city.ModeUpsert, Period: "at"},
		Fields: []*city.Field{
			{Name: "at", Type: city.TypeDateTime},
			{Name: "station", Type: city.TypeString},
			{Name: "level", Type: city.TypeNumber, Optional: true},
		},
	}
}

// deliverMoments stages, checks, merges and commits rows of one station, each a
// moment and a level.
func (b *bench) deliverMoments(id string, scope lake.Scope, rows ...string) (*lake.Merged, *lake.Checked) {
	b.t.Helper()
	ctx := b.t.Context()
	must := func(err error) {
		b.t.Helper()
		if err != nil {
			b.t.Fatal(err)
		}
	}
	ds := *b.ds
	ds.Delivery.Mode = scope.Mode
	st, err := b.eng.Stage(ctx, &ds, id)
	must(err)
	defer st.Close()
	for i, r := range rows {
		at, level, _ := strings.Cut(r, "=")
		moment, err := time.Parse("2006-01-02 15:04:05", at)
		must(err)
		var n float64
		_, err = fmt.Sscan(level, &n)
		must(err)
		must(st.Append(int64(i+1), []any{moment, "上兰", n}))
	}
	v := b.view(time.Time{})
	hourly := &city.SetCheck{Kind: city.CheckGap, By: []string{"station"}, Order: []string{"at"}, Every: city.StepHour, Notice: true}
	falls := &city.SetCheck{Kind: city.CheckMonotonic, Fields: []string{"level"}, By: []string{"station"}, Order: []string{"at"}, Reset: city.GrainMonth, Notice: true}
	checked, err := st.Check(ctx, v, scope, []lake.Check{{SetCheck: hourly}, {SetCheck: falls}})
	must(err)
	m, err := st.Merge(ctx, v, b.lk.DataDir(b.ds.Name), scope)
	must(err)
	_, err = b.lk.Commit(ctx, lake.Change{Dataset: b.ds.Name, DeliveryID: id, Base: v.SnapshotID, Add: m.Add, Remove: m.Remove})
	must(err)
	return m, checked
}

func (b *bench) momentsThere() []string {
	b.t.Helper()
	rows, err := b.eng.Query(b.t.Context(), `SELECT CAST("at" AS VARCHAR) || '=' || CAST(level AS BIGINT) FROM `+b.eng.Relation(b.view(time.Time{}))+` ORDER BY "at"`)
	if err != nil {
		b.t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			b.t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

// TestMoments takes rows that are dated by moments through checks, merges and
// the lake: hours and days are those of the moments, and nothing is lost of a
// day after its midnight.
func TestMoments(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.ds = moments()
	if err := b.lk.Ensure(t.Context(), b.ds); err != nil {
		t.Fatal(err)
	}
	upsert := lake.Scope{Mode: city.ModeUpsert}
	m, checked := b.deliverMoments("D1", upsert, "2024-01-31 22:00:00=8", "2024-01-31 23:00:00.000001=9", "2024-02-01 01:00:00=1")
	if want := (city.Span{From: city.NewDate(2024, 1, 31), To: city.NewDate(2024, 2, 1)}); m.Accepted != 3 || m.Period != want {
		t.Errorf("%+v", m)
	}
	if len(checked.Noticed) != 1 || checked.Noticed[0].Gaps[0].From != "2024-02-01 00" || checked.Noticed[0].Count != 1 {
		t.Errorf("the level begins anew with the month, and one hour is missing: %+v", checked.Noticed)
	}

	m, checked = b.deliverMoments("D2", upsert, "2024-01-31 22:00:00=7", "2024-01-31 23:00:00.000001=9", "2024-02-01 00:00:00=0")
	if m.Accepted != 2 || m.Changed != 1 || len(m.Duplicates) != 1 || m.Duplicates[0].Code != "unchanged" || len(checked.Noticed) != 0 {
		t.Errorf("%+v, noticed %+v", m, checked.Noticed)
	}

	// The table has the hours between, on the last day of the month.
	if _, checked = b.deliverMoments("D3", upsert, "2024-01-31 21:00:00=1", "2024-01-31 23:59:59.999999=9"); len(checked.Noticed) != 0 {
		t.Errorf("noticed %+v", checked.Noticed)
	}

	day := city.Span{From: city.NewDate(2024, 1, 31), To: city.NewDate(2024, 1, 31)}
	m, _ = b.deliverMoments("D4", lake.Scope{Mode: city.ModeReplace, Period: day}, "2024-01-31 12:00:00=1")
	if m.InScope != 4 || m.Vanished != 4 || m.Period != day {
		t.Errorf("%+v", m)
	}
	if got, want := b.momentsThere(), []string{"2024-01-31 12:00:00=1", "2024-02-01 00:00:00=0", "2024-02-01 01:00:00=1"}; !slices.Equal(got, want) {
		t.Errorf("the table holds %v, want %v", got, want)
	}
}
