package monthly_test

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/explore"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/ledger"
	"github.com/jinyang-city/jinyang/internal/monthly"
	"github.com/jinyang-city/jinyang/internal/pack"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// fake answers as package analysis would: districts that differ, one of which is
// withheld, and a growth that the test chooses.
type fake struct {
	city       *city.City
	completeTo city.Date
	status     analysis.Status
	previous   float64
}

var (
	_ monthly.Answers   = (*fake)(nil)
	_ monthly.Published = (*fake)(nil)
)

func (f *fake) source() analysis.Source {
	return analysis.Source{Dataset: "jobs.people", Title: city.Text{ZH: "就业登记", EN: "Jobs"}, Owner: analysis.Named{Title: city.Text{ZH: "人社局", EN: "Bureau"}},
		SnapshotID: "42", CompleteTo: f.completeTo, Simulated: true, Fraction: 1}
}

func (f *fake) Query(_ context.Context, _ policy.Principal, q analysis.Question) (*analysis.Answer, error) {
	ind, err := f.city.Indicator(q.Indicator)
	if err != nil {
		return nil, err
	}
	a := &analysis.Answer{Indicator: analysis.Named{Name: ind.Name, Title: ind.Title}, Unit: analysis.Named{Name: "person", Title: city.Text{ZH: "人", EN: "people"}},
		Source: f.source(), Definition: analysis.Definition{Version: "0123456789abcdef"}, Today: city.NewDate(2024, 11, 10), MinGroup: 5}
	row := func(v float64, dims map[string]string, status analysis.Status) {
		r := analysis.Row{Period: "2024-10", From: city.NewDate(2024, 1, 1), To: city.NewDate(2024, 10, 31), Dimensions: dims, Labels: map[string]city.Text{}, Status: status}
		if status == analysis.StatusValid || status == analysis.StatusProvisional {
			r.Value, r.Previous, r.Before, r.Display = &v, &f.previous, &f.previous, city.Figure(v, 0)
		}
		for field, code := range dims {
			r.Labels[field] = city.Text{ZH: "区" + code[5:], EN: "D" + code[5:]}
		}
		a.Rows = append(a.Rows, r)
	}
	if len(q.By) == 0 {
		row(12345, nil, f.status)
		return a, nil
	}
	row(3000, map[string]string{"region": "140105"}, analysis.StatusValid)
	row(9000, map[string]string{"region": "140106"}, analysis.StatusValid)
	row(345, map[string]string{"region": "140107"}, analysis.StatusSuppressed)
	return a, nil
}

func (f *fake) Range(context.Context, policy.Principal, string, lake.AsOf) (city.Span, error) {
	return city.Span{From: city.NewDate(2024, 8, 1), To: city.NewDate(2024, 10, 31)}, nil
}
func (f *fake) ParseAsOf(string) (lake.AsOf, error) { return lake.AsOf{}, nil }
func (f *fake) Source(context.Context, string) (analysis.Source, error) {
	return f.source(), nil
}

func (f *fake) Board(_ context.Context, _ policy.Principal, year int) (*analysis.Board, error) {
	if year != 2024 {
		return nil, city.Errorf(city.CodeNotFound, "no plan of %d is declared", year)
	}
	p, progress, lag, value := 0.998, 82.3, -2.0, 15000.0
	actual := 12345.0
	return &analysis.Board{Year: 2024, Today: city.NewDate(2024, 11, 10), Targets: []analysis.TargetStatus{{
		Target: analysis.Named{Name: "jobs.new.2024", Title: city.Text{ZH: "新增就业", EN: "New jobs"}}, Owner: analysis.Named{Name: "hrss", Title: city.Text{ZH: "人社局", EN: "Bureau"}},
		Unit: analysis.Named{Title: city.Text{ZH: "人", EN: "people"}}, Indicator: &analysis.Named{Name: "jobs.new"}, Promise: "≥ 15000", Value: &value, Actual: &actual, Display: "12345",
		Progress: &progress, Lag: &lag, Probability: &p, Light: analysis.LightYellow, State: analysis.StateAtRisk, CompleteTo: f.completeTo,
		Reason: city.Text{ZH: "到2024-12-31有风险。", EN: "At risk until 2024-12-31."},
		Curve:  []analysis.Point{{Period: "2024-10", Pace: &value}}}}}, nil
}

