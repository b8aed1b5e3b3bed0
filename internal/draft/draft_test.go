package draft_test

import (
	"context"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/draft"
	"github.com/jinyang-city/jinyang/internal/pack"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
	"github.com/jinyang-city/jinyang/packs"
)

// files is a pack in memory.
type files struct {
	all    fstest.MapFS
	city   *city.City
	locked bool
}

func (f *files) with(name string, text []byte) fstest.MapFS {
	out := fstest.MapFS{}
	for k, v := range f.all {
		out[k] = v
	}
	if delete(out, name); text != nil {
		out[name] = &fstest.MapFile{Data: text}
	}
	return out
}

func (f *files) File(name string) ([]byte, bool, error) {
	have, ok := f.all[name]
	if !ok {
		return nil, false, nil
	}
	return have.Data, true, nil
}

func (f *files) Without(name string) (*city.City, error) { return pack.Load(f.with(name, nil)) }

func (f *files) Try(name string, text []byte) error {
	_, err := pack.Load(f.with(name, text))
	return err
}

func (f *files) Use(_ context.Context, name string, text []byte) error {
	next := f.with(name, text)
	c, err := pack.Load(next)
	if err == nil {
		f.all, f.city = next, c
	}
	return err
}

func (f *files) Writable() error {
	if f.locked {
		return city.Errorf("conflict.pack", "locked")
	}
	return nil
}

func open(t *testing.T) (*draft.Service, *files) {
	t.Helper()
	dir := t.TempDir()
	s, err := store.Open(t.Context(), filepath.Join(dir, "city.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	embedded, err := packs.Taiyuan()
	if err != nil {
		t.Fatal(err)
	}
	f := &files{all: fstest.MapFS{}}
	err = fs.WalkDir(embedded, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".yaml" {
			return err
		}
		b, err := fs.ReadFile(embedded, name)
		f.all[name] = &fstest.MapFile{Data: b}
		return err
	})
	if err == nil {
		f.city, err = pack.Load(f.all)
	}
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 1, 20, 8, 0, 0, 0, time.UTC)
	return draft.New(draft.Config{Dir: filepath.Join(dir, "drafts"), Store: s, City: func() *city.City { return f.city }, Pack: f,
		Now: func() time.Time { now = now.Add(time.Second); return now }}), f
}

const text = "2026年重点工作安排\n今年，城镇新增就业不少于8.2万人，造林绿化12万亩，单位GDP能耗下降3%左右。\n清徐县中医院新院区9月底前建成投用，居民收入增长与经济增长同步。\n"

var who = policy.Local("test")

