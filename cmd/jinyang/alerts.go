package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/alert/notify"
	"github.com/jinyang-city/jinyang/internal/alert/watch"
	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
)

func (c *cli) alerts() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "alerts",
		Short: "See what alerts there are, acknowledge and silence them, and try their channels",
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.alertsList(), c.alertsShow(),
		c.alertsAnswer("acknowledge", "Say that somebody looks after an alert", (*watch.Service).Acknowledge),
		c.alertsAnswer("reopen", "Take an acknowledgement back", (*watch.Service).Reopen),
		c.alertsSilence(), c.alertsUnsilence(), c.alertsEvaluate(), c.alertsCheck(), c.alertsTest())
	for _, sub := range cmd.Commands() {
		sub.Args = usageArgs(sub.Args)
	}
	return cmd
}

// alertsAnswer is the command of one answer to an alert.
func (c *cli) alertsAnswer(name, short string, f func(*watch.Service, context.Context, policy.Principal, string, watch.Answer) (*watch.Alert, error)) *cobra.Command {
	var data string
	var a watch.Answer
	cmd := &cobra.Command{
		Use:   name + " ALERT --data DIR --by NAME [--note TEXT]",
		Short: short,
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withWriter(cmd.Context(), data, func(ctx context.Context, app *app.App) error {
				out, err := f(app.Alerts, ctx, policy.Local(osActor()), args[0], a)
				if err != nil {
					return err
				}
				return c.print(out, func(w io.Writer) { alertText(w, *out, c.lang) })
			})
		},
	}
	dataFlag(cmd, &data)
	byFlag(cmd, &a.By)
	cmd.Flags().StringVar(&a.Note, "note", "", "what is being done about it")
	return cmd
}

// byFlag adds --by, which must be given.
func byFlag(cmd *cobra.Command, to *string) {
	cmd.Flags().StringVar(to, "by", "", "name of who does this, as stated")
	_ = cmd.MarkFlagRequired("by") // the flag was added above
}

func (c *cli) alertsSilence() *cobra.Command {
	var data, until string
	var length time.Duration
	var h watch.Hush
	cmd := &cobra.Command{
		Use:   "silence --data DIR (--rule NAME | --subject KEY | --owner NAME)... (--for 24h | --until TIME) --reason TEXT --by NAME",
		Short: "Hold the messages of alerts back for a while",
		Long: "Holds back the messages of the alerts that match all that is given. The alerts stay to be seen. One that is\n" +
			"still there when the silence ends is told then; one that is over by then is never told.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if h.Until, err = silenceEnd(length, until); err != nil {
				return err
			}
			return c.withWriter(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				s, err := a.Alerts.Silence(ctx, policy.Local(osActor()), h)
				if err != nil {
					return err
				}
				return c.print(s, func(w io.Writer) { silenceText(w, *s) })
			})
		},
	}
	dataFlag(cmd, &data)
	byFlag(cmd, &h.By)
	fl := cmd.Flags()
	fl.StringVar(&h.Rule, "rule", "", "alerts of this rule")
	fl.StringVar(&h.Subject, "subject", "", "alerts about this subject, by its key as alerts show prints it")
	fl.StringVar(&h.Owner, "owner", "", "alerts of this owner")
	fl.StringVar(&h.Reason, "reason", "", "why")
	fl.DurationVar(&length, "for", 0, "how long, for example 24h")
	fl.StringVar(&until, "until", "", "until when instead, RFC 3339")
	return cmd
}

// silenceEnd reads the end of a silence.
func silenceEnd(length time.Duration, until string) (time.Time, error) {
	switch {
	case length < 0:
		return time.Time{}, &usageError{fmt.Errorf("--for: %s is over already; write for example 24h", length)}
	case (length > 0) == (until != ""):
		return time.Time{}, &usageError{errors.New("silence: give either --for or --until")}
	case length > 0:
		return time.Now().Add(length), nil
	}
	t, err := time.Parse(time.RFC3339, until)
	if err != nil {
		return t, &usageError{fmt.Errorf("--until: %q is not a time; write 2024-11-01T08:00:00+08:00", until)}
	}
	return t, nil
}

