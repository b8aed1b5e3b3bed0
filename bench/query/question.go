package main

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/jinyang-city/jinyang/internal/lake"
)

//go:embed questions.yaml
var questionsFile []byte

// question is one declared question, see questions.yaml.
type question struct {
	Name       string  `yaml:"name"`
	Title      string  `yaml:"title"`
	Ask        ask     `yaml:"ask"`
	Expand     bool    `yaml:"expand"`
	Times      float64 `yaml:"times"`
	DuckDB     string  `yaml:"duckdb"`
	ClickHouse string  `yaml:"clickhouse"`
	Cube       cubeAsk `yaml:"cube"`
}

// ask is the question as the program's API takes it.
type ask struct {
	Indicator string   `yaml:"indicator"`
	By        []string `yaml:"by"`
	Period    string   `yaml:"period"`
	Grain     string   `yaml:"grain"`
	Where     []string `yaml:"where"`
	Top       int      `yaml:"top"`
}

// cubeAsk is the question as Cube takes it; without says why there is none.
type cubeAsk struct {
	Without string              `yaml:"without"`
	Of      string              `yaml:"of"`
	Time    string              `yaml:"time"`
	Grain   string              `yaml:"grain"`
	From    string              `yaml:"from"`
	To      string              `yaml:"to"`
	By      []string            `yaml:"by"`
	Measure string              `yaml:"measure"`
	Filters map[string][]string `yaml:"filters"`
	Top     int                 `yaml:"top"`
}

func questions(only string) ([]question, error) {
	var all, out []question
	if err := yaml.UnmarshalWithOptions(questionsFile, &all, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("questions.yaml: %s", yaml.FormatError(err, false, true))
	}
	for _, q := range all {
		if q.Times == 0 {
			q.Times = 1
		}
		if strings.Contains(q.Name, only) {
			out = append(out, q)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no question's name holds %q", only)
	}
	return out, nil
}

// tableMark is {{dataset}}.
var tableMark = regexp.MustCompile(`\{\{([a-z0-9_.]+)\}\}`)

// tables lists the datasets that a text of SQL reads.
func tables(sql string) []string {
	var out []string
	for _, m := range tableMark.FindAllStringSubmatch(sql, -1) {
		out = append(out, m[1])
	}
	return out
}

// fill replaces the tables' marks.
func fill(sql string, with func(dataset string) string) string {
	return tableMark.ReplaceAllStringFunc(sql, func(m string) string { return with(m[2 : len(m)-2]) })
}

// paths lists the files of a view, quoted and separated by commas.
func paths(v *lake.View) string {
	out := make([]string, len(v.Files))
	for i, f := range v.Files {
		out[i] = literal(lake.FilePath(f))
	}
	return strings.Join(out, ", ")
}

func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
