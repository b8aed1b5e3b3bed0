package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/ledger"
	"github.com/jinyang-city/jinyang/internal/policy"
)

func (c *cli) history() *cobra.Command {
	var data, line, from, to string
	var q ledger.Question
	cmd := &cobra.Command{
		Use:   "history INDICATOR",
		Short: "Print what an indicator was for one period after every change, and its definitions",
		Example: "  jinyang history --data D employment.new_urban --period 2024-10\n" +
			"  jinyang history --data D employment.new_urban --period 2024-10 --where region=140105 --from month-2024-10",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			q.Indicator = args[0]
			var ok bool
			if q.Dimension, q.Member, ok = strings.Cut(line, "="); line != "" && !ok {
				return &usageError{fmt.Errorf("--where: write dimension=value, not %q", line)}
			}
			return c.withReader(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				if from != "" {
					return c.compareHistory(ctx, a, q, from, to)
				}
				h, err := a.Ledger.History(ctx, policy.Local(osActor()), q)
				if err != nil {
					return err
				}
				return c.print(h, func(w io.Writer) { historyText(w, h, c.lang) })
			})
		},
	}
	dataFlag(cmd, &data)
	fl := cmd.Flags()
	fl.StringVar(&q.Period, "period", "", "2024-10, 2024Q3 or 2024")
	fl.StringVar(&line, "where", "", "one member of a dimension, dimension=value; the whole city by default")
	fl.IntVar(&q.Points, "points", 0, "moments to look at, at most; 80 by default")
	fl.StringVar(&from, "from", "", "explain the difference since this time (RFC 3339, a day or a tag) instead")
	fl.StringVar(&to, "to", "", "with --from: up to this time; now by default")
	_ = cmd.MarkFlagRequired("period") // the flag was added above
	return cmd
}

func (c *cli) compareHistory(ctx context.Context, a *app.App, q ledger.Question, from, to string) error {
	var times [2]time.Time
	for i, text := range []string{from, to} {
		asOf, err := a.Analysis.ParseAsOf(text)
		if err == nil {
			asOf, err = a.Lake.Resolve(ctx, asOf)
		}
		if err != nil {
			return err
		}
		times[i] = asOf.At
	}
	e, err := a.Ledger.Compare(ctx, policy.Local(osActor()), q, times[0], times[1])
	if err != nil {
		return err
	}
	return c.print(e, func(w io.Writer) {
		fmt.Fprintf(w, "%s  %s  was %s, then %s\n", q.Indicator, q.Period, orDash(e.Published.Display), orDash(e.Now.Display))
		explanationText(w, *e, c.lang)
	})
}

func historyText(w io.Writer, h *ledger.History, lang string) {
	fmt.Fprintf(w, "%s  %s  %s  (%s)\n", h.Indicator.Name, h.Indicator.Title.In(lang), h.Period, h.Unit.Title.In(lang))
	g := newGrid("lrlll")
	for _, p := range h.Points {
		g.row(p.AsOf.Format(time.RFC3339), orDash(p.Display), strings.ReplaceAll(string(p.Status), "_", " "), string(p.Cause.Kind), p.Cause.ID)
	}
	g.write(w)
	if h.Thinned {
		fmt.Fprintf(w, "%d of %d moments were looked at; ask for more with --points\n", len(h.Points), h.Moments)
	}
	if h.Expired > 0 {
		fmt.Fprintf(w, "the states of %s have expired\n", counted(h.Expired, "further moment"))
	}
	for _, m := range h.Published {
		fmt.Fprintf(w, "published  %s  %s  by %s  %s\n", m.At.Format(time.RFC3339), orDash(m.Display), m.Person, m.ID)
	}
	for _, d := range h.Definitions {
		fmt.Fprintf(w, "defined    %s  %.12s  %s\n", d.Since.Format(time.RFC3339), orDash(d.Version), d.Words.In(lang))
		for _, c := range d.Changes {
			fmt.Fprintf(w, "           %s\n", c.Text.In(lang))
		}
	}
}
