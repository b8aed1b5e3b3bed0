package config

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
	"github.com/jinyang-city/jinyang/internal/yamltree"
)

// parser reads one sources file and gathers its mistakes.
type parser struct {
	file, base string
	kinds      []source.Kind
	city       *city.City
	problems   Problems
}

// maxDepth bounds the nesting.
const maxDepth = 20

// parse gives the tree of the one document of a file; nil when there is none or
// it cannot be parsed.
func (p *parser) parse(text []byte) ast.Node {
	if len(text) > mostFile {
		p.addf(nil, CodeTooLarge, "", "the file is above %d KiB", mostFile>>10)
		return nil
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	if !utf8.Valid(text) {
		p.addf(nil, CodeNotUTF8, "save it as UTF-8", "the file is not UTF-8")
		return nil
	}
	f, err := yamltree.Parse(text, maxDepth)
	if err != nil {
		p.syntax(err)
		return nil
	}
	return p.document(f)
}

// document is the one document that a file may have.
func (p *parser) document(f *ast.File) ast.Node {
	var out ast.Node
	for _, d := range f.Docs {
		if d.Body == nil || d.Body.Type() == ast.NullType || d.Body.Type() == ast.CommentType {
			continue
		}
		if out != nil {
			p.addf(start(d.Body), CodeNotAllowed, "put all sources under one key sources", "the file has more than one document")
			return out
		}
		out = d.Body
	}
	if out == nil {
		p.addf(nil, CodeMissingKey, "write sources: and below it a list", "the file declares nothing")
	}
	return out
}

// syntax takes place and words out of the library's error. The library quotes
// the line at fault, which may hold a secret, so only its message is taken.
func (p *parser) syntax(err error) {
	var deep *yamltree.DepthError
	var panicked *yamltree.PanicError
	var y yaml.Error
	switch {
	case errors.As(err, &deep):
		p.addf(deep.At, CodeNotAllowed, "", "the file is %v", deep)
		return
	case errors.As(err, &panicked):
		p.addf(nil, CodeSyntax, "", "the file %v", panicked)
		return
	case !errors.As(err, &y):
		p.addf(nil, CodeSyntax, "", "not YAML")
		return
	}
	hint := ""
	if strings.Contains(y.GetMessage(), "tab") {
		hint = "indent with spaces, not tabs"
	}
	message, _, _ := strings.Cut(fmt.Sprint(y.GetMessage()), "\n")
	p.addf(y.GetToken(), CodeSyntax, hint, "not YAML: %s", strings.ReplaceAll(message, "\t", " "))
}

// pair is a key of a map with its value.
type pair struct {
	name  string
	key   *token.Token
	value ast.Node
}

// start is the first token of a node: the library names a map by a colon.
func start(n ast.Node) *token.Token {
	switch m := n.(type) {
	case *ast.MappingNode:
		if len(m.Values) > 0 {
			return m.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		return m.Key.GetToken()
	}
	return n.GetToken()
}

// pairs gives the keys of a map in order, each once.
func (p *parser) pairs(n ast.Node, label string) []pair {
	var values []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	default:
		p.wrongType(n, "a map of keys and values", label)
		return nil
	}
	seen := map[string]bool{}
	var out []pair
	for _, v := range values {
		name, ok := plainText(v.Key)
		if !ok {
			p.addf(v.Key.GetToken(), CodeNotAllowed, "write the keys out", "a key of %s is not a plain word", subject(label))
			continue
		}
		if seen[name] {
			p.addf(v.Key.GetToken(), CodeDuplicateKey, "", "the key %s is given twice", join(label, name))
			continue
		}
		seen[name] = true
		out = append(out, pair{name, v.Key.GetToken(), v.Value})
	}
	return out
}

// plainText is a scalar as it is written; not null, and nothing that YAML
// would resolve elsewhere.
func plainText(n ast.Node) (string, bool) {
	switch t := n.(type) {
	case *ast.StringNode:
		return t.Value, true
	case *ast.LiteralNode:
		return t.Value.Value, true
	case *ast.NullNode, *ast.MergeKeyNode, *ast.AliasNode, *ast.AnchorNode, *ast.TagNode:
		return "", false
	}
	if _, ok := n.(ast.ScalarNode); ok {
		return n.GetToken().Value, true
	}
	return "", false
}

// wrongType reports a value of another form. It does not quote it, because it
// may be a secret.
func (p *parser) wrongType(n ast.Node, want, label string) {
	what := "something else"
	switch n.(type) {
	case *ast.AliasNode, *ast.AnchorNode, *ast.TagNode, *ast.MergeKeyNode:
		p.addf(n.GetToken(), CodeNotAllowed, "write the value out where it is used", "%s uses an alias, an anchor or a tag", subject(label))
		return
	case *ast.NullNode:
		what = "empty"
	case *ast.MappingNode, *ast.MappingValueNode:
		what = "a map"
	case *ast.SequenceNode:
		what = "a list"
	case ast.ScalarNode:
		what = "a single value"
	}
	p.addf(start(n), CodeWrongType, "", "%s must be %s, not %s", subject(label), want, what)
}

func subject(label string) string {
	if label == "" {
		return "the file"
	}
	return label
}

func join(label, name string) string {
	if label == "" {
		return name
	}
	return label + "." + name
}
