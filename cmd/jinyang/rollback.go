package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/delivery"
)

func (c *cli) rollback() *cobra.Command {
	var data string
	req := delivery.RollbackRequest{Actor: "cli:rollback"}
	cmd := &cobra.Command{
		Use:   "rollback --data DIR --reason TEXT DELIVERY_ID",
		Short: "Take a delivery back",
		Long: "Takes one committed delivery back: afterwards the table holds what it would hold had the delivery never\n" +
			"come. Rows that it replaced come back, unless a later delivery brought them anew. With --dry-run it only\n" +
			"says what would change.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			req.DeliveryID = args[0]
			return c.withWriter(cmd.Context(), data, func(ctx context.Context, a *app.App) error { return c.runRollback(ctx, a, req) })
		},
	}
	dataFlag(cmd, &data)
	cmd.Flags().StringVar(&req.Reason, "reason", "", "why, in a sentence; the audit chain keeps it")
	_ = cmd.MarkFlagRequired("reason") // the flag was added above
	cmd.Flags().BoolVar(&req.DryRun, "dry-run", false, "only say what would change")
	return cmd
}

func (c *cli) runRollback(ctx context.Context, a *app.App, req delivery.RollbackRequest) error {
	r, err := a.Delivery.Rollback(ctx, req)
	if err != nil {
		return err
	}
	return c.print(r, func(w io.Writer) { rollbackText(w, r) })
}

func rollbackText(w io.Writer, r *delivery.Rollback) {
	if r.DryRun {
		fmt.Fprintf(w, "%s  %s  would be rolled back\n  %d rows would go, %d would come back\n", r.DeliveryID, r.Dataset, r.Removed, r.Restored)
		return
	}
	fmt.Fprintf(w, "%s  %s  rolled back by %s\n  %d rows went, %d came back\n  snapshot %s\n", r.DeliveryID, r.Dataset, r.ID, r.Removed, r.Restored, r.SnapshotID)
}
