package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// worker is a process that runs SQL, one query for each line that it is sent.
// The protocol is the same for the child of this program and for chdb.js:
// {"sql"} in, {"ms", "cpu_ms", "rows", "error"} out, each as one line of JSON.
type worker struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// reply is what a worker answers. A row is its keys and then its value.
type reply struct {
	MS    float64 `json:"ms"`
	CPU   float64 `json:"cpu_ms"` // of all threads; 0 where it is not told
	Rows  [][]any `json:"rows"`
	Error string  `json:"error"`
}

func startWorker(ctx context.Context, dir string, name string, args ...string) (*worker, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &worker{cmd, in, bufio.NewReaderSize(out, 1<<20)}, cmd.Start()
}

// run runs a query and gives what it took inside the process.
func (w *worker) run(sql string) (answer, spent, error) {
	doc, err := json.Marshal(map[string]string{"sql": sql})
	if err != nil {
		return nil, spent{}, err
	}
	if _, err := w.in.Write(append(doc, '\n')); err != nil {
		return nil, spent{}, err
	}
	line, err := w.out.ReadBytes('\n')
	if err != nil {
		return nil, spent{}, fmt.Errorf("the process said nothing: %w", err)
	}
	var r reply
	if err := json.Unmarshal(line, &r); err != nil {
		return nil, spent{}, err
	}
	if r.Error != "" {
		return nil, spent{}, errors.New(r.Error)
	}
	return answerOf(r.Rows), spent{r.MS, r.CPU}, nil
}

func answerOf(rows [][]any) answer {
	out := answer{}
	for _, row := range rows {
		value, ok := row[len(row)-1].(float64)
		if !ok {
			continue // NULL: there is no value
		}
		keys := make([]string, len(row)-1)
		for i := range keys {
			keys[i] = fmt.Sprint(row[i])
		}
		out.add(keys, value)
	}
	return out
}

// stop ends the process, which leaves when nothing more is sent.
func (w *worker) stop() error {
	return errors.Join(w.in.Close(), w.cmd.Wait())
}

// peakMiB is the most memory that a process has had, as the kernel counts it.
func peakMiB(pid int) float64 {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var kib float64
		if _, err := fmt.Sscanf(lines.Text(), "VmHWM: %f kB", &kib); err == nil {
			return kib / 1024
		}
	}
	return 0
}
