package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/ledger"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

type publishFlags struct {
	data string
	ledger.Request
	dryRun bool
}

func (c *cli) publish() *cobra.Command {
	var f publishFlags
	cmd := &cobra.Command{
		Use:   "publish",
		Short: "Close a month: keep its figures as they stand, for ever",
		Long: "Keeps the figures of a month, quarter or year with the definitions and the states of the tables that they were\n" +
			"computed from. A later value is explained against them: jinyang published. Closing a period again makes a further\n" +
			"revision. A period that lacks data is refused unless a reason is given.",
		Example: "  jinyang publish --data D --period 2024-10 --by 王敏 --break-down region\n  jinyang publish --data D --period 2024-10 --indicator employment.new_urban --dry-run",
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.runPublish(cmd.Context(), f) },
	}
	dataFlag(cmd, &f.data)
	fl := cmd.Flags()
	fl.StringVar(&f.Period, "period", "", "2024-10, 2024Q3 or 2024")
	fl.StringSliceVar(&f.Indicators, "indicator", nil, "indicators, separated by commas; all that are due as often and have data by default")
	fl.StringSliceVar(&f.By, "break-down", nil, "dimensions to keep each figure by, beside the whole city")
	fl.StringVar(&f.Person, "by", "", "name of the person who answers for the figures")
	fl.StringVar(&f.Note, "note", "", "a note that is kept with them")
	fl.StringVar(&f.Reason, "reason", "", "why the period is closed though it is incomplete")
	fl.BoolVar(&f.dryRun, "dry-run", false, "say what would be published and what is incomplete, and change nothing")
	_ = cmd.MarkFlagRequired("period") // the flag was added above
	return cmd
}

func (c *cli) runPublish(ctx context.Context, f publishFlags) error {
	if f.dryRun {
		return c.withReader(ctx, f.data, func(ctx context.Context, a *app.App) error {
			p, err := a.Ledger.Propose(ctx, policy.Local(osActor()), f.Request)
			if err != nil {
				return err
			}
			return c.print(p, func(w io.Writer) { proposalText(w, p) })
		})
	}
	if f.Person == "" {
		return &usageError{fmt.Errorf("--by: give the name of the person who answers for the figures")}
	}
	return c.withWriter(ctx, f.data, func(ctx context.Context, a *app.App) error {
		done, err := a.Ledger.Publish(ctx, policy.Local(osActor()), f.Request)
		if err != nil {
			return err
		}
		return c.print(closed(done), func(w io.Writer) {
			fmt.Fprintf(w, "%s published as %s: %s, tag %s\n", done.Period, done.ID, counted(int(done.Figures), "figure"), done.Tag)
			if done.Replaces != "" {
				fmt.Fprintf(w, "it replaces %s\n", done.Replaces)
			}
		})
	})
}

// closedPeriod is what publish --json prints.
type closedPeriod struct {
	ID       string    `json:"id"`
	Period   string    `json:"period"`
	Revision int64     `json:"revision"`
	Replaces string    `json:"replaces"`
	Tag      string    `json:"tag"`
	Figures  int64     `json:"figures"`
	Digest   string    `json:"digest"`
	At       time.Time `json:"at"`
}

func closed(c store.Closing) closedPeriod {
	return closedPeriod{c.ID, c.Period, c.Revision, c.Replaces, c.Tag, c.Figures, c.Digest, c.At}
}

func proposalText(w io.Writer, p *ledger.Proposal) {
	fmt.Fprintf(w, "%s: %s of %s\n", p.Period, counted(p.Figures, "figure"), counted(len(p.Indicators), "indicator"))
	for _, i := range p.Incomplete {
		fmt.Fprintf(w, "incomplete  %-32s  %s\n", i.Indicator.Name, i.Reason.EN)
	}
	switch {
	case p.Unchanged:
		fmt.Fprintf(w, "nothing has changed since %s\n", p.Replaces)
	case p.Replaces != "":
		fmt.Fprintf(w, "it would replace %s\n", p.Replaces)
	}
}

