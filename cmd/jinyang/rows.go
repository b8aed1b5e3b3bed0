package main

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/explore"
	"github.com/jinyang-city/jinyang/internal/policy"
)

type rowsFlags struct {
	data, period, grain, asOf string
	where                     []string
	drill                     analysis.Drill
	deliveries                bool
}

func (c *cli) rows() *cobra.Command {
	var f rowsFlags
	cmd := &cobra.Command{
		Use:     "rows INDICATOR",
		Short:   "Print the rows behind a figure, identifiers masked",
		Example: "  jinyang rows --data D employment.new_urban --period 2024-10 --where region=140105",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.drill.Indicator = args[0]
			return c.withReader(cmd.Context(), f.data, func(ctx context.Context, a *app.App) error { return c.runRows(ctx, a, f) })
		},
	}
	dataFlag(cmd, &f.data)
	fl := cmd.Flags()
	fl.StringVar(&f.period, "period", "", "2024, 2024Q1, 2024-01, a day, or a range of two joined by ..; all data by default")
	fl.StringVar(&f.grain, "grain", "all", "of the figure: day, month, quarter, year or all; the window is that of the last period")
	fl.StringArrayVar(&f.where, "where", nil, "condition field=value, field=a|b or field!=value; repeatable")
	fl.StringVar(&f.asOf, "as-of", "", "the state at this time: RFC 3339, YYYY-MM-DD (the end of the day in the city) or the name of a tag")
	fl.StringVar(&f.drill.Cursor, "cursor", "", "where the page before ended")
	fl.IntVar(&f.drill.Limit, "limit", 50, "rows of a page, at most 1000")
	fl.BoolVar(&f.deliveries, "deliveries", false, "print the deliveries that the rows came with instead")
	return cmd
}

func (c *cli) runRows(ctx context.Context, a *app.App, f rowsFlags) error {
	var err error
	if f.drill.Grain, err = city.ParseGrain(f.grain); err != nil {
		return &usageError{err}
	}
	if f.drill.AsOf, err = a.Analysis.ParseAsOf(f.asOf); err != nil {
		return err
	}
	q, err := explore.Drill(a.City(), f.drill, f.period, f.where)
	if err != nil {
		return err
	}
	if f.deliveries {
		list, err := a.Analysis.DrillDeliveries(ctx, policy.Local(osActor()), q)
		if err != nil {
			return err
		}
		return c.print(list, func(w io.Writer) {
			g := newGrid("llr")
			for _, d := range list {
				rows := "some"
				if d.Rows != nil {
					rows = fmt.Sprint(*d.Rows)
				}
				g.row(d.DeliveryID, d.Batch, fmt.Sprintf("%s of %d rows", rows, d.Accepted))
			}
			g.write(w)
			fmt.Fprintln(w, counts(len(list), "delivery", "deliveries"))
		})
	}
	page, err := a.Analysis.DrillRows(ctx, policy.Local(osActor()), q)
	if err != nil {
		return err
	}
	return c.print(page, func(w io.Writer) { rowsText(w, page, c.lang) })
}

// fieldHead is the title of a field with its unit.
func fieldHead(col analysis.DrillColumn, lang string) string {
	title := cmp.Or(col.Title.In(lang), col.Name)
	if col.Unit != "" {
		title += " (" + col.Unit + ")"
	}
	return title
}

func rowsText(w io.Writer, p *analysis.DrillRows, lang string) {
	columns, heads := "l", []string{"delivery/record"}
	for _, col := range p.Columns {
		letter := "l"
		if col.Type == city.TypeInt || col.Type == city.TypeDecimal {
			letter = "r"
		}
		columns, heads = columns+letter, append(heads, fieldHead(col, lang))
	}
	g := newGrid(columns)
	g.row(heads...)
	for _, r := range p.Items {
		cells := []string{fmt.Sprintf("%s/%d", r.DeliveryID, r.Record)}
		for _, col := range p.Columns {
			cells = append(cells, r.Values[col.Name])
		}
		g.row(cells...)
	}
	g.write(w)
	fmt.Fprintf(w, "%d of %d rows of %s, snapshot %s\n", len(p.Items), p.Total, p.Source.Dataset, p.Source.SnapshotID)
	if p.Next != "" {
		fmt.Fprintln(w, "more: --cursor "+p.Next)
	}
}
