package chaos

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/lake"
)

// childEnv holds what the test binary does in place of the program: what the
// command line does not offer, that is to die at a named step, and upkeep that
// keeps no past and joins all files.
const childEnv = "JINYANG_CHAOS_CHILD"

// child is a process that works on a data folder.
type child struct {
	Data    string
	Dataset string // of the files
	Files   []string
	Undo    string // delivery to roll back
	Mend    *delivery.MendRequest
	Upkeep  bool
	Tag     string // to make before the upkeep; "" for none
	Expire  bool   // let all snapshots go that nothing names
	Step    string // of package delivery or lake at which the process kills itself; "" for none
	Nth     int    // the how manieth time it comes there, from 0
}

func (c child) command() (*exec.Cmd, error) {
	doc, err := json.Marshal(c)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+string(doc))
	return cmd, err
}

func (c child) run(ctx context.Context) error {
	a, err := app.Open(ctx, app.Options{Data: c.Data, Pack: packDir})
	if err != nil {
		return err
	}
	a.Lake.Step, a.Delivery.Step = c.step, c.step
	for _, file := range c.Files {
		if _, err := a.Delivery.DeliverFile(ctx, c.Dataset, file, "chaos"); err != nil {
			return err
		}
	}
	if c.Undo != "" {
		if _, err := a.Delivery.Rollback(ctx, delivery.RollbackRequest{DeliveryID: c.Undo, Reason: "a test", Actor: "chaos"}); err != nil {
			return err
		}
	}
	if c.Mend != nil {
		c.Mend.Actor = "chaos"
		if _, err := a.Delivery.Mend(ctx, *c.Mend); err != nil {
			return err
		}
	}
	if c.Upkeep {
		if err := c.keepUp(ctx, a); err != nil {
			return err
		}
	}
	return a.Close()
}

func (c child) keepUp(ctx context.Context, a *app.App) error {
	if c.Tag != "" {
		if _, err := a.Tag(ctx, c.Tag, "chaos"); err != nil && city.CodeOf(err) != "conflict.tag" { // it was made before the kill
			return err
		}
	}
	u := app.Upkeep{Compact: lake.CompactOptions{MostSmall: 1}}
	if c.Expire {
		u.Keep, u.Grace = 1, 1
	}
	m, err := a.Maintain(ctx, u, "chaos")
	if err != nil {
		return err
	}
	for _, e := range m.Errors {
		return city.Errorf(e.Code, "%s: %s", e.Dataset, e.Message)
	}
	return nil
}

// step ends the process as a power cut or the kernel does.
func (c *child) step(name string) {
	if name != c.Step {
		return
	}
	if c.Nth--; c.Nth < 0 {
		fmt.Print(stepMark, name)
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // the signal is on its way
	}
}

// stepMark stands before the name of the step in the output of a child that
// killed itself.
const stepMark = "killed at: "
