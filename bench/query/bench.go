package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"slices"
	"strings"
)

// freePort gives a port of the loopback that nothing listens on.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}

func (b *bench) report(ctx context.Context) (*report, error) {
	r := &report{Scale: b.o.scale, Rows: b.rows(), Repeat: b.o.repeat, CPUs: runtime.NumCPU(), LoadBefore: loadAverage(), Errors: []string{}, Without: []string{}, Peak: map[string]float64{}}
	parts := []struct {
		name string
		do   func(context.Context, *report) error
	}{{"questions", b.ask}, {"guard", b.guard}, {"pages", b.pages}, {"readers", b.readers}, {"refresh", b.refresh}}
	for _, p := range parts {
		if !slices.Contains(strings.Split(b.o.parts, ","), p.name) {
			continue
		}
		if err := p.do(ctx, r); err != nil {
			return nil, fmt.Errorf("measuring %s: %w", p.name, err)
		}
	}
	r.LoadAfter = loadAverage()
	return r, nil
}

// named is a contender by the name that the report gives it.
type named struct {
	name string
	contender
}

// contenders starts all that can be had. The program comes first: the others'
// answers are compared with its.
func (b *bench) contenders(ctx context.Context, r *report) ([]named, error) {
	cold, err := b.serve(ctx, true, false)
	if err != nil {
		return nil, err
	}
	out := []named{{"cold", cold}, {"warm", &program{cold.cmd, cold.base, cold.client, false}}}
	for _, peer := range []struct {
		name  string
		start func(context.Context) (contender, error)
	}{{"duckdb", b.duckdb}, {"cube", b.cube}, {"chdb", b.chdb}} {
		c, err := peer.start(ctx)
		if err != nil {
			r.Without = append(r.Without, peer.name+": "+err.Error())
			continue
		}
		out = append(out, named{peer.name, c})
	}
	return out, nil
}

// ask asks every question of every contender in turn, again and again.
func (b *bench) ask(ctx context.Context, r *report) error {
	list, err := b.contenders(ctx, r)
	if err != nil {
		return err
	}
	r.Questions = make([]timing, len(b.questions))
	for i, q := range b.questions {
		r.Questions[i] = timing{Name: q.Name, Title: q.Title, MS: map[string][]float64{}, CPU: map[string][]float64{}, Median: map[string]float64{}, Best: map[string]float64{}, MedianCPU: map[string]float64{}}
		fmt.Fprintln(os.Stderr, "asking", q.Name)
		// The first time is not counted: it reads the files' footers.
		t := &r.Questions[i]
		for n := -1; n < b.o.repeat || n < smallRepeat*b.o.repeat && median(t.MS["cold"]) < smallMS; n++ {
			b.askOnce(ctx, list, q, n >= 0, t, r)
		}
		r.Questions[i].settle()
	}
	for _, c := range list {
		if c.name != "warm" { // it is the same process as cold
			r.Peak[c.name] = c.peak()
			err = errors.Join(err, c.stop())
		}
	}
	r.compare()
	return err
}

// A question that takes less than smallMS is asked more often, because what else
// runs disturbs it more.
const (
	smallMS     = 100
	smallRepeat = 3
)

// askOnce asks a question of each contender, and compares the answers.
func (b *bench) askOnce(ctx context.Context, list []named, q question, counts bool, t *timing, r *report) {
	var ours answer
	for _, c := range list {
		a, took, err := c.ask(ctx, q)
		switch {
		case errors.Is(err, errCannot):
			t.note(c.name + " " + err.Error())
			continue
		case err != nil:
			r.fail(q.Name, c.name, err.Error())
			continue
		case c.name == "cold" && len(a) == 0:
			r.fail(q.Name, c.name, "the answer is empty")
		}
		if ours == nil {
			ours = a
		}
		if d := ours.differs(a); d != "" {
			r.fail(q.Name, c.name, d)
		}
		t.Values = len(ours)
		if counts {
			t.MS[c.name] = append(t.MS[c.name], took.wall)
			t.CPU[c.name] = append(t.CPU[c.name], took.cpu)
		}
	}
}

func loadAverage() float64 {
	var load float64
	if doc, err := os.ReadFile("/proc/loadavg"); err == nil {
		_, _ = fmt.Sscanf(string(doc), "%f", &load) // 0 says that it is not known
	}
	return load
}