func (c *cli) published() *cobra.Command {
	var data string
	var f ledger.Filter
	cmd := &cobra.Command{
		Use:     "published [ID]",
		Short:   "List published figures beside what they would be now, or explain one",
		Example: "  jinyang published --data D --period 2024-10\n  jinyang published --data D 2024-10-r1-0001",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withReader(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				who := policy.Local(osActor())
				if len(args) == 1 {
					d, err := a.Ledger.Figure(ctx, who, args[0])
					if err != nil {
						return err
					}
					return c.print(d, func(w io.Writer) { figureText(w, d, c.lang) })
				}
				list, err := a.Ledger.List(ctx, who, f)
				if err != nil {
					return err
				}
				return c.print(list, func(w io.Writer) { publishedText(w, list, f == ledger.Filter{}, c.lang) })
			})
		},
	}
	dataFlag(cmd, &data)
	fl := cmd.Flags()
	fl.StringVar(&f.Period, "period", "", "2024-10, 2024Q3 or 2024; the latest by default")
	fl.StringVar(&f.Indicator, "indicator", "", "of this indicator alone")
	fl.StringVar(&f.Closing, "closing", "", "of this closing alone, also one that was replaced")
	fl.StringVar(&f.Region, "region", "", "of this member of a dimension alone; city for the whole city")
	fl.BoolVar(&f.Replaced, "replaced", false, "also closings that a later revision replaced")
	return cmd
}

// publishedText prints the figures of a list; all says that it was asked for whole.
func publishedText(w io.Writer, l *ledger.List, all bool, lang string) {
	if len(l.Closings) == 0 {
		if all {
			fmt.Fprintln(w, "nothing has been published yet")
		} else {
			fmt.Fprintln(w, "no such figures have been published")
		}
		return
	}
	closings := newGrid("lllrr")
	closings.row("closing", "at", "by", "figures", "restated")
	for _, c := range l.Closings {
		closings.row(c.ID, c.At.Format(time.RFC3339), c.Person, strconv.FormatInt(c.Figures, 10), strconv.Itoa(c.Restated))
	}
	closings.write(w)
	fmt.Fprintln(w)
	figures := newGrid("llllrrl")
	figures.row("figure", "indicator", "title", "of", "published", "now", "unit")
	for _, f := range l.Items {
		now := ""
		if f.Restated {
			now = orDash(f.Now.Display)
		}
		figures.row(f.ID, f.Indicator.Name, f.Indicator.Title.In(lang), f.Label.In(lang), orDash(f.Display), now, f.Unit.Title.In(lang))
	}
	figures.write(w)
	fmt.Fprintln(w, counted(len(l.Items), "figure"))
	if l.More {
		fmt.Fprintln(w, "there are older closings: ask for one with --period or --closing")
	}
}

func figureText(w io.Writer, d *ledger.FigureDetail, lang string) {
	e := d.Explanation
	fmt.Fprintf(w, "%s  %s  %s  published %s as %s, now %s (%s)\n", d.ID, d.Indicator.Name, d.Label.In(lang), d.At.Format(time.RFC3339), orDash(d.Display), orDash(e.Now.Display), d.Unit.Title.In(lang))
	explanationText(w, e, lang)
}

// explanationText prints the parts of a difference and their sum.
func explanationText(w io.Writer, e ledger.Explanation, lang string) {
	g := newGrid("lrl")
	for _, p := range e.Parts {
		g.row(string(p.Cause), orDash(p.Display), p.Text.In(lang))
		for _, it := range p.Deliveries {
			g.row("", orDash(it.Display), "  "+joined(it.IDs))
		}
	}
	if e.Difference != nil {
		g.row("difference", orDash(e.Display))
	}
	g.write(w)
	for _, c := range e.Definition {
		fmt.Fprintf(w, "definition: %s\n", c.Text.In(lang))
	}
	for _, n := range e.Notes {
		fmt.Fprintf(w, "note: %s\n", n.In(lang))
	}
}

// joined names the first and the last of several.
func joined(ids []string) string {
	if len(ids) > 2 {
		return fmt.Sprintf("%s … %s (%d)", ids[0], ids[len(ids)-1], len(ids))
	}
	if len(ids) == 2 {
		return ids[0] + ", " + ids[1]
	}
	return ids[0]
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
