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
	"github.com/jinyang-city/jinyang/internal/monthly"
	"github.com/jinyang-city/jinyang/internal/monthly/export"
	"github.com/jinyang-city/jinyang/internal/policy"
)

type reportFlags struct {
	data, month, out string
	question         monthly.Question
}

func (c *cli) monthlyReport() *cobra.Command {
	var f reportFlags
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Make the document that a bureau circulates each month, as DOCX or XLSX",
		Long: "Make the document that a bureau circulates each month, out of a template of the pack.\n" +
			"Without --report it is the pack's only template; without --month the last month that is complete; without --out it lists the templates.",
		Example: "  jinyang report --data D\n" +
			"  jinyang report --data D --report hrss.monthly --month 2024-10 --out analysis.docx\n" +
			"  jinyang report --data D --report hrss.monthly --month 2024-10 --lang en --out analysis.xlsx",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.read(); err != nil {
				return &usageError{err}
			}
			return c.withReader(cmd.Context(), f.data, func(ctx context.Context, a *app.App) error { return c.runReport(ctx, a, &f) })
		},
	}
	dataFlag(cmd, &f.data)
	fl := cmd.Flags()
	fl.StringVar(&f.question.Report, "report", "", "name of the template; by default the only one that the pack has")
	fl.StringVar(&f.month, "month", "", "the month, YYYY-MM; by default the last one for which all data have come")
	fl.StringVar(&f.question.Lang, "lang", "zh", "zh or en")
	fl.StringVar(&f.out, "out", "", "write it to this file: .docx or .xlsx; without it the templates are listed")
	return cmd
}

// read checks the flags.
func (f *reportFlags) read() error {
	if f.out == "" && (f.question.Report != "" || f.month != "") {
		return errors.New("--out: name the file to write, .docx or .xlsx")
	}
	if f.out != "" {
		if _, err := export.Of(f.out); err != nil {
			return err
		}
	}
	if f.month == "" {
		return nil
	}
	span, err := city.ParseSpan(f.month)
	if err != nil || span != city.GrainMonth.Span(span.From) {
		return fmt.Errorf("--month: %q is not a month; write for example 2024-10", f.month)
	}
	f.question.Month = span.From
	return nil
}

func (c *cli) runReport(ctx context.Context, a *app.App, f *reportFlags) error {
	s := monthly.Service{Answers: a.Analysis, Published: a.Ledger, City: a.City, Today: a.Today}
	who := policy.Local(osActor())
	list, err := s.List(ctx, who)
	if err != nil {
		return err
	}
	if f.out == "" {
		return c.print(map[string]any{"reports": list}, func(w io.Writer) { reportsText(w, list) })
	}
	if err := f.choose(list); err != nil {
		return err
	}
	d, err := s.Build(ctx, who, f.question)
	if err != nil {
		return err
	}
	if err := writeReport(f.out, d); err != nil {
		return err
	}
	return c.print(map[string]any{"file": f.out, "report": d.Report, "month": d.Month, "lang": d.Lang, "notes": len(d.Notes), "notices": d.Notices}, func(w io.Writer) {
		fmt.Fprintf(w, "wrote %s of %s to %s, with %s\n", d.Report, d.Month, f.out, counted(len(d.Notes), "source note"))
		for _, n := range d.Notices {
			fmt.Fprintln(w, "notice: "+n)
		}
	})
}

// choose fills in the template and the month that were not named.
func (f *reportFlags) choose(list []monthly.ReportInfo) error {
	var names []string
	for _, r := range list {
		names = append(names, r.Name)
	}
	if f.question.Report == "" && len(list) == 1 {
		f.question.Report = list[0].Name
	}
	if f.question.Report == "" {
		return &usageError{fmt.Errorf("--report: name one of %s", strings.Join(names, ", "))}
	}
	for _, r := range list {
		if r.Name == f.question.Report && f.question.Month.IsZero() {
			span, err := city.ParseSpan(r.Latest)
			if err != nil {
				return city.Errorf(city.CodeConflict, "no month of %s is complete", r.Name).WithHint("name one with --month")
			}
			f.question.Month = span.From
		}
	}
	return nil
}

func reportsText(w io.Writer, list []monthly.ReportInfo) {
	if len(list) == 0 {
		fmt.Fprintln(w, "the pack declares no reports")
	}
	for _, r := range list {
		latest := r.Latest
		if latest == "" {
			latest = "none"
		}
		fmt.Fprintf(w, "%-20s  %s  (last complete month: %s)\n", r.Name, r.Title.EN, latest)
	}
}

// writeReport writes a file in the form that its name ends in.
func writeReport(name string, d *monthly.Document) error {
	format, err := export.Of(name)
	if err != nil {
		return err
	}
	return writeAnew(name, func(w io.Writer) error { return export.Write(w, format, d) })
}
