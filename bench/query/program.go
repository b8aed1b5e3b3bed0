package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// program is the real program behind its API, in a process of its own.
type program struct {
	cmd    *exec.Cmd
	base   string
	client *http.Client
	cold   bool // nothing is kept from one question to the next
}

// serve starts the program; guarded says that whoever asks may not see small
// groups.
func (b *bench) serve(ctx context.Context, cold, guarded bool) (*program, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, childCommand, "serve", b.data, strconv.FormatBool(guarded))
	addr, err := startServer(cmd)
	if err != nil {
		return nil, err
	}
	return &program{cmd, "http://" + addr, newClient(), cold}, nil
}

// startServer starts a process that prints its address.
func startServer(cmd *exec.Cmd) (string, error) {
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "127.0.0.1:") {
			go func() { _, _ = io.Copy(io.Discard, out) }() // what it says later is of no interest
			return lines.Text(), nil
		}
	}
	return "", fmt.Errorf("%s did not start: %w", cmd.Path, cmp.Or(cmd.Wait(), io.ErrUnexpectedEOF))
}

func newClient() *http.Client {
	return &http.Client{Timeout: 5 * time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 256}}
}

func (p *program) ask(ctx context.Context, q question) (answer, spent, error) {
	if p.cold {
		if _, err := p.post(ctx, forgetPath, nil); err != nil {
			return nil, spent{}, err
		}
	}
	doc, err := json.Marshal(q.Ask.body())
	if err != nil {
		return nil, spent{}, err
	}
	before, err := p.cpu(ctx)
	if err != nil {
		return nil, spent{}, err
	}
	start := time.Now()
	out, err := p.post(ctx, "/api/v1/explore", doc)
	took := spent{wall: float64(time.Since(start).Microseconds()) / 1000}
	if err != nil {
		return nil, took, err
	}
	after, err := p.cpu(ctx)
	if err != nil {
		return nil, took, err
	}
	took.cpu = after - before
	a, err := read(out, q)
	return a, took, err
}

// cpu is the milliseconds of processors that the program has used so far.
func (p *program) cpu(ctx context.Context) (ms float64, err error) {
	doc, err := fetch(ctx, p.client, p.base+cpuPath, nil)
	if err != nil {
		return 0, err
	}
	return ms, json.Unmarshal(doc, &ms)
}

// body is the question as POST /api/v1/explore takes it.
func (a ask) body() map[string]any {
	out := map[string]any{
		"measures": []any{map[string]any{"indicator": a.Indicator, "show": []string{"value"}}},
		"by":       append([]string{}, a.By...), "period": a.Period, "grain": a.Grain, "where": append([]string{}, a.Where...),
	}
	if a.Top > 0 {
		out["top"] = a.Top
		out["sort"] = []any{map[string]any{"column": "m0.value", "desc": true}}
	}
	return out
}

// read takes the values out of an answer.
func read(doc []byte, q question) (answer, error) {
	var in struct {
		Rows []struct {
			Period string
			Dims   map[string]string
			Cells  map[string]struct{ Value *float64 }
		}
	}
	if err := json.Unmarshal(doc, &in); err != nil {
		return nil, err
	}
	out := answer{}
	for _, r := range in.Rows {
		v := r.Cells["m0.value"].Value
		if v == nil {
			continue
		}
		keys := []string{r.Period}
		for _, d := range q.Ask.By {
			keys = append(keys, r.Dims[d])
		}
		out.add(keys, *v)
	}
	return out, nil
}

func (p *program) post(ctx context.Context, path string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	return do(p.client, req)
}

// fetch reads an address.
func fetch(ctx context.Context, c *http.Client, address string, header http.Header) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	for k, v := range header {
		req.Header[k] = v
	}
	return do(c, req)
}

func do(c *http.Client, req *http.Request) ([]byte, error) {
	res, err := c.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	doc, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= 300 && res.StatusCode != http.StatusNotModified {
		err = fmt.Errorf("%s: %s: %.300s", req.URL.Path, res.Status, doc)
	}
	return doc, err
}

func (p *program) peak() float64 { return peakMiB(p.cmd.Process.Pid) }

func (p *program) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return p.cmd.Wait()
}

// received reads how many rows a receipt counts.
func received(doc []byte) (int64, error) {
	var r struct {
		Status   string
		Received int64
		Message  string
	}
	if err := json.Unmarshal(doc, &r); err != nil {
		return 0, err
	}
	if r.Status != "committed" {
		return 0, fmt.Errorf("the delivery was %s: %s", r.Status, r.Message)
	}
	return r.Received, nil
}
