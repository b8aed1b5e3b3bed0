package main

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed peers/cube.js peers/model.js
var cubeFiles embed.FS

// cubeServer is Cube behind its REST API.
type cubeServer struct {
	cmd    *exec.Cmd
	base   string
	client *http.Client
	b      *bench
	asked  int
}

func (b *bench) cube(ctx context.Context) (contender, error) {
	dir, err := b.install(ctx, "cube", cubePackages)
	if err != nil {
		return nil, err
	}
	if err := b.writeModel(dir); err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "node", "bench.js")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "NODE_ENV=production", "CUBEJS_API_SECRET=not-used-on-loopback", "CUBEJS_TELEMETRY=false", "CUBEJS_LOG_LEVEL=error", "PORT="+port)
	addr, err := startServer(cmd)
	if err != nil {
		return nil, err
	}
	return &cubeServer{cmd: cmd, base: "http://" + addr + "/cubejs-api/v1/load", client: newClient(), b: b}, nil
}

// writeModel writes the server and its model. A table that no question of this
// run reads keeps its cube, over no files.
func (b *bench) writeModel(dir string) error {
	server, err := cubeFiles.ReadFile("peers/cube.js")
	if err != nil {
		return err
	}
	model, err := cubeFiles.ReadFile("peers/model.js")
	if err != nil {
		return err
	}
	text := fill(string(model), func(ds string) string {
		if b.views[ds] == nil {
			return "(SELECT 1 AS nothing)"
		}
		return "read_parquet([" + paths(b.views[ds]) + "])"
	})
	if err := os.MkdirAll(filepath.Join(dir, "model"), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "model", "model.js"), []byte(text), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "bench.js"), server, 0o644)
}

func (c *cubeServer) ask(ctx context.Context, q question) (answer, spent, error) {
	if q.Cube.Without != "" {
		return nil, spent{}, fmt.Errorf("%w: %s", errCannot, q.Cube.Without)
	}
	c.asked++
	doc, err := json.Marshal(q.Cube.query(c.asked))
	if err != nil {
		return nil, spent{}, err
	}
	start := time.Now()
	out, err := c.fetch(ctx, url.Values{"query": {string(doc)}})
	ms := float64(time.Since(start).Microseconds()) / 1000
	if err != nil {
		return nil, spent{}, err
	}
	a, err := q.Cube.read(out)
	if err != nil {
		return nil, spent{}, err
	}
	return a.times(c.b.expected(q)), spent{wall: ms}, nil
}

// fetch asks until there is an answer: Cube lets go of whoever waits for long,
// and expects the same question again.
func (c *cubeServer) fetch(ctx context.Context, v url.Values) ([]byte, error) {
	for {
		doc, err := fetch(ctx, c.client, c.base+"?"+v.Encode(), nil)
		if err != nil || !bytes.Contains(doc[:min(64, len(doc))], []byte("Continue wait")) {
			return doc, err
		}
	}
}

// query is the question as Cube's REST API takes it. Its limit is another each
// time, so that Cube has no answer to it yet.
func (a cubeAsk) query(n int) map[string]any {
	of := strings.ReplaceAll(a.Of, ".", "_") + "."
	dims := []string{}
	for _, d := range a.By {
		dims = append(dims, of+d)
	}
	filters := []any{}
	for _, f := range slices.Sorted(maps.Keys(a.Filters)) {
		filters = append(filters, map[string]any{"member": of + f, "operator": "equals", "values": a.Filters[f]})
	}
	q := map[string]any{"measures": []string{of + a.Measure}, "dimensions": dims, "filters": filters, "limit": 40000 + n,
		"timeDimensions": []any{map[string]any{"dimension": of + a.Time, "granularity": a.Grain, "dateRange": []string{a.From, a.To}}}}
	if a.Top > 0 {
		q["order"] = []any{[]string{of + a.Measure, "desc"}, []string{dims[0], "asc"}}
	}
	return q
}

func (a cubeAsk) read(doc []byte) (answer, error) {
	var in struct {
		Error string
		Data  []map[string]any
	}
	if err := json.Unmarshal(doc, &in); err != nil {
		return nil, err
	}
	if in.Error != "" {
		return nil, fmt.Errorf("the answer of Cube: %s", in.Error)
	}
	if a.Top > 0 {
		in.Data = in.Data[:min(a.Top, len(in.Data))]
	}
	of := strings.ReplaceAll(a.Of, ".", "_") + "."
	out := answer{}
	for _, row := range in.Data {
		value, err := strconv.ParseFloat(fmt.Sprint(row[of+a.Measure]), 64)
		if err != nil {
			continue // null
		}
		keys := []string{label(fmt.Sprint(row[of+a.Time+"."+a.Grain]), a.Grain)}
		for _, d := range a.By {
			keys = append(keys, fmt.Sprint(row[of+d]))
		}
		out.add(keys, value)
	}
	return out, nil
}

// label writes a moment as the program names the period that it begins.
func label(at, grain string) string {
	switch grain {
	case "year":
		return at[:4]
	case "month":
		return at[:7]
	case "quarter":
		month, _ := strconv.Atoi(at[5:7]) // the server writes moments in ISO 8601
		return fmt.Sprintf("%sQ%d", at[:4], (month+2)/3)
	}
	return at[:10]
}

func (c *cubeServer) peak() float64 { return peakMiB(c.cmd.Process.Pid) }

func (c *cubeServer) stop() error {
	if err := c.cmd.Process.Kill(); err != nil {
		return err
	}
	_ = c.cmd.Wait() // it was killed
	return nil
}
