package storetest

import (
	"errors"
	"testing"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/store"
)

// report is the n-th report of a target.
func report(id, target, period string, version int64) store.ProgressReport {
	v := 12.25
	return store.ProgressReport{ID: id, Target: target, Period: period, To: city.Date{Year: 2024, Month: 9, Day: 30}, Version: version, Owner: "roads",
		Value: &v, Note: "说明", By: "张三", As: "test", At: start(), State: store.ProgressReported,
		Files: []store.ProgressFile{{Name: "证明.pdf", MediaType: "application/pdf", Bytes: 7, SHA256: id + "a"}}}
}

func testProgress(t *testing.T, f Factory) {
	again := f(t)
	s := reopen(t, again)
	ctx := t.Context()
	add := func(r ...store.ProgressReport) error {
		return s.ChangeProgress(ctx, []string{"road"}, func([]store.ProgressReport) (store.ProgressChange, error) {
			return store.ProgressChange{Add: r, Entries: []audit.Entry{entry("progress.report", r[0].ID)}}, nil
		})
	}
	must(t, add(report("P1", "road", "2024-09", 1), report("P2", "road", "2024-08", 1), report("P3", "bridge", "2024-09", 1)))
	wantCode(t, add(report("P4", "road", "2024-09", 2)), city.CodeConflict) // two may not wait
	wantCode(t, add(report("P1", "road", "2024-07", 1)), city.CodeConflict)
	stop := errors.New("stop")
	if err := s.ChangeProgress(ctx, nil, func([]store.ProgressReport) (store.ProgressChange, error) { return store.ProgressChange{}, stop }); !errors.Is(err, stop) {
		t.Errorf("the refusal became %v", err)
	}
	before, err := s.ProgressRevision(ctx)
	must(t, err)
	must(t, s.ChangeProgress(ctx, []string{"road"}, func(have []store.ProgressReport) (store.ProgressChange, error) {
		if len(have) != 2 || have[0].ID != "P1" || have[1].ID != "P2" {
			t.Errorf("handed over %+v", have)
		}
		r := have[0]
		r.State, r.DecidedBy, r.DecidedAs, r.DecidedAt, r.Reason = store.ProgressApproved, "李四", "test", start(), "属实"
		return store.ProgressChange{Set: []store.ProgressReport{r}, Entries: []audit.Entry{entry("progress.approved", r.ID)}}, nil
	}))
	if after, err := s.ProgressRevision(ctx); err != nil || after <= before {
		t.Errorf("the revision went from %d to %d: %v", before, after, err)
	}
	s = reopen(t, again)
	r, err := s.ProgressReport(ctx, "P1")
	if err != nil || r.State != store.ProgressApproved || r.DecidedBy != "李四" || !r.DecidedAt.Equal(start()) || *r.Value != 12.25 || len(r.Files) != 1 || r.Files[0].Bytes != 7 {
		t.Errorf("%+v, %v", r, err)
	}
	_, err = s.ProgressReport(ctx, "P9")
	wantCode(t, err, city.CodeNotFound)
	testProgressLists(t, s)
}

func testProgressLists(t *testing.T, s *store.Store) {
	ctx := t.Context()
	var seen []string
	for cursor := ""; ; {
		page, err := s.ProgressReports(ctx, store.ProgressFilter{Owner: "roads"}, cursor, 2)
		must(t, err)
		for _, r := range page.Items {
			seen = append(seen, r.ID)
			if len(r.Files) != 1 || r.Files[0].SHA256 != r.ID+"a" {
				t.Errorf("the files of %s: %+v", r.ID, r.Files)
			}
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if len(seen) != 3 || seen[0] != "P3" || seen[2] != "P1" {
		t.Errorf("listed %v", seen)
	}
	page, err := s.ProgressReports(ctx, store.ProgressFilter{Target: "road", States: []store.ProgressState{store.ProgressReported}}, "", 0)
	if err != nil || len(page.Items) != 1 || page.Items[0].ID != "P2" {
		t.Errorf("%+v, %v", page, err)
	}
	_, err = s.ProgressReports(ctx, store.ProgressFilter{}, "x", 0)
	wantCode(t, err, city.CodeInvalid)
	standing, err := s.ProgressStanding(ctx)
	if err != nil || len(standing) != 3 {
		t.Errorf("%d stand, %v", len(standing), err)
	}
	contents, err := s.ProgressContents(ctx)
	if err != nil || len(contents) != 3 || contents["P2a"] != 7 {
		t.Errorf("%v, %v", contents, err)
	}
}
