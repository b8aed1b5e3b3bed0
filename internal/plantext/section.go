package plantext

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// mode says what a section of a text is about.
type mode string

const (
	modeNone   mode = ""
	modeReview mode = "review"
	modePlan   mode = "plan"
)

// tense is the time that a clause speaks of.
type tense int

const (
	tenseNone tense = iota
	tensePast
	tenseNext
)

// section is a heading with what it says of the text below it.
type section struct {
	title string
	mode  mode
	level int
	at    int   // of the heading
	soft  bool  // the mode is that of a paragraph, and ends with the next heading
	tense tense // as the last paragraph left it
	// The last year that the heading plans for, 0 for the running one, whether it
	// names the running one too, and the level of the heading that told it.
	horizon int
	mixed   bool
	setBy   int
}

// Words in headings, and at the beginning of paragraphs, by which a section is
// told to be a review or a plan.
var (
	reviewHeadings = []string{"回顾", "过去一年", "过去五年", "工作总结", "执行情况", "主要成就", "取得的成绩", "完成情况", "推进情况", "进展情况", "落实情况", "办理情况", "实施情况", "工作情况", "发展成就", "五年来", "一年来", "存在的问题", "存在问题", "困难和问题", "主要工作成效", "基本情况", "名词解释", "名词注释", "指标解释", "用语说明"}
	planHeadings   = []string{"工作安排", "主要任务", "目标任务", "重点任务", "重点工作", "工作思路", "预期目标", "主要目标", "下一步", "总体要求", "工作打算", "工作建议", "发展目标", "今后五年", "工作重点", "工作计划", "安排意见", "奋斗目标", "政府工作的", "实事", "工作举措", "主要措施", "发展的主要", "工作部署", "指标安排", "怎么干", "这样干", "计划安排", "预算草案", "预算安排", "攻坚目标", "工作目标", "总体目标", "若干措施", "行动方案", "实施方案", "行动计划", "工作方案", "攻坚方案", "若干政策", "责任清单", "任务分解"}
	reviewOpenings = []string{"过去一年", "过去的一年", "过去五年", "过去的五年", "一年来", "五年来", "回顾过去", "刚刚过去", "去年以来"}
	planOpenings   = []string{"今年工作的总体要求", "今年经济社会发展", "今年全市经济", "今年的主要", "今年要", "今年，我们", "新的一年", "今后五年", "做好今年", "今年重点", "今年政府工作", "今年全市", "今年全县", "今年全区", "我们要重点", "今年，要", "下一步", "为实现上述目标", "为完成上述目标", "为实现以上目标", "围绕上述目标"}
)

// lookingAhead are the words by which a heading with a bare year is one of plans
// (展望2026), and not of that year's results (2023 成就).
var lookingAhead = []string{"展望", "工作", "任务", "安排", "目标", "计划", "看点", "将", "要", "新", "这么干", "怎么干", "这样干"}

// headingMode tells what a heading announces. A heading of both (2023年执行情况与
// 2024年计划) announces neither.
func headingMode(title string, year int) mode {
	review, plan := firstOf(title, reviewHeadings) != "", firstOf(title, planHeadings) != ""
	years := yearsIn(title)
	if bare := bareYear(title); len(years) == 0 && bare > 0 {
		years = []int{bare}
		plan = plan || bare == year && firstOf(title, lookingAhead) != ""
	}
	for _, y := range years {
		switch {
		case year == 0:
		case y == year && !review && firstOf(title, []string{"工作", "任务", "安排", "目标"}) != "" && firstOf(title, []string{"召开", "会议", "举行"}) == "":
			plan = true
		case y < year && y > year-6 && !plan:
			review = true
		}
	}
	switch {
	case review && !plan, suffixWord(title, reviewHeadings) != "":
		return modeReview // 20项实事一季度推进情况
	case plan && !review:
		return modePlan
	}
	return modeNone
}

// bareYear is a year that a heading ends or begins with (展望2026), or 0.
func bareYear(title string) int {
	for _, digits := range []string{title[:min(4, len(title))], title[max(0, len(title)-4):]} {
		if dateline.MatchString(title) {
			return 0 // 2024-06-11 来源
		}
		if y, err := strconv.Atoi(digits); err == nil && y >= 1990 && y <= 2100 {
			return y
		}
	}
	return 0
}

