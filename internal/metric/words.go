package metric

import (
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Words states the definition of an indicator as one readable sentence: what is
// measured, over which rows, which days make the value of a period, and where
// the rows come from. It is made from the declaration, so it cannot differ from
// what is computed.
func Words(c *city.City, ind *city.Indicator) city.Text {
	s := speaker{city: c, percent: ind.Unit == percentUnit}
	ds, err := c.Dataset(ind.Dataset)
	if err != nil {
		ds = &city.Dataset{Name: ind.Dataset}
	}
	s.dataset = ds
	m := s.measure(ind.Measure, s.percent)
	when, place := windowWords(ind.Window), s.fieldTitle(ind.Time)
	from := ds.Title
	if from.In("zh") == "" {
		from = city.Text{ZH: ds.Name, EN: ds.Name}
	}
	zh := m.ZH + "；" + when.ZH + "，按“" + place.In("zh") + "”归期；数据取自《" + from.In("zh") + "》"
	en := upper(m.EN) + ", " + when.EN + ", placed by " + quoted(place.In("en")) + ", from the dataset " + quoted(from.In("en"))
	if len(ind.Scope) > 0 {
		scope := s.conditions(ind.Scope)
		zh, en = zh+"，仅计"+scope.ZH+"的行", en+", only rows where "+scope.EN
	}
	return city.Text{ZH: zh + "。", EN: en + "."}
}

// upper begins a sentence, before which a bracket may stand.
func upper(s string) string {
	at := len(s) - len(strings.TrimLeft(s, "("))
	if at == len(s) {
		return s
	}
	return s[:at] + strings.ToUpper(s[at:at+1]) + s[at+1:]
}

func windowWords(w city.Window) city.Text {
	switch w {
	case city.WindowYear:
		return city.Text{ZH: "自当年1月1日累计至期末", EN: "from 1 January to the end of the period"}
	case city.WindowStock:
		return city.Text{ZH: "取期内最后一个有数据月份的行（期末数）", EN: "over the rows of the last month of the period that has any"}
	case city.WindowAll:
		return city.Text{ZH: "自有记录起累计至期末", EN: "from the first record to the end of the period"}
	}
	return city.Text{ZH: "取期内的行", EN: "over the rows of the period"}
}

// speaker words the parts of one indicator.
type speaker struct {
	city    *city.City
	dataset *city.Dataset
	percent bool
}

// measure words a node. percent says that a ratio met from here is stated in
// percent.
func (s speaker) measure(m *city.Measure, percent bool) city.Text {
	if m == nil {
		return city.Text{}
	}
	t := s.node(m, percent)
	if len(m.Where) > 0 {
		w := s.conditions(m.Where)
		t = city.Text{ZH: w.ZH + "的" + t.ZH, EN: t.EN + " where " + w.EN}
	}
	if m.Factor != 0 && m.Factor != 1 {
		f := strings.Replace(strconv.FormatFloat(m.Factor, 'g', -1, 64), "e-0", "e-", 1)
		t = city.Text{ZH: bracket(m, t).ZH + "乘以" + f, EN: bracket(m, t).EN + " times " + f}
	}
	return t
}

func (s speaker) node(m *city.Measure, percent bool) city.Text {
	f := s.fieldTitle(m.Field)
	zh, en := "“"+f.In("zh")+"”", quoted(f.In("en"))
	if m.Since != "" {
		since := s.fieldTitle(m.Since)
		zh, en = "从“"+since.In("zh")+"”到"+zh+"的天数", "the days from "+quoted(since.In("en"))+" to "+en
	}
	switch m.Kind {
	case city.MeasureCount:
		return city.Text{ZH: "行数", EN: "the number of rows"}
	case city.MeasureCountDistinct:
		return city.Text{ZH: zh + "的去重个数", EN: "the number of distinct values of " + en}
	case city.MeasureSum:
		return city.Text{ZH: zh + "之和", EN: "the sum of " + en}
	case city.MeasureMean:
		return city.Text{ZH: zh + "的平均值", EN: "the mean of " + en}
	case city.MeasureMin:
		return city.Text{ZH: zh + "的最小值", EN: "the minimum of " + en}
	case city.MeasureMax:
		return city.Text{ZH: zh + "的最大值", EN: "the maximum of " + en}
	case city.MeasurePercentile:
		p := strconv.FormatFloat(m.P, 'g', -1, 64)
		return city.Text{ZH: zh + "的第" + p + "百分位数（按HJ 663-2013附录A插值）", EN: "percentile " + p + " of " + en + " (interpolated as HJ 663-2013 appendix A)"}
	case city.MeasureConst:
		v := strconv.FormatFloat(m.Value, 'f', -1, 64)
		return city.Text{ZH: "常数" + v, EN: "the number " + v}
	}
	return s.composed(m, percent)
}

// bracket sets an operand apart when it has operands of its own.
func bracket(m *city.Measure, t city.Text) city.Text {
	if m == nil || len(m.Of) == 0 {
		return t
	}
	return city.Text{ZH: "（" + t.ZH + "）", EN: "(" + t.EN + ")"}
}

func (s speaker) conditions(list []city.Condition) city.Text {
	zh, en := make([]string, len(list)), make([]string, len(list))
	for i, c := range list {
		t := s.condition(c)
		zh[i], en[i] = t.ZH, t.EN
	}
	return city.Text{ZH: strings.Join(zh, "且"), EN: strings.Join(en, " and ")}
}

func (s speaker) condition(c city.Condition) city.Text {
	f := s.fieldTitle(c.Field)
	var zh, en []string
	if len(c.Values) > 0 {
		v := s.values(c)
		zh, en = append(zh, "为"+v.ZH), append(en, "is "+v.EN)
	}
	if c.Min != "" {
		zh, en = append(zh, "不小于"+c.Min), append(en, "is at least "+c.Min)
	}
	if c.Max != "" {
		zh, en = append(zh, "不大于"+c.Max), append(en, "is at most "+c.Max)
	}
	t := city.Text{ZH: strings.Join(zh, "且"), EN: strings.Join(en, " and ")}
	switch {
	case c.Not && len(c.Values) > 0 && c.Min == "" && c.Max == "":
		t = city.Text{ZH: "不" + t.ZH, EN: strings.Replace(t.EN, "is ", "is not ", 1)}
	case c.Not:
		t = city.Text{ZH: "不符合（" + t.ZH + "）", EN: "is not such that it " + t.EN}
	}
	return city.Text{ZH: "“" + f.In("zh") + "”" + t.ZH, EN: quoted(f.In("en")) + " " + t.EN}
}

func (s speaker) values(c city.Condition) city.Text {
	zh, en := make([]string, len(c.Values)), make([]string, len(c.Values))
	for i, v := range c.Values {
		t := s.value(c.Field, v)
		zh[i], en[i] = "“"+t.In("zh")+"”", quoted(t.In("en"))
	}
	return city.Text{ZH: either(zh, "、", "或"), EN: either(en, ", ", " or ")}
}

// either lists alternatives as in "a, b or c".
func either(list []string, comma, or string) string {
	n := len(list) - 1
	if n < 1 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:n], comma) + or + list[n]
}

// value titles a value of a field: enum values and regions have names, a bool
// is yes or no, anything else stands for itself.
func (s speaker) value(field, v string) city.Text {
	same := city.Text{ZH: v, EN: v}
	f, ok := s.dataset.Readable(field)
	if !ok {
		return same
	}
	switch f.Type {
	case city.TypeEnum:
		for _, e := range f.Values {
			if e.Code == v && e.Title.In("zh") != "" {
				return e.Title
			}
		}
	case city.TypeRegion:
		if r, err := s.city.Region(v); err == nil {
			return r.Name
		}
	case city.TypeBool:
		if v == "true" {
			return city.Text{ZH: "是", EN: "yes"}
		}
		return city.Text{ZH: "否", EN: "no"}
	}
	return same
}

func (s speaker) fieldTitle(name string) city.Text {
	if f, ok := s.dataset.Readable(name); ok && f.Title.In("zh") != "" {
		return f.Title
	}
	return city.Text{ZH: name, EN: name}
}

// quoted sets an English title apart. The quotes are straight, because a font
// for Chinese draws curly ones as wide as a character.
func quoted(title string) string { return `"` + title + `"` }
