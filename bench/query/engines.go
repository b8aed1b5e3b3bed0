package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

//go:embed peers/chdb.js
var chdbScript []byte

// The peers' versions are pinned: what was measured can be measured again.
var (
	chdbPackages = []string{"chdb@3.4.0"}
	cubePackages = []string{"@cubejs-backend/server@0.35.81", "@cubejs-backend/duckdb-driver@1.7.43"}
)

// duckdb starts the program's own engine for SQL written by hand.
func (b *bench) duckdb(ctx context.Context) (contender, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	w, err := startWorker(ctx, "", self, childCommand, "duckdb", filepath.Join(b.o.cache, "spill"))
	if err != nil {
		return nil, err
	}
	return &sqlEngine{w, b, func(q question) string {
		return fill(q.DuckDB, func(ds string) string { return "read_parquet([" + paths(b.views[ds]) + "])" })
	}}, nil
}

// chdb starts ClickHouse's engine, with a view for each table.
func (b *bench) chdb(ctx context.Context) (contender, error) {
	dir, err := b.install(ctx, "chdb", chdbPackages)
	if err != nil {
		return nil, err
	}
	name := func(ds string) string { return strings.ReplaceAll(ds, ".", "_") }
	var views []string
	for ds, v := range b.views {
		var files []string
		for _, f := range v.Files {
			files = append(files, filepath.Base(f))
		}
		glob := filepath.Dir(strings.TrimPrefix(v.Files[0], "file://")) + "/{" + strings.Join(files, ",") + "}"
		views = append(views, fmt.Sprintf("CREATE VIEW %s AS SELECT * FROM file(%s, Parquet)", name(ds), literal(glob)))
	}
	doc, err := json.Marshal(views)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "bench.js"), chdbScript, 0o644); err != nil {
		return nil, err
	}
	w, err := startWorker(ctx, dir, "env", "BENCH_VIEWS="+string(doc), "node", "bench.js")
	if err != nil {
		return nil, err
	}
	return &sqlEngine{w, b, func(q question) string { return fill(q.ClickHouse, name) }}, nil
}

// install puts npm packages into a folder of the cache. Scripts of packages are
// not run: they fetch what no registry holds.
func (b *bench) install(ctx context.Context, name string, packages []string) (string, error) {
	dir := filepath.Join(b.o.cache, name)
	done := filepath.Join(dir, "installed")
	want := strings.Join(packages, "\n")
	if have, err := os.ReadFile(done); err == nil && string(have) == want {
		return dir, nil
	}
	fmt.Fprintln(os.Stderr, "installing", strings.Join(packages, ", "), "once")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"private": true}`), 0o644); err != nil {
		return "", err
	}
	args := append([]string{"--prefix", dir, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"}, packages...)
	if err := b.command(ctx, "npm", args...); err != nil {
		return "", errors.Join(errors.New("the packages cannot be installed"), err)
	}
	return dir, os.WriteFile(done, []byte(want), 0o644)
}
