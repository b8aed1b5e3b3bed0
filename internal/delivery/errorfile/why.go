package errorfile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
)

// mostValues is how many values of an enum are listed; the whole list of a long
// one would hide the rest of the row.
const mostValues = 20

// moment is what layouts are shown by: half past eight on 31 October 2024.
var moment = time.Date(2024, time.October, 31, 8, 30, 0, 0, time.UTC)

// Why says what is wrong with a row, for the person who mends it where it came
// from: in Chinese as the columns are, with the column, the reason, and what the
// column takes. A check that the dataset declares is worded by its kind, and what
// has no words here by the message.
func Why(ds *city.Dataset, field, code, message string) string {
	what, ok := reasons[code]
	if !ok {
		if what, ok = checks[kindOf(ds, code)]; !ok {
			what = message
		}
	}
	f, ok := ds.Field(field)
	if !ok {
		return what
	}
	if takes := taken(f, code); takes != "" {
		what += "（" + takes + "）"
	}
	return column(f) + "：" + what
}

// kindOf is the kind of the dataset's own check that gives a code, or "".
func kindOf(ds *city.Dataset, code string) string {
	for _, c := range ds.Checks {
		if c.Code == code {
			return string(c.Kind)
		}
	}
	for _, c := range ds.SetChecks {
		if c.Code == code {
			return string(c.Kind)
		}
	}
	return ""
}

// column is what the sender calls a field.
func column(f *city.Field) string {
	for _, name := range slices.Concat(f.Source, []string{f.Title.ZH, f.Name}) {
		if name != "" {
			return name
		}
	}
	return ""
}

// taken says what a field takes, as far as it bears on the reason.
func taken(f *city.Field, code string) string {
	switch code {
	case "below_min", "above_max":
		return bounds(f)
	case "not_in_list":
		return list("可填", valuesOf(f))
	case "not_a_date", "not_a_datetime":
		return list("写作", examples(f))
	case "too_long":
		return fmt.Sprintf("不超过 %d 个字", f.MaxLen)
	case "too_precise":
		return fmt.Sprintf("最多 %d 位小数", f.Scale)
	case "no_pattern_match":
		return "格式 " + f.Pattern
	case "unknown_region":
		return "可填区划名称或代码"
	}
	return ""
}

func bounds(f *city.Field) string {
	number := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	switch {
	case f.Min != nil && f.Max != nil:
		return "在 " + number(*f.Min) + " 到 " + number(*f.Max) + " 之间"
	case f.Min != nil:
		return "不小于 " + number(*f.Min)
	case f.Max != nil:
		return "不大于 " + number(*f.Max)
	}
	return ""
}

// valuesOf lists what a sender writes for each value of an enum.
func valuesOf(f *city.Field) (out []string) {
	for _, v := range f.Values {
		if len(out) == mostValues {
			return append(out, "…")
		}
		out = append(out, slices.Concat(v.Sources, []string{v.Code})[0])
	}
	return out
}

func examples(f *city.Field) (out []string) {
	for _, layout := range f.Formats {
		out = append(out, moment.Format(layout))
	}
	return out
}

func list(verb string, items []string) string {
	if len(items) == 0 {
		return ""
	}
	return verb + " " + strings.Join(items, "、")
}

// reasons words the codes of failures as the console does; a test holds the two
// together.
var reasons = map[string]string{
	"missing":          "必填项为空",
	"not_a_date":       "不是日期",
	"not_a_datetime":   "不是日期时间",
	"not_a_number":     "不是数值",
	"not_an_integer":   "不是整数",
	"not_a_bool":       "不是“是/否”",
	"not_in_list":      "不在选项之内",
	"unknown_region":   "区划不存在",
	"region_not_valid": "区划代码当时未生效",
	"outside_period":   "日期不在本批替换的时期内",
	"below_min":        "低于下限",
	"above_max":        "高于上限",
	"too_long":         "过长",
	"too_precise":      "小数位过多",
	"no_pattern_match": "格式不符",
	"personal_data":    "文本中含有公民身份号码",
	"bad_encoding":     "编码有误",
	"field_count":      "列数不符",
	"malformed_quotes": "引号不成对",
	"id_length":        "证件号码位数不对",
	"id_digits":        "证件号码含有不允许的字符",
	"id_date":          "证件号码中的出生日期不存在",
	"id_check":         "证件号码校验位不符",
	"id_age":           "证件号码中的出生日期不合理",
	"credit_length":    "信用代码位数不对",
	"credit_alphabet":  "信用代码含有不允许的字符",
	"credit_check":     "信用代码校验位不符",
	"credit_entity":    "主体标识码校验位不符",
	"malformed_json":   "不是 JSON 对象",
	"unknown_key":      "出现了表头之外的键",
	"nested_value":     "值中嵌套了值",
	"formula":          "单元格是公式而不是值",
	"cell_error":       "单元格为错误值",
	"imprecise_number": "数字末位已丢失",
	"too_large":        "数值过大，无法保存",
}

// checks words the kinds of declared checks.
var checks = map[string]string{
	"any_of":    "各项全为空",
	"not_after": "日期先后颠倒",
	"not_above": "部分大于总数",
	"unique":    "与另一行相同",
	"reference": "所引用的记录不存在",
	"monotonic": "累计值倒退",
	"stuck":     "读数长时间不变",
}
