package monthly

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/analysis"
	"github.com/jinyang-city/jinyang/internal/city"
)

// The sentences that documents say by themselves.
var (
	noticeRunning    = city.Text{ZH: "本月尚未结束，所列数据截至%s。", EN: "The month is not over; the figures stand at %s."}
	noticeIncomplete = city.Text{ZH: "“%s”的数据完整截至%s，本月相关数据暂定或缺失，不参加比较和排名。", EN: "“%s” is complete to %s only: its figures of the month are provisional or missing, and are neither compared nor ranked."}
	noticeJudged     = city.Text{ZH: "目标的进展、灯号和预测按%s可得的数据评判，不是本月末的状态。", EN: "Progress, lights and forecasts of targets are judged by what is known on %s, not as they stood at the end of the month."}

	noteSource    = city.Text{ZH: "%s：来源为%s“%s”（%s），快照%s，数据完整截至%s，口径版本%s", EN: "%s: from %s, “%s” (%s), snapshot %s, complete to %s, definition version %s"}
	noteSample    = city.Text{ZH: "，为%s%%抽样，总量已按比例放大", EN: ", a sample of %s %% from which totals are expanded"}
	noteSimulated = city.Text{ZH: "，模拟数据", EN: ", simulated data"}
	noteTarget    = city.Text{ZH: "目标“%s”：《%s》（%s，%s）；进展和预测按截至%s的数据评判", EN: "Target “%s”: %s (%s, %s); judged by data complete to %s"}
	noteReported  = city.Text{ZH: "目标“%s”：《%s》（%s，%s）；进展由%s填报，经第二人审核", EN: "Target “%s”: %s (%s, %s); reported by %s, approved by a second person"}
	noteClosing   = city.Text{ZH: "%s：已发布数见发布台账%s（%s由%s发布，口径版本%s），现数为%s快照%s", EN: "%s: published as %s (on %s by %s, definition version %s); the present figure is of %s, snapshot %s"}
	fullStop      = city.Text{ZH: "。", EN: "."}
	wordNone      = city.Text{ZH: "（无）", EN: "(none)"}
	separator     = city.Text{ZH: "、", EN: ", "}

	figureProvisional = city.Text{ZH: "%s（暂定）", EN: "%s (provisional)"}
	figureNoData      = city.Text{ZH: "暂无数据", EN: "no data yet"}
	figureWithheld    = city.Text{ZH: "不予公布", EN: "withheld"}
	figureNotValid    = city.Text{ZH: "数据不足，不予发布", EN: "too few data to be stated"}
	notCompared       = city.Text{ZH: "暂不可比", EN: "not to be compared yet"}
	noTarget          = city.Text{ZH: "本年未设目标", EN: "no target was set this year"}
	notToSay          = city.Text{ZH: "暂无法判断", EN: "cannot be said yet"}

	semicolon     = city.Text{ZH: "；", EN: "; "}
	forecastWords = city.Text{ZH: "%s（%s%%的可能在%s至%s之间）", EN: "%s (with a probability of %s %% between %s and %s)"}
	neededMonth   = city.Text{ZH: "每月%s（近三个月平均每月%s）", EN: "%s a month (lately %s)"}
	neededMean    = city.Text{ZH: "此后平均%s（近三个月平均%s）", EN: "%s on average from now on (lately %s)"}
	gapWords      = city.Text{ZH: "按%s分，与进度差距主要在%s", EN: "by %s, the gap to the pace lies in %s"}
	gapNone       = city.Text{ZH: "按%s分，均不落后于进度", EN: "by %s, none is behind the pace"}

	wordPoints   = city.Text{ZH: "个百分点", EN: " points"}
	wordsYear    = [3]city.Text{{ZH: "同比增长", EN: "up"}, {ZH: "同比下降", EN: "down"}, {ZH: "与上年同期持平", EN: "level with the year before"}}
	wordsMonth   = [3]city.Text{{ZH: "环比增长", EN: "up"}, {ZH: "环比下降", EN: "down"}, {ZH: "与上月持平", EN: "level with the month before"}}
	wordsYearPt  = [3]city.Text{{ZH: "同比提高", EN: "up"}, {ZH: "同比降低", EN: "down"}, {ZH: "与上年同期持平", EN: "level with the year before"}}
	wordsMonthPt = [3]city.Text{{ZH: "环比提高", EN: "up"}, {ZH: "环比降低", EN: "down"}, {ZH: "与上月持平", EN: "level with the month before"}}
	wordsPace    = [3]city.Text{{ZH: "比序时进度提前", EN: "ahead of the pace by"}, {ZH: "比序时进度落后", EN: "behind the pace by"}, {ZH: "与序时进度持平", EN: "level with the pace"}}
)

