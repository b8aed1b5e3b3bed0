package alert

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Words says what a rule watches, in a sentence.
func Words(c *city.City, a *city.Alert) city.Text {
	var t city.Text
	switch {
	case a.Indicator != nil:
		t = indicatorWords(c, a.Indicator)
	case a.Target != nil:
		t = targetWords(a.Target)
	case a.Late != nil:
		t = city.Text{ZH: "批次到期未交" + beyond(a.Late.Beyond).ZH, EN: "a batch that is due has not come" + beyond(a.Late.Beyond).EN}
	case a.Quality != nil:
		t = qualityWords(a.Quality)
	case a.Overdue != nil:
		t = city.Text{ZH: "进展填报逾期" + beyond(a.Overdue.Beyond).ZH, EN: "a report by hand is late" + beyond(a.Overdue.Beyond).EN}
	}
	if a.Stays > 1 {
		t.ZH += fmt.Sprintf("；须连续 %d 次不同数据一致", a.Stays)
		t.EN += fmt.Sprintf("; %d looks in a row on something new must agree", a.Stays)
	}
	if a.RepeatAfter.Days > 0 {
		t.ZH += "；每 " + daysWords(a.RepeatAfter).ZH + "提醒一次"
		t.EN += "; reminds every " + daysWords(a.RepeatAfter).EN
	}
	return t
}

func indicatorWords(c *city.City, w *city.IndicatorWatch) city.Text {
	name := city.Text{ZH: w.Indicator, EN: w.Indicator}
	if ind, err := c.Indicator(w.Indicator); err == nil {
		name = ind.Title
	}
	show := map[city.Show]city.Text{city.ShowYoY: {ZH: "同比", EN: ", on the year before,"}, city.ShowMoM: {ZH: "环比", EN: ", on the period before,"}}[w.Show]
	limit, zh, en := w.Above, "高于", "above"
	u := city.Text{}
	if ind, err := c.Indicator(w.Indicator); err == nil {
		u = Unit(c.UnitNamed(ind.Unit), w.Show)
	}
	if w.Below != nil {
		limit, zh, en = w.Below, "低于", "below"
	}
	t := city.Text{ZH: fmt.Sprintf("%s%s%s %s", name.ZH, show.ZH, zh, figure(*limit)+u.ZH), EN: fmt.Sprintf("%s%s is %s %s", name.EN, show.EN, en, figure(*limit)+u.EN)}
	if w.Periods > 1 {
		t.ZH, t.EN = t.ZH+fmt.Sprintf("，连续 %d 期", w.Periods), t.EN+fmt.Sprintf(" in %d periods in a row", w.Periods)
	}
	if w.Clear != *limit {
		t.ZH, t.EN = t.ZH+"；回到 "+figure(w.Clear)+u.ZH+" 时解除", t.EN+"; cleared at "+figure(w.Clear)+u.EN
	}
	return t
}

// PercentUnit is the unit of shares: they are compared by their difference.
const PercentUnit = "percent"

// Unit is what stands directly behind a figure that an alert tells: the
// indicator's own unit, or that of its change.
func Unit(own city.Named, show city.Show) city.Text {
	switch {
	case show != city.ShowValue && own.Name == PercentUnit:
		return city.Text{ZH: "个百分点", EN: " points"}
	case show != city.ShowValue || own.Name == PercentUnit:
		return city.Text{ZH: "%", EN: "%"}
	}
	return city.Text{ZH: own.Title.ZH, EN: " " + own.Title.EN}
}

func figure(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func targetWords(w *city.TargetWatch) city.Text {
	var zh, en []string
	switch w.Light {
	case "red":
		zh, en = append(zh, "亮红灯"), append(en, "its light is red")
	case "yellow":
		zh, en = append(zh, "亮黄灯或红灯"), append(en, "its light is yellow or red")
	}
	if p := w.Probability; p != nil {
		z, e := "完成概率低于 "+percent(*p), "it is kept with a probability below "+percent(*p)
		if w.Clear != *p {
			z, e = z+"（回到 "+percent(w.Clear)+" 时解除）", e+" (cleared at "+percent(w.Clear)+")"
		}
		zh, en = append(zh, z), append(en, e)
	}
	return city.Text{ZH: "目标" + strings.Join(zh, "，或"), EN: "a target: " + strings.Join(en, ", or ")}
}

func percent(share float64) string {
	return strconv.FormatFloat(float64(int64(share*10_000+0.5))/100, 'f', -1, 64) + "%"
}

func qualityWords(w *city.QualityWatch) city.Text {
	var zh, en []string
	if w.Quarantined != nil {
		z, e := "最近一批被隔离的行超过 "+percent(*w.Quarantined), "more than "+percent(*w.Quarantined)+" of the newest batch's rows are held back"
		if w.Clear != *w.Quarantined {
			z, e = z+"（降到 "+percent(w.Clear)+" 时解除）", e+" (cleared at "+percent(w.Clear)+")"
		}
		zh, en = append(zh, z), append(en, e)
	}
	if w.Rejected {
		zh, en = append(zh, "批次被退回后未补交"), append(en, "a batch was rejected and has not been sent again")
	}
	if w.OpenOlder.Days > 0 {
		zh, en = append(zh, "隔离行超过 "+daysWords(w.OpenOlder).ZH+"未处理"), append(en, "rows wait in quarantine for more than "+daysWords(w.OpenOlder).EN)
	}
	return city.Text{ZH: strings.Join(zh, "，或"), EN: strings.Join(en, ", or ")}
}

func beyond(d city.Delay) city.Text {
	if d.Days == 0 {
		return city.Text{}
	}
	return city.Text{ZH: "超过 " + daysWords(d).ZH, EN: " for more than " + daysWords(d).EN}
}

func daysWords(d city.Delay) city.Text {
	if d.Working {
		return city.Text{ZH: strconv.Itoa(d.Days) + " 个工作日", EN: strconv.Itoa(d.Days) + " working days"}
	}
	return city.Text{ZH: strconv.Itoa(d.Days) + " 天", EN: strconv.Itoa(d.Days) + " days"}
}
