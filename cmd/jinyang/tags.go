package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/lake"
)

func (c *cli) tags() *cobra.Command {
	var data string
	cmd := &cobra.Command{
		Use:   "tags",
		Short: "List the named past states of the tables",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withReader(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				tags, err := a.Lake.Tags(ctx)
				if err != nil {
					return err
				}
				return c.print(tags, func(w io.Writer) { tagsText(w, tags) })
			})
		},
	}
	dataFlag(cmd, &data)
	return cmd
}

func (c *cli) tag() *cobra.Command {
	var data string
	cmd := &cobra.Command{
		Use:     "tag NAME",
		Short:   "Name the present state of the tables, for ever",
		Example: "  jinyang tag --data D as-reported-2024-q3\n  jinyang query --data D employment.new_urban --as-of as-reported-2024-q3",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := lake.CheckTagName(args[0]); err != nil {
				return &usageError{err}
			}
			return c.withWriter(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				t, err := a.Tag(ctx, args[0], "cli:tag")
				if err != nil {
					return err
				}
				return c.print(t, func(w io.Writer) { tagsText(w, []lake.Tag{t}) })
			})
		},
	}
	dataFlag(cmd, &data)
	return cmd
}

func tagsText(w io.Writer, tags []lake.Tag) {
	for _, t := range tags {
		fmt.Fprintf(w, "%-24s  %s  %s\n", t.Name, t.At.Format(time.RFC3339), counted(len(t.Tables), "table"))
	}
	if len(tags) == 0 {
		fmt.Fprintln(w, "there are no tags yet")
	}
}
