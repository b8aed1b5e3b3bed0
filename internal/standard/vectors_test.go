package standard_test

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/pack"
	"github.com/jinyang-city/jinyang/internal/standard"
	"github.com/jinyang-city/jinyang/packs"
)

// The editions that the vectors are for, by a day of each.
var (
	in2012 = city.Date{Year: 2024, Month: 6, Day: 1}
	in2026 = city.Date{Year: 2026, Month: 3, Day: 1}
)

func declared(t *testing.T) *city.City {
	t.Helper()
	files, err := packs.Taiyuan()
	if err != nil {
		t.Fatal(err)
	}
	c, err := pack.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func edition(t *testing.T, c *city.City, rule string, day city.Date) city.RuleVersion {
	t.Helper()
	r, err := c.Rule(rule)
	if err != nil {
		t.Fatal(err)
	}
	v, ok := r.At(day)
	if !ok {
		t.Fatalf("%s has no edition on %s", rule, day)
	}
	return v
}

// lines reads a file of vectors, without comments.
func lines(t *testing.T, name string) []string {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []string
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := strings.TrimSpace(s.Text()); line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	if len(out) == 0 {
		t.Fatalf("%s holds no vectors", name)
	}
	return out
}

func columns(line string) []string {
	var out []string
	for _, p := range strings.Split(line, "|") {
		out = append(out, strings.TrimSpace(p))
	}
	return out
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestSubIndices(t *testing.T) {
	t.Parallel()
	c := declared(t)
	for _, line := range lines(t, "subindex.txt") {
		w := strings.Fields(line)
		for i, day := range []city.Date{in2012, in2026} {
			table := edition(t, c, w[0], day).Index
			at := slices.IndexFunc(table.Items, func(it city.IndexItem) bool { return it.Name == w[1] })
			got := "-"
			if sub, ok := standard.SubIndex(table, table.Items[at], number(t, w[2])); ok {
				got = strconv.Itoa(sub)
			}
			if got != w[3+i] {
				t.Errorf("%s %s %s on %s: %s, want %s", w[0], w[1], w[2], day, got, w[3+i])
			}
		}
	}
}

var airItems = []string{"so2", "no2", "pm10", "pm25", "co", "o3"}

func airSample(t *testing.T, text string) map[string]float64 {
	sample := map[string]float64{}
	for i, v := range strings.Fields(text) {
		if v != "-" {
			sample[airItems[i]] = number(t, v)
		}
	}
	return sample
}

func describeIndex(x standard.Index) string {
	value, grade, primary := "NA", "-", "-"
	if x.Value != nil {
		value = strconv.Itoa(*x.Value)
	}
	if x.Grade != nil {
		grade = x.Grade.Name
	}
	if len(x.Primary) > 0 {
		primary = strings.Join(x.Primary, ",")
	}
	return value + " " + grade + " " + primary
}

func TestDays(t *testing.T) {
	t.Parallel()
	c := declared(t)
	for _, line := range lines(t, "days.txt") {
		w := columns(line)
		for i, day := range []city.Date{in2012, in2026} {
			got := describeIndex(standard.IndexOf(edition(t, c, "hj633.daily", day).Index, airSample(t, w[1]), airItems))
			if got != w[2+i] {
				t.Errorf("%s on %s: %s, want %s", w[0], day, got, w[2+i])
			}
		}
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	c := declared(t)
	for _, line := range lines(t, "warnings.txt") {
		w := columns(line)
		var days []float64
		for _, d := range strings.Split(w[0], ",") {
			days = append(days, number(t, d))
		}
		for i, day := range []city.Date{{Year: 2023, Month: 6, Day: 1}, in2012} {
			got := "none"
			if level := standard.WarningOf(edition(t, c, "warning.heavy_pollution", day).Warnings, days); level != nil {
				got = level.Name
			}
			if got != w[1+i] {
				t.Errorf("%s on %s: %s, want %s", w[0], day, got, w[1+i])
			}
		}
	}
}

// waterSample reads item=value pairs; "-" is no number.
func waterSample(t *testing.T, text string) map[string]float64 {
	sample := map[string]float64{}
	for _, pair := range strings.Fields(text) {
		if item, v, _ := strings.Cut(pair, "="); v != "-" {
			sample[item] = number(t, v)
		}
	}
	return sample
}

func describeMain(list []standard.Excess) string {
	var out []string
	for _, e := range list {
		multiple := "-"
		if e.Multiple != nil {
			multiple = city.Figure(*e.Multiple, 2)
		}
		out = append(out, e.Item+":"+multiple)
	}
	if out == nil {
		return "-"
	}
	return strings.Join(out, " ")
}

func TestWater(t *testing.T) {
	t.Parallel()
	table := edition(t, declared(t), "gb3838.class", in2012).Grading
	for _, line := range lines(t, "water.txt") {
		w := columns(line)
		g := standard.GradeOf(table, waterSample(t, w[1]))
		class, drivers := "none", "-"
		if g.Class >= 0 {
			class, drivers = table.Classes[g.Class].Name, strings.Join(g.Drivers, " ")
		}
		if w[3] == "*" {
			drivers = "*"
		}
		if got := fmt.Sprint(class, " ", drivers, " ", describeMain(g.Main)); got != fmt.Sprint(w[2], " ", w[3], " ", w[4]) {
			t.Errorf("%s: %s, want %s %s %s", w[0], got, w[2], w[3], w[4])
		}
	}
}
