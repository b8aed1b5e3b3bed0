package progress_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/pack"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/progress"
	"github.com/jinyang-city/jinyang/internal/store"
	"github.com/jinyang-city/jinyang/internal/vault"
)

// packText is a city with a road, a count and a coverage, all reported by hand.
const packText = `city: "140100"
name: {zh: 某市, en: A city}
time_zone: Asia/Shanghai
format: 1
---
region: "140100"
name: {zh: 某市, en: A city}
---
organisation: roads
title: {zh: 道路局, en: Roads}
---
organisation: homes
title: {zh: 房屋局, en: Homes}
---
unit: home
title: {zh: 套, en: homes}
---
unit: percent
title: {zh: "%", en: "%"}
---
document: work
file: work.txt
title: {zh: 某文, en: A text}
publisher: 某报
published: 2024-01-10
sha256: "0000000000000000000000000000000000000000000000000000000000000000"
---
plan: "2024"
year: 2024
title: {zh: 某计划, en: A plan}
document: work
chapters: {all: {zh: 全部, en: All}}
report: {every: month, due: 5d}
---
target: road.2024
title: {zh: 修路, en: A road}
plan: "2024"
chapter: all
milestone: true
deadline: 2024-09-30
owner: roads
quote: 修路
---
target: homes.2024
title: {zh: 建房, en: Homes built}
plan: "2024"
chapter: all
at_least: 1200
unit: home
owner: roads
report: {by: homes}
quote: 建房
---
target: heating.2024
title: {zh: 供热, en: Heating}
plan: "2024"
chapter: all
kind: coverage
at_least: 100
unit: percent
owner: homes
report: {every: quarter, due: 10wd, evidence: true}
quote: 供热
`

// bed is a service over a folder of its own.
type bed struct {
	*progress.Service
	dir   string
	store *store.Store
	today city.Date
	told  []string
}

var clerk = policy.Local("test")

func newBed(t testing.TB, today string) *bed {
	t.Helper()
	c, err := pack.Load(fstest.MapFS{"city.yaml": {Data: []byte(packText)}})
	if err != nil {
		t.Fatal(err)
	}
	b := &bed{dir: t.TempDir()}
	if b.today, err = city.ParseDate(today); err != nil {
		t.Fatal(err)
	}
	if b.store, err = store.Open(t.Context(), filepath.Join(b.dir, "city.db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.store.Close() })
	keys, err := vault.Open(filepath.Join(b.dir, "vault"))
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2024, 10, 31, 8, 0, 0, 0, time.UTC)
	b.Service = progress.New(progress.Config{Dir: b.dir, Store: b.store, Sealer: keys, City: func() *city.City { return c },
		Today: func() city.Date { return b.today }, Now: func() time.Time { at = at.Add(time.Second); return at },
		Changed: func(r *progress.Report) { b.told = append(b.told, string(r.State)) }})
	return b
}

func number(v float64) *float64 { return &v }

func homes(period string, v float64) progress.Filing {
	return progress.Filing{Target: "homes.2024", Period: period, Value: number(v), By: "张三"}
}

// file files a report and fails the test when it is refused.
func (b *bed) file(t testing.TB, f progress.Filing, texts ...string) *progress.Report {
	t.Helper()
	var files []*progress.Staged
	for _, text := range texts {
		s, err := b.Stage(t.Context(), "证明.txt", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, s)
	}
	r, err := b.File(t.Context(), clerk, f, files...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (b *bed) approve(t testing.TB, id string) *progress.Report {
	t.Helper()
	r, err := b.Approve(t.Context(), clerk, id, progress.Decision{By: "李四"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// standing gives how the reporting of one target stands.
func (b *bed) standing(t testing.TB, target string) progress.Standing {
	t.Helper()
	list, err := b.Standings(t.Context(), clerk, progress.StandingFilter{Target: target})
	if err != nil || len(list) != 1 {
		t.Fatalf("%d standings, %v", len(list), err)
	}
	return list[0]
}

// verified fails the test unless nothing is wrong.
func (b *bed) verified(t testing.TB) {
	t.Helper()
	c, err := b.Verify(t.Context())
	if err != nil || len(c.Problems) > 0 {
		t.Errorf("verify: %+v, %v", c, err)
	}
}

func wantCode(t testing.TB, err error, code city.Code) {
	t.Helper()
	var e *city.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Errorf("got %v, want the code %s", err, code)
	}
}

// kept lists the files below the folder of reports.
func (b *bed) kept(t testing.TB) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(b.dir, "progress"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func (b *bed) template(t testing.TB) *bytes.Buffer {
	t.Helper()
	var out bytes.Buffer
	if err := b.Template(context.Background(), clerk, progress.StandingFilter{}, &out); err != nil {
		t.Fatal(err)
	}
	return &out
}
