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
	"syscall"

	"github.com/jinyang-city/jinyang/internal/city"
)

// The exit codes of every command.
const (
	exitOK    = 0
	exitError = 1
	exitUsage = 2
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is the program without its process: everything but the exit.
func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cmd := newRoot(stdout, stderr)
	cmd.SetArgs(args)
	err := cmd.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	var usage *usageError
	if errors.As(err, &usage) {
		fmt.Fprintf(stderr, "jinyang: %v\nRun 'jinyang --help' for usage.\n", err)
		return exitUsage
	}
	var silent *silentError
	if !errors.As(err, &silent) {
		fmt.Fprintf(stderr, "jinyang: %v\n", err)
		var e *city.Error
		if errors.As(err, &e) {
			fmt.Fprintf(stderr, "code: %s\n", e.Code)
		}
	}
	return exitError
}

// usageError is a mistake in the command line.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// silentError ends the program with failure after the command has said why.
type silentError struct{}

func (e *silentError) Error() string { return "failed" }
