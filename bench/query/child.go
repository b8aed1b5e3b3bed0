package main

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/lake/duck"
	"github.com/jinyang-city/jinyang/internal/policy"
)

// childCommand is the first argument of a process that is measured.
const childCommand = "child"

func child(ctx context.Context, what string, args []string) error {
	switch what {
	case "serve": // data folder, whether small groups are withheld
		return serve(ctx, args[0], args[1] == "true")
	case "duckdb": // folder to spill to
		return duckWorker(ctx, args[0])
	case "refresh": // data folder, scale
		return refreshChild(ctx, args[0], args[1])
	}
	return fmt.Errorf("there is no child %q", what)
}

// serve runs the program over a data folder on a free port, which it prints. At
// forgetPath it begins anew with nothing kept of what it has answered, and clears
// away what that left; at cpuPath it tells the milliseconds of processors that
// it has used. Unless it is guarded, whoever asks may see figures of however few
// persons, as who writes SQL does.
func serve(ctx context.Context, data string, guarded bool) error {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	o := app.Options{Data: data, Existing: true}
	if !guarded {
		o.Grants = []policy.Right{policy.RightSmallGroups}
	}
	a, err := app.Open(ctx, o)
	if err != nil {
		return err
	}
	defer a.Close()
	var handler atomic.Pointer[http.Handler]
	renew := func() {
		old := a.Analysis
		a.Analysis = analysis.New(old.Config)
		_ = old.Close() // it never fails
		h := a.Handler()
		handler.Store(&h)
	}
	renew()
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+forgetPath, func(http.ResponseWriter, *http.Request) {
		renew()
		runtime.GC() // no question pays for it
	})
	mux.HandleFunc("GET "+cpuPath, func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(usedCPU()) })
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { (*handler.Load()).ServeHTTP(w, r) })
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	go func() { <-ctx.Done(); _ = srv.Close() }() // the listener ends with it
	if _, err := fmt.Println(l.Addr()); err != nil {
		return err
	}
	if err := srv.Serve(l); err != http.ErrServerClosed {
		return err
	}
	return nil
}

// These are no paths of the program's.
const (
	forgetPath = "/bench/forget"
	cpuPath    = "/bench/cpu"
)

// usedCPU is the milliseconds of processors that this process has used; 0 where
// the system does not tell.
func usedCPU() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e6
}

// duckWorker runs SQL in the program's engine with its settings.
func duckWorker(ctx context.Context, spill string) error {
	e, err := duck.Open(duck.Options{TempDir: spill})
	if err != nil {
		return err
	}
	defer e.Close()
	out := json.NewEncoder(os.Stdout)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var in struct{ SQL string }
		if err := json.Unmarshal(lines.Bytes(), &in); err != nil {
			return err
		}
		var r reply
		before, start := usedCPU(), time.Now()
		rows, err := e.Query(ctx, in.SQL)
		if err == nil {
			r.Rows, err = scan(rows)
		}
		r.MS, r.CPU = float64(time.Since(start).Microseconds())/1000, usedCPU()-before
		if err != nil {
			r.Error = err.Error()
		}
		if err := out.Encode(r); err != nil {
			return err
		}
	}
	return lines.Err()
}

// scan reads all rows: texts, and a number at the end.
func scan(rows *sql.Rows) (out [][]any, err error) {
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	texts := make([]sql.NullString, len(cols)-1)
	var value *float64
	dest := make([]any, len(cols))
	for i := range texts {
		dest[i] = &texts[i]
	}
	dest[len(texts)] = &value
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		row := make([]any, len(cols))
		for i, t := range texts {
			row[i] = t.String
		}
		if value != nil {
			row[len(texts)] = *value
		}
		out = append(out, row)
	}
	return out, rows.Err()
}
