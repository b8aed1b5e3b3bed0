package plantext

import (
	"regexp"
	"strconv"
	"strings"
)

// planYearWords stand behind a year that a plan is for; reviewYearWords behind
// the year before it.
var (
	planYearWords   = []string{"工作安排", "重点工作", "主要任务", "目标任务", "预期目标", "主要目标", "国民经济和社会发展计划草案", "计划（草案", "计划草案", "计划安排", "工作要点", "工作思路", "总体要求", "政府工作报告", "政府工作的", "，我市将", "我们将", "，要", "工作打算", "民生实事", "政府工作", "工作计划", "经济社会发展"}
	reviewYearWords = []string{"工作回顾", "计划执行情况", "执行情况", "工作总结", "工作完成情况", "完成情况", "，全市地区生产总值", "，全县地区生产总值", "，全区地区生产总值", "地区生产总值"}
)

// inferYear guesses the year that a text plans for from the years it names: a
// vote, in which words behind a year tell what it is. 0 when it names none.
func inferYear(text string) int {
	votes := map[int]int{}
	r := closedUp(text)
	for i, seen := 4, 0; i < len(r) && seen < maxYearVotes; i++ {
		if r[i] != '年' {
			continue
		}
		y := yearBefore(r, i)
		if y == 0 || i > 4 && (r[i-5] == '到' || r[i-5] == '至') || suffixOf(string(r[max(0, i-8):i-4]), dueLeads) {
			continue
		}
		seen++
		after := string(r[i+1 : min(len(r), i+21)])
		votes[y+yearVote(after).later] += yearVote(after).weight
	}
	if y, weight := datelineYear(text); y > 0 {
		votes[y] += weight
	}
	best := 0
	for y, n := range votes {
		if n == 0 {
			continue
		}
		if best == 0 || n > votes[best] || n == votes[best] && y > best {
			best = y
		}
	}
	return best
}

// dueLeads stand before the year of a deadline, which need not be the one that
// the text plans for: 计划2026年5月完工.
var dueLeads = []string{"计划", "预计", "力争", "争取", "将于", "拟于", "计划于", "有望于"}

// dateline is the day on which a page was published, as pages write it.
var dateline = regexp.MustCompile(`(20\d\d)(?:-(\d{1,2})-\d{1,2}|/(\d{1,2})/\d{1,2})|\b\d{1,2}\.(\d{1,2})\.(20\d\d)\b`)

// datelineYear is the year of the day on which a text says that it was published,
// and its weight in the vote: at the end of a year plans for the next one appear.
// 0 when it says none.
func datelineYear(text string) (year, weight int) {
	const head, usual, late = 3000, 6, 2
	m := dateline.FindStringSubmatch(cutAt(text, head))
	if m == nil {
		return 0, 0
	}
	year, _ = strconv.Atoi(m[1] + m[5])
	if month, _ := strconv.Atoi(m[2] + m[3] + m[4]); month > 10 {
		return year, late
	}
	return year, usual
}

// closedUp are the characters of a text without the white space that word
// processors set between digits and Chinese characters (2025 年).
func closedUp(text string) []rune {
	out := make([]rune, 0, len(text)/3)
	for _, r := range text {
		if r == '\n' || !blank(r) {
			out = append(out, r)
		}
	}
	return out
}

// vote is what the words behind a year tell of the plan's year.
type vote struct{ later, weight int }

func yearVote(after string) vote {
	switch {
	case firstOf(cutAt(after, 45), planYearWords) != "" && !strings.HasPrefix(after, "底"):
		return vote{0, 6}
	case firstOf(cutAt(after, 60), reviewYearWords) != "":
		return vote{1, 4}
	case strings.HasPrefix(after, "以来"):
		return vote{0, 1}
	case willBe(after):
		return vote{0, 4}
	case strings.HasPrefix(after, "的") && anyDigit([]rune(cutAt(after, 12))), firstOf(cutAt(after, 45), []string{"我市完成", "全市完成", "累计", "实现了", "同比", "达到了"}) != "":
		return vote{1, 1} // 2024年的79.6岁: a figure of a year that is over
	case strings.HasPrefix(after, "底") || strings.HasPrefix(after, "末") || strings.HasPrefix(after, "前"):
		return vote{}
	}
	return vote{0, 1}
}

// willBe says that a city is to do something in the year that stands before a
// text: 2024年，清溪县将新增学位; 2024年还将.
func willBe(after string) bool {
	const near = 16
	r := []rune(after)
	for i := 1; i < min(len(r), near); i++ {
		if r[i] == '。' || r[i] == '；' {
			return false
		}
		if r[i] == '将' && !strings.ContainsRune("军领士", append(r, '。')[i+1]) {
			return true
		}
	}
	return false
}

// planYears tells a plan of several years by its title (第十五个五年规划, 三年行动计划
// （2024—2026年）), and its first and last year; 0 of others.
func planYears(text string) (first, last int) {
	head := string(closedUp(cutAt(text, 1200)))
	best, year := len(head), 0
	for _, p := range outlines {
		if i := strings.Index(head, p.words); i >= 0 && i < best && !quotedPaper(head, i) {
			best, year = i, p.end // a title names its own plan first
		}
	}
	if year > 0 {
		return year - 4, year
	}
	if m := spanOfTitle.FindStringSubmatch(cutAt(head, 400)); m != nil {
		first, _ = strconv.Atoi(m[1])
		last, _ = strconv.Atoi(m[2])
		if last > first && last-first < 20 {
			return first, last
		}
	}
	return 0, 0
}

// quotedPaper says that byte i of a text stands within the title of a paper that a
// sentence speaks of (根据《…五年规划的建议》), which is not what the text is.
func quotedPaper(text string, i int) bool {
	line := text[strings.LastIndexByte(text[:i], '\n')+1 : i]
	opened := strings.LastIndex(line, "《")
	return opened > 0 && !strings.Contains(line[opened:], "》")
}

// spanOfTitle is the span of years behind the title of a plan.
var spanOfTitle = regexp.MustCompile(`(?:规划|计划|方案|纲要|行动|意见)[（(](20\d\d)年?[—–~～至-]{1,2}(20\d\d)年?[）)]`)

// outlines are the titles of five-year plans.
var outlines = []struct {
	words string
	end   int
}{{"第十四个五年", 2025}, {"第十五个五年", 2030}, {"第十六个五年", 2035}, {"“十四五”规划纲要", 2025}, {"“十五五”规划纲要", 2030}}

// maxYearVotes bounds how many years are looked at.
const maxYearVotes = 20_000

// cutAt is the first bytes of a text, at most n.
func cutAt(s string, n int) string { return s[:min(n, len(s))] }
