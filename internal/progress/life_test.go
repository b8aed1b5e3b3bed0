package progress_test

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/progress"
	"github.com/jinyang-city/jinyang/internal/store"
)

func TestALife(t *testing.T) {
	t.Parallel()
	b := newBed(t, "2024-10-31")
	first := b.file(t, homes("2024-09", 800), "八百套")
	if first.State != store.ProgressReported || first.Version != 1 || len(first.Files) != 1 || first.Owner.Name != "homes" || first.Display != "800" {
		t.Errorf("filed: %+v", first)
	}
	if again := b.file(t, homes("2024-09", 800), "八百套"); again.ID != first.ID {
		t.Errorf("the same report again is another: %s", again.ID)
	}
	if r := b.approve(t, first.ID); r.State != store.ProgressApproved || r.DecidedBy != "李四" || r.DecidedAs != "test" || len(r.Files) != 1 {
		t.Errorf("approved: %+v", r)
	}
	fix := homes("2024-09", 750)
	fix.Replaces = first.ID
	second := b.file(t, fix)
	if st := b.standing(t, "homes.2024"); st.State != "waiting" || st.Last.ID != second.ID {
		t.Errorf("while the correction waits: %+v", st)
	}
	if r, err := b.Report(t.Context(), clerk, first.ID); err != nil || r.State != store.ProgressApproved {
		t.Errorf("the old one does not stand: %+v, %v", r, err)
	}
	b.approve(t, second.ID)
	old, err := b.Report(t.Context(), clerk, first.ID)
	if err != nil || old.State != store.ProgressSuperseded || old.SupersededBy != second.ID || old.DecidedBy != "李四" {
		t.Errorf("the corrected one: %+v, %v", old, err)
	}
	if want := []string{"reported", "reported", "approved", "reported", "approved"}; !slices.Equal(b.told, want) {
		t.Errorf("told %v, want %v", b.told, want)
	}
	b.verified(t)
}

// TestRefused holds what may not be filed or decided.
func TestRefused(t *testing.T) {
	t.Parallel()
	b := newBed(t, "2024-10-31")
	day := func(s string) city.Date { d, _ := city.ParseDate(s); return d }
	road := progress.Filing{Target: "road.2024", Period: "2024-09", By: "张三"}
	with := func(f progress.Filing, change func(*progress.Filing)) progress.Filing { change(&f); return f }
	for name, c := range map[string]struct {
		f    progress.Filing
		code city.Code
	}{
		"no name":             {with(homes("2024-09", 1), func(f *progress.Filing) { f.By = "  " }), "invalid.by"},
		"number as name":      {with(homes("2024-09", 1), func(f *progress.Filing) { f.By = "11010119900307721X" }), "invalid.by"},
		"no value":            {with(homes("2024-09", 1), func(f *progress.Filing) { f.Value = nil }), progress.CodeInvalid},
		"a day for a number":  {with(homes("2024-09", 1), func(f *progress.Filing) { f.DoneOn = day("2024-09-01") }), progress.CodeInvalid},
		"not over":            {homes("2024-10", 1), progress.CodeInvalid},
		"to come":             {homes("2024-11", 1), progress.CodeInvalid},
		"before the plan":     {homes("2023-12", 1), progress.CodeInvalid},
		"a quarter":           {homes("2024Q3", 1), progress.CodeInvalid},
		"a number for a road": {with(road, func(f *progress.Filing) { f.Value = number(1) }), progress.CodeInvalid},
		"neither day":         {road, progress.CodeInvalid},
		"done tomorrow":       {with(road, func(f *progress.Filing) { f.DoneOn = day("2024-11-01") }), progress.CodeInvalid},
		"done later":          {with(road, func(f *progress.Filing) { f.DoneOn = day("2024-10-02") }), progress.CodeInvalid},
		"expected before":     {with(road, func(f *progress.Filing) { f.ExpectedOn = day("2024-08-30") }), progress.CodeInvalid},
		"above all":           {progress.Filing{Target: "heating.2024", Period: "2024Q3", Value: number(101), By: "张三"}, progress.CodeInvalid},
		"without a file":      {progress.Filing{Target: "heating.2024", Period: "2024Q3", Value: number(99), By: "张三"}, progress.CodeFile},
		"no such target":      {with(road, func(f *progress.Filing) { f.Target = "gone" }), city.CodeNotFound},
		"corrects nothing":    {with(homes("2024-09", 1), func(f *progress.Filing) { f.Replaces = "P1" }), progress.CodeInvalid},
	} {
		_, err := b.File(t.Context(), clerk, c.f)
		t.Run(name, func(t *testing.T) { wantCode(t, err, c.code) })
	}
	r := b.file(t, homes("2024-09", 800))
	_, err := b.File(t.Context(), clerk, homes("2024-09", 801))
	wantCode(t, err, progress.CodeConflict)
	for _, name := range []string{"张三", " 张 三 "} {
		_, err = b.Approve(t.Context(), clerk, r.ID, progress.Decision{By: name})
		wantCode(t, err, progress.CodeSecondPerson)
		_, err = b.Reject(t.Context(), clerk, r.ID, progress.Decision{By: name, Reason: "x"})
		wantCode(t, err, progress.CodeSecondPerson)
	}
	_, err = b.Withdraw(t.Context(), clerk, r.ID, progress.Decision{By: "李四", Reason: "x"})
	wantCode(t, err, progress.CodeSecondPerson)
	_, err = b.Reject(t.Context(), clerk, r.ID, progress.Decision{By: "李四"})
	wantCode(t, err, "invalid.reason")
	b.approve(t, r.ID)
	if again := b.approve(t, r.ID); again.State != store.ProgressApproved {
		t.Errorf("approved again: %+v", again)
	}
	_, err = b.Reject(t.Context(), clerk, r.ID, progress.Decision{By: "李四", Reason: "x"})
	wantCode(t, err, progress.CodeConflict)
	b.verified(t)
}

