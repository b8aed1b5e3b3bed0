package e2e

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// binary is the program under test, set by TestMain before any test runs.
var binary string

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run prepares the program, runs the tests and cleans up; it is apart from
// TestMain so that its deferred calls run.
func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "jinyang-e2e-*")
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e: cannot make a temporary folder:", err)
		return 1
	}
	defer os.RemoveAll(dir)
	if binary, err = program(dir); err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		return 1
	}
	return m.Run()
}

// program finds the binary that JINYANG_BIN names, or builds one into dir.
func program(dir string) (string, error) {
	if bin := os.Getenv("JINYANG_BIN"); bin != "" {
		abs, err := filepath.Abs(bin)
		if err != nil {
			return "", err
		}
		if _, err := os.Stat(abs); err != nil {
			return "", fmt.Errorf("JINYANG_BIN: %w", err)
		}
		return abs, nil
	}
	if err := look(); err != nil {
		return "", err
	}
	bin := filepath.Join(dir, "jinyang")
	cmd := exec.CommandContext(context.Background(), "go", "build", "-o", bin, "./cmd/jinyang")
	cmd.Dir = ".."
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("cannot build the program: %w\n%s", err, out)
	}
	return bin, nil
}

// look visits the folders that the binary is built from. The go command notes
// what a test looks at, and does not take an old result for a new program.
func look() error {
	for _, dir := range []string{"../cmd", "../internal", "../packs"} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				_, err = os.Stat(path)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// without ends a test that this machine cannot run: as a skip that nobody can
// overlook, or as a failure where the test is required.
func without(t *testing.T, what, mend string) {
	t.Helper()
	if os.Getenv("JINYANG_E2E") == "required" {
		t.Fatalf("the browser test is required, but %s: %s", what, mend)
	}
	line := strings.Repeat("!", 78)
	fmt.Fprintf(os.Stderr, "%s\nTHE BROWSER TEST DID NOT RUN: %s.\n%s\n%s\n", line, what, mend, line)
	t.Skipf("%s: %s", what, mend)
}
