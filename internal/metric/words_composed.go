package metric

import (
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// composed words a node that is made of others, or of a rule.
func (s speaker) composed(m *city.Measure, percent bool) city.Text {
	switch m.Kind {
	case city.MeasureLimit:
		return s.limit(m)
	case city.MeasureIndicator:
		return otherIndicator(m.Indicator)
	case city.MeasureIndex:
		return s.index(m)
	}
	parts := make([]city.Text, 2)
	inner := percent && (m.Kind == city.MeasureDifference || m.Kind == city.MeasureIncrease)
	for i := range min(len(m.Of), 2) {
		parts[i] = bracket(m.Of[i], s.measure(m.Of[i], inner))
	}
	a, b := parts[0], parts[1]
	in := city.Text{}
	if percent {
		in = city.Text{ZH: "，以百分数表示", EN: ", in percent"}
	}
	switch m.Kind {
	case city.MeasureRatio:
		return city.Text{ZH: a.ZH + "除以" + b.ZH + in.ZH, EN: a.EN + " divided by " + b.EN + in.EN}
	case city.MeasureShare:
		return city.Text{ZH: a.ZH + "占" + b.ZH + "的比重" + in.ZH, EN: "the share of " + a.EN + " in " + b.EN + in.EN}
	case city.MeasureDifference:
		return city.Text{ZH: a.ZH + "减去" + b.ZH, EN: a.EN + " minus " + b.EN}
	}
	than := earlierWords(m.On)
	if m.Kind == city.MeasureGrowth {
		return city.Text{ZH: a.ZH + "比" + than.ZH + "的增长率（%）", EN: "the growth of " + a.EN + " over " + than.EN + ", in percent"}
	}
	return city.Text{ZH: a.ZH + "比" + than.ZH + "的增加量", EN: "the increase of " + a.EN + " over " + than.EN}
}

func earlierWords(on Against) city.Text {
	switch on {
	case AgainstPeriod:
		return city.Text{ZH: "上期", EN: "the period before"}
	case AgainstFestival:
		return city.Text{ZH: "上年距节日相同天数的同期", EN: "the days of the year before that lay as far from the festival"}
	}
	return city.Text{ZH: "上年同期", EN: "the same days of the year before"}
}

func (s speaker) limit(m *city.Measure) city.Text {
	title := city.Text{ZH: m.Rule, EN: m.Rule}
	if rule, err := s.city.Rule(m.Rule); err == nil {
		title = rule.Title
	}
	return city.Text{
		ZH: "《" + title.In("zh") + "》中期末适用版本的" + m.Param,
		EN: m.Param + " of " + quoted(title.In("en")) + " in the edition in force at the end of the period",
	}
}

func otherIndicator(ind *city.Indicator) city.Text {
	if ind == nil {
		return city.Text{}
	}
	return city.Text{ZH: "指标“" + ind.Title.In("zh") + "”", EN: "the indicator " + quoted(ind.Title.In("en"))}
}

func (s speaker) index(m *city.Measure) city.Text {
	zh, en := make([]string, len(m.Of)), make([]string, len(m.Of))
	for i, of := range m.Of {
		t := bracket(of, s.measure(of, false))
		zh[i], en[i] = t.ZH, t.EN
	}
	return city.Text{ZH: strings.Join(zh, "、") + "之和", EN: "the sum of " + either(en, ", ", " and ")}
}
