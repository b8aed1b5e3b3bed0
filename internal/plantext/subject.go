package plantext

import "strings"

// maxPhrase bounds an indicator phrase, in characters.
const maxPhrase = 60

// modifies says whether a number stands before what it counts: 22个社区食堂,
// 400家以上定点医疗机构, 60%社区, 18万千瓦节能改造.
func (s *sentence) modifies(m *mention, end int) bool {
	i := m.tail
	if i < end && s.r[i] == '的' {
		i++
	}
	if i >= end || !han(s.r[i]) && s.r[i] != '“' && !latin(s.r[i]) {
		return false
	}
	rest := s.text(i, min(end, i+8))
	if startOf(rest, []string{"和", "与", "及", "以及", "并", "、", "为", "是", "时", "、", "等", "目标", "的目标", "任务", "参加", "实现", "以上", "且", "同比", "增长", "提高", "争取", "，", "后", "进入", "较", "比", "完成", "达到", "接近", "预期", "工作", "上岗", "就业", "受益", "（", "力争", "确保", "入", "开工", "建成", "竣工", "投产", "投用"}) != "" {
		return false
	}
	switch m.unit.dim {
	case dimMoney, dimAge, dimTime, dimPoint, dimTimes, dimNone:
		return false
	}
	return true
}

// phrase says what a number measures. from is the end of the number before it
// in the clause, to the beginning of the next.
func (s *sentence) phrase(m *mention, c clause, from, to int, last string) string {
	pre := s.tidy(from, m.i)
	if s.modifies(m, to) {
		post := s.counted(m.tail, to)
		if post != "" && (m.unit.dim == dimCount || m.unit.dim == dimShare || m.unit.dim == dimQuantity || m.unit.dim == dimPeople) && !endsAsSubject(pre) {
			return s.wholeGrade(post, m.tail, c)
		}
	}
	switch {
	case pre == "" && from > c.i:
		return last // 增长6%、达到500亿元
	case pre == "":
		return s.subjectBefore(c, last)
	case last != "" && verbs(pre):
		return pre + strings.TrimPrefix(last, startOf(last, imperatives))
	case isBare(pre) && last != "":
		return withSubject(last, pre)
	}
	return pre
}

// wholeGrade adds to a grade what it grades, which stands behind the last of a
// list: 20个国家级、19个省级重点县.
func (s *sentence) wholeGrade(post string, i int, c clause) string {
	const longest = 4
	if !strings.HasSuffix(post, "级") || len([]rune(post)) > longest {
		return post
	}
	for j := c.j - 1; j > i+longest; j-- {
		if s.r[j] == '级' {
			return post + s.text(j+1, c.j)
		}
	}
	return post
}

// verbs says that a phrase holds verbs of action alone: 改造提升.
func verbs(phrase string) bool {
	for phrase != "" {
		w := startOf(phrase, imperatives)
		if w == "" || w == "造林" || w == "植树" || w == "种植" || w == "培训" {
			return false
		}
		phrase = strings.TrimPrefix(phrase, w)
	}
	return true
}

// endsAsSubject says that the words before a number name a figure, so that what
// follows the number is not what it counts (参保率95%).
func endsAsSubject(pre string) bool {
	for _, w := range []string{"率", "数", "占比", "比例", "比重", "面积", "总量", "产量", "收入", "总额", "余额", "里程", "能力", "规模", "水平", "强度", "指数", "产值"} {
		if strings.HasSuffix(pre, w) {
			return true
		}
	}
	return false
}

// counted is what a number counts: the words behind it, up to the next item of
// the list or what is done with it.
func (s *sentence) counted(i, to int) string {
	if i < to && s.r[i] == '的' {
		i++
	}
	j := i
	for j < to && j-i < maxPhrase {
		if s.r[j] == '、' || s.r[j] == '，' || s.r[j] == '。' || s.r[j] == '；' || s.r[j] == '和' && j+1 >= to {
			break
		}
		j++
	}
	text := strings.Trim(s.text(i, j), "、和与及以")
	for _, w := range []string{"开展", "开通", "进行", "实现", "达到", "完成", "投入", "竣工", "建成", "和力争", "以及", "并", "投产", "开工"} {
		if k := strings.Index(text, w); k > len("定点") {
			text = text[:k]
		}
	}
	if i := strings.LastIndex(text, "的"); i > 0 && len(text)-i > len("的工程") {
		text = text[i+len("的"):]
	}
	return trimMarks(text)
}

// tidy is the phrase in the characters [i, j): without times and verbs at its
// beginning, without what leads to the number at its end.
func (s *sentence) tidy(i, j int) string {
	if k := baselineAt(s, i, j); k > 0 {
		j = k // 从2.92提高到2.94
	}
	i = skipDue(s, i, j)
	text := s.text(i, j)
	for {
		before := text
		text = strings.TrimRight(text, "、，： —-")
		longest := ""
		for _, w := range trailWords {
			if len(w) > len(longest) && strings.HasSuffix(text, w) {
				longest = w
			}
		}
		text = strings.TrimSuffix(text, longest)
		if text == before {
			break
		}
	}
	if k := strings.LastIndexAny(text, "，：；"); k >= 0 {
		text = strings.TrimLeft(text[k:], "，：；")
	}
	r := []rune(text)
	if len(r) > maxPhrase {
		r = r[len(r)-maxPhrase:]
	}
	return trimMarks(string(r))
}