func (f *fake) Target(context.Context, policy.Principal, string) (*analysis.TargetDetail, error) {
	return &analysis.TargetDetail{Contributions: []analysis.Contributions{{Dimension: "region", Title: city.Text{ZH: "地区", EN: "region"},
		Items: []analysis.Contribution{{Value: "140105", Label: city.Text{ZH: "区5", EN: "D5"}, Gap: -1200}, {Value: "140106", Label: city.Text{ZH: "区6", EN: "D6"}, Gap: 900}}}}}, nil
}

func (f *fake) List(context.Context, policy.Principal, ledger.Filter) (*ledger.List, error) {
	closing := ledger.Closing{ID: "2024-09-r1", Period: "2024-09", Revision: 1, At: time.Date(2024, 10, 9, 0, 0, 0, 0, time.UTC)}
	return &ledger.List{Closings: []ledger.Closing{closing}, Items: []ledger.Figure{f.published()}}, nil
}

func (f *fake) published() ledger.Figure {
	was, now := 11000.0, 10900.0
	return ledger.Figure{ID: "2024-09-r1-0001", Period: "2024-09", At: time.Date(2024, 10, 9, 0, 0, 0, 0, time.UTC), Person: "李", Restated: true, Version: "0123456789abcdef",
		Indicator: analysis.Named{Name: "jobs.new", Title: city.Text{ZH: "新增就业", EN: "New jobs"}}, Unit: analysis.Named{Title: city.Text{ZH: "人", EN: "people"}}, Dataset: "jobs.people", SnapshotID: "41",
		State: ledger.State{Value: &was, Display: "11000"}, Now: ledger.State{Value: &now, Display: "10900"}}
}

func (f *fake) Figure(context.Context, policy.Principal, string) (*ledger.FigureDetail, error) {
	amount := "-100"
	return &ledger.FigureDetail{Figure: f.published(), Explanation: ledger.Explanation{Display: "-100",
		Parts: []ledger.Part{{Cause: ledger.CauseLate, Amount: &amount, Display: "-100", Text: city.Text{ZH: "新记录2条", EN: "2 late rows"}}}}}, nil
}

