package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/delivery"
)

func (c *cli) deliver() *cobra.Command {
	var data, pack, dataset, manifest string
	cmd := &cobra.Command{
		Use:   "deliver --data DIR --dataset NAME FILE...",
		Short: "Deliver files and print their receipts",
		Long: "Delivers each file and prints its receipt. With --manifest the dataset is the manifest's, and without\n" +
			"FILE all of its files are delivered. The exit code is 1 when a file was rejected.",
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, files []string) error {
			switch {
			case manifest == "" && dataset == "":
				return &usageError{fmt.Errorf("deliver: --dataset is needed, or --manifest")}
			case manifest != "" && dataset != "":
				return &usageError{fmt.Errorf("deliver: --dataset is the manifest's: leave it out")}
			case manifest == "" && len(files) == 0:
				return &usageError{fmt.Errorf("deliver: name at least one file")}
			}
			return c.runDeliver(cmd.Context(), app.Options{Data: data, Pack: pack, Log: c.log()}, dataset, manifest, files)
		},
	}
	dataFlag(cmd, &data)
	cmd.Flags().StringVar(&pack, "pack", "", "folder of a city pack to put in force")
	cmd.Flags().StringVar(&dataset, "dataset", "", "dataset that the files belong to, for example env.air_daily")
	cmd.Flags().StringVar(&manifest, "manifest", "", "manifest of the batch; its files lie beside it")
	return cmd
}

func (c *cli) runDeliver(ctx context.Context, o app.Options, dataset, manifest string, files []string) (err error) {
	a, err := app.Open(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = firstError(err, a.Close()) }()
	const actor = "cli:deliver"
	var receipts []*delivery.Receipt
	take := func(r *delivery.Receipt) { receipts = append(receipts, r) }
	if manifest != "" {
		err = a.Delivery.DeliverManifest(ctx, manifest, files, actor, take)
	} else {
		for _, f := range files {
			r, derr := a.Delivery.DeliverFile(ctx, dataset, f, actor)
			if err = derr; err != nil {
				break
			}
			take(r)
		}
	}
	if err != nil && c.asJSON {
		return &partialError{err, receipts}
	}
	if perr := c.printReceipts(receipts); err == nil {
		err = perr
	}
	for _, r := range receipts {
		if r.Status == delivery.Rejected && err == nil {
			err = &silentError{}
		}
	}
	return err
}

// printReceipts prints one receipt as an object and several as a list.
func (c *cli) printReceipts(receipts []*delivery.Receipt) error {
	var doc any = receipts
	switch len(receipts) {
	case 0:
		return nil
	case 1:
		doc = receipts[0]
	}
	return c.print(doc, func(w io.Writer) {
		for _, r := range receipts {
			receiptText(w, r)
		}
	})
}

func receiptText(w io.Writer, r *delivery.Receipt) {
	fmt.Fprintf(w, "%s  %s  %s  %s\n", r.DeliveryID, r.Dataset, r.Status, r.File)
	fmt.Fprintf(w, "  %d received = %d accepted + %d quarantined + %d duplicate", r.Received, r.Accepted, r.Quarantined, r.Duplicate)
	if r.Changed > 0 {
		fmt.Fprintf(w, "  (%d of the accepted replace an older version)", r.Changed)
	}
	if r.Vanished > 0 {
		fmt.Fprintf(w, "\n  %d rows of the table vanished: the batch no longer has them", r.Vanished)
	}
	fmt.Fprintf(w, "\n  snapshot %s  sha256 %s\n", r.SnapshotID, r.SHA256)
	if r.Period != nil {
		fmt.Fprintf(w, "  period %s\n", r.Period)
	}
	for _, field := range slices.Sorted(maps.Keys(r.Sums)) {
		if slices.ContainsFunc(r.Balance, func(b delivery.Balance) bool { return b.Field == field }) {
			continue // below, with where the rest went
		}
		fmt.Fprintf(w, "  sum of %s: %s\n", field, r.Sums[field])
	}
	for _, b := range r.Balance {
		balanceText(w, &b)
	}
	if r.Sender != nil {
		fmt.Fprintf(w, "  signed by %s with the key %s\n", r.Sender.Name, r.Sender.KeyID)
	}
	for _, x := range r.Reasons {
		fmt.Fprintf(w, "  %6d %s: %s", x.Count, x.Outcome, x.Code)
		if x.Field != "" {
			fmt.Fprintf(w, " (%s)", x.Field)
		}
		for i, s := range x.Sample {
			if i == 0 {
				fmt.Fprintf(w, "; for example row %d", s.Row)
				if s.Message != "" {
					fmt.Fprintf(w, ": %s", s.Message)
				}
			}
		}
		fmt.Fprintln(w)
	}
	noticedText(w, r)
	if r.Message != "" {
		fmt.Fprintf(w, "  rejected: %s\n", r.Message)
	}
}

func balanceText(w io.Writer, b *delivery.Balance) {
	fmt.Fprintf(w, "  sum of %s: %s received = %s accepted + %s quarantined + %s duplicate", b.Field, b.Received, b.Accepted, b.Quarantined, b.Duplicate)
	if b.Declared != "" {
		fmt.Fprintf(w, " (declared %s)", b.Declared)
	}
	if b.Unreadable > 0 {
		fmt.Fprintf(w, "; %s without a readable value", counted(int(b.Unreadable), "row"))
	}
	fmt.Fprintln(w)
}
