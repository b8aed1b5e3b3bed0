package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/progress"
	"github.com/jinyang-city/jinyang/internal/store"
)

// reports is the command progress; the name is that of the bar.
func (c *cli) reports() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "progress",
		Short: "Report by hand how promises without data stand, approve, and see who owes what",
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.progressList(), c.progressReport(),
		c.progressDecide("approve", "Approve a report; by another person than who filed it", (*progress.Service).Approve),
		c.progressDecide("reject", "Send a report back; by another person than who filed it", (*progress.Service).Reject),
		c.progressDecide("withdraw", "Take back a report that one filed oneself", (*progress.Service).Withdraw),
		c.progressTemplate(), c.progressImport())
	for _, sub := range cmd.Commands() {
		sub.Args = usageArgs(sub.Args)
	}
	return cmd
}

// progressFlags are what narrows the list.
type progressFlags struct {
	data, target, owner, state, cursor string
	limit                              int
	overdue                            bool
}

// progressStates are what --state takes.
func progressStates() []string {
	var out []string
	for _, s := range []store.ProgressState{store.ProgressReported, store.ProgressApproved, store.ProgressRejected, store.ProgressWithdrawn, store.ProgressSuperseded} {
		out = append(out, string(s))
	}
	return out
}

func (c *cli) progressList() *cobra.Command {
	var f progressFlags
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List what is owed and by whom, or the reports of a state or a target",
		Example: "  jinyang progress list --data D --overdue\n  jinyang progress list --data D --state reported\n" +
			"  jinyang progress list --data D --target metro.line1.2024",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.overdue && f.state != "" {
				return &usageError{fmt.Errorf("--overdue is of what is owed, --state of reports: give one of them")}
			}
			if f.state != "" && !slices.Contains(progressStates(), f.state) {
				return &usageError{fmt.Errorf("--state: %q is not one of %s", f.state, strings.Join(progressStates(), ", "))}
			}
			return c.withReader(cmd.Context(), f.data, func(ctx context.Context, a *app.App) error {
				if f.state != "" || f.target != "" && !f.overdue {
					return c.listReports(ctx, a, f)
				}
				return c.listOwed(ctx, a, f)
			})
		},
	}
	dataFlag(cmd, &f.data)
	fl := cmd.Flags()
	fl.BoolVar(&f.overdue, "overdue", false, "only what is late")
	fl.StringVar(&f.owner, "owner", "", "of this organisation")
	fl.StringVar(&f.target, "target", "", "the reports of this target, all versions")
	fl.StringVar(&f.state, "state", "", "reports that are reported (they wait), approved, rejected, withdrawn or superseded")
	fl.StringVar(&f.cursor, "cursor", "", "next_cursor of the page before")
	fl.IntVar(&f.limit, "limit", store.DefaultPage, "reports to list")
	return cmd
}

func (c *cli) listOwed(ctx context.Context, a *app.App, f progressFlags) error {
	list, err := a.Progress.Standings(ctx, policy.Local(osActor()), progress.StandingFilter{Owner: f.owner, Target: f.target, Overdue: f.overdue})
	if err != nil {
		return err
	}
	return c.print(list, func(w io.Writer) { owedText(w, list, c.lang) })
}

func owedText(w io.Writer, list []progress.Standing, lang string) {
	if len(list) == 0 {
		fmt.Fprintln(w, "nothing is owed")
		return
	}
	g := newGrid("lllllll")
	g.row("state", "target", "title", "period", "due", "owner", "")
	for _, s := range list {
		late := ""
		if s.Days > 0 {
			late = counted(s.Days, "day") + " late"
		}
		period := s.Period
		if len(s.Owed) > 0 {
			period = s.Owed[0] // the one that the day is of
		}
		g.row(string(s.State), s.Target.Name, s.Target.Title.In(lang), period, s.Due.String(), s.Owner.Title.In(lang), late)
	}
	g.write(w)
	fmt.Fprintln(w, counted(len(list), "target"))
}

func (c *cli) listReports(ctx context.Context, a *app.App, f progressFlags) error {
	filter := store.ProgressFilter{Target: f.target, Owner: f.owner}
	if f.state != "" {
		filter.States = []store.ProgressState{store.ProgressState(f.state)}
	}
	page, err := a.Progress.Reports(ctx, policy.Local(osActor()), filter, f.cursor, f.limit)
	if err != nil {
		return err
	}
	doc := struct {
		Items []progress.Report `json:"items"`
		Next  string            `json:"next_cursor,omitempty"`
	}{page.Items, page.Next}
	return c.print(doc, func(w io.Writer) {
		for i := range page.Items {
			reportText(w, &page.Items[i], c.lang)
		}
		if len(page.Items) == 0 {
			fmt.Fprintln(w, "there are no such reports")
		}
		if page.Next != "" {
			fmt.Fprintf(w, "more with --cursor %s\n", page.Next)
		}
	})
}

func reportText(w io.Writer, r *progress.Report, lang string) {
	said := r.Display + " " + r.Unit.Title.In(lang)
	switch {
	case !r.DoneOn.IsZero():
		said = "done on " + r.DoneOn.String()
	case !r.ExpectedOn.IsZero():
		said = "expected on " + r.ExpectedOn.String()
	}
	fmt.Fprintf(w, "%s  %-10s %s %s v%d  %s  by %s (%s)", r.ID, r.State, r.Target.Name, r.Period, r.Version, said, r.By, r.Owner.Title.In(lang))
	if len(r.Files) > 0 {
		fmt.Fprintf(w, ", %s", counted(len(r.Files), "file"))
	}
	if r.DecidedBy != "" {
		fmt.Fprintf(w, "; decided by %s", r.DecidedBy)
	}
	if r.Reason != "" {
		fmt.Fprintf(w, ": %s", r.Reason)
	}
	if r.Replaces != "" {
		fmt.Fprintf(w, "; corrects %s", r.Replaces)
	}
	fmt.Fprintln(w)
}

func (c *cli) progressTemplate() *cobra.Command {
	var data, out, owner string
	cmd := &cobra.Command{
		Use:   "template --data DIR --out FILE.xlsx",
		Short: "Write a workbook with a row for each target whose report is owed",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !strings.HasSuffix(strings.ToLower(out), ".xlsx") {
				return &usageError{fmt.Errorf("--out: %q does not end in .xlsx", out)}
			}
			return c.withReader(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				err := writeNew(out, 0o600, func(w io.Writer) error {
					return a.Progress.Template(ctx, policy.Local(osActor()), progress.StandingFilter{Owner: owner}, w)
				})
				if err != nil {
					return err
				}
				return c.print(map[string]string{"file": out}, func(w io.Writer) { fmt.Fprintf(w, "%s is ready to be filled in\n", out) })
			})
		},
	}
	dataFlag(cmd, &data)
	cmd.Flags().StringVar(&out, "out", "", "file to write; it must not be there")
	_ = cmd.MarkFlagRequired("out") // the flag was added above
	cmd.Flags().StringVar(&owner, "owner", "", "rows of this organisation only")
	return cmd
}
