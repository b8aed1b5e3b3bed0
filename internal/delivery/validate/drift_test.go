package validate_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
)

func checkerAfter(t testing.TB, ds *city.Dataset, before string) *validate.Checker {
	t.Helper()
	o := validate.Options{Today: city.NewDate(2024, 10, 31), Token: func(id string) string { return id }}
	if before != "" {
		o.Before = strings.Split(before, ",")
	}
	k, err := validate.Compile(someCity(ds), ds, o)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestDrift(t *testing.T) {
	t.Parallel()
	const all = "业务流水号,公民身份号码,工资,登记地"
	for name, c := range map[string]struct {
		mode          city.HeaderMode
		before, first string
		want          string // kind column was position<before
	}{
		"nothing":                    {city.HeaderAuto, all, all, ""},
		"nothing before":             {city.HeaderAuto, "", all, ""},
		"optional ones left out":     {city.HeaderAuto, "", "业务流水号,公民身份号码", ""},
		"optional one gone":          {city.HeaderAuto, all, "业务流水号,公民身份号码,登记地", "missing 工资 0<3"},
		"another name of the field":  {city.HeaderAuto, all, "业务流水号,身份证号,工资,登记地", "renamed 身份证号<公民身份号码 2<2"},
		"one slip":                   {city.HeaderAuto, all, "业务流水亏,公民身份号码,工资,登记地", "renamed 业务流水亏<业务流水号 1<1"},
		"a unit is added":            {city.HeaderAuto, all, "业务流水号,公民身份号码,登记地,工资（元）", "renamed 工资（元）<工资 4<3"},
		"at the same position":       {city.HeaderAuto, all, "业务流水号,公民身份号码,月薪,登记地", "renamed 月薪<工资 3<3"},
		"by declaration":             {city.HeaderAuto, "", "业务流水号,公民身份号码,月薪,登记地", "renamed 月薪<工资 3<3"},
		"one gone, another came":     {city.HeaderAuto, all, "电话,业务流水号,公民身份号码,工资", "new 电话 1<0; missing 登记地 0<4"},
		"moved to the end":           {city.HeaderAuto, all, "公民身份号码,工资,登记地,业务流水号", "moved 业务流水号 4<1"},
		"swapped":                    {city.HeaderAuto, all, "业务流水号,工资,公民身份号码,登记地", "moved 公民身份号码 3<2"},
		"an ignored one":             {city.HeaderAuto, all, all + ",备注", "new 备注 5<0"},
		"an error file":              {city.HeaderAuto, all, all + ",错误代码,错误说明", ""},
		"a number where a name is":   {city.HeaderAuto, all, "业务流水号,11010519491231002X,工资,登记地", "new 1101************2X 2<0; missing 公民身份号码 0<2"},
		"no header":                  {city.HeaderNone, "", "a,b,c,d", ""},
		"no header, wider":           {city.HeaderNone, "", "a,b,c,d,e,f", "new  5<0; new  6<0"},
		"no header, narrower":        {city.HeaderNone, "", "a,b", "missing 工资 0<3; missing 登记地 0<4"},
		"a row instead of a header":  {city.HeaderAuto, all, "A1,11010519491231002X,1", "missing 登记地 0<4"},
		"a row, header is required":  {city.HeaderRequired, all, "A1,11010519491231002X,1", ""},
		"twice, nameless, untouched": {city.HeaderAuto, all, all + ",工资,", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ds := registrations(c.mode)
			h := validate.Header{Fields: header(strings.Split(c.first, ",")...)}
			var got []string
			for _, d := range checkerAfter(t, ds, c.before).Drift(h) {
				s := string(d.Kind) + " " + d.Column
				if d.Was != "" {
					s += "<" + d.Was
				}
				got = append(got, fmt.Sprintf("%s %d<%d", s, d.Position, d.WasPosition))
			}
			if g := strings.Join(got, "; "); g != c.want {
				t.Errorf("got %s\nwant %s", g, c.want)
			}
		})
	}
}

// TestHeaderErrorsSayHowToMend reads what the author of a pack is told.
func TestHeaderErrorsSayHowToMend(t *testing.T) {
	t.Parallel()
	ds := registrations(city.HeaderAuto)
	ds.Fields[2].Pos = city.Pos{File: "hrss.yaml", Line: 19}
	_, err := checkerAfter(t, ds, "业务流水号,公民身份号码,工资,备注").Bind(header("业务流水号", "公民身份号码", "工资（元）", "备注2", "电话"))
	for _, part := range []string{
		`renamed "工资 → 工资（元）", "备注 → 备注2"; not declared "电话"`,
		`if "工资（元）" is "工资", add it to source of the field wage at hrss.yaml:19`,
		`if "备注2" is "备注", add it to delivery.ignore at hrss.yaml:7`,
	} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error does not say %s: %v", part, err)
		}
	}
}

// FuzzDrift holds that no header breaks the comparison, that it is bounded, and
// that it shows no ID number.
func FuzzDrift(f *testing.F) {
	f.Add("业务流水号,公民身份号码,工资", "业务流水号,工资（元）,身份证号")
	f.Add("", "业务流水号,11010519491231002X,１１０１０５１９４９１２３１００２Ｘ")
	f.Add("a,a,,\xff", strings.Repeat("x,", 200)+"业务流水号")
	f.Fuzz(func(t *testing.T, before, first string) {
		if findID(before) != "" {
			return // columns of an accepted header are declared names
		}
		h := validate.Header{Fields: header(strings.Split(first, ",")...)}
		k := checkerAfter(t, registrations(city.HeaderAuto), before)
		drift := k.Drift(h)
		text, err := json.Marshal(drift)
		if err != nil || len(drift) > 64 || len(text) > 64*1024 {
			t.Fatalf("%d differences, %d bytes, %v", len(drift), len(text), err)
		}
		if id := findID(string(text)); id != "" {
			t.Fatalf("%s shows %s", text, id)
		}
		_, _ = k.Bind(h.Fields)
	})
}
