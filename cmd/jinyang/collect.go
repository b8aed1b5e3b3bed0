package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/delivery/source/collect"
)

// collectFlags are the flags of collect.
type collectFlags struct {
	data, pack, sources string
	names               []string
	once, check         bool
}

func (c *cli) collect() *cobra.Command {
	var f collectFlags
	cmd := &cobra.Command{
		Use:   "collect --data DIR [--sources FILE] [--source NAME]... [--once | --check]",
		Short: "Fetch from the declared sources, by their schedules or once",
		Long: "Fetches from the sources of a file and delivers what they have; the file is DIR/sources.yaml unless --sources\n" +
			"names another. It runs until it is stopped; SIGHUP reads the file again. With --once every source is asked\n" +
			"until it has nothing new, and the exit code is 1 when one failed or a batch was rejected. With --check the\n" +
			"file is only checked, and every mistake named with file, line and column.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case f.check && f.once:
				return &usageError{errors.New("collect: --check and --once exclude each other")}
			case f.check:
				return c.checkSources(cmd.Context(), f)
			case f.data == "":
				return &usageError{errors.New("collect: --data is needed")}
			case f.once:
				return c.collectOnce(cmd.Context(), f)
			}
			return c.runCollect(cmd.Context(), f)
		},
	}
	cmd.Flags().StringVar(&f.data, "data", "", "data folder")
	cmd.Flags().StringVar(&f.pack, "pack", "", "folder of a city pack to put in force")
	cmd.Flags().StringVar(&f.sources, "sources", "", "sources file; DIR/sources.yaml by default")
	cmd.Flags().StringArrayVar(&f.names, "source", nil, "name of a source; all by default")
	cmd.Flags().BoolVar(&f.once, "once", false, "ask every source until it has nothing new, and end")
	cmd.Flags().BoolVar(&f.check, "check", false, "only check the sources file")
	return cmd
}

// errNoSources says that there is nothing to collect from.
func errNoSources(data string) error {
	return city.Errorf("not_found.sources", "no sources are declared in %s", data).
		WithHint("write sources.yaml there, or name a file with --sources; see docs/sources.md")
}

// inTurn has receipts, which come from several sources at a time, taken one by
// one.
func inTurn(take func(*delivery.Receipt)) func(string, *delivery.Receipt) {
	var mu sync.Mutex
	return func(_ string, r *delivery.Receipt) {
		mu.Lock()
		defer mu.Unlock()
		take(r)
	}
}

// collectReport is what collect --once --json prints.
type collectReport struct {
	Receipts []*delivery.Receipt `json:"receipts"`
	Failures []failure           `json:"failures"` // one for each source that failed; where begins with its name
}

// collectOnce asks the sources until they have nothing new.
func (c *cli) collectOnce(ctx context.Context, f collectFlags) (err error) {
	report := collectReport{Receipts: []*delivery.Receipt{}, Failures: []failure{}}
	take := inTurn(func(r *delivery.Receipt) { report.Receipts = append(report.Receipts, r) })
	a, err := app.Open(ctx, app.Options{Data: f.data, Pack: f.pack, Log: c.log(), Fetched: take})
	if err != nil {
		return err
	}
	defer func() { err = firstError(err, a.Close()) }()
	declared, err := a.LoadSources(f.sources)
	if err != nil {
		return err
	}
	if len(declared) == 0 {
		return errNoSources(f.data)
	}
	if _, err := collect.Pick(declared, f.names); err != nil {
		return err
	}
	for _, err := range unjoin(a.Collector.Once(ctx, declared, f.names)) {
		report.Failures = append(report.Failures, sourceFailure(err))
	}
	if err := c.print(report, report.text); err != nil {
		return err
	}
	rejected := slices.ContainsFunc(report.Receipts, func(r *delivery.Receipt) bool { return r.Status == delivery.Rejected })
	if len(report.Failures) > 0 || rejected {
		return &silentError{}
	}
	return nil
}

// sourceFailure describes the error of a source.
func sourceFailure(err error) failure {
	f := failureOf(err)
	var s *collect.SourceError
	if errors.As(err, &s) {
		f.Where = strings.TrimSuffix(s.Source+": "+f.Where, ": ")
	}
	return f
}

// unjoin gives the errors that errors.Join put together.
func unjoin(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	if err == nil {
		return nil
	}
	return []error{err}
}

func (r *collectReport) text(w io.Writer) {
	for _, x := range r.Receipts {
		receiptText(w, x)
	}
	for _, x := range r.Failures {
		fmt.Fprintf(w, "%s failed: %s", x.Where, x.Message)
		if x.Hint != "" {
			fmt.Fprintf(w, " (%s)", x.Hint)
		}
		fmt.Fprintf(w, "  code: %s\n", x.Code)
	}
	if len(r.Receipts)+len(r.Failures) == 0 {
		fmt.Fprintln(w, "nothing new")
	}
}

// runCollect lets the sources run until the program is told to end. Each
// receipt is printed when it comes.
func (c *cli) runCollect(ctx context.Context, f collectFlags) (err error) {
	show := inTurn(func(r *delivery.Receipt) {
		_ = c.print(r, func(w io.Writer) { receiptText(w, r) }) // whoever reads may have gone
	})
	a, err := app.Open(ctx, app.Options{Data: f.data, Pack: f.pack, Log: c.log(), Fetched: show})
	if err != nil {
		return err
	}
	defer func() { err = firstError(err, a.Close()) }()
	n, err := a.UseSources(ctx, f.sources, f.names...)
	if err != nil {
		return err
	}
	if n == 0 {
		return errNoSources(f.data)
	}
	fmt.Fprintf(c.stderr, "jinyang collects from %s (stop with Ctrl-C)\n", counted(n, "source"))
	a.Collect(ctx)
	return nil
}
