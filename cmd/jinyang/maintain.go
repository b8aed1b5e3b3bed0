package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
)

func (c *cli) maintain() *cobra.Command {
	var data, keep string
	cmd := &cobra.Command{
		Use:   "maintain",
		Short: "Make month-end tags, let old snapshots expire, join small files",
		Long: "Makes the month-end tags that are due, lets snapshots expire that no moment of the time to keep and no tag needs,\n" +
			"removes their files, and joins small files. Evidence is never touched. While jinyang serve runs it does so itself, each hour.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			span, err := parseKeep(keep)
			if err != nil {
				return &usageError{err}
			}
			return c.withWriter(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				m, err := a.Maintain(ctx, app.Upkeep{Keep: span}, "cli:maintain")
				if err != nil {
					return err
				}
				if err := c.print(m, func(w io.Writer) { maintainedText(w, m) }); err != nil {
					return err
				}
				if len(m.Errors) > 0 {
					return &silentError{}
				}
				return nil
			})
		},
	}
	dataFlag(cmd, &data)
	cmd.Flags().StringVar(&keep, "keep", "30d", "how far back every moment can be asked for, in days (30d) or hours (36h), at least 1h; tags are kept for ever")
	return cmd
}

// leastKeep is the least time that can be kept: a question that is running may
// still need the files that it began with.
const leastKeep = time.Hour

// parseKeep reads a number of days, or a duration as Go writes it.
func parseKeep(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if days, ok := strings.CutSuffix(s, "d"); ok {
		var n int
		n, err = strconv.Atoi(days)
		d = time.Duration(min(n, mostDays)) * 24 * time.Hour
	}
	if err != nil || d < leastKeep {
		return 0, city.Errorf(city.CodeInvalid, "--keep: %q is not a time to keep", s).WithHint("write days (30d) or hours (36h), at least 1h")
	}
	return d, nil
}

// mostDays bounds a time to keep by what a duration can hold: 200 years.
const mostDays = 200 * 365

func maintainedText(w io.Writer, m *app.Maintained) {
	for _, t := range m.Tags {
		fmt.Fprintf(w, "tag %s  %s  %s\n", t.Name, t.At.Format(time.RFC3339), counted(len(t.Tables), "table"))
	}
	for _, t := range m.Tables {
		fmt.Fprintf(w, "%-32s  %s → %d (%s → %s), %s expired, %s removed (%s)\n", t.Dataset, counted(t.FilesBefore, "file"), t.FilesAfter,
			size(t.BytesBefore), size(t.BytesAfter), counted(t.Expired, "snapshot"), counted(t.RemovedFiles, "file"), size(t.RemovedBytes))
	}
	for _, e := range m.Errors {
		fmt.Fprintf(w, "not done now: %s\n", strings.TrimSpace(e.Dataset+" "+e.Message))
	}
}

// size writes a number of bytes for people.
func size(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}

// withWriter opens an existing data folder for writing, runs f, and closes it.
func (c *cli) withWriter(ctx context.Context, data string, f func(context.Context, *app.App) error) (err error) {
	a, err := app.Open(ctx, app.Options{Data: data, Existing: true, Log: c.log()})
	if err != nil {
		return err
	}
	defer func() { err = firstError(err, a.Close()) }()
	return f(ctx, a)
}
