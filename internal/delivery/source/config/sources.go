package config

import (
	"errors"
	"reflect"
	"regexp"
	"slices"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/source"
)

// mostSources bounds a file: each source has a goroutine of its own.
const mostSources = 300

// nameForm is the form of a source's name, which is also that of a folder.
var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// head are the keys that every source takes besides the section of its kind,
// with their defaults.
type head struct {
	Name    string        `yaml:"name"`
	Dataset string        `yaml:"dataset"`
	Every   time.Duration `yaml:"every"`
	At      Clock         `yaml:"at"`
	Timeout time.Duration `yaml:"timeout"`
	Retry   struct {
		First time.Duration `yaml:"first"`
		Most  time.Duration `yaml:"most"`
	} `yaml:"retry"`
}

func defaults() head {
	h := head{Every: time.Minute, Timeout: 10 * time.Minute}
	h.Retry.First, h.Retry.Most = 5*time.Second, 15*time.Minute
	return h
}

// sources reads the list of all sources.
func (p *parser) sources(body ast.Node) []Source {
	var list *ast.SequenceNode
	for _, k := range p.pairs(body, "") {
		if k.name != "sources" {
			p.addf(k.key, CodeUnknownKey, didYouMean(k.name, []string{"sources"}), "unknown key %s", k.name)
			continue
		}
		var ok bool
		if list, ok = k.value.(*ast.SequenceNode); !ok {
			p.wrongType(k.value, "a list", "sources")
		}
	}
	if list == nil {
		if len(p.problems) == 0 {
			p.addf(nil, CodeMissingKey, "write sources: and below it a list", "the file declares no sources")
		}
		return nil
	}
	if len(list.Values) > mostSources {
		p.addf(list.GetToken(), CodeTooLarge, "divide it among several data folders", "%d sources are declared, at most %d are allowed", len(list.Values), mostSources)
		return nil
	}
	var out []Source
	seen := map[string]int{}
	for _, n := range list.Values {
		s := p.source(n)
		if s.Name == "" {
			continue
		}
		if line, twice := seen[s.Name]; twice {
			p.addf(start(n), CodeDuplicateName, "", "the source %s is declared at line %d already", s.Name, line)
		}
		seen[s.Name] = s.Pos.Line
		out = append(out, s)
	}
	return out
}

// source reads one source.
func (p *parser) source(n ast.Node) Source {
	start := start(n)
	var common, sections []pair
	keys := p.pairs(n, "a source")
	if keys == nil {
		return Source{} // which was said
	}
	for _, k := range keys {
		if slices.Contains(p.kindNames(), k.name) {
			sections = append(sections, k)
		} else {
			common = append(common, k)
		}
	}
	h, d := defaults(), &decoder{p, map[string]*token.Token{}}
	d.decode(common, reflect.ValueOf(&h).Elem(), "", "", p.kindNames()...)
	d.checkHead(&h, start)
	s := Source{Name: h.Name, Dataset: h.Dataset, Schedule: Schedule{Every: h.Every, At: h.At}, Timeout: h.Timeout,
		RetryFirst: h.Retry.First, RetryMost: h.Retry.Most, Base: p.base, Pos: city.Pos{File: p.file, Line: start.Position.Line}}
	if s.Schedule.At.Set {
		s.Schedule.Every = 0
	}
	if len(sections) != 1 {
		p.addf(start, CodeInconsistent, didYouMean("", p.kindNames()), "a source needs exactly one section that says how it is reached, not %d", len(sections))
		return s
	}
	s.Kind = sections[0].name
	s.Options = p.options(sections[0])
	if _, named := s.Options.(source.Named); s.Dataset == "" && !named {
		p.addf(start, CodeMissingKey, "", "the source names no dataset, and %s has no manifests that could", s.Kind)
	}
	return s
}

func (p *parser) kindNames() []string {
	out := make([]string, len(p.kinds))
	for i, k := range p.kinds {
		out[i] = k.Name
	}
	return out
}

// options reads the section of a kind and has the kind check it.
func (p *parser) options(section pair) source.Options {
	i := slices.IndexFunc(p.kinds, func(k source.Kind) bool { return k.Name == section.name })
	o := p.kinds[i].Options()
	before := len(p.problems)
	d := &decoder{p, map[string]*token.Token{}}
	d.decode(p.pairs(section.value, section.name), reflect.ValueOf(o).Elem(), section.name, "")
	if len(p.problems) > before {
		return o // what could not be read would only be found missing
	}
	for _, err := range unjoined(o.Check()) {
		message, hint := words(err)
		at, label := section.key, section.name
		var e *city.Error
		if errors.As(err, &e) && e.Where != "" {
			label = join(label, e.Where)
			if tk := d.at[e.Where]; tk != nil {
				at = tk
			}
		}
		p.addf(at, CodeInvalidValue, hint, "%s: %s", label, message)
	}
	return o
}

// unjoined are the errors that errors.Join put together.
func unjoined(err error) []error {
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var out []error
	for _, e := range joined.Unwrap() {
		out = append(out, unjoined(e)...)
	}
	return out
}

// words gives message and hint of an error.
func words(err error) (message, hint string) {
	var e *city.Error
	if !errors.As(err, &e) {
		return err.Error(), ""
	}
	message = e.Message
	if e.Err != nil {
		message += ": " + e.Err.Error()
	}
	return message, e.Hint
}
