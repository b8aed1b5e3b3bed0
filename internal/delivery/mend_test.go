package delivery_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/store"
)

// withFaults has one good row, and rows of several faults.
const withFaults = head +
	"A1," + anna + ",小店区,2024-01-05,100.00\n" +
	"A2," + bruno + ",月球,2024-01-06,200.00\n" + // row 2: no such region
	"A3,,小店区,2024-13-07,300.00\n" + // row 3: no such day
	"A4," + anna + ",小店区,2024-01-08\n" + // row 4: a field is missing
	"A5,140105199003072319,小店区,2024-01-09,x\n" // row 5: check digit and wage

func (b *bench) mend(id string, rows ...delivery.MendRow) *delivery.Mended {
	b.t.Helper()
	m, err := b.svc.Mend(b.t.Context(), delivery.MendRequest{DeliveryID: id, Rows: rows, Reason: "电话核实", Actor: "test"})
	if err != nil {
		b.t.Fatal(err)
	}
	b.check(m.Receipt)
	return m
}

func set(row int64, values ...string) delivery.MendRow {
	r := delivery.MendRow{Row: row, Values: map[string]string{}}
	for i := 0; i < len(values); i += 2 {
		r.Values[values[i]] = values[i+1]
	}
	return r
}

// held lists the rows in a state as number:code.
func (b *bench) held(state store.RowState) string {
	b.t.Helper()
	page, err := b.store.HeldRows(b.t.Context(), store.HeldFilter{State: state}, "", store.MaxPage)
	if err != nil {
		b.t.Fatal(err)
	}
	var out []string
	for _, r := range page.Items {
		out = append(out, fmt.Sprintf("%d:%s", r.Row, r.Code))
	}
	return strings.Join(out, " ")
}

// wantHeld compares the rows in a state, and holds the catalogue to the rows
// that are open.
func (b *bench) wantHeld(state store.RowState, want string) {
	b.t.Helper()
	if got := b.held(state); got != want {
		b.t.Errorf("%s are %q, want %q", state, got, want)
	}
	totals, err := b.store.DatasetTotals(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	n := int64(0)
	for _, t := range totals {
		n += t.Quarantined
	}
	if open := len(strings.Fields(b.held(store.RowOpen))); n != int64(open) {
		b.t.Errorf("the datasets count %d rows in quarantine, %d are open", n, open)
	}
}

func TestMend(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.deliver("hrss.jobs", withFaults)
	b.wantHeld(store.RowOpen, "2:unknown_region 3:not_a_date 4:field_count 5:id_check")

	m := b.mend(d.DeliveryID, set(3, "day", "2024-01-07"), set(2, "place", "小店区"), set(5, "person", ""))
	if brief(m.Receipt) != "committed 3=2+1+0 not_a_number:1" || m.Receipt.MendOf != d.DeliveryID {
		t.Errorf("the receipt is %s of %s", brief(m.Receipt), m.Receipt.MendOf)
	}
	want := []delivery.MendedRow{{Row: 3, State: store.RowMended}, {Row: 2, State: store.RowMended}, {Row: 5, State: store.RowOpen, Code: "not_a_number", Field: "wage"}}
	for i, w := range want {
		if got := m.Rows[i]; got.Row != w.Row || got.State != w.State || got.Code != w.Code || got.Field != w.Field {
			t.Errorf("row %d is %+v, want %+v", w.Row, got, w)
		}
	}
	b.wantHeld(store.RowOpen, "4:field_count 5:not_a_number")
	b.wantHeld(store.RowMended, "2:unknown_region 3:not_a_date")
	b.wantTable("hrss.jobs", "A1|token26|140105|2024-01-05|100.00", "A2|token26|140105|2024-01-06|200.00", "A3|-|140105|2024-01-07|300.00")

	// A row that could not be read begins empty: nothing of it is guessed.
	m = b.mend(d.DeliveryID, set(4, "wage", "1"))
	if m.Rows[0].State != store.RowOpen || m.Rows[0].Code != "missing" {
		t.Errorf("an unreadable row, with one value: %+v", m.Rows)
	}
	m = b.mend(d.DeliveryID, set(4, "no", "A4", "person", anna, "day", "2024-01-08"), set(5, "person", anna, "wage", "5"))
	if m.Rows[0].State != store.RowMended || m.Rows[1].State != store.RowMended {
		t.Errorf("%+v", m.Rows)
	}
	b.wantHeld(store.RowOpen, "")
	if got := b.table("hrss.jobs"); len(got) != 5 {
		t.Errorf("the table holds %v", got)
	}
	if spans, err := b.store.CommittedPeriods(t.Context(), "hrss.jobs", m.Receipt.At.AddDate(1, 0, 0)); err != nil || len(spans) != 1 {
		t.Errorf("mended rows cover %v, %v", spans, err)
	}
}

// TestMendOfEveryForm mends the same row in files of every form.
func TestMendOfEveryForm(t *testing.T) {
	t.Parallel()
	records := recordsOf(t, head+"A1,,小店区,2024-01-05,1\nA2,,月球,2024-01-06,2.50\n")
	for name, content := range map[string][]byte{
		"csv": []byte(head + "A1,,小店区,2024-01-05,1\nA2,,月球,2024-01-06,2.50\n"), "jsonl": asJSONL(t, records),
		"parquet": asParquet(t, records), "xlsx": asXLSX(t, records),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			d := b.deliver("hrss.jobs", string(content))
			m := b.mend(d.DeliveryID, set(2, "place", "140105"))
			if m.Rows[0].State != store.RowMended {
				t.Errorf("%+v", m.Rows)
			}
			b.wantTable("hrss.jobs", "A1|-|140105|2024-01-05|1.00", "A2|-|140105|2024-01-06|2.50")
		})
	}
}

