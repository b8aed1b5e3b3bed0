package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/alert/watch"
	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
	"github.com/jinyang-city/jinyang/internal/store"
)

// alertFlags are what narrows the list.
type alertFlags struct {
	data, severity, owner, rule, cursor string
	limit                               int
	all, rules, silences                bool
}

func (c *cli) alertsList() *cobra.Command {
	var f alertFlags
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the alerts that are there; with --rules what is watched, with --silences who is not told",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.rules && f.silences {
				return &usageError{fmt.Errorf("--rules and --silences exclude each other")}
			}
			if f.severity != "" && city.Severity(f.severity).Rank() == 0 {
				return &usageError{fmt.Errorf("--severity: %q is not info, warning or critical", f.severity)}
			}
			return c.withReader(cmd.Context(), f.data, func(ctx context.Context, a *app.App) error {
				switch {
				case f.rules:
					return c.listAlertRules(ctx, a)
				case f.silences:
					return c.listSilences(ctx, a, f.all)
				}
				return c.listAlerts(ctx, a, f)
			})
		},
	}
	dataFlag(cmd, &f.data)
	fl := cmd.Flags()
	fl.BoolVar(&f.all, "all", false, "also those that are over")
	fl.BoolVar(&f.rules, "rules", false, "list what is watched and what is read of it now")
	fl.BoolVar(&f.silences, "silences", false, "list the silences")
	fl.StringVar(&f.severity, "severity", "", "only info, warning or critical")
	fl.StringVar(&f.owner, "owner", "", "only of this owner")
	fl.StringVar(&f.rule, "rule", "", "only of this rule")
	fl.StringVar(&f.cursor, "cursor", "", "next_cursor of the page before")
	fl.IntVar(&f.limit, "limit", store.DefaultPage, "alerts to list")
	return cmd
}

func (c *cli) listAlerts(ctx context.Context, a *app.App, f alertFlags) error {
	filter := store.AlertFilter{Severity: city.Severity(f.severity), Owner: f.owner, Rule: f.rule}
	if !f.all {
		filter.States = []string{string(alert.Firing), string(alert.Acknowledged)}
	}
	page, err := a.Alerts.Alerts(ctx, policy.Local(osActor()), filter, f.cursor, f.limit)
	if err != nil {
		return err
	}
	doc := struct {
		Items []watch.Alert `json:"items"`
		Next  string        `json:"next_cursor,omitempty"`
	}{page.Items, page.Next}
	return c.print(doc, func(w io.Writer) {
		for _, one := range page.Items {
			alertText(w, one, c.lang)
		}
		if len(page.Items) == 0 {
			fmt.Fprintln(w, "there are no such alerts")
			return
		}
		fmt.Fprintln(w, counted(len(page.Items), "alert"))
		if page.Next != "" {
			fmt.Fprintf(w, "more with --cursor %s\n", page.Next)
		}
	})
}

func alertText(w io.Writer, a watch.Alert, lang string) {
	state := string(a.State)
	if a.Silence != nil {
		state += ", silenced until " + a.Silence.Until.Format("2006-01-02 15:04")
	}
	if a.Acknowledged != nil {
		state += " by " + a.Acknowledged.By
	}
	fmt.Fprintf(w, "%s  %-8s  %s / %s: %s  (%s, %s, since %s, occurrence %d)\n", a.ID, a.Severity, a.Rule.Title.In(lang), a.Subject.Title.In(lang), a.Text.In(lang),
		a.Owner.Title.In(lang), state, a.Since.Format("2006-01-02 15:04"), a.Occurrence)
}

func silenceText(w io.Writer, s watch.Silence) {
	what := ""
	for _, m := range []struct{ name, value string }{{"rule", s.Rule}, {"subject", s.Subject}, {"owner", s.Owner}} {
		if m.value != "" {
			what += " " + m.name + "=" + m.value
		}
	}
	state := "until " + s.Until.Format(time.RFC3339)
	if !s.EndedAt.IsZero() {
		state = "ended " + s.EndedAt.Format(time.RFC3339) + " by " + s.EndedBy
	}
	fmt.Fprintf(w, "%s %s  %s  by %s: %s\n", s.ID, what, state, s.By, s.Reason)
}

func (c *cli) listSilences(ctx context.Context, a *app.App, all bool) error {
	list, err := a.Alerts.Silences(ctx, policy.Local(osActor()), all)
	if err != nil {
		return err
	}
	return c.print(list, func(w io.Writer) {
		for _, s := range list {
			silenceText(w, s)
		}
		if len(list) == 0 {
			fmt.Fprintln(w, "nothing is silenced")
		}
	})
}

func (c *cli) listAlertRules(ctx context.Context, a *app.App) error {
	if _, err := a.UseChannels(); err != nil {
		return err
	}
	list, err := a.Alerts.Rules(ctx, policy.Local(osActor()))
	if err != nil {
		return err
	}
	return c.print(list, func(w io.Writer) {
		for _, r := range list {
			fmt.Fprintf(w, "%-8s  %s  %s  (%s)\n", r.Severity, r.Rule.Name, r.Rule.Title.In(c.lang), r.Words.In(c.lang))
			for _, one := range r.Readings {
				fmt.Fprintf(w, "    %-7s  %s: %s\n", one.Level, one.Subject.Key, one.Text.In(c.lang))
			}
			if r.Error != "" {
				fmt.Fprintf(w, "    could not be read: %s\n", r.Error)
			}
		}
		if len(list) == 0 {
			fmt.Fprintln(w, "the pack declares no alerts")
		}
	})
}

func (c *cli) alertsShow() *cobra.Command {
	var data string
	cmd := &cobra.Command{
		Use:   "show ALERT --data DIR",
		Short: "Show an alert with its history and its messages",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withReader(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				d, err := a.Alerts.Alert(ctx, policy.Local(osActor()), args[0])
				if err != nil {
					return err
				}
				return c.print(d, func(w io.Writer) { alertDetailText(w, d, c.lang) })
			})
		},
	}
	dataFlag(cmd, &data)
	return cmd
}

func alertDetailText(w io.Writer, d *watch.Detail, lang string) {
	alertText(w, d.Alert, lang)
	fmt.Fprintf(w, "rule %s, subject %q\n", d.Rule.Name, d.Subject.Key)
	for _, e := range d.Events {
		fmt.Fprintf(w, "  %s  %-12s #%d  %s", e.At.Format("2006-01-02 15:04:05"), e.Kind, e.Occurrence, e.Text.In(lang))
		if e.By != "" {
			fmt.Fprintf(w, "  by %s", e.By)
		}
		if e.Note != "" {
			fmt.Fprintf(w, ": %s", e.Note)
		}
		fmt.Fprintln(w)
	}
	for _, m := range d.Messages {
		fmt.Fprintf(w, "  %s  %s to %s: %s after %s", m.At.Format("2006-01-02 15:04:05"), m.Kind, m.Channel, m.State, counted(m.Attempts, "attempt"))
		if m.Error != "" {
			fmt.Fprintf(w, " (%s)", m.Error)
		}
		fmt.Fprintln(w)
	}
}
