package metric

import (
	"fmt"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// wordsOfChange names a part and says what became of it.
func wordsOfChange(d Dependency, kind ChangeKind) city.Text {
	kinds := map[DependencyKind]city.Text{OnIndicator: {ZH: "指标", EN: "indicator"}, OnRegions: {ZH: "地区范围：指标", EN: "regions of indicator"},
		OnField: {ZH: "字段", EN: "field"}, OnRule: {ZH: "规则或标准", EN: "rule"}}
	did := map[ChangeKind]city.Text{PartAdded: {ZH: "新增", EN: "added"}, PartRemoved: {ZH: "取消", EN: "removed"}, PartChanged: {ZH: "变更", EN: "changed"}}
	zh, en := kinds[d.Kind].ZH+" "+d.Name, kinds[d.Kind].EN+" "+d.Name
	switch {
	case !d.From.IsZero() && !d.To.IsZero():
		zh, en = fmt.Sprintf("%s（%s至%s）", zh, d.From, d.To), fmt.Sprintf("%s (%s to %s)", en, d.From, d.To)
	case !d.From.IsZero():
		zh, en = fmt.Sprintf("%s（%s起）", zh, d.From), fmt.Sprintf("%s (from %s)", en, d.From)
	case !d.To.IsZero():
		zh, en = fmt.Sprintf("%s（至%s）", zh, d.To), fmt.Sprintf("%s (up to %s)", en, d.To)
	}
	if d.Part != "" {
		zh, en = zh+"，"+partWord(d.Part).ZH, en+", "+partWord(d.Part).EN
	}
	return city.Text{ZH: zh + "：" + did[kind].ZH, EN: en + ": " + did[kind].EN}
}

// partWord is what people call a part of a declaration. A parameter or an item
// is called as it is declared.
func partWord(part string) city.Text {
	words := map[string]city.Text{"rows": {ZH: "统计范围", EN: "rows that count"}, "window": {ZH: "统计期", EN: "window"}, "unit": {ZH: "单位", EN: "unit"},
		"measure": {ZH: "计算方法", EN: "measure"}, "display": {ZH: "小数位与完整性规则", EN: "decimals and completeness rule"},
		"levels": {ZH: "分级", EN: "levels"}, "grades": {ZH: "级别", EN: "grades"}, "classes": {ZH: "类别", EN: "classes"}, "decimals": {ZH: "小数位", EN: "decimals"}}
	if w, ok := words[part]; ok {
		return w
	}
	zh := part
	if item, ok := strings.CutPrefix(part, "item "); ok {
		zh = "项目 " + item
	} else if year, ok := strings.CutPrefix(part, "festival "); ok {
		zh = year + "年节日日期"
	}
	return city.Text{ZH: zh, EN: part}
}