// skipDue passes over lead words and dates in turn.
func skipDue(s *sentence, i, j int) int {
	for {
		k := skipLead(s.r, i, j)
		if k < j {
			if n := numbering(s.r[k:j]); n > 0 && s.r[k] != '（' {
				for k < j && s.r[k] != '、' && s.r[k] != '.' {
					k++
				}
				k = min(j, k+1)
			}
		}
		if d, ok := s.deadlineAt(min(k, len(s.r)-1), 2000); ok && d.j <= j && k < j {
			k = d.j
		}
		k += actor(s, k, j)
		if k == i {
			return i
		}
		i = k
	}
}

// actor is the length of a body or place at k that is said to do what follows:
// 市文旅局计划, 清溪县将; 0 when there is none.
func actor(s *sentence, k, j int) int {
	for _, ends := range [][]string{bodyEnds, placeEnds} {
		n := ending(s.r, k, j, 3, 12, ends)
		if n > 0 && startOf(s.text(k+n, k+n+2), []string{"计划", "将", "要", "力争", "拟", "预计", "今年", "年内", "确保", "争取"}) != "" {
			return n
		}
		if n > 0 && ends[0] == bodyEnds[0] && startOf(s.text(k+n, k+n+4), append([]string{"新"}, imperatives...)) != "" {
			return n
		}
	}
	return 0
}

func trimMarks(text string) string {
	for range 2 { // 固定资产投资（不含农户）
		i := strings.Index(text, "（")
		j := strings.Index(text, "）")
		if i <= 0 || j < i {
			break
		}
		text = text[:i] + text[j+len("）"):]
	}
	text = strings.Trim(text, "、，。：；‘’（）— -·●")
	for _, pair := range []string{"“”", "《》"} {
		r := []rune(pair)
		if opened, closed := strings.Count(text, string(r[0])), strings.Count(text, string(r[1])); opened != closed {
			text = strings.Trim(text, pair)
		}
	}
	return text
}

// subjectBefore is the subject of a clause that begins with its verb: the
// clause before it when that has no number, or what was last spoken of.
func (s *sentence) subjectBefore(c clause, last string) string {
	k := s.clauseAt(c.i)
	if k > 0 {
		p := s.clauses[k-1]
		if text := s.tidy(p.i, p.j); text != "" && !anyDigit(s.r[p.i:p.j]) && p.j-p.i <= 24 {
			return text
		}
	}
	return last
}

func isBare(phrase string) bool {
	for _, w := range bareMetrics {
		if phrase == w {
			return true
		}
	}
	return false
}

// withSubject joins a bare measure to what it measures: 医保电子凭证激活率 and
// 结算率 to 医保电子凭证结算率.
func withSubject(last, bare string) string {
	l := []rune(last)
	for _, n := range []int{4, 3, 2} {
		if len(l) > n+1 && strings.HasSuffix(bare, "率") && strings.HasSuffix(last, "率") {
			return string(l[:len(l)-min(n-1, 3)]) + bare
		}
	}
	if strings.HasSuffix(last, bare) {
		return last
	}
	return last + bare
}

// shared gives the phrases of numbers that share one list of subjects: A、B、C
// 参保人数分别达x、y、z. nil when they do not.
func (s *sentence) shared(ms []*mention, c clause) []string {
	if len(ms) < 2 || !strings.Contains(s.text(c.i, ms[0].i), "分别") {
		return nil
	}
	for k := 1; k < len(ms); k++ {
		if gap := strings.Trim(s.text(ms[k-1].tail, ms[k].i), "、和与及以左右上下内"); gap != "" {
			return nil
		}
	}
	items := listItems(s.tidy(c.i, ms[0].i))
	if len(items) == 1 && len(ms) == 2 {
		if rest, both := strings.CutPrefix(items[0], "城乡"); both {
			return []string{"城镇" + rest, "农村" + rest}
		}
	}
	if len(items) != len(ms) {
		return nil
	}
	last := items[len(items)-1]
	head := sharedHead(items[:len(items)-1], last)
	for k := range items[:len(items)-1] {
		items[k] += head
	}
	return items
}

// listItems cuts a list at 、和与及.
func listItems(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '、' || r == '和' || r == '与' || r == '及' })
}

// sharedHead is the end of the last item that belongs to all: 参保人数 of 失业保险,
// 工伤保险参保人数.
func sharedHead(items []string, last string) string {
	first := []rune(items[0])
	for n := min(len(first), 6); n > 1; n-- {
		suffix := string(first[len(first)-n:])
		if i := strings.LastIndex(last, suffix); i >= 0 {
			return last[i+len(suffix):]
		}
	}
	l := []rune(last)
	const shortest = 3 // 城镇、农村居民收入: the first item is a word before what both have
	if len(l) > len(first) && len(first) <= shortest {
		return string(l[len(first):])
	}
	return ""
}