// TestMendWithoutHeader mends a row of a file whose columns have no names.
func TestMendWithoutHeader(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.deliver("env.air", "2024-01-01,35\n2024-01-02,lots\n")
	b.mend(d.DeliveryID, set(2, "pm25", "NaN"))
	b.wantTable("env.air", "2024-01-01|35.0", "2024-01-02|-")
}

// TestMendNewer holds that an old row does not undo what came after it.
func TestMendNewer(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.deliver("hrss.jobs", head+"A1,,月球,2024-01-05,1\nA2,,月球,2024-01-05,2\nA2,,小店区,2024-01-05,22\nA3,,月球,2024-01-05,3\n")
	b.deliver("hrss.jobs", head+"A1,,小店区,2024-01-05,11\n")
	for _, row := range []int64{1, 2} { // from a later delivery, from a later row
		_, err := b.svc.Mend(t.Context(), delivery.MendRequest{DeliveryID: d.DeliveryID, Reason: "x", Actor: "test", Rows: []delivery.MendRow{set(row, "place", "140105"), set(4, "place", "140105")}})
		if city.CodeOf(err) != "conflict.newer" || !strings.Contains(err.Error(), fmt.Sprintf("row %d ", row)) {
			t.Errorf("row %d: %v", row, err)
		}
	}
	b.wantHeld(store.RowOpen, "1:unknown_region 2:unknown_region 4:unknown_region")
	b.mend(d.DeliveryID, set(4, "place", "140105"))
	forced, err := b.svc.Mend(t.Context(), delivery.MendRequest{DeliveryID: d.DeliveryID, Reason: "x", Actor: "test", Force: true, Rows: []delivery.MendRow{set(1, "place", "140105")}})
	if err != nil || forced.Receipt.Changed != 1 {
		t.Errorf("forced: %+v, %v", forced, err)
	}
	b.wantTable("hrss.jobs", "A1|-|140105|2024-01-05|1.00", "A2|-|140105|2024-01-05|22.00", "A3|-|140105|2024-01-05|3.00")
}

