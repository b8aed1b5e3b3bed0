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
				return c.print(list, func(w io.Writer) { viewsText(w, list) })
			})
		},
	}
	dataFlag(cmd, &data)
	cmd.Flags().BoolVar(&deleted, "deleted", false, "list those that can be restored instead")
	return cmd
}

func views(a *app.App) *explore.Views { return &explore.Views{Store: a.Store, Now: time.Now} }

func viewsText(w io.Writer, list []explore.View) {
	for _, v := range list {
		fmt.Fprintf(w, "%s  %-8s %s  (%s, %s)\n", v.ID, v.Chart, v.Name, v.By, v.At.Format(time.RFC3339))
	}
	if len(list) == 0 {
		fmt.Fprintln(w, "there are no saved questions")
	}
}
