package api

import (
	"errors"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
)

func TestNone(t *testing.T) {
	t.Parallel()
	unknown := func(string) (int, error) { return 0, city.Errorf(city.CodeNotFound, "there is no plan") }
	broken := func(string) (int, error) { return 0, city.Errorf(city.CodeUnavailable, "the disk is full") }
	fine := func(string) (int, error) { return 1, nil }
	for name, c := range map[string]struct {
		found   int
		filters []filter
		code    city.Code
		where   string
	}{
		"something was found":      {1, []filter{declared("plan", "x", unknown)}, "", ""},
		"nothing narrows":          {0, []filter{declared("plan", "", unknown)}, "", ""},
		"nothing of a right name":  {0, []filter{declared("plan", "x", fine)}, "", ""},
		"a name that nobody knows": {0, []filter{declared("ok", "x", fine), declared("plan", "x", unknown)}, codeFilter, "query.plan"},
		"who knows it is broken":   {0, []filter{declared("plan", "x", broken)}, city.CodeUnavailable, ""},
		"no period":                {0, []filter{{"period", "zz", closable}}, codeFilter, "query.period"},
		"a period":                 {0, []filter{{"period", "2024Q3", closable}}, "", ""},
	} {
		err := none(c.found, c.filters...)
		var e *city.Error
		switch {
		case c.code == "":
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		case !errors.As(err, &e) || e.Code != c.code || e.Where != c.where:
			t.Errorf("%s: %v, want %s at %s", name, err, c.code, c.where)
		}
	}
}

func TestProblemsAreSaidInChinese(t *testing.T) {
	t.Parallel()
	p := problem(city.Errorf(codeFilter, "%q is not a period that can be closed", "zz").WithHint("write a month, quarter or year: 2024-10, 2024Q3 or 2024"))
	if p.ZH == nil || p.ZH.Detail != "“zz”不是可以封账的期间" || p.ZH.Hint == "" {
		t.Errorf("%+v", p.ZH)
	}
	if p := problem(errors.New("secret")); p.ZH != nil {
		t.Errorf("an inner error is said: %+v", p.ZH)
	}
	if said := chinese("a.csv: the file holds 60 rows, the manifest says 61 (the file was cut or changed on its way: ask for it again)"); said != "a.csv：文件有 60 行，清单写的是 61 行（文件在途中被截断或改动：请重新索取）" {
		t.Errorf("a kept error is said %q", said)
	}
}
