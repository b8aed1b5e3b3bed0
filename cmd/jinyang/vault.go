package main

import (
	"context"
	"fmt"
	"io"
	"os/user"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
)

func (c *cli) vault() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "vault",
		Short: "Rotate the key that seals original files and quarantined rows",
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.vaultShow(), c.vaultRotate(), c.vaultReseal(), c.vaultRetire())
	for _, sub := range cmd.Commands() {
		sub.Args = usageArgs(sub.Args)
	}
	return cmd
}

// osActor names who runs the command, for the audit chain.
func osActor() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return "os:" + u.Username
	}
	return "os:unknown"
}

func (c *cli) vaultShow() *cobra.Command {
	var data string
	var maxAge time.Duration
	cmd := &cobra.Command{
		Use:   "show --data DIR",
		Short: "List the versions of the seal key, their age, and what is sealed under each",
		Long:  "Lists the versions of the seal key, their age, and how many original files and quarantined rows are sealed\nunder each; never a key. With --max-age it fails when the current key is older: a timer may watch it so.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withWriter(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				keys, err := a.SealKeys(ctx)
				if err != nil {
					return err
				}
				if err := c.print(keys, func(w io.Writer) { sealKeysText(w, keys) }); err != nil {
					return err
				}
				for _, k := range keys {
					if age := time.Since(k.CreatedAt); k.Current && maxAge > 0 && age > maxAge {
						return city.Errorf("conflict.vault_age", "the current seal key is %d days old", k.AgeDays).WithHint("run jinyang vault rotate")
					}
				}
				return nil
			})
		},
	}
	dataFlag(cmd, &data)
	cmd.Flags().DurationVar(&maxAge, "max-age", 0, "fail when the current key is older, for example 8760h; how long a key may serve is for the city to decide")
	return cmd
}

func sealKeysText(w io.Writer, keys []app.SealKey) {
	for _, k := range keys {
		state := "opens what is old"
		if k.Current {
			state = "seals what is new"
		}
		fmt.Fprintf(w, "version %d  made %s, %d days ago  %s  %d files, %d quarantined rows\n", k.Version, k.CreatedAt.Format(time.DateOnly), k.AgeDays, state, k.Files, k.Rows)
	}
}

func (c *cli) vaultRotate() *cobra.Command {
	var data string
	cmd := &cobra.Command{
		Use:   "rotate --data DIR",
		Short: "Make a new seal key for everything that comes from now on",
		Long:  "Makes a new version of the seal key. What was sealed before still opens with the older ones; reseal brings it\nunder the new key. Tokens do not change.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withWriter(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				version, err := a.RotateSealKey(ctx, osActor())
				if err != nil {
					return err
				}
				return c.print(map[string]uint32{"version": version}, func(w io.Writer) {
					fmt.Fprintf(w, "version %d seals from now on; back the vault folder up\n", version)
				})
			})
		},
	}
	dataFlag(cmd, &data)
	return cmd
}

func (c *cli) vaultReseal() *cobra.Command {
	var data string
	cmd := &cobra.Command{
		Use:   "reseal --data DIR",
		Short: "Seal original files and quarantined rows under the current key",
		Long:  "Seals what is not under the current key anew. Each file is read back and compared with what was delivered before\nthe old copy goes. It can be stopped at any time and goes on when it is called again.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withWriter(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				p := newProgress(c.stderr)
				n, err := a.Reseal(ctx, osActor(), func(done, all int) { p.show("reseal", done, all) })
				if err != nil {
					return err
				}
				return c.print(n, func(w io.Writer) {
					fmt.Fprintf(w, "%d files and %d quarantined rows were sealed anew\n", n.Files, n.Rows)
				})
			})
		},
	}
	dataFlag(cmd, &data)
	return cmd
}

func (c *cli) vaultRetire() *cobra.Command {
	var data string
	cmd := &cobra.Command{
		Use:   "retire --data DIR VERSION",
		Short: "Remove a version of the seal key that seals nothing any more",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			version, err := strconv.ParseUint(args[0], 10, 32)
			if err != nil {
				return &usageError{fmt.Errorf("vault retire: %q is not the number of a version", args[0])}
			}
			return c.withWriter(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				if err := a.RetireSealKey(ctx, uint32(version), osActor()); err != nil {
					return err
				}
				return c.print(map[string]uint64{"retired": version}, func(w io.Writer) { fmt.Fprintf(w, "version %d is gone\n", version) })
			})
		},
	}
	dataFlag(cmd, &data)
	return cmd
}

func (c *cli) reidentify() *cobra.Command {
	var data, reason, id string
	var row int64
	cmd := &cobra.Command{
		Use:   "reidentify --data DIR --reason TEXT TOKEN... | --delivery ID --row N",
		Short: "Find the ID number behind a token, or read a quarantined row whole",
		Long: "Opens the sealed originals: for tokens it prints the ID numbers behind them, with --delivery and --row the whole\n" +
			"text of a quarantined row. Who asked, for what and why is in the audit chain before anything is printed.",
		Args: cobra.MaximumNArgs(delivery.MostIdentified),
		RunE: func(cmd *cobra.Command, args []string) error {
			if (len(args) == 0) == (id == "") {
				return &usageError{fmt.Errorf("reidentify: either tokens or --delivery and --row are needed")}
			}
			return c.withWriter(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				if id != "" {
					return c.reveal(ctx, a, delivery.RevealRequest{DeliveryID: id, Row: row, Reason: reason, Actor: osActor()})
				}
				found, err := a.Delivery.Identify(ctx, delivery.IdentifyRequest{Tokens: args, Reason: reason, Actor: osActor()})
				if err != nil {
					return err
				}
				return c.print(found, func(w io.Writer) {
					for _, f := range found {
						fmt.Fprintf(w, "%s  %s  (%s, row %d of %s)\n", f.Token, f.IDNumber, f.Dataset, f.Row, f.DeliveryID)
					}
				})
			})
		},
	}
	dataFlag(cmd, &data)
	cmd.Flags().StringVar(&reason, "reason", "", "why, in a sentence; the audit chain keeps it")
	_ = cmd.MarkFlagRequired("reason") // the flag was added above
	cmd.Flags().StringVar(&id, "delivery", "", "delivery of a quarantined row")
	cmd.Flags().Int64Var(&row, "row", 0, "number of the quarantined row")
	return cmd
}

func (c *cli) reveal(ctx context.Context, a *app.App, q delivery.RevealRequest) error {
	text, err := a.Delivery.Reveal(ctx, q)
	if err != nil {
		return err
	}
	return c.print(map[string]any{"delivery_id": q.DeliveryID, "row": q.Row, "text": text}, func(w io.Writer) { fmt.Fprintln(w, text) })
}
