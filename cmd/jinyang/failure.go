package main

import (
	"context"
	"errors"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
	"github.com/jinyang-city/jinyang/internal/delivery/source/config"
	"github.com/jinyang-city/jinyang/internal/pack"
	"github.com/jinyang-city/jinyang/internal/words"
)

// failure is the one document on stdout of a command with --json that failed
// before it had a document of its own.
type failure struct {
	Code     city.Code           `json:"code"`
	Message  string              `json:"message"`
	Where    string              `json:"where,omitempty"`
	Hint     string              `json:"hint,omitempty"`
	Retry    bool                `json:"retry"`
	Problems []checkProblem      `json:"problems,omitempty"` // mistakes of a pack or a sources file
	Receipts []*delivery.Receipt `json:"receipts,omitempty"` // of the files that were delivered before
}

// inChinese is an error in Chinese where the terminal is; the English stands
// below it, for the log. It is empty for other terminals and where there are no words.
func inChinese(err error) string {
	catalogue, problem := words.Chinese()
	if problem != nil || localeLang() != "zh" {
		return ""
	}
	said, _ := catalogue.Told(err.Error())
	return said
}

// codeUsage is the code of a mistake in the command line.
const codeUsage city.Code = "invalid.usage"

// failureOf describes an error. A code that the error gives itself says more
// than that the command line is at fault.
func failureOf(err error) failure {
	f := failure{Code: city.CodeInternal, Message: err.Error()}
	var usage *usageError
	var e *city.Error
	var problems pack.Problems
	var sources config.Problems
	switch {
	case errors.As(err, &usage):
		f.Code, f.Hint = codeUsage, "see jinyang --help"
	case errors.As(err, &problems):
		f.Code, f.Message, f.Problems = city.CodeInvalid, "the pack has "+counted(len(problems), "mistake"), checkProblems(problems)
		return f
	case errors.As(err, &sources):
		f.Code, f.Message, f.Problems = city.CodeOf(sources), "the sources file has "+counted(len(sources), "mistake"), sourceProblems(sources)
		return f
	case errors.Is(err, context.Canceled):
		f.Code, f.Message = "unavailable.cancelled", "interrupted"
		return f
	}
	if errors.As(err, &e) {
		f.Message, f.Where, f.Retry = e.Message, e.Where, e.Retry()
		if f.Code != codeUsage {
			f.Code = e.Code
		}
		if e.Hint != "" {
			f.Hint = e.Hint
		}
		if e.Err != nil {
			f.Message += ": " + e.Err.Error()
		}
	}
	var partial *partialError
	if errors.As(err, &partial) {
		f.Receipts = partial.receipts
	}
	return f
}

// partialError ends a command with --json that had delivered some files before
// it failed.
type partialError struct {
	err      error
	receipts []*delivery.Receipt
}

func (e *partialError) Error() string { return e.err.Error() }
func (e *partialError) Unwrap() error { return e.err }
