package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// call is a request of a client, which it repeats until it has an answer.
type call struct {
	kind    string // file, rollback or waive
	batch   *batch
	subject string // ID of a delivery
	rows    []int64
	status  int
	answer  []byte // nil until there is one
}

// serve has several clients talk to one server at once: files for one dataset
// from two of them, one file twice, others, a rollback and a decision.
func (w *world) serve(ctx context.Context) error {
	calls := w.calls()
	w.report.run("serve")
	for attempt := 0; ; attempt++ {
		if err := w.served(ctx, calls, w.again(attempt)); err != nil {
			return err
		}
		if open(calls) == 0 {
			break
		}
	}
	for _, c := range calls {
		if err := w.judge(c); err != nil {
			return err
		}
	}
	return nil
}

// calls draws what the clients ask for.
func (w *world) calls() []*call {
	busy := w.plan.dataset()
	same := w.draw(busy)
	calls := []*call{{kind: "file", batch: same}, {kind: "file", batch: same}, {kind: "file", batch: w.draw(busy)}, {kind: "file", batch: w.draw(w.plan.dataset())}}
	if all := w.candidates(); len(all) > 0 {
		calls = append(calls, &call{kind: "rollback", subject: all[w.plan.IntN(len(all))].id})
	}
	if c, rows := w.held(); c != nil && (len(calls) < 5 || calls[4].subject != c.id) {
		calls = append(calls, &call{kind: "waive", subject: c.id, rows: rows[:1]})
	}
	return calls
}

// open counts the calls that have no answer.
func open(calls []*call) (n int) {
	for _, c := range calls {
		if c.answer == nil {
			n++
		}
	}
	return n
}

// served starts the server, sends what has no answer yet, and kills the server
// meanwhile or stops it in the end.
func (w *world) served(ctx context.Context, calls []*call, shoot bool) error {
	before, err := w.look(ctx)
	if err != nil {
		return err
	}
	cmd := w.program("serve", "--pack", packDir, "--listen", "127.0.0.1:0")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	var hello struct {
		URL string `json:"url"`
	}
	if err := json.NewDecoder(out).Decode(&hello); err != nil {
		_ = cmd.Process.Kill() // it is of no use
		_ = cmd.Wait()
		return fmt.Errorf("the server does not start: %w\n%s", err, errs.Bytes())
	}
	aimed := w.talk(ctx, hello.URL, calls, cmd, shoot)
	unanswered := open(calls)
	if unanswered == 0 {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have been killed behind the last answer
	}
	_ = cmd.Wait() // the state tells more
	switch {
	case killed(cmd) && unanswered > 0:
		return w.wounded(ctx, "serve", before, nil)
	case killed(cmd) || unanswered == 0 && cmd.ProcessState.Success():
		if aimed {
			w.report.missed++
		}
		_, err := w.look(ctx)
		return err
	}
	return fmt.Errorf("the server ended with %d: %s", cmd.ProcessState.ExitCode(), errs.Bytes())
}

// talk sends all open calls at once, and shoots at the server when it may. It
// says whether it did aim.
func (w *world) talk(ctx context.Context, url string, calls []*call, cmd *exec.Cmd, shoot bool) (aimed bool) {
	after := never
	if shoot {
		after, aimed = w.fire.moment("serve")
	}
	begun := time.Now()
	var all sync.WaitGroup
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for _, c := range calls {
		if c.answer == nil {
			all.Go(func() { c.send(ctx, client, url) })
		}
	}
	ended := make(chan struct{})
	go func() {
		all.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(after):
		_ = cmd.Process.Kill() // it runs: nobody has waited for it
		<-ended
	}
	if open(calls) == 0 {
		w.fire.took("serve", time.Since(begun))
	}
	return aimed
}

// send asks once; without an answer everything stays as it is.
func (c *call) send(ctx context.Context, client *http.Client, base string) {
	path, body, kind := "/api/v1/deliveries", io.Reader(nil), "application/json"
	switch c.kind {
	case "file":
		path += "?" + url.Values{"dataset": {c.batch.dataset}, "filename": {c.batch.name}}.Encode()
		body, kind = bytes.NewReader(c.batch.content), "application/octet-stream"
	case "rollback":
		path += "/" + c.subject + "/rollback"
		body = strings.NewReader(`{"reason": "a test"}`)
	case "waive":
		path = "/api/v1/quarantine/waive"
		body = strings.NewReader(fmt.Sprintf(`{"delivery_id": %q, "rows": [%d], "reason": "a test"}`, c.subject, c.rows[0]))
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+path, body)
	if err != nil {
		return
	}
	req.Header.Set("Content-Type", kind)
	resp, err := client.Do(req)
	if err != nil {
		return
	}
	defer resp.Body.Close()
	if answer, err := io.ReadAll(resp.Body); err == nil && json.Valid(answer) {
		c.answer, c.status = answer, resp.StatusCode
	}
}

// judge looks at an answer.
func (w *world) judge(c *call) error {
	ok := c.status == http.StatusOK
	switch {
	case c.kind == "rollback":
		return w.rolledBack(c.subject, ok, refusal(c.answer))
	case !ok:
		return fmt.Errorf("%s was answered with %d: %s", c.kind, c.status, c.answer)
	case c.kind == "waive":
		w.note(c.subject, c.rows, "waived")
		return nil
	}
	w.keepReceipt(c.answer)
	return w.wantAcked(c.batch)
}
