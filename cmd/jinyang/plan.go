package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/doctext"
	"github.com/jinyang-city/jinyang/internal/draft"
	"github.com/jinyang-city/jinyang/internal/pack"
	"github.com/jinyang-city/jinyang/internal/plantext"
)

func (c *cli) plan() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Read the targets of an official text",
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.planExtract(), c.planScore())
	return cmd
}

// extractFlags say how a text is read.
type extractFlags struct {
	year int
	pack string
	docs doctext.Reader
}

func (f *extractFlags) add(cmd *cobra.Command) {
	cmd.Flags().IntVar(&f.year, "year", 0, "the plan's year; told from the text by default")
	cmd.Flags().StringVar(&f.pack, "pack", "", "city pack whose regions and organisations are looked for by name")
}

func (f *extractFlags) read(cmd *cobra.Command, file string) (*draft.Extraction, error) {
	if f.year != 0 && (f.year < 1990 || f.year > 2100) {
		return nil, &usageError{fmt.Errorf("--year: %d is not a year between 1990 and 2100", f.year)}
	}
	var known *city.City
	if f.pack != "" {
		var err error
		if known, err = pack.Load(os.DirFS(f.pack)); err != nil {
			return nil, err
		}
	}
	in, err := os.Open(file)
	if err != nil {
		return nil, city.Errorf(city.CodeNotFound, "cannot read %s: %w", file, err)
	}
	defer in.Close()
	x, err := draft.Extract(cmd.Context(), &f.docs, filepath.Base(file), in, known, f.year)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return x, nil
}

func (c *cli) planExtract() *cobra.Command {
	var flags extractFlags
	cmd := &cobra.Command{
		Use:   "extract FILE...",
		Short: "Propose the targets that a text promises, each with its quote and place",
		Long: "Reads .txt (UTF-8 or GB18030), .docx, and PDF that holds text, and proposes targets. Nothing leaves the machine,\n" +
			"and the same file always gives the same proposals. With --json prints one document, of several files a list.",
		Args: usageArgs(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			var all []*draft.Extraction
			for _, file := range args {
				x, err := flags.read(cmd, file)
				if err != nil {
					return err
				}
				all = append(all, x)
			}
			var v any = all
			if len(all) == 1 {
				v = all[0]
			}
			return c.print(v, func(w io.Writer) {
				for _, x := range all {
					extractionText(w, x)
				}
			})
		},
	}
	flags.add(cmd)
	return cmd
}

func extractionText(w io.Writer, x *draft.Extraction) {
	fmt.Fprintf(w, "%s  %s, %d characters, plan of %s (%s)\n", x.File, x.Kind, x.Characters, yearText(x.Year), x.YearReason)
	for _, t := range x.Targets {
		fmt.Fprintf(w, "  %3.0f%%  %-10s %s %s  by %s\n        %s  [%d:%d]\n", 100*t.Confidence, t.ValueKind, t.IndicatorPhrase, promiseText(t), dueText(t.Deadline), oneLine(t.Quote), t.Start, t.End)
	}
	fmt.Fprintf(w, "%s, %d candidates rejected\n", counted(len(x.Targets), "target"), len(x.Rejected))
}

func yearText(year int) string {
	if year == 0 {
		return "an unknown year"
	}
	return fmt.Sprint(year)
}

func dueText(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), "") }

// promiseText is the promise of a proposal in a few words.
func promiseText(t plantext.Target) string {
	switch {
	case t.ValueKind == plantext.Milestone:
		return ""
	case t.Value == nil:
		return fmt.Sprintf("%s %s", t.Comparator, t.RelativeTo)
	case t.High != nil:
		return fmt.Sprintf("%s %v to %v %s", t.Comparator, *t.Value, *t.High, t.Unit)
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s %v %s", t.Direction, t.Comparator, *t.Value, t.Unit))
}

// scoreReport is what plan score prints.
type scoreReport struct {
	File string `json:"file"`
	plantext.Score
}

func (c *cli) planScore() *cobra.Command {
	var flags extractFlags
	var labels string
	cmd := &cobra.Command{
		Use:   "score FILE --labels L.json",
		Short: "Compare the proposals of a text with labels made by hand: precision and recall",
		Args:  usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := readLabels(labels)
			if err != nil {
				return err
			}
			x, err := flags.read(cmd, args[0])
			if err != nil {
				return err
			}
			if l.SHA256 != "" && l.SHA256 != x.SHA256 {
				return city.Errorf(city.CodeConflict+".labels", "the labels are of another file: %.12s, not %.12s", l.SHA256, x.SHA256).WithHint("offsets hold for one file only")
			}
			r := &scoreReport{args[0], plantext.Compare(x.Result, *l)}
			return c.print(r, r.text)
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&labels, "labels", "", "file of labels")
	_ = cmd.MarkFlagRequired("labels") // the flag was added above
	return cmd
}

func readLabels(file string) (*plantext.Labels, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, city.Errorf(city.CodeNotFound, "cannot read the labels: %w", err)
	}
	var l plantext.Labels
	if err := json.Unmarshal(b, &l); err != nil {
		return nil, city.Errorf(city.CodeInvalid+".labels", "%s is not a file of labels: %w", file, err)
	}
	return &l, nil
}

func (r *scoreReport) text(w io.Writer) {
	line := func(name string, t plantext.Tally) {
		fmt.Fprintf(w, "  %-10s precision %.3f (%d of %d)  recall %.3f (%d of %d)\n", name, t.Precision, t.Matched, t.Proposed, t.Recall, t.Matched, t.Labels)
	}
	fmt.Fprintln(w, r.File)
	line("numeric", r.Numeric)
	line("milestone", r.Milestone)
	fmt.Fprintf(w, "  comparators right %d of %d, deadlines right %d of %d\n", r.Comparators, r.Numeric.Matched, r.Deadlines, r.Dated)
	for _, t := range r.Extra {
		fmt.Fprintf(w, "  extra   [%d:%d] %s\n", t.Start, t.End, oneLine(t.Quote))
	}
	for _, l := range r.Missed {
		fmt.Fprintf(w, "  missed  [%d:%d] %s\n", l.Start, l.End, l.Kind)
	}
}
