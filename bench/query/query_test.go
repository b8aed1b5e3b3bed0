package main

import (
	"strings"
	"testing"
)

// TestQuestions holds that every question can be asked of everybody, or says why
// not.
func TestQuestions(t *testing.T) {
	t.Parallel()
	list, err := questions("")
	if err != nil || len(list) != 20 {
		t.Fatalf("%d questions: %v", len(list), err)
	}
	for _, q := range list {
		if q.Ask.Indicator == "" || q.Ask.Period == "" || len(tables(q.DuckDB)) == 0 || len(tables(q.ClickHouse)) == 0 {
			t.Errorf("%s lacks a question", q.Name)
		}
		if c := q.Cube; c.Without == "" && (c.Of == "" || c.Measure == "" || len(c.By) != len(q.Ask.By)) {
			t.Errorf("%s lacks a question for Cube", q.Name)
		}
	}
	if _, err := questions("no such question"); err == nil {
		t.Error("a name that no question has was taken")
	}
}

func TestDiffers(t *testing.T) {
	t.Parallel()
	a := answer{"2024 | x": 1e9, "2024 | y": 0}
	for want, b := range map[string]answer{
		"":                {"2024 | x": 1e9 + 0.1, "2024 | y": 0},
		"missing there":   {"2024 | x": 1e9},
		"missing here":    {"2024 | x": 1e9, "2024 | y": 0, "2024 | z": 1},
		"1e+09 here and ": {"2024 | x": 1e9 + 10, "2024 | y": 0},
	} {
		if got := a.differs(b); !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%v: %q, want %q", b, got, want)
		}
	}
}

func TestLabel(t *testing.T) {
	t.Parallel()
	const at = "2024-08-05T00:00:00.000"
	for grain, want := range map[string]string{"year": "2024", "quarter": "2024Q3", "month": "2024-08", "day": "2024-08-05"} {
		if got := label(at, grain); got != want {
			t.Errorf("%s: %s, want %s", grain, got, want)
		}
	}
}

func TestStatistics(t *testing.T) {
	t.Parallel()
	if x := []float64{4, 1, 3, 2}; median(x) != 2.5 || quantile(x, 1) != 4 || quantile(nil, 0.5) != 0 {
		t.Errorf("%v %v", median(x), quantile(x, 1))
	}
	if g := geometric([]float64{1, 4}); g < 1.999 || g > 2.001 {
		t.Errorf("%v", g)
	}
}
