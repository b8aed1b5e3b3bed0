package metric

import (
	"fmt"

	"github.com/jinyang-city/jinyang/internal/city"
)

// Status says how far a value may be trusted.
type Status = city.Status

// The statuses that a completeness rule can give.
const (
	StatusValid       = city.StatusValid
	StatusProvisional = city.StatusProvisional
	StatusNotValid    = city.StatusNotValid
)

// Verdict is what a completeness rule says about a value.
type Verdict struct {
	Status Status
	// Reason is one sentence, empty for a valid value. In English it begins with
	// the status in words, as in "not valid: 25 valid days in 2018-12, …".
	Reason city.Text
}

// The parameters of a completeness rule, in days. An absent one asks nothing.
const (
	paramYear     = "min_year"
	paramMonth    = "min_month"
	paramFebruary = "min_february"
)

// Judge applies a completeness rule to the value of a window, given the valid
// days of each calendar month by its first day (see CompileDays) and the last
// day up to which the data are complete.
//
// The edition of the rule is the one in force on the last day of the window.
// Each month of the window needs min_month days (min_february in February), a
// window that is a whole calendar year also min_year days. A month that is not
// complete yet is not held against the value; a complete one that fails cannot
// be mended by later data, so the value is not valid from then on.
func Judge(rule *city.Rule, window city.Span, days map[city.Date]int, completeTo city.Date) Verdict {
	version, ok := rule.At(window.To)
	if !ok {
		return Verdict{Status: StatusValid}
	}
	j := judgement{version: version, days: days}
	for _, m := range window.Periods(city.GrainMonth) {
		j.month(m, completeTo)
	}
	complete := !completeTo.Before(window.To)
	if complete && isYear(window) {
		j.year(window.From.Year)
	}
	switch {
	case len(j.fails.zh) > 0:
		return Verdict{StatusNotValid, j.reason()}
	case !complete:
		return Verdict{StatusProvisional, provisional(window, completeTo, j.total)}
	}
	return Verdict{Status: StatusValid}
}

func isYear(s city.Span) bool {
	return s.From == city.GrainYear.Start(s.To) && city.GrainYear.Next(s.From).AddDays(-1) == s.To
}

// judgement collects what speaks against a value.
type judgement struct {
	version city.RuleVersion
	days    map[city.Date]int
	total   int
	months  int // months that fail
	fails   struct{ zh, en []string }
}

func (j *judgement) month(start, completeTo city.Date) {
	got := j.days[start]
	j.total += got
	name := paramMonth
	if start.Month == 2 {
		name = paramFebruary
	}
	need := int(j.version.Params[name])
	if start.MonthEnd().After(completeTo) || got >= need {
		return
	}
	if j.months++; j.months == 1 {
		j.fail(got, need, city.GrainMonth.Label(start))
	}
}

func (j *judgement) year(year int) {
	if need := int(j.version.Params[paramYear]); j.total < need {
		j.fail(j.total, need, fmt.Sprintf("%04d", year))
	}
}

func (j *judgement) fail(got, need int, label string) {
	j.fails.zh = append(j.fails.zh, fmt.Sprintf("%s有效天数为%d天，至少需要%d天", label, got, need))
	j.fails.en = append(j.fails.en, fmt.Sprintf("%d valid days in %s, at least %d are needed", got, label, need))
}

// reason names the first month that fails and how many more do, then the year,
// then the source of the rule.
func (j *judgement) reason() city.Text {
	zh, en := "无效：", "not valid: "
	for i := range j.fails.zh {
		if i > 0 {
			zh, en = zh+"；", en+"; "
		}
		zh, en = zh+j.fails.zh[i], en+j.fails.en[i]
		if i == 0 && j.months > 1 {
			zh += fmt.Sprintf("，另有%d个月不足", j.months-1)
			en += fmt.Sprintf(" (%s)", more(j.months-1))
		}
	}
	if s := j.version.Source; s.In("en") != "" {
		zh, en = zh+"（"+s.In("zh")+"）", en+" ("+s.In("en")+")"
	}
	return city.Text{ZH: zh, EN: en}
}

func more(months int) string {
	if months == 1 {
		return "1 more month falls short"
	}
	return fmt.Sprintf("%d more months fall short", months)
}

func provisional(window city.Span, completeTo city.Date, total int) city.Text {
	if completeTo.IsZero() {
		return city.Text{
			ZH: fmt.Sprintf("暂定：期末为%s，目前有%d个有效天数", window.To, total),
			EN: fmt.Sprintf("provisional: the period ends on %s, %d valid days so far", window.To, total),
		}
	}
	return city.Text{
		ZH: fmt.Sprintf("暂定：数据完整至%s，期末为%s，目前有%d个有效天数", completeTo, window.To, total),
		EN: fmt.Sprintf("provisional: complete to %s, the period ends on %s, %d valid days so far", completeTo, window.To, total),
	}
}