func TestMendRefuses(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.deliver("hrss.jobs", withFaults)
	rejected := b.deliver("hrss.strict", withFaults)
	good := set(2, "place", "140105")
	for _, c := range []struct {
		name string
		req  delivery.MendRequest
		code city.Code
	}{
		{"no delivery", delivery.MendRequest{DeliveryID: "D1", Reason: "x", Actor: "test", Rows: []delivery.MendRow{good}}, "not_found"},
		{"no reason", delivery.MendRequest{DeliveryID: d.DeliveryID, Reason: " ", Rows: []delivery.MendRow{good}}, "invalid.reason"},
		{"a long reason", delivery.MendRequest{DeliveryID: d.DeliveryID, Reason: strings.Repeat("长", 501), Rows: []delivery.MendRow{good}}, "invalid.reason"},
		{"no rows", delivery.MendRequest{DeliveryID: d.DeliveryID, Reason: "x"}, "invalid.rows"},
		{"a row twice", delivery.MendRequest{DeliveryID: d.DeliveryID, Reason: "x", Actor: "test", Rows: []delivery.MendRow{good, good}}, "invalid.rows"},
		{"an unknown field", delivery.MendRequest{DeliveryID: d.DeliveryID, Reason: "x", Actor: "test", Rows: []delivery.MendRow{set(2, "plaec", "1")}}, "invalid.field"},
		{"no text", delivery.MendRequest{DeliveryID: d.DeliveryID, Reason: "x", Actor: "test", Rows: []delivery.MendRow{set(2, "place", "\xff")}}, "invalid.value"},
		{"a good row", delivery.MendRequest{DeliveryID: d.DeliveryID, Reason: "x", Actor: "test", Rows: []delivery.MendRow{set(1, "place", "1")}}, "not_found"},
		{"of a rejected delivery", delivery.MendRequest{DeliveryID: rejected.DeliveryID, Reason: "x", Actor: "test", Rows: []delivery.MendRow{good}}, "conflict.rejected"},
	} {
		if _, err := b.svc.Mend(t.Context(), c.req); city.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		}
	}
	if n, err := b.svc.Waive(t.Context(), delivery.RowsRequest{DeliveryID: d.DeliveryID, Rows: []int64{2}, Reason: "作废", Actor: "test"}); n != 1 || err != nil {
		t.Errorf("waived %d, %v", n, err)
	}
	_, err := b.svc.Mend(t.Context(), delivery.MendRequest{DeliveryID: d.DeliveryID, Reason: "x", Actor: "test", Rows: []delivery.MendRow{good}})
	if city.CodeOf(err) != "conflict.row" {
		t.Errorf("a waived row: %v", err)
	}
	if n, err := b.svc.Reopen(t.Context(), delivery.RowsRequest{DeliveryID: d.DeliveryID, Rows: []int64{2}, Reason: "误操作", Actor: "test"}); n != 1 || err != nil {
		t.Errorf("opened %d, %v", n, err)
	}
	if n, err := b.svc.Return(t.Context(), delivery.RowsRequest{DeliveryID: d.DeliveryID, Code: "unknown_region", Reason: "退回", Actor: "test"}); n != 1 || err != nil {
		t.Errorf("returned %d, %v", n, err)
	}
}

