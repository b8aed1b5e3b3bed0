package pack

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/yamltree"
)

// maxDepth bounds the nesting of a document. The format needs less than ten
// levels.
const maxDepth = 60

// document is the syntax tree of one YAML document. Lines in the tree count
// from the start of its chunk; before is what to add. The body of a document
// that cannot be parsed is nil.
type document struct {
	file   string
	before int
	body   ast.Node
	text   []byte // what cannot be parsed
}

// firstKey finds the first key of a document and its value without parsing.
var firstKey = regexp.MustCompile(`(?m)^(?:---[ \t]+)?([a-z]+):[ \t]+["']?([^"'\s#]+)`)

// salvage gives kind and name of a document that cannot be parsed, as far as
// they can be seen, so that those who refer to it are not blamed.
func (d *document) salvage() (kind, name string) {
	if m := firstKey.FindSubmatch(d.text); m != nil {
		return string(m[1]), string(m[2])
	}
	return "", ""
}

// pos is the place of a node of the document.
func (d *document) pos(n ast.Node) city.Pos { return tokenPos(d.file, d.before, n.GetToken()) }

func tokenPos(file string, before int, tk *token.Token) city.Pos {
	line := before + 1
	if tk != nil && tk.Position != nil {
		line = before + max(tk.Position.Line, 1)
	}
	return city.Pos{File: file, Line: line}
}

// parse cuts a file into documents and parses each. Empty documents are left
// out. What cannot be parsed is collected.
func parse(f file, c *collector) []*document {
	text := normal(f.text)
	if line := invalidLine(text); line > 0 {
		c.addf(city.Pos{File: f.name, Line: line}, CodeNotUTF8, "save the file as UTF-8", "the file is not UTF-8")
		return unreadable(f.name, split(text)...)
	}
	var out []*document
	for _, part := range split(text) {
		bodies, problem := parseChunk(part.text)
		if problem != nil {
			c.addf(tokenPos(f.name, part.before, problem.at), problem.code, problem.hint, "%s", problem.message)
			out = append(out, unreadable(f.name, part)...)
		}
		for _, body := range bodies {
			out = append(out, &document{file: f.name, before: part.before, body: body})
		}
	}
	return out
}

// normal drops the byte order mark that some editors write, and ends all lines
// with a line feed, so that everybody counts the same lines.
func normal(text []byte) []byte {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
}

// unreadable makes documents without a body.
func unreadable(file string, parts ...chunk) []*document {
	out := make([]*document, len(parts))
	for i, p := range parts {
		out[i] = &document{file: file, before: p.before, text: p.text}
	}
	return out
}

// syntaxProblem is why a chunk cannot be parsed.
type syntaxProblem struct {
	at                  *token.Token
	code, message, hint string
}

// parseChunk parses the text of a document.
func parseChunk(text []byte) (bodies []ast.Node, problem *syntaxProblem) {
	if len(text) > maxDocumentSize {
		return nil, &syntaxProblem{nil, CodeTooLarge, fmt.Sprintf("the document is above %d KiB", maxDocumentSize>>10), "divide documents with ---"}
	}
	// Duplicate keys are let through here: read.go reports them, all of them.
	f, err := yamltree.Parse(text, maxDepth)
	if err != nil {
		return nil, syntaxError(err)
	}
	for _, d := range f.Docs {
		if d.Body == nil || d.Body.Type() == ast.NullType || d.Body.Type() == ast.CommentType || d.Body.Type() == ast.DirectiveType {
			continue
		}
		bodies = append(bodies, d.Body)
	}
	return bodies, nil
}

// syntaxError takes message and place out of the library's error.
func syntaxError(err error) *syntaxProblem {
	var deep *yamltree.DepthError
	var panicked *yamltree.PanicError
	switch {
	case errors.As(err, &deep):
		return &syntaxProblem{deep.At, CodeNotAllowed, "the document is " + deep.Error(), ""}
	case errors.As(err, &panicked):
		return &syntaxProblem{code: CodeSyntax, message: "the document " + panicked.Error()}
	}
	p := &syntaxProblem{code: CodeSyntax, message: "not YAML: " + err.Error()}
	var y yaml.Error
	if errors.As(err, &y) {
		p.at, p.message = y.GetToken(), "not YAML: "+y.GetMessage()
	}
	if strings.Contains(p.message, "tab character") || strings.Contains(p.message, "'\t'") {
		p.hint = "indent with spaces, not tabs"
	}
	p.message = strings.ReplaceAll(p.message, "'\t'", "TAB")
	p.message = strings.TrimSuffix(strings.Join(strings.Fields(p.message), " "), ".")
	return p
}
