package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/pack"
)

// checkReport is what check --json prints.
type checkReport struct {
	OK       bool           `json:"ok"`
	Pack     *city.PackID   `json:"pack,omitempty"`
	Counts   map[string]int `json:"counts,omitempty"`
	Problems []checkProblem `json:"problems"`
}

type checkProblem struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column,omitempty"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

func (c *cli) check() *cobra.Command {
	var documents string
	cmd := &cobra.Command{
		Use:   "check PACKDIR",
		Short: "Name every mistake in a city pack, with file and line",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			r, err := checkPack(args[0], documents)
			if err != nil {
				return err
			}
			if err := c.print(r, r.text); err != nil {
				return err
			}
			if !r.OK {
				return &silentError{}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&documents, "documents", "", "folder of the quoted documents: check their hashes and every quote")
	return cmd
}

func checkPack(dir, documents string) (*checkReport, error) {
	for _, d := range []string{dir, documents} {
		if info, err := os.Stat(d); d != "" && (err != nil || !info.IsDir()) {
			return nil, city.Errorf(city.CodeNotFound, "%s is not a folder", d)
		}
	}
	r := &checkReport{Problems: []checkProblem{}}
	var texts fs.FS
	if documents != "" {
		texts = os.DirFS(documents)
	}
	c, err := pack.Check(os.DirFS(dir), texts)
	var problems pack.Problems
	if errors.As(err, &problems) {
		r.Problems = checkProblems(problems)
		return r, nil
	}
	if err != nil {
		return nil, err
	}
	r.OK, r.Pack, r.Counts = true, &c.Pack, countDeclared(c)
	return r, nil
}

func countDeclared(c *city.City) map[string]int {
	bound := 0
	for _, t := range c.Targets {
		if t.Indicator != "" {
			bound++
		}
	}
	return map[string]int{"regions": len(c.Regions), "organisations": len(c.Organisations), "documents": len(c.Documents), "datasets": len(c.Datasets),
		"indicators": len(c.Indicators), "plans": len(c.Plans), "targets": len(c.Targets), "targets_bound": bound}
}

func checkProblems(problems pack.Problems) []checkProblem {
	out := make([]checkProblem, len(problems))
	for i, p := range problems {
		out[i] = checkProblem{File: p.Pos.File, Line: p.Pos.Line, Code: p.Code, Message: p.Message, Hint: p.Hint}
	}
	return out
}

func (r *checkReport) text(w io.Writer) {
	for _, p := range r.Problems {
		where := p.File
		if p.Line > 0 {
			where = fmt.Sprintf("%s:%d", p.File, p.Line)
		}
		fmt.Fprintf(w, "%s: %s", where, p.Message)
		if p.Hint != "" {
			fmt.Fprintf(w, " (%s)", p.Hint)
		}
		fmt.Fprintln(w)
	}
	if !r.OK {
		fmt.Fprintln(w, counted(len(r.Problems), "mistake"))
		return
	}
	n := r.Counts
	fmt.Fprintf(w, "ok: %s, %s, %s (%d bound to an indicator), %s, %s\n", counted(n["datasets"], "dataset"),
		counted(n["indicators"], "indicator"), counted(n["targets"], "target"), n["targets_bound"], counted(n["organisations"], "organisation"), counted(n["regions"], "region"))
}

func (c *cli) schema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of a pack document, for editors",
		RunE: func(*cobra.Command, []string) error {
			b, err := pack.JSONSchema()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.stdout, "%s\n", b)
			return err
		},
	}
}