func TestARejectedReportIsOwedAgain(t *testing.T) {
	t.Parallel()
	b := newBed(t, "2024-10-04")
	for _, p := range []string{"2024-08", "2024-09"} {
		r := b.file(t, homes(p, 700))
		if _, err := b.Reject(t.Context(), clerk, r.ID, progress.Decision{By: "李四", Reason: "看不出进展"}); err != nil {
			t.Fatal(err)
		}
	}
	if st := b.standing(t, "homes.2024"); st.State != "overdue" || st.Period != "2024-09" || st.Owed[0] != "2024-01" {
		t.Errorf("%+v", st)
	}
	b.approve(t, b.file(t, homes("2024-08", 700)).ID)
	st := b.standing(t, "homes.2024")
	if st.State != "rejected" || st.Due.String() != "2024-10-05" || !slices.Equal(st.Owed, []string{"2024-09"}) {
		t.Errorf("%+v", st)
	}
	again := b.file(t, homes("2024-09", 700))
	if again.Version != 2 {
		t.Errorf("version %d, want 2: history is kept", again.Version)
	}
	if _, err := b.Withdraw(t.Context(), clerk, again.ID, progress.Decision{By: "张三", Reason: "报错了"}); err != nil {
		t.Fatal(err)
	}
	if st := b.standing(t, "homes.2024"); st.State != "rejected" {
		t.Errorf("after it was withdrawn: %+v", st)
	}
	b.verified(t)
}

func TestDueDates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		today, target, state, period, due string
		days                              int
	}{
		{"2024-01-20", "homes.2024", "none", "", "2024-02-05", 0},
		{"2024-02-01", "homes.2024", "due", "2024-01", "2024-02-05", 0},
		{"2024-02-05", "homes.2024", "due", "2024-01", "2024-02-05", 0},
		{"2024-02-06", "homes.2024", "overdue", "2024-01", "2024-02-05", 1},
		{"2024-03-31", "homes.2024", "overdue", "2024-02", "2024-02-05", 55},
		{"2024-04-10", "heating.2024", "due", "2024Q1", "2024-04-12", 0},
		{"2024-04-13", "heating.2024", "overdue", "2024Q1", "2024-04-12", 1},
		{"2026-01-01", "road.2024", "overdue", "2024-09", "2024-02-05", 696}, // nothing is due for periods after the deadline
	} {
		b := newBed(t, c.today)
		st := b.standing(t, c.target)
		if string(st.State) != c.state || st.Period != c.period || st.Due.String() != c.due || st.Days != c.days {
			t.Errorf("%s on %s: %s %q due %s, %d days late; want %+v", c.target, c.today, st.State, st.Period, st.Due, st.Days, c)
		}
	}
}

func TestAMilestoneThatIsReachedOwesNothing(t *testing.T) {
	t.Parallel()
	b := newBed(t, "2024-10-31")
	done, _ := city.ParseDate("2024-08-20")
	r := b.file(t, progress.Filing{Target: "road.2024", Period: "2024-08", DoneOn: done, By: "张三"})
	if st := b.standing(t, "road.2024"); st.State != "overdue" || st.Period != "2024-09" {
		t.Errorf("before it is approved: %+v", st)
	}
	b.approve(t, r.ID)
	if st := b.standing(t, "road.2024"); st.State != "approved" || !st.Due.IsZero() {
		t.Errorf("after: %+v", st)
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	b := newBed(t, "2024-10-31")
	for name, c := range map[string]struct{ name, text string }{
		"a program":    {"a.exe", "MZ"},
		"no end":       {"a", "text"},
		"empty":        {"a.txt", ""},
		"not a PDF":    {"a.pdf", "MZ"},
		"not text":     {"a.txt", "a\x00b"},
		"no name":      {"..", "text"},
		"a long name":  {strings.Repeat("长", 200) + ".txt", "text"},
		"too much":     {"a.txt", strings.Repeat("x", progress.MaxFile+1)},
		"not a sheet":  {"a.xlsx", "name,value"},
		"a page in it": {"a.png", "<html>"},
	} {
		_, err := b.Stage(t.Context(), c.name, strings.NewReader(c.text))
		t.Run(name, func(t *testing.T) { wantCode(t, err, progress.CodeFile) })
	}
	if left := b.kept(t); len(left) > 0 {
		t.Errorf("refused files are left: %v", left)
	}
	first := b.file(t, homes("2024-08", 700), "同一份")
	second := b.file(t, homes("2024-09", 800), "同一份", "另一份")
	if files := b.kept(t); len(files) != 2 || first.Files[0].SHA256 != second.Files[0].SHA256 {
		t.Errorf("the same file is not kept once: %v", files)
	}
	_, content, err := b.Content(t.Context(), clerk, second.ID, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	if text, err := io.ReadAll(content); err != nil || string(text) != "另一份" {
		t.Errorf("read back %q, %v", text, err)
	}
	if _, _, err := b.Content(t.Context(), clerk, second.ID, 3); city.CodeOf(err) != city.CodeNotFound {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := b.File(t.Context(), clerk, homes("2024-09", 1), mustStage(t, b, "没有用上")); err == nil {
		t.Error("a second report is taken")
	}
	if files := b.kept(t); len(files) != 2 {
		t.Errorf("the file of a refused report is left: %v", files)
	}
	b.verified(t)
}

func mustStage(t *testing.T, b *bed, text string) *progress.Staged {
	t.Helper()
	s, err := b.Stage(t.Context(), "a.txt", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}
