package draft

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// plainText are texts that YAML reads as they are, without quotation marks.
var plainText = regexp.MustCompile(`^[\p{Han}A-Za-z][\p{Han}A-Za-z0-9（）“”、，。·%—\-._/ ]*$`)

// scalar writes a text as YAML: plain where that is safe, else in the quotation
// marks of JSON, which YAML reads alike.
func scalar(s string) string {
	if plainText.MatchString(s) && !strings.HasSuffix(s, " ") && !strings.Contains(s, " -") && !strings.Contains("true false null yes no on off ~", strings.ToLower(s)) {
		return s
	}
	b, _ := json.Marshal(s) // texts always can be
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(b))
}

// quoted writes a text that stands in a map in one line.
func quoted(s string) string {
	if strings.ContainsAny(s, ",{}[]") {
		b, _ := json.Marshal(s)
		return string(b)
	}
	return scalar(s)
}

func bilingual(t city.Text) string {
	if t.EN == "" {
		t.EN = t.ZH
	}
	return fmt.Sprintf("{zh: %s, en: %s}", quoted(t.ZH), quoted(t.EN))
}

func decimal(v float64) string {
	// The last digits of a division are noise of binary fractions.
	text := strconv.FormatFloat(v, 'g', 15, 64)
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// file is a file of the pack in the making.
type file struct {
	b     strings.Builder
	begun bool
}

// document begins a declaration.
func (f *file) document(kind, name string) {
	if f.begun {
		f.b.WriteString("---\n")
	}
	f.begun = true
	f.key(kind, name)
}

func (f *file) key(key, value string) { fmt.Fprintf(&f.b, "%s: %s\n", key, value) }

// given writes a key when there is a value for it.
func (f *file) given(key, value string) {
	if value != "" {
		f.key(key, value)
	}
}

func (f *file) comment(format string, args ...any) {
	for line := range strings.SplitSeq(fmt.Sprintf(format, args...), "\n") {
		fmt.Fprintf(&f.b, "# %s\n", strings.ReplaceAll(line, "\r", " "))
	}
}
