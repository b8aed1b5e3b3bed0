package notify

import (
	"fmt"
	"strings"

	"github.com/jinyang-city/jinyang/internal/alert"
	"github.com/jinyang-city/jinyang/internal/city"
)

// The languages of a channel.
const (
	langZH = "zh"
	langEN = "en"
)

var severities = map[city.Severity]city.Text{
	city.SeverityCritical: {ZH: "严重", EN: "critical"}, city.SeverityWarning: {ZH: "警告", EN: "warning"}, city.SeverityInfo: {ZH: "提示", EN: "info"},
}

var kinds = map[alert.EventKind]city.Text{
	alert.EventRaised: {ZH: "新预警", EN: "raised"}, alert.EventReminded: {ZH: "仍未处理", EN: "still there"}, alert.EventRecovered: {ZH: "已恢复", EN: "recovered"},
}

// subject is a message in one line.
func subject(m alert.Message, lang string) string {
	if m.Test {
		return city.Text{ZH: "【测试】" + m.City.ZH + "预警通道测试", EN: "[test] " + m.City.EN + ": alert channel test"}.In(lang)
	}
	if len(m.Items) == 0 {
		return m.City.In(lang)
	}
	first := m.Items[0]
	t := city.Text{
		ZH: fmt.Sprintf("【%s·%s】%s：%s", severities[first.Severity].ZH, kinds[first.Kind].ZH, first.RuleTitle.ZH, first.Title.ZH),
		EN: fmt.Sprintf("[%s, %s] %s: %s", severities[first.Severity].EN, kinds[first.Kind].EN, first.RuleTitle.EN, first.Title.EN),
	}
	if n := len(m.Items); n > 1 {
		t.ZH, t.EN = t.ZH+fmt.Sprintf(" 等 %d 项", n), t.EN+fmt.Sprintf(" and %d more", n-1)
	}
	return t.In(lang)
}

// text is a message as people read it. Console is the address of the console,
// "" when it is not declared.
func text(m alert.Message, lang, console string) string {
	var b strings.Builder
	line := func(t city.Text) { fmt.Fprintln(&b, t.In(lang)) }
	if m.Test {
		line(city.Text{ZH: "这是一条测试消息，没有任何异常。", EN: "This is a test. Nothing is wrong."})
	}
	simulated := false
	for _, i := range m.Items {
		simulated = simulated || i.Simulated
		line(city.Text{
			ZH: fmt.Sprintf("■ %s｜%s｜%s", kinds[i.Kind].ZH, severities[i.Severity].ZH, i.Title.ZH),
			EN: fmt.Sprintf("* %s, %s: %s", kinds[i.Kind].EN, severities[i.Severity].EN, i.Title.EN),
		})
		line(i.Text)
		since := i.Since.Format("2006-01-02 15:04")
		line(city.Text{
			ZH: fmt.Sprintf("规则：%s；责任单位：%s；自 %s 起，第 %d 次", i.RuleTitle.ZH, i.OwnerTitle.ZH, since, i.Occurrence),
			EN: fmt.Sprintf("Rule: %s. Owner: %s. Since %s, occurrence %d.", i.RuleTitle.EN, i.OwnerTitle.EN, since, i.Occurrence),
		})
		if i.Kind != alert.EventRecovered && i.Note != (city.Text{}) {
			line(i.Note)
		}
		if console != "" {
			fmt.Fprintln(&b, console+i.Path)
		}
		fmt.Fprintln(&b)
	}
	if simulated {
		line(city.Text{ZH: "注意：以上依据模拟数据，不是真实情况。", EN: "Note: this rests on simulated data and is not real."})
	}
	line(city.Text{ZH: "—— " + m.City.ZH + " 晋阳平台自动发送，消息编号 " + m.Key, EN: "-- sent by Jinyang, " + m.City.EN + "; message " + m.Key})
	return b.String()
}
