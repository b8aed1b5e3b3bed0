package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/store"
)

func (c *cli) quarantine() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "quarantine",
		Short: "List the rows that failed their checks, mend, waive or return them",
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.heldList(), c.heldGroups(), c.mend(), c.export(),
		c.changeRows("waive", "Give rows up: nobody will mend them", (*delivery.Service).Waive),
		c.changeRows("return", "Note that rows went back to the sender", (*delivery.Service).Return),
		c.changeRows("reopen", "Open waived or returned rows again", (*delivery.Service).Reopen))
	for _, sub := range cmd.Commands() {
		sub.Args = usageArgs(sub.Args)
	}
	return cmd
}

// heldFlags adds the flags that narrow the rows.
func heldFlags(cmd *cobra.Command, f *store.HeldFilter) {
	fl := cmd.Flags()
	fl.StringVar((*string)(&f.State), "state", string(store.RowOpen), "open, mended, waived or returned")
	fl.StringVar(&f.DeliveryID, "delivery", "", "rows of this delivery")
	fl.StringVar(&f.Dataset, "dataset", "", "rows of this dataset")
	fl.StringVar(&f.Code, "code", "", "rows that failed for this reason")
	fl.StringVar(&f.Field, "field", "", "rows that failed in this field")
	fl.StringVar(&f.Source, "source", "", "rows that came from this source")
	fl.StringVar(&f.Owner, "owner", "", "rows that this organisation has to mend")
}

func checkState(state store.RowState) error {
	for _, s := range store.RowStates() {
		if s == state {
			return nil
		}
	}
	return &usageError{fmt.Errorf("--state: %q is not open, mended, waived or returned", state)}
}

func (c *cli) heldList() *cobra.Command {
	var data, cursor string
	var limit int
	var f store.HeldFilter
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List rows, masked, the oldest first",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkState(f.State); err != nil {
				return err
			}
			return c.withReader(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				page, err := a.Store.HeldRows(ctx, f, cursor, limit)
				if err != nil {
					return err
				}
				rows := []delivery.Held{}
				for _, r := range page.Items {
					rows = append(rows, delivery.NewHeld(r, time.Now()))
				}
				doc := struct {
					Items []delivery.Held `json:"items"`
					Next  string          `json:"next_cursor,omitempty"`
				}{rows, page.Next}
				return c.print(doc, func(w io.Writer) { heldText(w, rows, page.Next) })
			})
		},
	}
	dataFlag(cmd, &data)
	heldFlags(cmd, &f)
	cmd.Flags().IntVar(&limit, "limit", store.DefaultPage, "rows of a page, at most 1000")
	cmd.Flags().StringVar(&cursor, "cursor", "", "where the page before ended")
	return cmd
}

func heldText(w io.Writer, rows []delivery.Held, next string) {
	for _, r := range rows {
		fmt.Fprintf(w, "%s  row %d  %s  %s", r.DeliveryID, r.Row, r.Dataset, r.Code)
		if r.Field != "" {
			fmt.Fprintf(w, " (%s)", r.Field)
		}
		fmt.Fprintf(w, ": %s\n  %s\n  owner %s, %s old", r.Message, r.Text, r.Owner, counted(int(r.AgeDays), "day"))
		if r.Note != "" {
			fmt.Fprintf(w, "; %s by %s: %s", r.State, r.By, r.Note)
		}
		fmt.Fprintln(w)
	}
	if next != "" {
		fmt.Fprintf(w, "more with --cursor %s\n", next)
	}
}

func (c *cli) heldGroups() *cobra.Command {
	var data string
	var f store.HeldFilter
	cmd := &cobra.Command{
		Use:   "groups",
		Short: "Count rows by reason, source and owner",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkState(f.State); err != nil {
				return err
			}
			return c.withReader(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				groups, err := a.Store.HeldGroups(ctx, f)
				if err != nil {
					return err
				}
				doc := delivery.NewHeldGroups(groups)
				return c.print(doc, func(w io.Writer) { groupsText(w, doc) })
			})
		},
	}
	dataFlag(cmd, &data)
	heldFlags(cmd, &f)
	return cmd
}

func groupsText(w io.Writer, g *delivery.HeldGroups) {
	for _, x := range g.Items {
		fmt.Fprintf(w, "%8d  %-28s %-24s %-16s %-12s %s  since %s\n", x.Count, x.Dataset, x.Code, x.Field, x.Owner, x.Source, x.Oldest.Format(time.DateOnly))
	}
	fmt.Fprintln(w, counted(int(g.Total), "row"))
}

// changeRows makes the command for a change by decision.
func (c *cli) changeRows(name, short string, change func(*delivery.Service, context.Context, delivery.RowsRequest) (int64, error)) *cobra.Command {
	var data string
	q := delivery.RowsRequest{Actor: "cli:quarantine"}
	cmd := &cobra.Command{
		Use:   name,
		Short: short,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withWriter(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				n, err := change(a.Delivery, ctx, q)
				if err != nil {
					return err
				}
				doc := struct {
					Changed int64 `json:"changed"`
				}{n}
				return c.print(doc, func(w io.Writer) { fmt.Fprintf(w, "%s changed\n", counted(int(n), "row")) })
			})
		},
	}
	dataFlag(cmd, &data)
	decisionFlags(cmd, &q.DeliveryID, &q.Reason)
	cmd.Flags().Int64SliceVar(&q.Rows, "rows", nil, "numbers of rows, separated by commas")
	if name != "reopen" {
		cmd.Flags().StringVar(&q.Code, "code", "", "without --rows: all open rows that failed for this reason")
		cmd.Flags().StringVar(&q.Field, "field", "", "with --code: in this field")
	}
	return cmd
}

// decisionFlags adds the flags of what changes rows.
func decisionFlags(cmd *cobra.Command, deliveryID, reason *string) {
	cmd.Flags().StringVar(deliveryID, "delivery", "", "the delivery that the rows came with")
	cmd.Flags().StringVar(reason, "reason", "", "why; the audit chain keeps it")
	for _, name := range []string{"delivery", "reason"} {
		_ = cmd.MarkFlagRequired(name) // the flags were added above
	}
}