func accept(t *testing.T, s *draft.Service, d *draft.Draft) {
	t.Helper()
	for _, p := range d.Targets {
		if _, err := s.Review(t.Context(), who, d.ID, p.Number, draft.Change{State: "accepted"}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFromTextToPack(t *testing.T) {
	t.Parallel()
	s, f := open(t)
	d, err := s.Add(t.Context(), who, "plan.txt", strings.NewReader(text), 0)
	if err != nil || d.Year != 2026 || len(d.Targets) != 5 {
		t.Fatalf("%+v %v", d, err)
	}
	jobs := d.Targets[0]
	if jobs.Declared.Unit != "person" || *jobs.Declared.Value != 82000 || len(jobs.Suggestions) == 0 || jobs.Suggestions[0].Indicator != "employment.new_urban" {
		t.Errorf("jobs: %+v %+v", jobs.Declared, jobs.Suggestions)
	}
	w := draft.Writing{Name: "plan2026", Owner: "government", Title: city.Text{ZH: "2026年工作安排"}}
	if _, err := s.Preview(t.Context(), who, d.ID, w); city.CodeOf(err) != "invalid.draft" {
		t.Errorf("nothing is accepted, and the preview says %v", err)
	}
	accept(t, s, d)
	bound := d.Targets[0].Declared
	bound.Indicator = "employment.new_urban"
	if _, err := s.Review(t.Context(), who, d.ID, 1, draft.Change{Version: 1, Declared: &bound, Note: "bound"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Review(t.Context(), who, d.ID, 1, draft.Change{Version: 1, State: "rejected"}); city.CodeOf(err) != "conflict.draft" {
		t.Errorf("a change from an old version: %v", err)
	}
	p, err := s.Write(t.Context(), who, d.ID, w)
	if err != nil {
		q, _ := s.Preview(t.Context(), who, d.ID, w)
		t.Fatalf("%v\n%+v", err, q)
	}
	if again, err := s.Write(t.Context(), who, d.ID, w); err != nil || again.YAML != p.YAML {
		t.Errorf("writing again: %v", err)
	}
	target, err := f.city.Target("plan2026.t1")
	if err != nil || target.Indicator != "employment.new_urban" || target.Quote != "城镇新增就业不少于8.2万人" {
		t.Errorf("%+v %v", target, err)
	}
	if fall, err := f.city.Target("plan2026.t3"); err != nil || *fall.Value != -3 || fall.Comparator != city.Around {
		t.Errorf("a fall of 3%%: %+v %v", fall, err)
	}
	problems := pack.CheckDocuments(onlyNew(f.city), fstest.MapFS{"plan.txt": {Data: []byte(text)}})
	if len(problems) > 0 {
		t.Errorf("the quotes do not stand in the text: %v", problems)
	}
	if back, err := s.Undo(t.Context(), who, d.ID); err != nil || back.Written != nil {
		t.Fatalf("%+v %v", back, err)
	}
	if _, err := f.city.Target("plan2026.t1"); err == nil {
		t.Error("the target is still in the pack")
	}
	past, err := s.History(t.Context(), who, d.ID, 1)
	if err != nil || len(past) != 2 || past[1].Note != "bound" || past[1].Declared.Indicator != "employment.new_urban" {
		t.Errorf("%+v %v", past, err)
	}
}

// onlyNew is the city with the documents and targets of the written file alone.
func onlyNew(c *city.City) *city.City {
	out := *c
	out.Documents, out.Targets = nil, nil
	for _, d := range c.Documents {
		if d.Name == "plan2026" {
			out.Documents = append(out.Documents, d)
		}
	}
	for _, t := range c.Targets {
		if strings.HasPrefix(t.Name, "plan2026.") {
			out.Targets = append(out.Targets, t)
		}
	}
	return &out
}

func TestWritingIsRefused(t *testing.T) {
	t.Parallel()
	s, f := open(t)
	d, err := s.Add(t.Context(), who, "plan.txt", strings.NewReader(text), 2026)
	if err != nil {
		t.Fatal(err)
	}
	accept(t, s, d)
	for want, w := range map[city.Code]draft.Writing{
		"invalid.name":  {Name: "../etc"},
		"conflict.file": {Name: "2024", Plan: "2024"},
		"invalid.pack":  {Name: "x", Plan: "2024", Chapter: "nowhere"},
		"not_found":     {Name: "x", Plan: "1999"},
	} {
		if _, err := s.Write(t.Context(), who, d.ID, w); city.CodeOf(err) != want && !(want == "conflict.file" && city.CodeOf(err) == "invalid.pack") {
			t.Errorf("%+v: %v, want %s", w, err, want)
		}
	}
	if _, err := s.Undo(t.Context(), who, d.ID); city.CodeOf(err) != "conflict.draft" {
		t.Errorf("undo of what was not written: %v", err)
	}
	f.locked = true
	if _, err := s.Write(t.Context(), who, d.ID, draft.Writing{Name: "x"}); city.CodeOf(err) != "conflict.pack" {
		t.Errorf("a pack that may not be written: %v", err)
	}
	if _, err := s.Draft(t.Context(), who, "none"); city.CodeOf(err) != city.CodeNotFound {
		t.Errorf("%v", err)
	}
}
