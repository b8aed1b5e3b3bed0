package pack

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// The codes of problems. They are stable: scripts and editors may test them.
const (
	CodeEmptyPack        = "empty_pack"        // the folder holds no YAML file, or no document
	CodeTooLarge         = "too_large"         // a file or the pack is above its bound
	CodeNotRead          = "not_read"          // a file that looks like part of the pack but is not
	CodeNotUTF8          = "not_utf8"          // a file is not UTF-8
	CodeSyntax           = "syntax"            // the text is not YAML
	CodeNotAllowed       = "not_allowed"       // YAML that a pack may not use: aliases, tags, deep nesting
	CodeUnknownKind      = "unknown_kind"      // the first key of a document is not a kind
	CodeUnknownKey       = "unknown_key"       // a key that the specification does not have
	CodeDuplicateKey     = "duplicate_key"     // a key given twice in one map
	CodeMissingKey       = "missing_key"       // a required key is absent
	CodeWrongType        = "wrong_type"        // a value of another form than the key takes
	CodeInvalidValue     = "invalid_value"     // the right form, but not a value that the key takes
	CodeDuplicateName    = "duplicate_name"    // two declarations of one kind with the same name
	CodeUnknownReference = "unknown_reference" // a name that nothing declares
	CodeFieldType        = "field_type"        // a field whose type does not fit what is asked of it
	CodeUnitMismatch     = "unit_mismatch"     // two figures of different units where they must agree
	CodeInconsistent     = "inconsistent"      // keys that are right alone and wrong together
	CodeOverlap          = "overlap"           // periods of validity that overlap or are not in order
	CodeCycle            = "cycle"             // regions that contain each other
	CodeDuplicateSource  = "duplicate_source"  // two fields of a dataset that read the same column
	CodeDocumentMissing  = "document_missing"  // a document's file is not in the folder of documents
	CodeDocumentChanged  = "document_changed"  // a document's file has another SHA-256 than declared
	CodeQuoteNotFound    = "quote_not_found"   // a quote that is not in its document
)

// Problem is one mistake in a pack.
type Problem struct {
	Pos     city.Pos // file and line; line 1 for a mistake of the whole file, zero for one of the whole folder
	Code    string   // one of the Code constants
	Message string   // what is wrong, one sentence without a full stop
	Hint    string   // how to mend it; may be empty
}

// String gives "file:line: message (hint)".
func (p Problem) String() string {
	s := p.Message
	if p.Pos.File != "" {
		s = p.Pos.String() + ": " + s
	}
	if p.Hint != "" {
		s += " (" + p.Hint + ")"
	}
	return s
}

// Problems are the mistakes of a pack, sorted by file and line. As an error
// they have the code city.CodeInvalid.
type Problems []Problem

// Error gives one problem per line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets city.CodeOf see that the pack is invalid.
func (p Problems) Unwrap() error {
	return city.Errorf(city.CodeInvalid, "the pack has %d mistakes", len(p))
}

// sorted gives the problems by file, line and code, each once.
func (p Problems) sorted() Problems {
	out := slices.Clone(p)
	slices.SortStableFunc(out, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(a.Pos.File, b.Pos.File),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Message, b.Message),
		)
	})
	return slices.Compact(out)
}

// collector gathers problems; the readers and checkers share one.
type collector struct {
	problems Problems
}

// addf records a problem.
func (c *collector) addf(pos city.Pos, code, hint, format string, args ...any) {
	c.problems = append(c.problems, Problem{Pos: pos, Code: code, Message: fmt.Sprintf(format, args...), Hint: hint})
}