// next is the section that a heading begins, given the one before. A heading
// without a word of its own belongs to the section above it; one of the first
// level, or without a number in a text of several articles, begins anew.
func (s *section) next(b *block, year int) *section {
	title := string(b.r)
	n := &section{title: title, mode: headingMode(title, year), level: b.level, at: b.at[0]}
	if n.mode == modeNone {
		n.mode = openingMode(b.r, year)
	}
	n.horizon, n.mixed = horizonOf(title, year)
	n.setBy = b.level
	if s == nil {
		return n
	}
	n.inherit(s, b.level)
	if n.mode != modeNone {
		return n
	}
	numbered := b.level > 1 || s.level > 0 && b.level == 0
	if numbered && !s.soft || s.mode == modePlan {
		n.mode = s.mode
	}
	if b.level == 0 {
		n.level = s.level
	}
	return n
}

// openingMode is what the first words of a paragraph announce for what follows,
// or none.
func openingMode(r []rune, year int) mode {
	head := string(r[:min(len(r), 30)])
	switch {
	case firstOf(head, reviewOpenings) != "":
		return modeReview
	case firstOf(head, planOpenings) != "":
		return modePlan
	}
	if head = strings.TrimLeft(string(r[numberEnd(r):min(len(r), 30)]), "、. "); startOf(head, []string{"问：", "记者：", "主持人："}) != "" {
		return questionMode(head)
	}
	if year > 0 && (strings.HasPrefix(head, strconv.Itoa(year)+"年") || strings.HasPrefix(head, "今年")) && firstOf(string(r[:min(len(r), 80)]), []string{"预期目标", "总体要求", "主要目标", "重点抓好", "重点做好"}) != "" {
		return modePlan
	}
	return modeNone
}

// Words of a paragraph behind which a list of projects is to be read as promised:
// what is listed, who resolved it and how; and those that tell of an old list.
var (
	listNames   = []string{"实事", "民生项目", "惠民工程", "民心工程", "实事项目"}
	listResolve = []string{"审议通过", "票决", "票选", "表决确定", "研究决定", "为民办", "办好", "办理", "印发", "公布如下", "如下", "分别是", "重点办", "将办", "继续办", "今年要"}
	listOver    = []string{"已完成", "全部完成", "完成了", "办结", "落实了", "去年", "回顾", "之一", "征集", "圆满", "如期", "办成"}
)

// opening is what a paragraph announces for what follows: by its first words, or
// as the announcement of a list where no heading tells.
func opening(r []rune, year int, before mode) mode {
	const longest = 300
	m := openingMode(r, year)
	if m == modeNone && before == modeNone && announcesList(string(r[:min(len(r), longest)])) {
		return modePlan
	}
	return m
}

// announcesList says that a paragraph announces a list of projects.
func announcesList(text string) bool {
	return firstOf(text, listNames) != "" && firstOf(text, listResolve) != "" && firstOf(text, listOver) == ""
}

// urges says that a paragraph tells what to do: most of its clauses begin with a
// verb of action.
func urges(b *block) bool {
	const fewest = 3
	all, verbs := 0, 0
	for _, f := range sentences(b.flow) {
		for _, c := range splitClauses(f.r) {
			all++
			if text := string(f.r[c.i:c.j]); startOf(text, imperatives) != "" || startOf(text, urgingWords) != "" {
				verbs++
			}
		}
	}
	return verbs >= fewest && verbs*2 >= all
}

// aims says that a section is about aims alone: 二、工作目标.
func (sec *section) aims() bool {
	const longest = 10
	return sec.mode == modePlan && len([]rune(sec.title)) <= longest && suffixOf(strings.TrimRight(sec.title, "：:"), []string{"目标"})
}

// questionMode is what the answer to a question of an interview will be about.
func questionMode(question string) mode {
	if firstOf(question, []string{"成绩", "答卷", "成效", "回顾", "去年", "过去"}) != "" {
		return modeReview
	}
	return modePlan
}

// yearsIn lists the years that a text names as 2024年 or 二〇二四年.
func yearsIn(text string) []int {
	var out []int
	r := []rune(text)
	for i := 4; i < len(r); i++ {
		if r[i] == '年' {
			if y := yearBefore(r, i); y > 0 {
				out = append(out, y)
			}
		}
	}
	return out
}

// yearBefore is the year whose four digits end before index i, or 0.
func yearBefore(r []rune, i int) int {
	if i < 4 || i > 4 && isDigit(r[i-5]) {
		return 0
	}
	y := 0
	for _, c := range r[i-4 : i] {
		d, chinese := digitOf[c]
		switch {
		case isDigit(c):
			d = int(c - '0')
		case c >= '０' && c <= '９':
			d = int(c - '０')
		case !chinese:
			return 0
		}
		y = y*10 + d
	}
	if y < 1990 || y > 2100 {
		return 0
	}
	return y
}

