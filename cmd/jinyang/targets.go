package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/plan"
	"github.com/jinyang-city/jinyang/internal/policy"
)

func (c *cli) targets() *cobra.Command {
	var data string
	var year int
	cmd := &cobra.Command{
		Use:   "targets",
		Short: "Print the target board of a year",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withReader(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				b, err := a.Analysis.Board(ctx, policy.Local(osActor()), year)
				if err != nil {
					return err
				}
				return c.print(b, func(w io.Writer) { boardText(w, b, c.lang) })
			})
		},
	}
	dataFlag(cmd, &data)
	cmd.Flags().IntVar(&year, "year", 0, "plan year; the current one by default")
	return cmd
}

// marks tell lights apart without colour.
var marks = map[analysis.Light]string{analysis.LightGreen: "●", analysis.LightYellow: "◆", analysis.LightRed: "▼", analysis.LightNone: "○"}

func boardText(w io.Writer, b *analysis.Board, lang string) {
	var plans []string
	for _, p := range b.Plans {
		plans = append(plans, p.Title.In(lang))
	}
	fmt.Fprintf(w, "%d  %s  as at %s", b.Year, strings.Join(plans, " · "), b.Today)
	if b.Simulated {
		fmt.Fprint(w, "  (simulated data)")
	}
	fmt.Fprintln(w)
	chapter, of := "", ""
	g := newGrid("lllrrlll")
	for _, t := range b.Targets {
		if t.Chapter.Name != chapter || t.Plan != of {
			chapter, of = t.Chapter.Name, t.Plan
			g.line("")
			g.line(t.Chapter.Title.In(lang))
		}
		g.row("  "+marks[t.Light]+" "+strings.ReplaceAll(string(t.State), "_", " "), t.Target.Name, t.Target.Title.In(lang), t.Promise, t.Display,
			t.Unit.Title.In(lang), t.Owner.Title.In(lang), outlookText(t, lang))
	}
	g.write(w)
	fmt.Fprintf(w, "\n%d targets: %d met, %d on pace, %d at risk, %d will miss, %d missed, %d without data yet\n", len(b.Targets),
		b.Counts[analysis.StateMet], b.Counts[analysis.StateOnPace], b.Counts[analysis.StateAtRisk], b.Counts[analysis.StateWillMiss],
		b.Counts[analysis.StateMissed], b.Counts[analysis.StateNoData])
}

// outlookText says where a value is going, in a line.
func outlookText(t analysis.TargetStatus, lang string) string {
	switch {
	case t.Probability == nil:
		return t.ForecastNote.In(lang)
	case t.Forecast == nil || t.Forecast.Method == "":
		return ""
	}
	f := t.Forecast
	text := fmt.Sprintf("%s by %s: %s (%s to %s)", plan.Chance(*t.Probability).EN, f.At, f.Display, city.Figure(f.Low, t.Decimals), city.Figure(f.High, t.Decimals))
	if n := t.Needed; n != nil && n.Per == plan.RateMonth {
		text += fmt.Sprintf("; needs %s a month after %s", n.Display, n.RecentDisplay)
	}
	return text
}

func (c *cli) verify() *cobra.Command {
	var data string
	var originals bool
	var offline receiptFlags
	cmd := &cobra.Command{
		Use:   "verify --data DIR | --receipt FILE --key PUB.pem",
		Short: "Check that the audit chain, the receipts and the tables agree, or a receipt by itself",
		Long: "With --data checks a data folder. With --receipt checks a receipt that somebody was given, with the city's public\n" +
			"key and without anything else: its signature, its counts and sums and, with --file, that it is the receipt of this file.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if offline.receipt != "" && offline.key != "" && data == "" && !originals {
				return c.verifyReceipt(offline)
			}
			if data == "" || offline != (receiptFlags{}) {
				return &usageError{fmt.Errorf("verify: either --data is needed, or --receipt and --key")}
			}
			return c.withReader(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				v, err := a.Verify(ctx)
				if err == nil && originals {
					err = a.VerifyEvidence(ctx, v)
				}
				if err != nil {
					return err
				}
				if err := c.print(v, func(w io.Writer) { verifyText(w, v) }); err != nil {
					return err
				}
				if !v.OK {
					return &silentError{}
				}
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&data, "data", "", "data folder")
	cmd.Flags().BoolVar(&originals, "evidence", false, "read every original back, too, and compare its hash; takes as long as reading the archive")
	cmd.Flags().StringVar(&offline.receipt, "receipt", "", "receipt to check without a data folder")
	cmd.Flags().StringVar(&offline.key, "key", "", "the city's public key, see jinyang keys show")
	cmd.Flags().StringVar(&offline.file, "file", "", "the file that the receipt is for")
	return cmd
}

func verifyText(w io.Writer, v *app.Verification) {
	for _, p := range v.Problems {
		fmt.Fprintln(w, p)
	}
	for _, n := range v.Notes {
		fmt.Fprintln(w, "note:", n)
	}
	word := "ok"
	if !v.OK {
		word = counted(len(v.Problems), "problem")
	}
	fmt.Fprintf(w, "%s: %d audit records, %d deliveries, %d rows in %d datasets\n", word, v.AuditRecords, v.Deliveries, v.Rows, v.Datasets)
	if v.Reports > 0 {
		fmt.Fprintf(w, "%s by hand as the audit chain says\n", counted(v.Reports, "report"))
	}
	if v.Originals > 0 {
		fmt.Fprintf(w, "%s read back and found as delivered\n", counted(v.Originals, "original"))
	}
	if v.Unsigned > 0 {
		fmt.Fprintf(w, "%s without a signature, made before the city signed them\n", counted(v.Unsigned, "receipt"))
	}
	fmt.Fprintf(w, "audit head %s (keep it elsewhere: a chain that was cut ends in another one)\n", v.AuditHead)
}
