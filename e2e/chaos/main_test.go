package chaos

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// What may be set on the command line of the test; make chaos does.
var (
	killsWanted = flag.Int("kills", 6, "kills that must hit a running operation")
	seedGiven   = flag.Uint64("seed", 1, "seed of the plan")
	rowsOfFile  = flag.Int("rows", 800, "rows of a file, about")
)

// binary is the program under test, set by TestMain before any test runs.
var binary string

func TestMain(m *testing.M) {
	if doc := os.Getenv(childEnv); doc != "" {
		os.Exit(runChild(doc))
	}
	os.Exit(run(m))
}

// run prepares the program, runs the tests and cleans up; it is apart from
// TestMain so that its deferred calls run.
func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "jinyang-chaos-bin-*")
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos: cannot make a temporary folder:", err)
		return 1
	}
	defer os.RemoveAll(dir)
	if binary, err = program(dir); err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		return 1
	}
	return m.Run()
}

func runChild(doc string) int {
	var c child
	err := json.Unmarshal([]byte(doc), &c)
	if err == nil {
		err = c.run(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// program finds the binary that JINYANG_BIN names, or builds one into dir.
func program(dir string) (string, error) {
	if bin := os.Getenv("JINYANG_BIN"); bin != "" {
		if _, err := os.Stat(bin); err != nil {
			return "", fmt.Errorf("JINYANG_BIN: %w", err)
		}
		return filepath.Abs(bin)
	}
	bin := filepath.Join(dir, "jinyang")
	cmd := exec.CommandContext(context.Background(), "go", "build", "-o", bin, "./cmd/jinyang")
	cmd.Dir = "../.."
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("cannot build the program: %w\n%s", err, out)
	}
	return bin, nil
}
