package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/policy"
)

type forecastFlags struct {
	data, series, how string
	where             []string
	ahead             int
}

func (c *cli) forecast() *cobra.Command {
	var f forecastFlags
	cmd := &cobra.Command{
		Use:   "forecast INDICATOR --data D | --series FILE",
		Short: "Foretell the months of an indicator, or of a file, and print how wrong such forecasts were",
		Long: "Foretells the next months, each by itself, with intervals of 80 %, and prints the backtest: for each distance the error of\n" +
			"the forecasts made from what was known then, beside that of seasonal naive, which repeats the year before.\n" +
			"With --series the values come from a CSV file of two columns, a day or month and a number; - reads standard input.",
		Example: "  jinyang forecast --data D air.pm25_month\n" +
			"  cut -d, -f2,6 daily.csv | jinyang forecast --series - --of mean",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if (f.series == "") == (f.data == "") || (len(args) == 1) != (f.data != "") {
				return &usageError{errors.New("forecast: either --data and an indicator are needed, or --series")}
			}
			if f.series != "" {
				return c.forecastFile(cmd.InOrStdin(), f)
			}
			where, err := analysis.ParseWhere(f.where)
			if err != nil {
				return &usageError{err}
			}
			return c.withReader(cmd.Context(), f.data, func(ctx context.Context, a *app.App) error {
				told, err := a.Analysis.Foretell(ctx, policy.Local(osActor()), args[0], where, f.ahead)
				if err != nil {
					return err
				}
				return c.print(told, func(w io.Writer) { foretoldText(w, told, c.lang) })
			})
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.data, "data", "", "data folder")
	fl.StringVar(&f.series, "series", "", "CSV file of days or months and values, or - for standard input")
	fl.StringVar(&f.how, "of", "mean", "with --series: what the values of a month make: mean, sum or last")
	fl.StringArrayVar(&f.where, "where", nil, "condition field=value, field=a|b or field!=value; repeatable")
	fl.IntVar(&f.ahead, "ahead", 12, "how many months")
	return cmd
}

// maxSeries bounds the lines of a series: a century of days.
const maxSeries = 40000

func (c *cli) forecastFile(stdin io.Reader, f forecastFlags) error {
	in := stdin
	if f.series != "-" {
		file, err := os.Open(f.series)
		if err != nil {
			return city.Errorf(city.CodeNotFound, "cannot read the series: %w", err)
		}
		defer file.Close()
		in = file
	}
	months, err := readSeries(in, f.how)
	if err != nil {
		return err
	}
	told, err := analysis.ForetellSeries(months, f.ahead)
	if err != nil {
		return err
	}
	return c.print(told, func(w io.Writer) { foretoldText(w, told, c.lang) })
}

// series gathers days or months into months.
type series struct {
	sums, counts map[city.Date]float64
	lasts        map[city.Date]city.Date // last day of each month
	seen         map[city.Span]bool
	daily        bool
}

// readSeries reads days or months with values and makes them monthly. A first
// line that is no such pair is a heading; of a day that is given twice the
// first counts. Of days, a first or last month that is not half full is left
// out.
func readSeries(in io.Reader, how string) (map[city.Date]float64, error) {
	if how != "mean" && how != "sum" && how != "last" {
		return nil, &usageError{fmt.Errorf("--of %q is not known: write mean, sum or last", how)}
	}
	s := series{map[city.Date]float64{}, map[city.Date]float64{}, map[city.Date]city.Date{}, map[city.Span]bool{}, false}
	const hint = "write a day or month, a comma and a number"
	r := csv.NewReader(in)
	r.FieldsPerRecord = -1
	for line := 1; ; line++ {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return s.months(how), nil
		}
		if err != nil || len(row) < 2 || line > maxSeries {
			return nil, city.Errorf(city.CodeInvalid, "line %d is no line of a series", line).WithHint("%s; %d lines at most", hint, maxSeries)
		}
		span, err := city.ParseSpan(strings.TrimSpace(row[0]))
		v, bad := strconv.ParseFloat(strings.TrimSpace(row[1]), 64)
		switch mistaken := err != nil || bad != nil || span.To.After(span.From.MonthEnd()); {
		case mistaken && line == 1 || strings.TrimSpace(row[1]) == "":
		case mistaken:
			return nil, city.Errorf(city.CodeInvalid, "line %d is no line of a series: %q", line, strings.Join(row, ",")).WithHint(hint)
		default:
			s.add(span, v, how)
		}
	}
}

func (s *series) add(span city.Span, v float64, how string) {
	if s.seen[span] {
		return
	}
	m := span.From.MonthStart()
	s.seen[span], s.daily = true, s.daily || span.From == span.To
	s.counts[m]++
	switch {
	case how != "last":
		s.sums[m] += v
	case s.lasts[m].IsZero() || span.To.After(s.lasts[m]):
		s.sums[m], s.lasts[m] = v, span.To
	}
}

func (s *series) months(how string) map[city.Date]float64 {
	var all []city.Date
	for m := range s.sums {
		if how == "mean" {
			s.sums[m] /= s.counts[m]
		}
		all = append(all, m)
	}
	if s.daily && len(all) > 0 {
		slices.SortFunc(all, city.Date.Compare)
		for _, m := range []city.Date{all[0], all[len(all)-1]} {
			if 2*s.counts[m] < float64(m.MonthEnd().Day) {
				delete(s.sums, m)
			}
		}
	}
	return s.sums
}

func foretoldText(w io.Writer, f *analysis.Foretold, lang string) {
	title := f.Indicator.Title.In(lang)
	if unit := f.Unit.Title.In(lang); unit != "" {
		title += " (" + unit + ")"
	}
	fmt.Fprintf(w, "%s: known from %s to %s, foretold by %s, intervals of %.0f %%", title, f.From.String()[:7], f.To, f.Method, 100*f.Level)
	if f.Simulated {
		fmt.Fprint(w, "  (simulated data)")
	}
	fmt.Fprintln(w)
	for _, m := range f.Months {
		fmt.Fprintf(w, "  %s  %12s  %s to %s\n", m.Period, m.Display, city.Figure(m.Low, f.Decimals), city.Figure(m.High, f.Decimals))
	}
	fmt.Fprintln(w, "\nOn its own past, each forecast made from what was known then; MAE (MAPE) beside that of seasonal naive:")
	fmt.Fprintln(w, "  months     of the month                                    of the year's mean that it ends                  inside")
	for _, p := range f.Past {
		fmt.Fprintf(w, "  %5d  %s  %s  %s\n", p.Ahead, errorText(p.Month), errorText(p.Year), insideText(p))
	}
}

func errorText(b analysis.Backtest) string {
	part := func(a analysis.Accuracy) string {
		if a.MAPE == nil {
			return fmt.Sprintf("%10.4g", a.MAE)
		}
		return fmt.Sprintf("%10.4g (%4.1f %%)", a.MAE, *a.MAPE)
	}
	return fmt.Sprintf("%s : %s", part(b.Model), part(b.Naive))
}

func insideText(p analysis.Distance) string {
	return fmt.Sprintf("%d of %d, %d of %d", p.Month.Within, p.Month.Judged, p.Year.Within, p.Year.Judged)
}
