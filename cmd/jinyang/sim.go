package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/pack"
	"github.com/jinyang-city/jinyang/internal/sim"
	"github.com/jinyang-city/jinyang/packs"
)

func (c *cli) sim() *cobra.Command {
	var out, packDir, months string
	var scale float64
	var seed uint64
	cmd := &cobra.Command{
		Use:   "sim --out DIR --scale S --months 2023-01..2024-12",
		Short: "Write the files that the bureaus of a simulated city would send",
		RunE: func(cmd *cobra.Command, _ []string) error {
			span, err := city.ParseSpan(months)
			if err != nil {
				return &usageError{fmt.Errorf("--months: %w", err)}
			}
			if err := checkScale(scale); err != nil {
				return err
			}
			decl, err := simulatedCity(packDir)
			if err != nil {
				return err
			}
			p := newProgress(c.stderr)
			s, err := sim.Generate(cmd.Context(), decl, sim.Options{Out: out, Scale: scale, From: span.From, To: span.To, Seed: seed,
				Progress: func(done, total int, _ string) { p.show("simulate", done, total) }})
			if err != nil {
				return err
			}
			return c.print(s, func(w io.Writer) {
				fmt.Fprintf(w, "%d batches, %d files, %d rows (%d with a defect, %d repeated), %d bytes in %s\n", s.Batches, s.Files, s.Rows, s.Defects, s.Duplicates, s.Bytes, out)
			})
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&out, "out", "", "folder to write to")
	fl.StringVar(&packDir, "pack", "", "folder of the city pack; the embedded one of Taiyuan by default")
	scaleFlag(cmd, &scale)
	fl.StringVar(&months, "months", "2023-01..2024-12", "first and last month")
	fl.Uint64Var(&seed, "seed", 1, "seed: the same seed writes the same bytes")
	_ = cmd.MarkFlagRequired("out") // the flag was added above
	return cmd
}

func simulatedCity(dir string) (*city.City, error) {
	if dir != "" {
		return pack.Load(os.DirFS(dir))
	}
	files, err := packs.Taiyuan()
	if err != nil {
		return nil, city.Errorf(city.CodeInternal, "cannot read the embedded pack: %w", err)
	}
	return pack.Load(files)
}
