package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/jinyang-city/jinyang/internal/app"
	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source/config"
)

// sourcesReport is what collect --check prints.
type sourcesReport struct {
	OK       bool           `json:"ok"`
	Sources  []string       `json:"sources"`
	Problems []checkProblem `json:"problems"`
}

// checkSources names every mistake in a sources file. Datasets are looked up in
// the city of the data folder, when one is given.
func (c *cli) checkSources(ctx context.Context, f collectFlags) (err error) {
	var declared []config.Source
	switch {
	case f.data != "":
		a, oerr := app.Open(ctx, app.Options{Data: f.data, Pack: f.pack, ReadOnly: true, Log: c.log()})
		if oerr != nil {
			return oerr
		}
		defer func() { err = firstError(err, a.Close()) }()
		declared, err = a.LoadSources(f.sources)
	case f.sources != "":
		declared, err = config.Load(f.sources, app.SourceKinds(), nil)
	default:
		return &usageError{errors.New("collect: --check needs --sources or --data")}
	}
	r := sourcesReport{Sources: []string{}, Problems: []checkProblem{}}
	var problems config.Problems
	if err != nil && !errors.As(err, &problems) {
		return err
	}
	for _, s := range declared {
		r.Sources = append(r.Sources, s.Name)
	}
	r.OK, r.Problems = len(problems) == 0, append(r.Problems, sourceProblems(problems)...)
	if err := c.print(r, r.text); err != nil {
		return err
	}
	if !r.OK {
		return &silentError{}
	}
	return nil
}

func sourceProblems(problems config.Problems) []checkProblem {
	out := make([]checkProblem, len(problems))
	for i, p := range problems {
		out[i] = checkProblem{File: p.Pos.File, Line: p.Pos.Line, Column: p.Column, Code: p.Code, Message: p.Message, Hint: p.Hint}
	}
	return out
}

func (r sourcesReport) text(w io.Writer) {
	for _, p := range r.Problems {
		fmt.Fprintln(w, config.Problem{Pos: city.Pos{File: p.File, Line: p.Line}, Column: p.Column, Message: p.Message, Hint: p.Hint})
	}
	if !r.OK {
		fmt.Fprintln(w, counted(len(r.Problems), "mistake"))
		return
	}
	fmt.Fprintf(w, "ok: %s: %s\n", counted(len(r.Sources), "source"), strings.Join(r.Sources, ", "))
}
