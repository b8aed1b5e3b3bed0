package plan

import (
	"fmt"

	"github.com/jinyang-city/jinyang/internal/city"
)

// The sentences for what cannot be judged.

func unbound(t *city.Target) city.Text {
	if t.Kind == city.TargetMilestone {
		return city.Text{ZH: "尚未接入数据：这是按期完成的事项，暂无数据反映进展。", EN: "No data is bound yet: this is a thing to be done by a date, and no dataset reports on it."}
	}
	return city.Text{ZH: "尚未接入数据。", EN: "No data is bound yet."}
}

func notYet(t *city.Target) city.Text {
	return city.Text{
		ZH: fmt.Sprintf("该承诺自%s起生效，此前不作判断。", t.From),
		EN: fmt.Sprintf("The promise begins to hold on %s and is not judged before.", t.From),
	}
}

func (e *evaluation) noValue() city.Text {
	if e.CompleteTo.IsZero() {
		return city.Text{ZH: "已接入指标，但尚未收到任何数据。", EN: "An indicator is bound, but no data have been delivered yet."}
	}
	begin := e.pace.begin
	if e.CompleteTo.Before(begin.MonthEnd()) {
		return city.Text{
			ZH: fmt.Sprintf("数据完整至%s，自%s起还没有完整的月份。", e.CompleteTo, begin),
			EN: fmt.Sprintf("The data are complete to %s; no month since %s is complete yet.", e.CompleteTo, begin),
		}
	}
	return city.Text{
		ZH: fmt.Sprintf("数据完整至%s，但自%s起没有可用的数值。", e.CompleteTo, begin),
		EN: fmt.Sprintf("The data are complete to %s, but hold no value since %s.", e.CompleteTo, begin),
	}
}

func notValid(month city.Date, why city.Text) city.Text {
	if why.In("en") == "" {
		why = city.Text{ZH: "无效", EN: "not valid"}
	}
	return city.Text{
		ZH: monthZH(month) + "的数值不能采用：" + why.In("zh") + "。",
		EN: "The value for " + monthEN(month) + " may not be used, " + why.In("en") + ".",
	}
}

func noComparison(month city.Date) city.Text {
	return city.Text{
		ZH: monthZH(month) + "缺少用于比较的指标的数值。",
		EN: "The indicator that this is compared with has no value for " + monthEN(month) + ".",
	}
}

func monthZH(d city.Date) string { return fmt.Sprintf("%d年%d月", d.Year, int(d.Month)) }
func monthEN(d city.Date) string { return fmt.Sprintf("%s %d", d.Month, d.Year) }

// sentence states the figures behind a state.
func (e *evaluation) sentence(r Result, p promise, s standing) city.Text {
	w := wording{decimals: e.Indicator.Decimals, unit: e.Unit}
	v := e.stated(*r.Actual)
	actual, promise := w.figure(*r.Actual, p.boundaries()...), e.promiseWords(w, p)
	var t city.Text
	switch {
	case e.final():
		t = e.verdict(r, actual, promise)
	case s.level || e.settled(p, p.kept(v)) || p.low != nil && p.kept(v):
		t = e.against(r, w, p, actual, promise)
	default:
		t = e.behind(r, w, actual, s)
	}
	if words, ok := e.rounds(*r.Actual, p); ok {
		t = city.Text{ZH: t.ZH + words.ZH, EN: t.EN + words.EN}
	}
	t = e.lacking(t, r)
	t = e.outlookWords(t, r, w)
	if _, _, ok := e.thresholds(p, s); !ok && r.State == StateNoData {
		t = city.Text{ZH: t.ZH + "城市包没有亮灯规则的阈值，不亮灯。", EN: t.EN + " The pack's rule for lights has no thresholds, so there is no light."}
	}
	if !e.final() && e.Today.After(e.Target.Deadline) {
		t.ZH += fmt.Sprintf("期限%s已过，但数据只完整至%s，尚不能定论。", e.Target.Deadline, e.CompleteTo)
		t.EN += fmt.Sprintf(" The deadline of %s has passed, but the data are complete to %s only.", e.Target.Deadline, e.CompleteTo)
	}
	return t
}

// verdict is the sentence after the deadline.
func (e *evaluation) verdict(r Result, actual, promise city.Text) city.Text {
	zh, en := "已完成", "met"
	if r.State == StateMissed {
		zh, en = "未完成", "missed"
	}
	return city.Text{
		ZH: fmt.Sprintf("期限%s已到：%s为%s，承诺%s，%s。", e.Target.Deadline, monthZH(r.At), actual.ZH, promise.ZH, zh),
		EN: fmt.Sprintf("At the deadline of %s: %s in %s, %s promised; %s.", e.Target.Deadline, actual.EN, monthEN(r.At), promise.EN, en),
	}
}

// against compares the value with the promise itself.
func (e *evaluation) against(r Result, w wording, p promise, actual, promise city.Text) city.Text {
	v := e.stated(*r.Actual)
	gap := w.gap(p, v)
	zh, en := "目前符合承诺", "kept so far"
	switch {
	case p.kept(v) && r.State == StateAtRisk:
		zh, en = zh+"，但有风险", en+", but at risk"
	case p.kept(v) && r.State == StateWillMiss:
		zh, en = zh+"，但预计难以保持", en+", but not expected to last"
	case r.State == StateOnPace && !p.kept(v):
		zh, en = gap.ZH+"，预计到期可以兑现", gap.EN+", expected to be kept by the deadline"
	case r.State == StateMet:
		zh, en = "已提前完成", "reached before the deadline"
	case r.State == StateWillMiss && e.settled(p, false):
		zh, en = gap.ZH+"，且不会回落，不能完成", gap.EN+", and it cannot fall again"
	case r.State == StateWillMiss:
		zh, en = gap.ZH+"，预计难以完成", gap.EN+", will miss"
	case r.State == StateAtRisk:
		zh, en = gap.ZH+"，有风险", gap.EN+", at risk"
	}
	return city.Text{
		ZH: fmt.Sprintf("截至%s底为%s，承诺%s，%s。", monthZH(r.At), actual.ZH, promise.ZH, zh),
		EN: fmt.Sprintf("%s at the end of %s, %s promised: %s.", actual.EN, monthEN(r.At), promise.EN, en),
	}
}

// behind compares the value with the pace.
func (e *evaluation) behind(r Result, w wording, actual city.Text, s standing) city.Text {
	params := e.Lights.Params
	gap := show(max(s.lag, -s.lag), 1, 0, params["yellow"], params["red"])
	zh, en := "领先"+gap+"个百分点", gap+" points ahead of pace"
	switch {
	case s.lag == 0:
		zh, en = "与进度持平", "exactly on pace"
	case s.lag > 0:
		zh, en = "落后"+gap+"个百分点", gap+" points behind pace"
	}
	switch r.State {
	case StateAtRisk:
		zh, en = zh+"，有风险", en+", at risk"
	case StateWillMiss:
		zh, en = zh+"，按此进度难以完成", en+", will miss at this rate"
	}
	due := w.figure(*r.Pace)
	return city.Text{
		ZH: fmt.Sprintf("截至%s底为%s，按进度应为%s，%s。", monthZH(r.At), actual.ZH, due.ZH, zh),
		EN: fmt.Sprintf("%s at the end of %s, where the pace expects %s: %s.", actual.EN, monthEN(r.At), due.EN, en),
	}
}
