package app_test

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/delivery"
)

// childEnv tells the test binary that it was started by a test, to be another
// process: what it holds is a child's JSON.
const childEnv = "JINYANG_TEST_CHILD"

// child is what another process does with a data folder.
type child struct {
	Data    string
	Pack    string   // folder of the pack; packDir by default
	Content []string // files for hrss.jobs, delivered in turn
	KillAt  string   // step of the last delivery at which the process kills itself
	KillIn  int      // or the number of bytes of the last file after which it does; 0 never
	Hold    bool     // stay until stdin ends
	Undo    string   // step of delivery.RollbackSteps at which the process kills itself while it takes the first delivery back afterwards
	Sources string   // sources file to collect from once; KillAt is a step of the second batch, or "fetched"
	Report  string   // step of progress.Steps at which the process kills itself while it files a report
	Close   string   // step of ledger or lake at which the process kills itself while it closes 2024-01 afterwards
	Look    string   // step of package alert/watch at which the process kills itself while it looks at the alerts and sends afterwards
	Upkeep  string   // step of lake.Steps at which the process kills itself while it maintains the tables afterwards
}

func TestMain(m *testing.M) {
	doc := os.Getenv(childEnv)
	if doc == "" {
		goleak.VerifyTestMain(m)
		return
	}
	var c child
	err := json.Unmarshal([]byte(doc), &c)
	if err == nil {
		err = c.run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run is the child's main: it prints one line when it is ready and one for
// each receipt.
func (c *child) run() (err error) {
	ctx := context.Background()
	a, err := app.Open(ctx, app.Options{Data: c.Data, Pack: cmp.Or(c.Pack, packDir), MemoryMB: 256, Fetched: c.fetched()})
	if err != nil {
		return err
	}
	fmt.Println("ready")
	first := ""
	for i, content := range c.Content {
		var src io.Reader = strings.NewReader(content)
		if i == len(c.Content)-1 {
			a.Delivery.Step = c.step
			if c.KillIn > 0 {
				src = io.MultiReader(strings.NewReader(content[:c.KillIn]), killer{})
			}
		}
		r, err := a.Delivery.Deliver(ctx, delivery.Request{Dataset: "hrss.jobs", File: fmt.Sprintf("%d.csv", i), Content: src, Actor: "test"})
		if err != nil {
			return err
		}
		fmt.Println(r.Status, r.Received, r.Accepted)
		if first == "" {
			first = r.DeliveryID
		}
	}
	if c.Sources != "" {
		if err := c.collect(ctx, a); err != nil {
			return err
		}
	}
	if c.Undo != "" {
		a.Delivery.Step = c.step
		if _, err := a.Delivery.Rollback(ctx, delivery.RollbackRequest{DeliveryID: first, Reason: "a test", Actor: "test"}); err != nil {
			return err
		}
	}
	if c.Report != "" {
		a.Progress.Step = func(name string) {
			if name == c.Report {
				kill()
			}
		}
		if err := fileReport(ctx, a); err != nil {
			return err
		}
	}
	if c.Look != "" {
		if err := c.look(ctx, a); err != nil {
			return err
		}
	}
	if c.Close != "" {
		if err := c.closeMonth(ctx, a); err != nil {
			return err
		}
	}
	if c.Upkeep != "" {
		if err := c.maintain(ctx, a); err != nil {
			return err
		}
	}
	if c.Hold {
		_, _ = io.Copy(io.Discard, os.Stdin) // until the parent closes it
	}
	return a.Close()
}

func (c *child) step(name string) {
	if name == c.KillAt || name == c.Undo {
		kill()
	}
}

// kill ends the process as a power cut or the kernel does: nothing is flushed,
// nothing is deferred.
func kill() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // the signal is on its way
}

type killer struct{}

func (killer) Read([]byte) (int, error) { kill(); return 0, io.EOF }

// process is a running child.
type process struct {
	t     *testing.T
	cmd   *exec.Cmd
	stdin io.Closer
	lines *bufio.Scanner
	says  *strings.Builder // standard error
}

func (c child) start(t *testing.T) *process {
	t.Helper()
	doc, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, cmd: exec.Command(os.Args[0]), says: &strings.Builder{}}
	p.cmd.Env = append(os.Environ(), childEnv+"="+string(doc))
	p.cmd.Stderr = p.says
	if p.stdin, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.lines = bufio.NewScanner(out)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() }) // only when the test failed before
	return p
}

// line waits for the next line that the child prints; "" is its end.
func (p *process) line() string {
	p.lines.Scan()
	return p.lines.Text()
}

// wait waits for the child's end and says whether it was killed.
func (p *process) wait() (killed bool) {
	p.t.Helper()
	for p.lines.Scan() {
	}
	err := p.cmd.Wait()
	status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	killed = ok && status.Signaled() && status.Signal() == syscall.SIGKILL
	if err != nil && !killed {
		p.t.Errorf("the other process failed: %v\n%s", err, p.says)
	}
	return killed
}