// states are the lights in words.
var states = map[analysis.State]city.Text{
	analysis.StateOnPace:   {ZH: "可望达成", EN: "on pace"},
	analysis.StateAtRisk:   {ZH: "有风险", EN: "at risk"},
	analysis.StateWillMiss: {ZH: "预计落空", EN: "will miss"},
	analysis.StateMet:      {ZH: "已兑现", EN: "kept"},
	analysis.StateMissed:   {ZH: "未兑现", EN: "missed"},
	analysis.StateNoData:   {ZH: "尚无数据", EN: "no data yet"},
}

// lights are the colours in words: a light is never shown by colour alone.
var lights = map[analysis.Light]city.Text{
	analysis.LightGreen:  {ZH: "绿灯", EN: "green"},
	analysis.LightYellow: {ZH: "黄灯", EN: "yellow"},
	analysis.LightRed:    {ZH: "红灯", EN: "red"},
	analysis.LightNone:   {ZH: "无灯", EN: "no light"},
}

// say writes a sentence in a language.
func say(lang string, t city.Text, args ...any) string {
	text := t.In(lang)
	if len(args) == 0 {
		return strings.ReplaceAll(text, "%%", "%")
	}
	return fmt.Sprintf(text, args...)
}

// day writes a day; words for none.
func day(lang string, d city.Date) string {
	switch {
	case d.IsZero():
		return say(lang, wordNone)
	case lang == "en":
		return d.String()
	}
	return fmt.Sprintf("%d年%d月%d日", d.Year, int(d.Month), d.Day)
}

// minus is the sign of a negative figure. Unlike a hyphen it never stands at the
// end of a line.
const minus = "−"

// grouped sets the thousands of a figure apart.
func grouped(display string) string {
	digits, sign := display, ""
	switch {
	case strings.HasPrefix(display, "-"):
		digits, sign = display[1:], minus
	case strings.HasPrefix(display, "+"):
		digits, sign = display[1:], "+"
	}
	whole, frac, has := strings.Cut(digits, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if has {
		whole += "." + frac
	}
	return sign + whole
}

// withUnit writes a figure with its unit behind it.
func withUnit(lang, display string, unit city.Text) string {
	return grouped(display) + unitAfter(lang, unit)
}

// unitAfter is a unit as it stands behind a figure.
func unitAfter(lang string, unit city.Text) string {
	u := unit.In(lang)
	if lang == "en" && u != "" && u != "%" {
		return " " + u
	}
	return u
}

// heading puts the unit behind the title of a column or an axis.
func heading(lang, title string, unit city.Text) string {
	u := unit.In(lang)
	switch {
	case u == "":
		return title
	case lang == "en":
		return title + " (" + u + ")"
	}
	return title + "（" + u + "）"
}

// numberOf numbers a heading.
func numberOf(lang string, level int, counters [4]int) string {
	n := counters[level]
	switch {
	case lang == "en" && level == 1:
		return strconv.Itoa(n) + ". "
	case lang == "en" && level == 2:
		return fmt.Sprintf("%d.%d ", counters[1], n)
	case lang == "en":
		return fmt.Sprintf("%d.%d.%d ", counters[1], counters[2], n)
	case level == 1:
		return hanzi(n) + "、"
	case level == 2:
		return "（" + hanzi(n) + "）"
	}
	return strconv.Itoa(n) + "."
}

// hanzi writes a number from 1 to 99 in Chinese.
func hanzi(n int) string {
	digits := []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	switch {
	case n <= 0 || n > 99:
		return strconv.Itoa(n)
	case n < 10:
		return digits[n]
	case n < 20:
		return "十" + digits[n-10]
	}
	return digits[n/10] + "十" + digits[n%10]
}

// Say writes a sentence in a language.
func Say(lang string, t city.Text, args ...any) string { return say(lang, t, args...) }

// Day writes a day as documents in a language do; words for none.
func Day(lang string, d city.Date) string { return day(lang, d) }