func (c *cli) alertsUnsilence() *cobra.Command {
	var data, by string
	cmd := &cobra.Command{
		Use:   "unsilence SILENCE --data DIR --by NAME",
		Short: "End a silence before its time",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withWriter(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				s, err := a.Alerts.Unsilence(ctx, policy.Local(osActor()), args[0], by)
				if err != nil {
					return err
				}
				return c.print(s, func(w io.Writer) { silenceText(w, *s) })
			})
		},
	}
	dataFlag(cmd, &data)
	byFlag(cmd, &by)
	return cmd
}

// evaluated is what alerts evaluate prints.
type evaluated struct {
	*watch.Evaluation
	Sent watch.Dispatch `json:"sent"`
}

func (c *cli) alertsEvaluate() *cobra.Command {
	var data string
	cmd := &cobra.Command{
		Use:   "evaluate --data DIR",
		Short: "Look at everything that is watched, and send what is to be sent",
		Long:  "Does once what jinyang serve does by itself after each change and every hour. Doing it again without a change sends nothing.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withWriter(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				if _, err := a.UseChannels(); err != nil {
					return err
				}
				e, err := a.Alerts.Evaluate(ctx)
				if err != nil {
					return err
				}
				out := evaluated{Evaluation: e}
				if out.Sent, err = a.Alerts.Send(ctx); err != nil {
					return err
				}
				if err := c.print(out, out.text); err != nil {
					return err
				}
				if len(e.Failed) > 0 || out.Sent.Failed > 0 {
					return &silentError{}
				}
				return nil
			})
		},
	}
	dataFlag(cmd, &data)
	return cmd
}

func (e evaluated) text(w io.Writer) {
	for _, f := range e.Failed {
		fmt.Fprintf(w, "%s could not be read: %s  code: %s\n", f.Rule, f.Message, f.Code)
	}
	fmt.Fprintf(w, "%s, %s: %d raised, %d recovered, %d reminded; %s queued, %d sent, %s failed\n", counted(e.Rules, "rule"), counted(e.Readings, "reading"),
		len(e.Raised), len(e.Recovered), len(e.Reminded), counted(e.Messages, "message"), e.Sent.Sent, counted(e.Sent.Failed, "attempt"))
}

// channelsReport is what alerts check prints.
type channelsReport struct {
	OK       bool            `json:"ok"`
	Channels []channelLine   `json:"channels"`
	Problems notify.Problems `json:"problems"`
}

type channelLine struct {
	Name  string        `json:"name"`
	Kind  string        `json:"kind"`
	Where string        `json:"where"`
	Least city.Severity `json:"least"`
}

func (c *cli) alertsCheck() *cobra.Command {
	var data string
	cmd := &cobra.Command{
		Use:   "check --data DIR",
		Short: "Check alerts.yaml of a data folder, and name every mistake with its line",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withReader(cmd.Context(), data, func(_ context.Context, a *app.App) error {
				channels, err := a.LoadChannels()
				r := channelsReport{Channels: []channelLine{}, Problems: notify.Problems{}}
				if err != nil && !errors.As(err, &r.Problems) {
					return err
				}
				for _, ch := range channels {
					r.Channels = append(r.Channels, channelLine{ch.Name, ch.Kind, ch.Where, ch.Route().Least})
				}
				r.OK = len(r.Problems) == 0
				if err := c.print(r, r.text); err != nil {
					return err
				}
				if !r.OK {
					return &silentError{}
				}
				return nil
			})
		},
	}
	dataFlag(cmd, &data)
	return cmd
}

func (r channelsReport) text(w io.Writer) {
	if !r.OK {
		fmt.Fprintf(w, "%v\n%s\n", r.Problems, counted(len(r.Problems), "mistake"))
		return
	}
	fmt.Fprintf(w, "ok: %s\n", counted(len(r.Channels), "channel"))
	for _, ch := range r.Channels {
		fmt.Fprintf(w, "  %-16s %-8s %s\n", ch.Name, ch.Kind, ch.Where)
	}
}

func (c *cli) alertsTest() *cobra.Command {
	var data string
	cmd := &cobra.Command{
		Use:   "test CHANNEL --data DIR",
		Short: "Send a message to a channel that says that it is only a test",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withReader(cmd.Context(), data, func(ctx context.Context, a *app.App) error {
				if _, err := a.UseChannels(); err != nil {
					return err
				}
				if err := a.Alerts.Try(ctx, args[0]); err != nil {
					return err
				}
				return c.print(map[string]string{"channel": args[0]}, func(w io.Writer) { fmt.Fprintf(w, "sent to %s\n", args[0]) })
			})
		},
	}
	dataFlag(cmd, &data)
	return cmd
}
