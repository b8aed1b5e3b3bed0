package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/sign"
)

// manifestFlags are the flags of manifest that need more than to be kept.
type manifestFlags struct{ period, key, out string }

func (c *cli) manifest() *cobra.Command {
	var o app.ManifestOptions
	var f manifestFlags
	cmd := &cobra.Command{
		Use:   "manifest --dataset NAME FILE...",
		Short: "Write the manifest of files that are to be delivered",
		Long: "Reads the files as the city will and writes down their rows, hashes and sums, for the sender to send with them.\n" +
			"It needs the city's pack, and no data folder. With --sign the manifest is signed with the sender's SM2 key.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, files []string) error {
			o.Files, o.Now = files, time.Now()
			return c.runManifest(cmd.Context(), o, f)
		},
	}
	cmd.Flags().StringVar(&o.Dataset, "dataset", "", "dataset that the files belong to, for example env.air_daily")
	_ = cmd.MarkFlagRequired("dataset") // the flag was added above
	cmd.Flags().StringVar(&o.Pack, "pack", "", "folder of the city's pack; by default the embedded one")
	cmd.Flags().StringVar(&o.Batch, "batch", "", "the sender's name for the batch; by default the period")
	cmd.Flags().StringVar(&f.period, "period", "", "what the rows cover: 2024-09, 2024, 2024-01..2024-06")
	cmd.Flags().StringVar(&o.Sender, "sender", "", "name of the sending system; with --sign by default the key's sender in the pack")
	cmd.Flags().StringVar(&f.key, "sign", "", "file of the private key to sign with, see jinyang keys new")
	cmd.Flags().StringSliceVar(&o.Sums, "sum", nil, "fields to add up, beside those that the dataset says")
	cmd.Flags().StringSliceVar(&o.Distinct, "distinct", nil, "fields whose different values are counted, for example person")
	cmd.Flags().StringVar(&f.out, "out", "", "file to write, beside the files or above them; by default stdout")
	return cmd
}

func (c *cli) runManifest(ctx context.Context, o app.ManifestOptions, f manifestFlags) (err error) {
	if f.period != "" {
		if o.Period, err = city.ParseSpan(f.period); err != nil {
			return &usageError{fmt.Errorf("--period: %w", err)}
		}
		if o.Batch == "" {
			o.Batch = f.period
		}
	}
	if f.key != "" {
		if o.Key, err = readKey(f.key); err != nil {
			return err
		}
	}
	if f.out != "" {
		o.Beside = filepath.Dir(f.out)
	}
	made, err := app.MakeManifest(ctx, o)
	if err != nil {
		return err
	}
	if made.Unfit > 0 {
		fmt.Fprintf(c.stderr, "%s would be held back by the checks of %s\n", counted(int(made.Unfit), "row"), o.Dataset)
	}
	if f.out == "" {
		return writeJSON(c.stdout, made.Manifest)
	}
	if err := writeNew(f.out, 0o644, func(w io.Writer) error { return writeJSON(w, made.Manifest) }); err != nil {
		return err
	}
	return c.print(made.Manifest, func(w io.Writer) { manifestText(w, f.out, made.Manifest) })
}

func manifestText(w io.Writer, path string, m *city.Manifest) {
	fmt.Fprintf(w, "%s: %s of %s", path, counted(len(m.Files), "file"), m.Dataset)
	if m.Signature != nil {
		fmt.Fprintf(w, ", signed by %s with the key %s", m.Sender, m.Signature.KeyID)
	}
	fmt.Fprintln(w)
	for _, f := range m.Files {
		fmt.Fprintf(w, "  %s  %d rows  sha256 %s\n", f.Name, *f.Rows, f.SHA256)
	}
}

// readKey reads a private key. It refuses a file that others may read, as ssh
// does.
func readKey(path string) (*sign.Key, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, city.Errorf(city.CodeNotFound, "cannot read the key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, city.Errorf(city.CodeForbidden+".key", "others may read the private key %s (mode %04o)", path, info.Mode().Perm()).
			WithHint("run chmod 600 on it, and find out who may have read it")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, city.Outside(err, "cannot read the key")
	}
	return sign.ParseKey(text)
}
