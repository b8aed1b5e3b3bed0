package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/explore"
	"github.com/jinyang-city/jinyang/internal/explore/export"
	"github.com/jinyang-city/jinyang/internal/policy"
)

type exploreFlags struct {
	data, out, grain, view string
	measures, sort         []string
	rolling                int
	question               explore.Question
}

func (c *cli) explore() *cobra.Command {
	var f exploreFlags
	cmd := &cobra.Command{
		Use:   "explore",
		Short: "Print one table of several measures, or write it as a file",
		Example: "  jinyang explore --data D --measure employment.new_urban:value,yoy,rank --by region --period 2024-01..2024-10 --grain all --totals\n" +
			"  jinyang explore --data D --measure employment.new_urban:value,share --by kind --period 2024 --out jobs.xlsx",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.read(); err != nil {
				return &usageError{err}
			}
			return c.withReader(cmd.Context(), f.data, func(ctx context.Context, a *app.App) error { return c.runExplore(ctx, a, &f) })
		},
	}
	dataFlag(cmd, &f.data)
	fl := cmd.Flags()
	fl.StringArrayVar(&f.measures, "measure", nil, "INDICATOR[:show,show]; repeatable. show: value, yoy, yoy_diff, mom, mom_diff, ytd, rolling, share, rank, rank_change, previous, before, festival, festival_yoy")
	fl.StringSliceVar(&f.question.By, "by", nil, "dimensions, separated by commas")
	fl.StringVar(&f.question.Period, "period", "", "2024, 2024Q1, 2024-01, a day, or a range of two joined by ..; all data by default")
	fl.StringVar(&f.grain, "grain", "month", "day, month, quarter, year or all")
	fl.StringArrayVar(&f.question.Where, "where", nil, "condition field=value, field=a|b or field!=value; repeatable")
	fl.BoolVar(&f.question.Totals, "totals", false, "add subtotals and totals")
	fl.StringArrayVar(&f.sort, "sort", nil, "column to sort by, such as m0.value or m0.value:desc; repeatable")
	fl.IntVar(&f.question.Top, "top", 0, "keep so many rows of each period")
	fl.BoolVar(&f.question.Rest, "rest", false, "add what the top leaves out as one row")
	fl.IntVar(&f.rolling, "rolling", 0, "how many periods the rolling windows are long")
	fl.StringVar(&f.question.AsOf, "as-of", "", "the state at this time: RFC 3339, YYYY-MM-DD (the end of the day in the city) or the name of a tag")
	fl.StringVar(&f.view, "view", "", "ask the question of this saved view instead")
	fl.StringVar(&f.out, "out", "", "write the table to this file: .xlsx, .csv or .parquet")
	return cmd
}

// read puts the question together.
func (f *exploreFlags) read() (err error) {
	if len(f.measures) == 0 && f.view == "" {
		return errors.New("explore: give --measure, or --view")
	}
	if f.question.Grain, err = city.ParseGrain(f.grain); err != nil {
		return err
	}
	if f.out != "" {
		if _, err := export.Of(f.out); err != nil {
			return err
		}
	}
	for _, text := range f.measures {
		name, shows, _ := strings.Cut(text, ":")
		if strings.Contains(name, ",") {
			return fmt.Errorf("explore: --measure %s names several indicators: give --measure for each", text)
		}
		m := explore.Measure{Indicator: name, Rolling: f.rolling}
		for _, s := range strings.FieldsFunc(shows, func(r rune) bool { return r == ',' }) {
			m.Show = append(m.Show, explore.Show(strings.TrimSpace(s)))
		}
		f.question.Measures = append(f.question.Measures, m)
	}
	for _, text := range f.sort {
		column, order, _ := strings.Cut(text, ":")
		f.question.Sort = append(f.question.Sort, explore.Sort{Column: column, Desc: order == "desc"})
	}
	return nil
}

func (c *cli) runExplore(ctx context.Context, a *app.App, f *exploreFlags) error {
	if f.view != "" {
		v, err := views(a).Get(ctx, f.view)
		if err != nil {
			return err
		}
		f.question = v.Question
	}
	limit := explore.ScreenRows
	if f.out != "" {
		limit = explore.FileRows
	}
	s := explore.Service{Answers: a.Analysis, City: a.City}
	t, err := s.Ask(ctx, policy.Local(osActor()), f.question, limit)
	if err != nil {
		return err
	}
	if f.out != "" {
		if err := writeTable(f.out, f.question, t); err != nil {
			return err
		}
		return c.print(map[string]any{"file": f.out, "rows": len(t.Rows), "suppressed": t.Suppressed}, func(w io.Writer) {
			fmt.Fprintf(w, "wrote %s to %s\n", counted(len(t.Rows), "row"), f.out)
		})
	}
	return c.print(t, func(w io.Writer) { tableText(w, t, c.lang) })
}

// writeTable writes a file in the form that its name ends in.
func writeTable(name string, q explore.Question, t *explore.Table) error {
	format, err := export.Of(name)
	if err != nil {
		return err
	}
	return writeAnew(name, func(w io.Writer) error { return export.Write(w, format, q, t) })
}

// tableText prints a table in columns, one line for each row.
func tableText(w io.Writer, t *explore.Table, lang string) {
	columns, heads := "", []string{}
	for _, col := range t.Columns {
		columns, heads = columns+columnLetter(col), append(heads, headText(col, lang))
	}
	g := newGrid(columns + "l")
	g.row(heads...)
	for i := range t.Rows {
		r := &t.Rows[i]
		var cells []string
		for _, col := range t.Columns {
			cells = append(cells, cellText(r, col, lang))
		}
		if r.Kind != explore.RowCell {
			cells = append(cells, string(r.Kind))
		}
		g.row(cells...)
	}
	g.write(w)
	fmt.Fprintln(w, shownText(len(t.Rows), t.TotalRows, "row"))
	for _, n := range t.Notes {
		fmt.Fprintln(w, "note: "+n.In(lang))
	}
	for _, s := range t.Sources {
		fmt.Fprintf(w, "source %s, snapshot %s, complete to %s\n", s.Dataset, s.SnapshotID, s.CompleteTo)
	}
}

// headText is the title of a column with its unit and, where it can be sorted
// by, the key that --sort takes.
func headText(col explore.Column, lang string) string {
	if col.Kind != explore.ColumnMeasure {
		return col.Title.In(lang)
	}
	unit := ""
	if col.Unit != nil {
		unit = ", " + col.Unit.Title.In(lang)
	}
	return fmt.Sprintf("%s (%s%s)", col.Title.In(lang), col.Key, unit)
}

// columnLetter sets figures to the right.
func columnLetter(col explore.Column) string {
	if col.Kind == explore.ColumnMeasure {
		return "r"
	}
	return "l"
}

// shownText says how many of all are printed.
func shownText(shown, of int, thing string) string {
	if shown < of {
		return fmt.Sprintf("%d of %s", shown, counted(of, thing))
	}
	return counted(of, thing)
}

func cellText(r *explore.Row, col explore.Column, lang string) string {
	switch col.Kind {
	case explore.ColumnDimension:
		return r.Labels[col.Key].In(lang)
	case explore.ColumnPeriod:
		return r.Period
	}
	cell := r.Cells[col.Key]
	switch {
	case cell.Status == "suppressed":
		return "*"
	case cell.Value == nil:
		return "-"
	case cell.Status == "provisional":
		return cell.Display + " (p)"
	}
	return cell.Display
}
