package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/lake"
	"github.com/jinyang-city/jinyang/internal/policy"
)

type queryFlags struct {
	data, period, grain, asOf string
	by, where, against        []string
	window                    string
	rolling                   int
	combine                   bool
}

func (c *cli) query() *cobra.Command {
	var f queryFlags
	cmd := &cobra.Command{
		Use:   "query INDICATOR",
		Short: "Print the values of an indicator",
		Example: "  jinyang query --data D air.pm25_mean --grain year\n" +
			"  jinyang query --data D employment.new_urban --by region --period 2024-01..2024-10 --where kind=hire\n" +
			"  jinyang query --data D employment.new_urban --period 2024 --rolling 3 --against period,festival",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			q, err := f.question(args[0])
			if err != nil {
				return &usageError{err}
			}
			return c.withReader(cmd.Context(), f.data, func(ctx context.Context, a *app.App) error {
				if q.AsOf, err = a.Analysis.ParseAsOf(f.asOf); err != nil {
					return err
				}
				ans, err := a.Analysis.Query(ctx, policy.Local(osActor()), q)
				if err != nil {
					return err
				}
				return c.print(ans, func(w io.Writer) { answerText(w, ans, c.lang) })
			})
		},
	}
	dataFlag(cmd, &f.data)
	fl := cmd.Flags()
	fl.StringSliceVar(&f.by, "by", nil, "dimensions, separated by commas")
	fl.StringVar(&f.period, "period", "", "2024, 2024Q1, 2024-01, a day, or a range of two joined by ..; all data by default")
	fl.StringVar(&f.grain, "grain", "month", "day, month, quarter, year, or all for one figure of the whole period")
	fl.StringVar(&f.window, "window", "", "period, year (from 1 January) or all (from the first record), in place of the indicator's own")
	fl.IntVar(&f.rolling, "rolling", 0, "make each value that of so many periods, ending with its own")
	fl.StringSliceVar(&f.against, "against", []string{string(city.AgainstYear)}, "earlier times to show beside: year, period (the one before) or festival, separated by commas")
	fl.BoolVar(&f.combine, "combine", false, "state the months together that the indicator's calendar combines")
	fl.StringArrayVar(&f.where, "where", nil, "condition field=value, field=a|b or field!=value; repeatable")
	fl.StringVar(&f.asOf, "as-of", "", "the state at this time: RFC 3339, YYYY-MM-DD (the end of the day in the city) or the name of a tag")
	return cmd
}

func (f *queryFlags) question(indicator string) (q analysis.Question, err error) {
	q = analysis.Question{Indicator: indicator, By: f.by, Window: city.Window(f.window), Rolling: f.rolling, Combine: f.combine}
	for _, a := range f.against {
		q.Against = append(q.Against, city.Against(a))
	}
	if q.Grain, err = city.ParseGrain(f.grain); err != nil {
		return q, err
	}
	if f.period != "" {
		if q.Period, err = city.ParseSpan(f.period); err != nil {
			return q, err
		}
	}
	if _, err = lake.ParseAsOf(f.asOf, time.UTC); err != nil { // the city's zone is known when its folder is open
		return q, err
	}
	q.Where, err = analysis.ParseWhere(f.where)
	return q, err
}

// withReader opens a data folder for reading, runs f, and closes it.
func (c *cli) withReader(ctx context.Context, data string, f func(context.Context, *app.App) error) (err error) {
	a, err := app.Open(ctx, app.Options{Data: data, ReadOnly: true, Log: c.log()})
	if err != nil {
		return err
	}
	defer func() { err = firstError(err, a.Close()) }()
	return f(ctx, a)
}

func answerText(w io.Writer, a *analysis.Answer, lang string) {
	fmt.Fprintf(w, "%s  %s  (%s)\n", a.Indicator.Name, a.Indicator.Title.In(lang), a.Unit.Title.In(lang))
	g := newGrid("llrll")
	for _, r := range a.Rows {
		var dims []string
		for _, b := range a.By {
			dims = append(dims, r.Labels[b].In(lang))
		}
		value, more := r.Display, ""
		if r.Value == nil {
			value = "-"
		}
		if r.Reason.EN != "" {
			more = "(" + r.Reason.In(lang) + ")  "
		}
		more += earlierText("year before", r.Previous, a.Decimals) + earlierText("period before", r.Before, a.Decimals) + earlierText("by the festival", r.Festival, a.Decimals)
		g.row(r.Period, strings.Join(dims, " "), value, strings.ReplaceAll(string(r.Status), "_", " "), more)
	}
	g.write(w)
	if len(a.Rows) == 0 {
		fmt.Fprintln(w, "no rows have been delivered")
	}
	simulated := ""
	if a.Source.Simulated {
		simulated = ", simulated"
	}
	if !a.AsOf.IsZero() {
		fmt.Fprintf(w, "as of %s%s\n", a.AsOf.Format(time.RFC3339), tagText(a.Tag))
	}
	if a.Source.SnapshotID == "" {
		fmt.Fprintf(w, "source %s, nothing delivered yet\n", a.Source.Dataset)
		return
	}
	fmt.Fprintf(w, "source %s, snapshot %s, complete to %s%s\n", a.Source.Dataset, a.Source.SnapshotID, a.Source.CompleteTo, simulated)
}

// earlierText is the value of an earlier time where it is known.
func earlierText(when string, value *float64, decimals int) string {
	if value == nil {
		return ""
	}
	return fmt.Sprintf("%s %s  ", when, city.Figure(*value, decimals))
}

// tagText says which tag a past state was asked for by.
func tagText(name string) string {
	if name == "" {
		return ""
	}
	return " (tag " + name + ")"
}