// TestMendIsCutOff ends the process, as far as the store can tell, at every
// step of a mending delivery, and recovers. Then the rows are mended and the
// table has them, or neither.
func TestMendIsCutOff(t *testing.T) {
	t.Parallel()
	for _, at := range delivery.Steps() {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			d := b.deliver("hrss.jobs", withFaults)
			b.svc.Step = func(name string) {
				if name == at {
					_ = b.store.Close()
				}
			}
			_, _ = b.svc.Mend(t.Context(), delivery.MendRequest{DeliveryID: d.DeliveryID, Reason: "x", Actor: "test",
				Rows: []delivery.MendRow{set(2, "place", "140105"), set(3, "day", "still wrong")}}) // fails or not, by where it was cut
			b.reopen()
			b.settled()
			mended := b.held(store.RowMended)
			switch rows := len(b.table("hrss.jobs")); {
			case rows == 2 && mended == "2:unknown_region":
				b.wantHeld(store.RowOpen, "3:not_a_date 4:field_count 5:id_check")
			case rows == 1 && mended == "":
				b.wantHeld(store.RowOpen, "2:unknown_region 3:not_a_date 4:field_count 5:id_check")
				b.mend(d.DeliveryID, set(2, "place", "140105"))
				b.wantHeld(store.RowMended, "2:unknown_region")
			default:
				t.Errorf("the table has %d rows, mended are %q", rows, mended)
			}
		})
	}
}

// TestRejectedRowsAreHeld holds that the rows of a rejected delivery that failed
// are listed, but not more of them than anybody would read.
func TestRejectedRowsAreHeld(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	r := b.deliver("hrss.strict", withFaults)
	if r.Status != delivery.Rejected || r.LeftOut != 0 {
		t.Fatalf("%s, %d left out", brief(r), r.LeftOut)
	}
	b.wantHeld(store.RowOpen, "2:unknown_region 3:not_a_date 4:field_count 5:id_check")
	if n, err := b.svc.Return(t.Context(), delivery.RowsRequest{DeliveryID: r.DeliveryID, Rows: []int64{2, 3, 4, 5}, Reason: "整批退回", Actor: "test"}); n != 4 || err != nil {
		t.Errorf("returned %d, %v", n, err)
	}
	flood := b.deliver("hrss.strict", head+strings.Repeat("A1,,月球,2024-01-05,1\n", 10_003))
	if flood.LeftOut != 3 {
		t.Errorf("%d rows are left out, want 3", flood.LeftOut)
	}
	groups, err := b.store.HeldGroups(t.Context(), store.HeldFilter{DeliveryID: flood.DeliveryID})
	if err != nil || len(groups) != 1 || groups[0].Count != 10_000 {
		t.Errorf("groups are %+v, %v", groups, err)
	}
}

// TestMendIsAudited holds that the chain says who changed which fields and why,
// and no value.
func TestMendIsAudited(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.deliver("hrss.jobs", withFaults)
	_, err := b.svc.Mend(t.Context(), delivery.MendRequest{DeliveryID: d.DeliveryID, Actor: "api:local", Reason: "本人 " + anna + " 来电",
		Rows: []delivery.MendRow{set(5, "person", bruno, "wage", "77.7")}})
	if err != nil {
		t.Fatal(err)
	}
	trail, err := b.store.AuditTrail(t.Context(), d.DeliveryID, "", 1)
	if err != nil || len(trail.Items) != 1 {
		t.Fatal(trail, err)
	}
	e := trail.Items[0]
	var detail struct {
		Rows []struct {
			Row    int64
			Fields []string
		}
		Reason string
	}
	if err := json.Unmarshal(e.Detail, &detail); err != nil {
		t.Fatal(err)
	}
	if e.Action != "quarantine.mend" || e.Actor != "api:local" || len(detail.Rows) != 1 || detail.Rows[0].Row != 5 ||
		strings.Join(detail.Rows[0].Fields, " ") != "person wage" || !strings.Contains(detail.Reason, "来电") {
		t.Errorf("the record is %+v %s", e, e.Detail)
	}
	for _, secret := range []string{anna, bruno, "77.7"} {
		if strings.Contains(string(e.Detail), secret) {
			t.Errorf("the record holds %s", secret)
		}
	}
}