// boundWords are of what is to come, also behind a clause of what was.
var boundWords = []string{"拟安排", "拟建", "拟实施", "计划安排", "计划投资", "确保", "力争", "不低于", "不少于", "不超过", "不高于", "争取", "努力"}

// tenses gives every clause its time: by its own words, or as the one before.
func (s *sentence) tenses(year int, due []deadline) {
	t := s.para.tense
	for k := range s.clauses {
		c := &s.clauses[k]
		if c.tense = t; firstOf("，"+s.text(c.i, c.j), newsWords) != "" && clauseTense(s.text(c.i, c.j), year, s.para.goal) == tenseNone {
			c.tense = tensePast // an event: what stands behind it has its own time
			continue
		}
		if own := clauseTense(s.text(c.i, c.j), year, s.para.goal); own != tenseNone {
			looking := t == tensePast // back already, and not only in passing
			t = own
			c.tense = own
			s.para.present = own == tensePast && firstOf(s.text(c.i, c.j), presentWords) != ""
			if s.section.mode == modePlan && own == tensePast && k > 1 && !looking {
				t = s.para.tense // a plan looks back in passing
			}
			continue
		}
		back := t == tensePast || t == tenseNone && s.para.after == tensePast && s.section.mode == modeNone
		if back && slices.ContainsFunc(due, func(d deadline) bool {
			return d.exact && d.i >= c.i && d.j <= c.j && !slices.Contains(quarters, d.text)
		}) {
			t = tenseNone // 目前主体完工。计划5月通车
		}
		if c.tense = t; t == tensePast && firstOf(s.text(c.i, c.j), boundWords) != "" {
			c.tense = tenseNone
		}
	}
	s.progress()
	if s.section.mode != modePlan || t != tensePast || strings.HasSuffix(s.text(0, len(s.r)), "；") {
		s.para.tense = t
	}
}

// progress marks a clause that tells how much of a plan is done, and with it the
// one before that tells of what: 新增就业2.8万人，完成全年任务的31%.
func (s *sentence) progress() {
	for k := range s.clauses {
		if firstOf(s.text(s.clauses[k].i, s.clauses[k].j), progressWords) == "" {
			continue
		}
		s.clauses[k].tense = tensePast
		if k > 0 && s.clauses[k-1].tense != tenseNext {
			s.clauses[k-1].tense = tensePast
		}
	}
}

// quarters are parts of a year that, standing alone, begin a report of results.
var quarters = []string{"一季度", "今年一季度", "上半年", "今年上半年", "前三季度", "今年前三季度", "二季度", "三季度"}

// clauseTense is the time that the words of a clause tell, the last one
// counting. What is a baseline (在…基础上) tells nothing.
func clauseTense(text string, year int, goal bool) tense {
	if strings.HasSuffix(text, "基础上") {
		return tenseNone
	}
	if slices.Contains(quarters, text) {
		return tensePast // 一季度，…: a result; what is promised is said as 二季度力争
	}
	for _, w := range carriedOver {
		text = strings.ReplaceAll(text, w, "")
	}
	_, past := lastOf(text, pastWords)
	_, present := lastOf(standing.ReplaceAllString(text, "$1"), presentWords)
	past = max(past, present)
	_, next := lastOf(text, nextWords)
	if strings.Contains(text, "今年以来") {
		next = 0
	}
	for _, y := range yearsIn(text) {
		if firstOf(text, startingAt(y)) != "" {
			continue // 由2025年的58.3%提高到: where something starts from
		}
		switch {
		case year > 0 && y < year:
			past = max(past, 1)
		case year > 0:
			next = max(next, 1)
		}
	}
	switch {
	case next > past:
		return tenseNext
	case past > 0, !goal && firstOf(text, []string{"同比", "环比"}) != "" && firstOf(text, goalBounds) == "":
		return tensePast
	}
	return tenseNone
}

// standing is how a plan calls what is there: 拆除5个现有收费站.
var standing = regexp.MustCompile(`(\d[个座家处条所])现有`)

// goalBounds are of a figure that is to be reached, though it is compared.
var goalBounds = []string{"以上", "以内", "以下", "左右", "不低于", "不少于", "不超过", "确保", "力争", "目标", "预期", "改善", "力求"}

// startingAt are the words by which a year is told to be where a change starts.
func startingAt(year int) []string {
	out := []string{}
	for _, lead := range []string{"由", "从", "比", "较", "在"} {
		out = append(out, lead+strconv.Itoa(year)+"年")
	}
	return out
}
