package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/explore"
)

func (c *cli) views() *cobra.Command {
	var data string
	var deleted bool
	cmd := &cobra.Command{
		Use:   "views",
		Short: "List the saved questions; jinyang explore --view ID asks one",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withReader(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				list, err := views(a).List(ctx, deleted)
				if err != nil {
					return err
				}
				return c.print(list, func(w io.Writer) { viewsText(w, list, deleted) })
			})
		},
	}
	dataFlag(cmd, &data)
	cmd.Flags().BoolVar(&deleted, "deleted", false, "list those that can be restored instead")
	return cmd
}

func views(a *app.App) *explore.Views { return &explore.Views{Store: a.Store, Now: time.Now} }

func viewsText(w io.Writer, list []explore.View, deleted bool) {
	if len(list) == 0 {
		what := "saved questions"
		if deleted {
			what = "deleted questions"
		}
		fmt.Fprintln(w, "there are no "+what)
		return
	}
	g := newGrid("lllll")
	g.row("id", "chart", "name", "saved by", "at")
	for _, v := range list {
		g.row(v.ID, v.Chart, v.Name, v.By, v.At.Format(time.RFC3339))
	}
	g.write(w)
	fmt.Fprintln(w, counted(len(list), "question"))
}
