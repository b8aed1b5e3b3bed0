package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/token"

	"github.com/jinyang-city/jinyang/internal/city"
)

// The codes of problems. They are stable, and mean what they mean in a pack.
const (
	CodeTooLarge         = "too_large"
	CodeNotUTF8          = "not_utf8"
	CodeSyntax           = "syntax"
	CodeNotAllowed       = "not_allowed"
	CodeUnknownKey       = "unknown_key"
	CodeDuplicateKey     = "duplicate_key"
	CodeMissingKey       = "missing_key"
	CodeWrongType        = "wrong_type"
	CodeInvalidValue     = "invalid_value"
	CodeDuplicateName    = "duplicate_name"
	CodeUnknownReference = "unknown_reference"
	CodeInconsistent     = "inconsistent"
	CodeSecret           = "secret" // a secret that stands in the file itself
)

// Problem is one mistake in a sources file.
type Problem struct {
	Pos     city.Pos // file and line
	Column  int      // from 1; 0 when the mistake is of the whole file
	Code    string   // one of the Code constants
	Message string   // one sentence without a full stop; never a secret
	Hint    string   // how to mend it; may be empty
}

// String gives "file:line:column: message (hint)".
func (p Problem) String() string {
	s := p.Pos.String()
	if p.Column > 0 {
		s += fmt.Sprintf(":%d", p.Column)
	}
	s += ": " + p.Message
	if p.Hint != "" {
		s += " (" + p.Hint + ")"
	}
	return s
}

// Problems are the mistakes of a file, by line. As an error they have the code
// city.CodeInvalid.
type Problems []Problem

// Error gives one problem per line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets city.CodeOf see that the file is invalid.
func (p Problems) Unwrap() error {
	return city.Errorf("invalid.sources", "the sources file has %d mistakes", len(p))
}

func (p Problems) sorted() Problems {
	out := slices.Clone(p)
	slices.SortStableFunc(out, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(out)
}

// addf records a mistake at a token; nil stands for the whole file.
func (p *parser) addf(at *token.Token, code, hint, format string, args ...any) {
	out := Problem{Pos: city.Pos{File: p.file, Line: 1}, Code: code, Message: fmt.Sprintf(format, args...), Hint: hint}
	if at != nil && at.Position != nil {
		out.Pos.Line, out.Column = max(at.Position.Line, 1), max(at.Position.Column, 1)
	}
	p.problems = append(p.problems, out)
}

// didYouMean is the hint for an unknown word.
func didYouMean(word string, words []string) string {
	if w := city.Nearest(word, words); w != "" {
		return "did you mean " + w + "?"
	}
	return "use one of " + strings.Join(words, ", ")
}