func loadCity(t *testing.T) *city.City {
	t.Helper()
	text, err := os.ReadFile("testdata/pack.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := pack.Load(fstest.MapFS{"pack.yaml": {Data: text}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func newFake(t *testing.T) *fake {
	return &fake{city: loadCity(t), completeTo: city.NewDate(2024, 10, 31), status: analysis.StatusValid, previous: 10000}
}

func (f *fake) service() *monthly.Service {
	return &monthly.Service{Answers: f, Published: f, City: func() *city.City { return f.city }, Today: func() city.Date { return city.NewDate(2024, 11, 10) }}
}

func build(t *testing.T, f *fake, lang string) *monthly.Document {
	t.Helper()
	d, err := f.service().Build(t.Context(), policy.Local("test"), monthly.Question{Report: "jobs.monthly", Month: city.NewDate(2024, 10, 1), Lang: lang})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// words writes a document as text, notes in brackets.
func words(t *testing.T, d *monthly.Document) string {
	t.Helper()
	doc, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range []string{"runs", "notes", "cells", "columns", "rows", "remarks", "categories", "series", "values", "notices", "blocks"} {
		if strings.Contains(string(doc), `"`+list+`":null`) {
			t.Errorf("the list %s is null", list)
		}
	}
	var b strings.Builder
	b.WriteString(d.Title + "\n" + strings.Join(d.Notices, "\n") + "\n")
	for _, block := range d.Blocks {
		b.WriteString(block.Number)
		for _, r := range block.Runs {
			b.WriteString(r.Text)
		}
		if block.Table != nil {
			for _, row := range block.Table.Rows {
				for _, c := range row.Cells {
					b.WriteString("|" + c.Text)
				}
				b.WriteString("\n")
			}
			b.WriteString(strings.Join(block.Table.Remarks, "\n"))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestDocument(t *testing.T) {
	t.Parallel()
	d := build(t, newFake(t), "zh")
	text := words(t, d)
	for _, want := range []string{
		"2024年10月就业分析", "一、总体", "（一）分区", "新增就业12,345人，同比增长23.4%", "多于上年23.4%", "首位是区6（9,000人）、区5（3,000人）",
		"完成82.3%，比序时进度提前2.0个百分点，概率>99%", "主要在区5（−1,200人）", "|区7|*", "不足5人", "|≥ 15,000人|12,345人|82.3|黄灯（有风险）|>99", "到2024年12月31日有风险",
		"|11,000|10,900|−100|新记录2条（−100）", "就业登记（jobs.people）|42|2024-10-31|模拟",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the document lacks %q:\n%s", want, text)
		}
	}
	if len(d.Notices) != 1 || !strings.Contains(d.Notices[0], "2024年11月10日") || !d.Simulated {
		t.Errorf("notices %q, simulated %v", d.Notices, d.Simulated)
	}
	if !strings.Contains(d.Notes[0].Text, "快照42，数据完整截至2024年10月31日，口径版本0123456789ab，模拟数据") {
		t.Errorf("the note says %s", d.Notes[0].Text)
	}
}

// Every figure of the document names at least one note, and notes are numbered
// in the order in which they are first marked.
func TestEveryFigureHasItsSource(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh", "en"} {
		d := build(t, newFake(t), lang)
		next := 1
		mark := func(notes []int) {
			for _, n := range notes {
				if n > next || n < 1 || n > len(d.Notes) {
					t.Errorf("%s: note %d is marked before note %d", lang, n, next)
				}
				if n == next {
					next++
				}
			}
		}
		for _, b := range d.Blocks {
			for _, r := range b.Runs {
				if r.Figure && len(r.Notes) == 0 && !strings.Contains(r.Text, "项") && !strings.Contains(r.Text, "targets:") {
					t.Errorf("%s: %q has no source", lang, r.Text)
				}
				if r.Mark {
					mark(r.Notes)
				}
			}
			if b.Chart != nil {
				mark(b.Chart.Notes)
			}
			if b.Table == nil {
				continue
			}
			mark(b.Table.Notes)
			for _, row := range b.Table.Rows {
				sourced := len(b.Table.Notes) > 0
				for _, c := range row.Cells {
					sourced = sourced || len(c.Notes) > 0
					if c.Value != nil && !sourced {
						t.Errorf("%s: %s of %s has no source", lang, c.Text, b.Table.Title)
					}
					mark(c.Notes)
				}
			}
		}
		if next != len(d.Notes)+1 {
			t.Errorf("%s: notes from %d are marked nowhere", lang, next)
		}
	}
}

func TestWordsInPlaceOfFigures(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(f *fake)
		want   []string
	}{
		"provisional": {func(f *fake) { f.status, f.completeTo = analysis.StatusProvisional, city.NewDate(2024, 9, 30) },
			[]string{"新增就业12,345人（暂定），暂不可比", "“就业登记”的数据完整截至2024年9月30日"}},
		"withheld":  {func(f *fake) { f.status = analysis.StatusSuppressed }, []string{"新增就业不予公布，暂不可比"}},
		"no data":   {func(f *fake) { f.status = analysis.StatusNoData }, []string{"新增就业暂无数据"}},
		"not valid": {func(f *fake) { f.status = analysis.StatusNotValid }, []string{"新增就业数据不足，不予发布"}},
		"a fall":    {func(f *fake) { f.previous = 20000 }, []string{"同比下降38.3%", "少于上年38.3%"}},
		"level":     {func(f *fake) { f.previous = 12346 }, []string{"与上年同期持平", "与上年一样"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			c.change(f)
			text := words(t, build(t, f, "zh"))
			for _, want := range c.want {
				if !strings.Contains(text, want) {
					t.Errorf("the document lacks %q:\n%s", want, text)
				}
			}
		})
	}
}

func TestQuestionsThatAreNone(t *testing.T) {
	t.Parallel()
	s := newFake(t).service()
	for name, c := range map[string]struct {
		q    monthly.Question
		code city.Code
	}{
		"no report":    {monthly.Question{Report: "jobs.yearly", Month: city.NewDate(2024, 10, 1)}, city.CodeNotFound},
		"no month":     {monthly.Question{Report: "jobs.monthly"}, city.CodeInvalid},
		"a future one": {monthly.Question{Report: "jobs.monthly", Month: city.NewDate(2024, 12, 1)}, city.CodeInvalid},
		"a language":   {monthly.Question{Report: "jobs.monthly", Month: city.NewDate(2024, 10, 1), Lang: "fr"}, city.CodeInvalid},
	} {
		if _, err := s.Build(t.Context(), policy.Local("test"), c.q); city.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	if _, err := s.Build(t.Context(), policy.Principal{}, monthly.Question{}); err == nil {
		t.Error("nobody may ask")
	}
	list, err := s.List(t.Context(), policy.Local("test"))
	if err != nil || len(list) != 1 || list[0].Latest != "2024-10" || len(list[0].Months) != 3 {
		t.Errorf("the list is %+v, %v", list, err)
	}
}

var _ explore.Answers = (*fake)(nil)
