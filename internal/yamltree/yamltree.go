// Package yamltree parses YAML that somebody wrote by hand, packs and sources
// files, into the syntax tree of the YAML library, with the place of every
// word. What the tree may hold is for its readers to say.
//
// The library recurses, and panics on some input: nesting is bounded before it
// parses, and a panic is a mistake in the text, not the end of the program.
package yamltree

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// DepthError says where a text is nested too deep.
type DepthError struct {
	At    *token.Token
	Depth int // that is allowed
}

func (e *DepthError) Error() string {
	return fmt.Sprintf("nested more than %d levels deep", e.Depth)
}

// PanicError is what the library panicked with.
type PanicError struct{ Value any }

func (e *PanicError) Error() string { return fmt.Sprintf("cannot be parsed: %v", e.Value) }

// Parse gives the tree of a text, which is UTF-8 with line feeds. Keys given
// twice are let through, so that a reader can report all of them. The error is
// a *DepthError, a *PanicError, or one of the library, which quotes the text.
func Parse(text []byte, depth int) (f *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			f, err = nil, &PanicError{r}
		}
	}()
	tokens := lexer.Tokenize(string(text))
	if tk := tooDeep(tokens, depth); tk != nil {
		return nil, &DepthError{tk, depth}
	}
	return parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
}

// tooDeep finds the token at which the nesting passes the depth, if any: flow
// nesting by its brackets, block nesting by the entries that open on one line
// ("- - - …") and by the level of indentation.
func tooDeep(tokens token.Tokens, depth int) *token.Token {
	flow, line, onLine := 0, 0, 0
	for _, tk := range tokens {
		if tk.Position.Line != line {
			line, onLine = tk.Position.Line, 0
		}
		switch tk.Type {
		case token.MappingStartType, token.SequenceStartType:
			flow++
		case token.MappingEndType, token.SequenceEndType:
			flow--
		case token.SequenceEntryType, token.MappingKeyType:
			onLine++
		}
		if flow > depth || onLine > depth || tk.Position.IndentLevel > depth {
			return tk
		}
	}
	return nil
}
