package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// readersResult is what readers of the board saw while a delivery landed.
type readersResult struct {
	Readers    int     `json:"readers"`
	Every      float64 `json:"every_seconds"` // each reader asks again after this long
	Deliveries int     `json:"deliveries"`
	Rows       int64   `json:"rows"` // of the delivery
	Seconds    float64 `json:"seconds"`
	Answers    int     `json:"answers"`
	Errors     int     `json:"errors"`
	States     int     `json:"states"` // different boards that were seen
	Median     float64 `json:"median_ms"`
	P99        float64 `json:"p99_ms"`
	Worst      float64 `json:"worst_ms"`
}

// readEvery is how often a reader looks. A console asks when it is told of a
// change; this is far more.
const readEvery = time.Second

// landed is a dataset with a board target behind it, and its largest.
const landed = "hrss.insurance"

// readers has many readers on the board while a month is delivered anew, with
// corrections, and goes on for a while after it.
func (b *bench) readers(ctx context.Context, r *report) error {
	file, err := b.landing(landed)
	if err != nil {
		return err
	}
	p, err := b.serve(ctx, false, false)
	if err != nil {
		return err
	}
	if _, err := fetch(ctx, p.client, p.base+pagesMeasured[0].path, nil); err != nil {
		return errors.Join(err, p.stop())
	}
	out := &readersResult{Readers: b.o.readers, Every: readEvery.Seconds(), Deliveries: 1}
	crowd := newCrowd(ctx, p, b.o.readers)
	start := time.Now()
	out.Rows, err = p.deliver(ctx, landed, file)
	crowd.lookOn(3 * time.Second)
	crowd.leave()
	out.Seconds = time.Since(start).Seconds()
	out.Answers, out.Errors, out.States = len(crowd.ms), len(crowd.errs), len(crowd.states)
	out.Median, out.P99, out.Worst = median(crowd.ms), quantile(crowd.ms, 0.99), quantile(crowd.ms, 1)
	r.Readers, r.Peak["readers"] = out, p.peak()
	for _, e := range crowd.errs[:min(3, len(crowd.errs))] {
		r.fail("readers", "board", e.Error())
	}
	return errors.Join(err, p.stop())
}

// landing is the file of the dataset's last month of the board's year.
func (b *bench) landing(dataset string) (string, error) {
	files, err := filepath.Glob(filepath.Join(b.data, "inbox", "batches", "*", dataset+"-2023-12.csv"))
	if err != nil || len(files) == 0 {
		return "", errors.Join(fmt.Errorf("there is no file of %s in the inbox", dataset), err)
	}
	return files[0], nil
}

// grown is a file in which all who are insured against unemployment are insured
// against work injury too: a delivery that adds many rows to a month, and that
// the board shows.
func grown(file string) ([]byte, error) {
	doc, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	gb := simplifiedchinese.GB18030.NewEncoder()
	from, err := gb.Bytes([]byte(",失业保险,"))
	if err != nil {
		return nil, err
	}
	to, err := gb.Bytes([]byte(",工伤保险,"))
	return bytes.ReplaceAll(doc, from, to), err
}

// deliver delivers a file by the API and gives how many rows were received.
func (p *program) deliver(ctx context.Context, dataset, file string) (int64, error) {
	content, err := grown(file)
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.base+"/api/v1/deliveries?dataset="+dataset+"&filename="+filepath.Base(file), bytes.NewReader(content))
	if err != nil {
		return 0, err
	}
	doc, err := do(p.client, req)
	if err != nil {
		return 0, err
	}
	return received(doc)
}

// crowd is readers of the board.
type crowd struct {
	end  context.CancelFunc
	wait sync.WaitGroup

	mu     sync.Mutex
	ms     []float64
	errs   []error
	states map[string]bool
}

func newCrowd(ctx context.Context, p *program, n int) *crowd {
	ctx, end := context.WithCancel(ctx)
	c := &crowd{end: end, states: map[string]bool{}}
	for i := range n {
		c.wait.Go(func() {
			next := time.NewTimer(readEvery * time.Duration(i) / time.Duration(n)) // not all at once
			defer next.Stop()
			for {
				select {
				case <-ctx.Done():
					return
				case <-next.C:
					c.look(ctx, p)
					next.Reset(readEvery)
				}
			}
		})
	}
	return c
}

func (c *crowd) look(ctx context.Context, p *program) {
	start := time.Now()
	doc, err := fetch(ctx, p.client, p.base+pagesMeasured[0].path, nil)
	ms := float64(time.Since(start).Microseconds()) / 1000
	if ctx.Err() != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.errs = append(c.errs, err)
		return
	}
	c.ms, c.states[string(doc)] = append(c.ms, ms), true
}

// lookOn lets the readers read for a while.
func (c *crowd) lookOn(d time.Duration) { <-time.After(d) }

func (c *crowd) leave() {
	c.end()
	c.wait.Wait()
}
