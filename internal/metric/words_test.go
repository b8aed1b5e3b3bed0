package metric

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
)

func TestWords(t *testing.T) {
	t.Parallel()
	closing := indicator(city.WindowYear, of(city.MeasureRatio, field(city.MeasureSum, "cases"), of(city.MeasureDifference, count(), &city.Measure{Kind: city.MeasureConst, Value: 2})))
	closing.Unit = "percent"
	closing.Scope = []city.Condition{is("region", "140105", "140106", "140100"), is("open", "true")}
	growth := indicator(city.WindowPeriod, of(city.MeasureGrowth, &city.Measure{Kind: city.MeasureSum, Field: "amount", Factor: 1e-8}))
	p := indicator(city.WindowAll, &city.Measure{Kind: city.MeasurePercentile, Field: "level", P: 95, Where: []city.Condition{{Field: "level", Min: "1", Max: "9"}}})
	tests := []struct {
		ind    *city.Indicator
		zh, en string
	}{
		{indicator(city.WindowYear, of(city.MeasureDifference, field(city.MeasureCountDistinct, "person", not("kind", "exit")), count(is("kind", "exit")))),
			"“类型”不为“自然减员”的“登记人”的去重个数减去“类型”为“自然减员”的行数；自当年1月1日累计至期末，按“登记日期”归期；数据取自《测试台账》。",
			`The number of distinct values of "Person" where "Kind" is not "Natural decrease" minus the number of rows where "Kind" is "Natural decrease", from 1 January to the end of the period, placed by "Date of registration", from the dataset "Test register".`},
		{closing,
			"“件数”之和除以（行数减去常数2），以百分数表示；自当年1月1日累计至期末，按“登记日期”归期；数据取自《测试台账》，仅计“登记地”为“小店区”、“迎泽区”或“太原市”且“是否开放”为“是”的行。",
			`The sum of "Cases" divided by (the number of rows minus the number 2), in percent, from 1 January to the end of the period, placed by "Date of registration", from the dataset "Test register", only rows where "Place" is "Xiaodian District", "Yingze District" or "Taiyuan" and "Open" is "yes".`},
		{growth,
			"“金额”之和乘以1e-8比上年同期的增长率（%）；取期内的行，按“登记日期”归期；数据取自《测试台账》。",
			`The growth of the sum of "Amount" times 1e-8 over the same days of the year before, in percent, over the rows of the period, placed by "Date of registration", from the dataset "Test register".`},
		{p,
			"“浓度”不小于1且不大于9的“浓度”的第95百分位数（按HJ 663-2013附录A插值）；自有记录起累计至期末，按“登记日期”归期；数据取自《测试台账》。",
			`Percentile 95 of "Concentration" (interpolated as HJ 663-2013 appendix A) where "Concentration" is at least 1 and is at most 9, from the first record to the end of the period, placed by "Date of registration", from the dataset "Test register".`},
	}
	for _, tt := range tests {
		got := Words(testCity(), tt.ind)
		if got.ZH != tt.zh {
			t.Errorf("got  %s\nwant %s", got.ZH, tt.zh)
		}
		if got.EN != tt.en {
			t.Errorf("got  %s\nwant %s", got.EN, tt.en)
		}
	}
}

// TestVersionIgnoresWhatDoesNotCount and changes with what does.
func TestVersionIgnoresWhatDoesNotCount(t *testing.T) {
	t.Parallel()
	base := func() *city.Indicator {
		ind := indicator(city.WindowYear, of(city.MeasureDifference, count(is("kind", "hire", "self"), is("region", "140105")), count(is("kind", "exit"))))
		ind.Scope = []city.Condition{not("kind", "self")}
		return ind
	}
	want := Fingerprint(base())
	if len(want) != 64 {
		t.Fatalf("%q is not a SHA-256", want)
	}
	same := map[string]func(*city.Indicator){
		"title":     func(i *city.Indicator) { i.Title = city.Text{ZH: "别名", EN: "Other"} },
		"position":  func(i *city.Indicator) { i.Pos.Line = 9; i.Measure.Pos.Line = 9 },
		"factor 1":  func(i *city.Indicator) { i.Measure.Factor = 1 },
		"order":     func(i *city.Indicator) { w := i.Measure.Of[0].Where; w[0], w[1] = w[1], w[0] },
		"values":    func(i *city.Indicator) { i.Measure.Of[0].Where[0].Values = []string{"self", "hire", "self"} },
		"dimension": func(i *city.Indicator) { i.Dimensions = nil },
	}
	for name, edit := range same {
		ind := base()
		if edit(ind); Fingerprint(ind) != want {
			t.Errorf("%s changes the version", name)
		}
	}
	other := map[string]func(*city.Indicator){
		"dataset":  func(i *city.Indicator) { i.Dataset = "test.other" },
		"window":   func(i *city.Indicator) { i.Window = city.WindowPeriod },
		"operands": func(i *city.Indicator) { o := i.Measure.Of; o[0], o[1] = o[1], o[0] },
		"factor":   func(i *city.Indicator) { i.Measure.Factor = 2 },
		"scope":    func(i *city.Indicator) { i.Scope[0].Not = false },
		"no scope": func(i *city.Indicator) { i.Scope = nil },
		"rule":     func(i *city.Indicator) { i.Complete = "hj663.annual_mean" },
		"decimals": func(i *city.Indicator) { i.Decimals = 1 },
	}
	for name, edit := range other {
		ind := base()
		if edit(ind); Fingerprint(ind) == want {
			t.Errorf("%s does not change the version", name)
		}
	}
}

// TestVersionsOfDifferentTextsDiffer: no value can imitate another's form.
func TestVersionsOfDifferentTextsDiffer(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfNDistinct(rapid.String(), 1, 3, rapid.ID[string])
		a, b := values.Draw(t, "a"), values.Draw(t, "b")
		set := func(list []string) map[string]bool {
			m := map[string]bool{}
			for _, v := range list {
				m[v] = true
			}
			return m
		}
		same := len(a) == len(b)
		for v := range set(a) {
			same = same && set(b)[v]
		}
		va := Fingerprint(indicator(city.WindowYear, count(is("kind", a...))))
		vb := Fingerprint(indicator(city.WindowYear, count(is("kind", b...))))
		if (va == vb) != same {
			t.Fatalf("%q and %q: versions equal %v", a, b, va == vb)
		}
	})
}
