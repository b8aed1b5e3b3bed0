package plan

import (
	"fmt"
	"math"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// outlookWords adds where the value is going and how likely the promise is.
func (e *evaluation) outlookWords(t city.Text, r Result, w wording) city.Text {
	if r.Forecast == nil || r.Forecast.Method == "" || r.State == StateMet || r.Probability == nil {
		return t
	}
	f := r.Forecast
	value, low, high := w.figure(f.Value), w.bare(f.Low), w.bare(f.High)
	chance := Chance(*r.Probability)
	share := int(math.Round(100 * f.Level))
	return city.Text{
		ZH: t.ZH + fmt.Sprintf("预计到%s为%s（%d%%的可能在%s至%s之间），兑现承诺的概率为%s。", f.At, value.ZH, share, low, high, chance.ZH),
		EN: t.EN + fmt.Sprintf(" Forecast for %s: %s (%d%% between %s and %s); the promise is kept with a probability of %s.", f.At, value.EN, share, low, high, chance.EN),
	}
}

// Chance writes a probability as people read it. One that is not certain is
// never shown as certain.
func Chance(p float64) city.Text {
	switch percent := math.Round(100 * p); {
	case p < 1 && percent >= 100:
		return city.Text{ZH: "99%以上", EN: "above 99%"}
	case p > 0 && percent <= 0:
		return city.Text{ZH: "不到1%", EN: "below 1%"}
	default:
		s := fmt.Sprintf("%.0f%%", percent)
		return city.Text{ZH: s, EN: s}
	}
}

// named is how many members of a list a sentence names.
const named = 5

// lacking names the members of a list that are not covered yet.
func (e *evaluation) lacking(t city.Text, r Result) city.Text {
	n := len(e.Missing)
	if n == 0 || r.State == StateMet {
		return t
	}
	var zh, en []string
	for _, m := range e.Missing[:min(n, named)] {
		zh, en = append(zh, m.In("zh")), append(en, m.In("en"))
	}
	t.ZH += "尚未达到：" + strings.Join(zh, "、")
	t.EN += " Not there yet: " + strings.Join(en, ", ")
	if n > named {
		t.ZH += fmt.Sprintf("等%d个", n)
		t.EN += fmt.Sprintf(" and %d more", n-named)
	}
	t.ZH += "。"
	t.EN += "."
	return t
}
