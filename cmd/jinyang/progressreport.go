package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/progress"
)

// filingFlags are a report as the command line gives it.
type filingFlags struct {
	data, value, done, expected string
	files                       []string
	progress.Filing
}

func (c *cli) progressReport() *cobra.Command {
	var f filingFlags
	cmd := &cobra.Command{
		Use:   "report --data DIR --period P --by NAME TARGET",
		Short: "Report how a promise stands",
		Example: "  jinyang progress report --data D labour.campaigns.2023 --period 2023Q3 --value 2 --by 张三 --file 总结.pdf\n" +
			"  jinyang progress report --data D metro.line1.2024 --period 2024-09 --expected 2024-12-20 --by 李四",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.Target = args[0]
			if err := f.read(); err != nil {
				return &usageError{err}
			}
			return c.withWriter(cmd.Context(), f.data, func(ctx context.Context, a *app.App) error { return c.fileReport(ctx, a, f) })
		},
	}
	dataFlag(cmd, &f.data)
	fl := cmd.Flags()
	fl.StringVar(&f.Period, "period", "", "2024-10, 2024Q3 or 2024, as the target is reported")
	fl.StringVar(&f.By, "by", "", "name of who reports")
	for _, name := range []string{"period", "by"} {
		_ = cmd.MarkFlagRequired(name) // the flags were added above
	}
	fl.StringVar(&f.value, "value", "", "how the promised number stands at the end of the period, in the target's unit")
	fl.StringVar(&f.done, "done", "", "a milestone: the day on which it was reached")
	fl.StringVar(&f.expected, "expected", "", "a milestone that is not reached: the day on which it will be")
	fl.StringVar(&f.Note, "note", "", "what is to be said beside")
	fl.StringVar(&f.Replaces, "replaces", "", "ID of the report that this one corrects")
	fl.StringArrayVar(&f.files, "file", nil, "file that shows it; repeatable")
	return cmd
}

// read takes the number and the days from their texts.
func (f *filingFlags) read() (err error) {
	if f.value != "" {
		v, err := strconv.ParseFloat(f.value, 64)
		if err != nil {
			return fmt.Errorf("--value: %q is not a number", f.value)
		}
		f.Value = &v
	}
	for _, d := range []struct {
		flag, text string
		to         *city.Date
	}{{"--done", f.done, &f.DoneOn}, {"--expected", f.expected, &f.ExpectedOn}} {
		if err := d.to.UnmarshalText([]byte(d.text)); err != nil {
			return fmt.Errorf("%s: %w", d.flag, err)
		}
	}
	return nil
}

func (c *cli) fileReport(ctx context.Context, a *app.App, f filingFlags) error {
	var files []*progress.Staged
	defer func() {
		for _, s := range files {
			s.Discard()
		}
	}()
	for _, path := range f.files {
		s, err := stageFile(ctx, a, path)
		if err != nil {
			return err
		}
		files = append(files, s)
	}
	r, err := a.Progress.File(ctx, policy.Local(osActor()), f.Filing, files...)
	if err != nil {
		return err
	}
	return c.print(r, func(w io.Writer) { reportText(w, r, c.lang) })
}

func stageFile(ctx context.Context, a *app.App, path string) (*progress.Staged, error) {
	src, err := os.Open(path)
	if err != nil {
		return nil, city.Errorf(city.CodeNotFound, "cannot read the file: %w", err)
	}
	defer src.Close()
	return a.Progress.Stage(ctx, filepath.Base(path), src)
}

type decideFunc func(*progress.Service, context.Context, policy.Principal, string, progress.Decision) (*progress.Report, error)

func (c *cli) progressDecide(name, short string, decide decideFunc) *cobra.Command {
	var data string
	var d progress.Decision
	cmd := &cobra.Command{
		Use:   name + " --data DIR --by NAME REPORT_ID",
		Short: short,
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withWriter(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				r, err := decide(a.Progress, ctx, policy.Local(osActor()), args[0], d)
				if err != nil {
					return err
				}
				return c.print(r, func(w io.Writer) { reportText(w, r, c.lang) })
			})
		},
	}
	dataFlag(cmd, &data)
	cmd.Flags().StringVar(&d.By, "by", "", "name of who decides")
	_ = cmd.MarkFlagRequired("by") // the flag was added above
	cmd.Flags().StringVar(&d.Reason, "reason", "", "why, in a sentence; needed but to approve")
	return cmd
}

func (c *cli) progressImport() *cobra.Command {
	var data, by string
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "import --data DIR --by NAME FILE.xlsx",
		Short: "File the reports of a workbook: all of them, or none",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withWriter(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				src, err := os.Open(args[0])
				if err != nil {
					return city.Errorf(city.CodeNotFound, "cannot read the workbook: %w", err)
				}
				defer src.Close()
				res, err := a.Progress.Import(ctx, policy.Local(osActor()), src, by, dryRun)
				if err != nil {
					return err
				}
				if err := c.print(res, func(w io.Writer) { importedText(w, res) }); err != nil || res.Failed == 0 {
					return err
				}
				return &silentError{}
			})
		},
	}
	dataFlag(cmd, &data)
	cmd.Flags().StringVar(&by, "by", "", "name of who reports")
	_ = cmd.MarkFlagRequired("by") // the flag was added above
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "only say what would become of each row")
	return cmd
}

func importedText(w io.Writer, res *progress.Imported) {
	for _, r := range res.Rows {
		fmt.Fprintf(w, "row %-4d %-9s %s %s", r.Row, r.Outcome, r.Target, r.Period)
		if r.Message != "" {
			fmt.Fprintf(w, ": %s", r.Message)
		}
		if r.Hint != "" {
			fmt.Fprintf(w, " (%s)", r.Hint)
		}
		fmt.Fprintln(w)
	}
	word := "nothing was filed"
	switch {
	case res.Kept:
		word = "all were filed"
	case res.DryRun && res.Failed == 0:
		word = "a dry run: nothing was filed"
	}
	fmt.Fprintf(w, "%d to file, %d there already, %d skipped, %d failed: %s\n", res.Filed, res.Unchanged, res.Skipped, res.Failed, word)
}
