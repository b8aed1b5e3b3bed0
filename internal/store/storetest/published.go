package storetest

import (
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/audit"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/store"
)

// edition keeps a pack with one definition.
func edition(t *testing.T, s *store.Store, sha, version string, at time.Time) bool {
	t.Helper()
	kept, err := s.KeepEdition(t.Context(), store.Edition{SHA256: sha, Name: "test", Since: at}, []byte("archive of "+sha),
		[]store.Definition{{Indicator: "a", Version: version, Words: city.Text{ZH: "词", EN: "words"}, Body: []byte(`{}`)}},
		audit.Entry{At: at, Actor: "test", Action: "pack.keep", Subject: sha})
	if err != nil {
		t.Fatal(err)
	}
	return kept
}

func testEditions(t *testing.T, f Factory) {
	s, at := open(t, f), time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC)
	for i, step := range []struct {
		sha, version string
		kept         bool
	}{{"p1", "v1", true}, {"p1", "v1", false}, {"p2", "v1", true}, {"p3", "v2", true}, {"p1", "v1", true}} {
		if kept := edition(t, s, step.sha, step.version, at.Add(time.Duration(i)*time.Hour)); kept != step.kept {
			t.Errorf("step %d: kept is %v", i, kept)
		}
	}
	defs, err := s.Definitions(t.Context(), "a")
	if err != nil || len(defs) != 3 || defs[0].Version != "v1" || defs[1].SHA256 != "p3" || defs[2].SHA256 != "p1" || !defs[1].Since.Equal(at.Add(3*time.Hour)) {
		t.Errorf("definitions are %+v, %v", defs, err)
	}
	editions, err := s.Editions(t.Context())
	if err != nil || len(editions) != 4 || editions[3].SHA256 != "p1" {
		t.Errorf("editions are %+v, %v", editions, err)
	}
	if archive, err := s.PackArchive(t.Context(), "p2"); err != nil || string(archive) != "archive of p2" {
		t.Errorf("the archive is %q, %v", archive, err)
	}
	_, err = s.PackArchive(t.Context(), "p9")
	wantCode(t, err, "not_found.pack")
}

func testPublished(t *testing.T, f Factory) {
	s, at := open(t, f), time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC)
	edition(t, s, "p1", "v1", at)
	span := city.Span{From: city.Date{Year: 2024, Month: 1, Day: 1}, To: city.Date{Year: 2024, Month: 1, Day: 31}}
	value := 1234.56789012345
	closing := store.Closing{Period: "2024-01", Grain: city.GrainMonth, Span: span, Tag: "t", Pack: "p1", Today: span.To, At: at, Actor: "test", Person: "王敏", Digest: "d",
		Sources: []store.ClosingSource{{Dataset: "x.y", SnapshotID: "7", CommitAt: at, CompleteTo: span.To, Covered: []city.Span{span}, Fraction: 0.5, Simulated: true}}}
	figures := []store.Figure{{Indicator: "a", Version: "v1", Dataset: "x.y", Value: &value, Display: "1235", Unit: "piece", Status: "valid", Rows: 9},
		{Indicator: "a", Version: "v1", Dataset: "x.y", Dimension: "region", Member: "140105", Unit: "piece", Status: "no_data"}}
	publish := func(c store.Closing) (store.Closing, error) {
		return s.Publish(t.Context(), c, figures, func(c store.Closing) audit.Entry {
			return audit.Entry{At: at, Actor: "test", Action: "published.close", Subject: c.ID}
		})
	}
	first, err := publish(closing)
	if err != nil || first.ID != "2024-01-r1" || first.Figures != 2 {
		t.Fatalf("closed as %+v, %v", first, err)
	}
	_, err = publish(closing)
	wantCode(t, err, "conflict.published")
	closing.Replaces = first.ID
	second, err := publish(closing)
	if err != nil || second.ID != "2024-01-r2" {
		t.Fatalf("closed again as %+v, %v", second, err)
	}
	closing.Person = " "
	_, err = publish(closing)
	wantCode(t, err, "invalid.published")
	wantPublished(t, s, value)
}

// wantPublished looks at what testPublished kept.
func wantPublished(t *testing.T, s *store.Store, value float64) {
	t.Helper()
	last, found, err := s.LastClosing(t.Context(), "2024-01")
	if err != nil || !found || last.ID != "2024-01-r2" || len(last.Sources) != 1 || last.Sources[0].Fraction != 0.5 || len(last.Sources[0].Covered) != 1 {
		t.Errorf("the last closing is %+v, %v", last, err)
	}
	for _, newest := range []bool{false, true} {
		page, err := s.Closings(t.Context(), store.ClosingFilter{Period: "2024-01", Newest: newest}, "", 10)
		if want := map[bool]int{false: 2, true: 1}[newest]; err != nil || len(page.Items) != want {
			t.Errorf("%d closings, %v; want %d", len(page.Items), err, want)
		}
	}
	whole := ""
	kept, err := s.Figures(t.Context(), store.FigureFilter{Indicator: "a", Dimension: &whole})
	if err != nil || len(kept) != 2 || *kept[0].Value != value || kept[0].ID != "2024-01-r1-0001" {
		t.Errorf("figures are %+v, %v", kept, err)
	}
	if f, err := s.Figure(t.Context(), "2024-01-r2-0002"); err != nil || f.Value != nil || f.Member != "140105" {
		t.Errorf("the figure is %+v, %v", f, err)
	}
	_, err = s.Figure(t.Context(), "2024-01-r3-0001")
	wantCode(t, err, city.CodeNotFound)
	_, err = s.Closing(t.Context(), "2024-02-r1")
	wantCode(t, err, city.CodeNotFound)
}