// TestMendOfFormula holds that what a formula gave is never taken for the
// sender's value, also when the row has failed for another reason since.
func TestMendOfFormula(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	f := excelize.NewFile()
	var file bytes.Buffer
	err := errors.Join(f.SetSheetRow("Sheet1", "A1", &[]any{"业务流水号", "公民身份号码", "登记地", "登记日期", "工资"}),
		f.SetSheetRow("Sheet1", "A2", &[]any{"A1", "", "小店区", "2024-01-05", "1"}), f.SetCellFormula("Sheet1", "E2", "1+1"), f.Write(&file), f.Close())
	if err != nil {
		t.Fatal(err)
	}
	d := b.deliver("hrss.jobs", file.String())
	b.wantHeld(store.RowOpen, "1:formula")
	for range 2 {
		if m := b.mend(d.DeliveryID, set(1, "no", "A1")); m.Rows[0].Code != "missing" || m.Rows[0].Field != "day" {
			t.Errorf("%+v", m.Rows)
		}
	}
	b.mend(d.DeliveryID, set(1, "no", "A1", "day", "2024-01-05"))
	b.wantTable("hrss.jobs", "A1|-|140100|2024-01-05|-")
}

// TestMendOfPeriod mends a row of a batch that was all there is of its month:
// the others stay, and a later batch for the month has the last word.
func TestMendOfPeriod(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	jobs, err := b.city.Dataset("hrss.jobs")
	if err != nil {
		t.Fatal(err)
	}
	jobs.Delivery.Mode, jobs.Delivery.VanishAbove = city.ModeReplace, 1
	d := b.deliver("hrss.jobs", head+"A1,,小店区,2024-01-05,1\nA2,,月球,2024-01-06,2\nA3,,月球,2024-01-07,3\n")
	b.mend(d.DeliveryID, set(2, "place", "140105"))
	b.wantTable("hrss.jobs", "A1|-|140105|2024-01-05|1.00", "A2|-|140105|2024-01-06|2.00")
	if m := b.mend(d.DeliveryID, set(3, "place", "140105", "day", "2024-02-07")); m.Rows[0].Code != "outside_period" {
		t.Errorf("a row of January was mended into February: %+v", m.Rows)
	}
	b.deliver("hrss.jobs", head+"A1,,小店区,2024-01-05,11\n")
	b.wantTable("hrss.jobs", "A1|-|140105|2024-01-05|11.00")
	_, err = b.svc.Mend(t.Context(), delivery.MendRequest{DeliveryID: d.DeliveryID, Reason: "x", Actor: "test", Rows: []delivery.MendRow{set(3, "place", "140105")}})
	if city.CodeOf(err) != "conflict.newer" {
		t.Errorf("got %v", err)
	}
}

// TestMendIsTakenBack rolls a mending delivery back: its row is open again. The
// delivery that it mended cannot be taken back before.
func TestMendIsTakenBack(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.deliver("hrss.jobs", withFaults)
	m := b.mend(d.DeliveryID, set(2, "place", "140105"))
	back := func(id string) error {
		_, err := b.svc.Rollback(t.Context(), delivery.RollbackRequest{DeliveryID: id, Reason: "错批", Actor: "test"})
		return err
	}
	if err := back(d.DeliveryID); city.CodeOf(err) != "conflict.mended" || !strings.Contains(err.Error(), m.Receipt.DeliveryID) {
		t.Errorf("the delivery before its mend: %v", err)
	}
	if err := back(m.Receipt.DeliveryID); err != nil {
		t.Fatal(err)
	}
	b.wantHeld(store.RowOpen, "2:unknown_region 3:not_a_date 4:field_count 5:id_check")
	b.wantTable("hrss.jobs", "A1|token26|140105|2024-01-05|100.00")
	b.mend(d.DeliveryID, set(3, "day", "2024-01-07"), set(2, "place", "140105"))
	if mends, err := b.store.MendsOf(t.Context(), d.DeliveryID); err != nil || len(mends) != 1 || back(mends[0].ID) != nil || back(d.DeliveryID) != nil {
		t.Errorf("taken back one after the other: %+v, %v", mends, err)
	}
	b.wantHeld(store.RowOpen, "")
	b.wantTable("hrss.jobs")
}
