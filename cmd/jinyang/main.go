// Command jinyang runs a city's promises: it takes in what the bureaus
// deliver, computes the indicators, and shows which targets hold.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	_ "time/tzdata" // the city's clock, on machines that know no time zones

	"github.com/spf13/cobra"
)

// The exit codes of every command.
const (
	exitOK    = 0
	exitError = 1
	exitUsage = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the program without its process: everything but signals and the exit.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	cmd := newRoot(stdout, stderr)
	cmd.SetArgs(args)
	err := cmd.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	var silent *silentError
	if errors.As(err, &silent) {
		return exitError
	}
	return fail(err, asksJSON(cmd, args), stdout, stderr)
}

// fail says why the program ends: to people on stderr, and with --json to
// programs on stdout.
func fail(err error, asJSON bool, stdout, stderr io.Writer) int {
	f := failureOf(err)
	var usage *usageError
	code, help := exitError, ""
	if errors.As(err, &usage) {
		code, help = exitUsage, "Run 'jinyang --help' for usage.\n"
	}
	if said := inChinese(err); said != "" {
		fmt.Fprintln(stderr, "晋阳："+said)
	}
	fmt.Fprintf(stderr, "jinyang: %v\n%scode: %s\n", err, help, f.Code)
	if asJSON {
		if err := writeJSON(stdout, f); err != nil {
			fmt.Fprintf(stderr, "jinyang: %v\n", err)
		}
	}
	return code
}

// asksJSON says whether --json was given, also when another flag's mistake kept
// it from being read.
func asksJSON(cmd *cobra.Command, args []string) bool {
	given, err := cmd.PersistentFlags().GetBool("json")
	return err == nil && given || slices.Contains(args, "--json")
}

// usageError is a mistake in the command line.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// silentError ends the program with failure after the command has said why.
type silentError struct{}

func (e *silentError) Error() string { return "failed" }
