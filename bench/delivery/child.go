package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"syscall"
	"time"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/lake/duck"
)

// childCommand is the first argument of a process that measures one thing.
const childCommand = "child"

// sample is what a child reports.
type sample struct {
	Seconds    []float64 `json:"seconds"`     // of each thing that was timed
	CPUSeconds float64   `json:"cpu_seconds"` // processor time of all of them, of every thread
	PeakMiB    float64   `json:"peak_mib"`    // resident memory at its highest
}

// runChild runs one measurement in a process of its own.
func runChild(ctx context.Context, what string, args ...string) (*sample, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, append([]string{childCommand, what}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("measuring %s: %w", what, err)
	}
	var s sample
	return &s, json.Unmarshal(out, &s)
}

// child measures one thing and prints a sample.
func child(what string, args []string) (err error) {
	ctx := context.Background()
	var s sample
	switch what {
	case "road": // data folder, then files
		err = s.deliverAll(ctx, args[0], args[1:])
	case "floor": // folder, file
		err = s.floor(ctx, args[0], args[1])
	case "profile": // data folder, folder of profiles, then files
		err = profiled(args[1], func() error { return s.deliverAll(ctx, args[0], args[2:]) })
	default:
		return fmt.Errorf("unknown measurement %q", what)
	}
	if err != nil {
		return err
	}
	if s.PeakMiB, err = peakMiB(); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(s)
}

// time measures f.
func (s *sample) time(f func() error) error {
	cpu, start := cpuSeconds(), time.Now()
	err := f()
	s.Seconds = append(s.Seconds, time.Since(start).Seconds())
	s.CPUSeconds += cpuSeconds() - cpu
	return err
}

// cpuSeconds is the processor time that this process has used.
func cpuSeconds() float64 {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // cannot fail with these arguments
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}

// deliverAll delivers files into a data folder.
func (s *sample) deliverAll(ctx context.Context, data string, files []string) error {
	a, err := app.Open(ctx, app.Options{Data: data, Today: standsAt})
	if err != nil {
		return err
	}
	defer a.Close()
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		var r *delivery.Receipt
		err = s.time(func() error {
			r, err = a.Delivery.Deliver(ctx, delivery.Request{Dataset: dataset, File: filepath.Base(file), Content: f, Actor: "bench"})
			return err
		})
		_ = f.Close() // it was only read
		if err != nil {
			return err
		}
		if r.Status != delivery.Committed || r.Accepted == 0 {
			return fmt.Errorf("%s was %s: %s", file, r.Status, r.Message)
		}
	}
	return nil
}

// floor copies a file with DuckDB alone: every column as text, nothing checked.
func (s *sample) floor(ctx context.Context, dir, file string) error {
	e, err := duck.Open(duck.Options{TempDir: filepath.Join(dir, "engine")})
	if err != nil {
		return err
	}
	defer e.Close()
	return s.time(func() error {
		rows, err := e.Query(ctx, fmt.Sprintf(`COPY (SELECT * FROM read_csv(%s, header = true, all_varchar = true)) TO %s (FORMAT parquet, COMPRESSION zstd)`,
			literal(file), literal(filepath.Join(dir, "floor.parquet"))))
		if err != nil {
			return err
		}
		for rows.Next() { // one row: the count
		}
		return errors.Join(rows.Err(), rows.Close())
	})
}

func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// peakMiB reads this process's highest resident memory from the kernel.
func peakMiB() (float64, error) {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var kib float64
		if _, err := fmt.Sscanf(lines.Text(), "VmHWM: %f kB", &kib); err == nil {
			return kib / 1024, nil
		}
	}
	return 0, fmt.Errorf("the kernel does not tell this process's peak memory")
}

// profiled writes cpu.pprof and allocs.pprof of f into dir.
func profiled(dir string, f func() error) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	cpu, err := os.Create(filepath.Join(dir, "cpu.pprof"))
	if err != nil {
		return err
	}
	defer cpu.Close()
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return err
	}
	err = f()
	pprof.StopCPUProfile()
	if err != nil {
		return err
	}
	runtime.GC()
	allocs, err := os.Create(filepath.Join(dir, "allocs.pprof"))
	if err != nil {
		return err
	}
	defer allocs.Close()
	return pprof.Lookup("allocs").WriteTo(allocs, 0)
}
