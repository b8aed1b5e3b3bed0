package words

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// verb is a verb of package fmt, as far as the program's sentences use them.
var verb = regexp.MustCompile(`%[+#0-9.*]*[a-zA-Z%]`)

// place is where a Chinese sentence takes a value.
var place = regexp.MustCompile(`\{([0-9]+)\}`)

// pattern is a sentence with verbs, read backwards.
type pattern struct {
	head, tail string // literal beginning and end, by which most sentences are told apart at once
	form       *regexp.Regexp
	literal    int // bytes that are not values
	said       string
}

// compile makes the pattern of a sentence with verbs; nil for one without.
func compile(format, said string) (*pattern, error) {
	at := verb.FindAllStringIndex(format, -1)
	p := &pattern{said: said}
	var form strings.Builder
	form.WriteString(`(?s)^`)
	from, values := 0, 0
	literal := func(s string) {
		p.literal += len(s)
		form.WriteString(regexp.QuoteMeta(s))
	}
	for _, a := range at {
		literal(format[from:a[0]])
		if format[a[0]:a[1]] == "%%" {
			literal("%")
		} else {
			form.WriteString(valueForm(format[a[1]-1]))
			values++
		}
		from = a[1]
	}
	literal(format[from:])
	form.WriteString(`$`)
	if len(at) > 0 {
		p.head, p.tail = format[:at[0][0]], format[from:]
		p.form = regexp.MustCompile(form.String())
	}
	for _, m := range place.FindAllStringSubmatch(said, -1) {
		if n, err := strconv.Atoi(m[1]); err != nil || n < 1 || n > values {
			return nil, fmt.Errorf("%q has %d values, %q takes the one of number %s", format, values, said, m[1])
		}
	}
	if values > 0 && p.literal == 0 {
		return nil, fmt.Errorf("%q is all value: every sentence would be it", format)
	}
	return p, nil
}

// valueForm is what a verb may have become.
func valueForm(verb byte) string {
	switch verb {
	case 'd':
		return `([-+]?[0-9]+)`
	case 'q':
		return `("(?:[^"\\]|\\.)*"|\[.*?\])` // a string, or a list of them
	}
	return `(.*?)`
}

// match gives the values of a sentence of this form.
func (p *pattern) match(sentence string) ([]string, bool) {
	if !strings.HasPrefix(sentence, p.head) || !strings.HasSuffix(sentence, p.tail) {
		return nil, false
	}
	m := p.form.FindStringSubmatch(sentence)
	if m == nil {
		return nil, false
	}
	for i, v := range m {
		if plain, err := strconv.Unquote(v); err == nil && strings.HasPrefix(v, `"`) {
			m[i] = "“" + plain + "”"
		}
	}
	return m[1:], true
}

// fill puts values in their places.
func (p *pattern) fill(values []string) string {
	return place.ReplaceAllStringFunc(p.said, func(s string) string {
		n, _ := strconv.Atoi(strings.Trim(s, "{}")) // compile has read it
		return values[n-1]
	})
}
