package plantext

import (
	"slices"
	"strings"
)

// inName gives the words by which a number is told to be part of a name, or "".
func (s *sentence) inName(m *mention) string {
	after := s.text(m.tail, m.tail+8)
	next := []rune(after + "。")[0]
	bound := m.tail > m.j
	if !bound && next == '级' && m.unit.name != "" || s.errand(m) {
		return m.text // 30万吨级码头
	}
	if w := s.ofPaper(m, after); w != "" {
		return w
	}
	if c := s.clauses[s.clauseAt(m.i)]; strings.HasPrefix(after, "的") && strings.Contains(after, "目标") {
		if w := startOf(s.text(c.i, m.i), []string{"确定", "提出", "设定", "围绕", "锚定"}); w != "" {
			return w + m.text // 确定5%左右的增长目标: why, and not that, it is promised
		}
	}
	if c := s.clauses[s.clauseAt(m.i)]; bound && strings.HasPrefix(after, "的") && anyDigit(s.r[m.tail:c.j]) {
		return after[:len("的")] // 年收入20万元以上的村占比达到60%
	}
	if w := startOf(after, []string{"的项目", "的企业", "的单位", "的家庭", "的个人", "的村", "的乡镇", "的小区", "的部门", "的人员"}); w != "" {
		return m.text + w // 不低于300万元的项目
	}
	switch m.unit.dim {
	case dimMoney:
		return s.nameOfSum(m, after)
	case dimAge:
		if bound && han(next) {
			return s.text(m.j, m.tail+2)
		}
	case dimTime:
		if strings.Contains(after, "覆盖") || !bound && m.num.value == 24 && m.unit.name == "小时" {
			return m.text // 课间15分钟全覆盖, 24小时开放
		}
		return circle(m, after)
	case dimCount, dimPeople, dimQuantity:
		return s.nameOfSize(m, after)
	}
	return ""
}

// ofPaper gives the words by which a number counts what a paper or a vote holds,
// and not what is promised: 提出6项指标, 约束性指标9项, 从12个候选项目中.
func (s *sentence) ofPaper(m *mention, after string) string {
	before := s.text(m.i-8, m.i)
	switch {
	case m.unit.dim != dimCount:
		return ""
	case startOf(after, papers) != "" || suffixWord(before, papers[:votes]) != "":
		return startOf(after, papers) + suffixWord(before, papers[:votes])
	case s.listing(m, after):
		return m.text
	case firstOf(after+s.text(m.tail+8, m.tail+16), []string{"如下", "分别是", "包括："}) != "":
		return "如下"
	case strings.HasSuffix(before, "从") && strings.Contains(s.text(m.tail, s.clauses[s.clauseAt(m.i)].j), "中"):
		return "从" + m.text
	}
	return ""
}

// papers are what papers hold and votes gather; the first votes of them are never
// aimed at, and so tell before a number too (约束性指标9项; not 岗位信息20万条).
var papers = []string{"指标", "意见", "建议", "提案", "议案", "子项", "信息", "专项行动方案", "专项方案", "议程"}

const votes = 5

// listing says that a number counts a list of projects of which something is
// said (20项工程涉及…, 10件实事票决产生, 15项实事推进情况), or of which one is meant
// (…之一).
func (s *sentence) listing(m *mention, after string) bool {
	rest := s.text(m.tail, s.clauses[s.clauseAt(m.i)].j)
	return strings.HasSuffix(rest, "之一") || suffixWord(rest, reviewHeadings) != "" || firstOf(after, []string{"工程", "实事", "项目"}) != "" && firstOf(rest, []string{"涉及", "涵盖", "票决产生", "正式确定", "出炉", "揭晓"}) != ""
}

// circle is the name of an area that a distance or a time names: 15分钟生活圈.
func circle(m *mention, after string) string {
	if i := strings.Index(after, "圈"); i >= 0 && m.tail == m.j {
		return m.text + after[:i+len("圈")]
	}
	return ""
}

// Words that a sum before them names, with a bound (亿元以上项目) and without one
// (超10亿元县); and those that go on after a bare power of ten (突破千亿元大关).
var (
	boundSums = []string{"项目", "企业", "产业", "工业", "重大", "的项目", "的企业", "的重大", "大项目", "产业项目", "工业项目", "龙头", "商品", "固定资产投资项目", "村", "集群", "的产业", "制造业", "重点", "优质", "的工业", "元"}
	namedSums = []string{"县", "村", "镇", "项目", "企业", "园区", "强县", "强镇"}
	afterSums = []string{"台阶", "大关", "关口", "目标", "的目标", "规模", "以", "和", "、", "左右", "门槛", "投资", "城市"}
)

func (s *sentence) nameOfSum(m *mention, after string) string {
	next := []rune(after + "。")[0]
	switch {
	case m.tail > m.j && !m.num.bare:
		return startOf(after, boundSums)
	case startOf(after, namedSums) != "":
		return m.text + startOf(after, namedSums)
	case m.tail > m.j:
		return startOf(after, boundSums)
	case m.num.bare && (han(next) || latin(next)) && startOf(after, afterSums) == "":
		return m.text
	case next == '的' && firstOf(s.text(m.i-4, m.i), []string{"投资", "价值", "产值"}) != "":
		return m.text // 投资2.3亿元的污水处理厂
	}
	return ""
}

func (s *sentence) nameOfSize(m *mention, after string) string {
	if m.unit.dim == dimQuantity {
		if w := circle(m, after); w != "" {
			return w // 3公里充电服务圈
		}
	}
	if w := s.capacity(m); w != "" {
		return w
	}
	if strings.HasPrefix(m.unit.name, "千伏") || strings.HasPrefix(m.unit.name, "蒸吨") {
		if han([]rune(after + "。")[0]) {
			return m.text
		}
	}
	if m.tail > m.j {
		return startOf(after, []string{"的企业", "燃煤锅炉", "的锅炉", "以上锅炉", "及以上锅炉", "的单位", "及以上的"})
	}
	return ""
}

// errand says that a number announces what is listed behind it, and counts
// nothing that could be measured: 抓好四件事, 做好五项工作.
func (s *sentence) errand(m *mention) bool {
	const most = 20
	if m.tail > m.j || m.num.value > most || m.unit.dim != dimCount {
		return false
	}
	w := startOf(s.text(m.tail, m.tail+6), []string{"事", "工作", "方面", "重点工作", "重点任务", "主要任务", "方面工作", "举措", "措施", "大事", "实事", "关键", "关键词", "主题", "维度", "环节", "问题", "重点", "突出问题", "转变", "强化"})
	if w == "" {
		return false
	}
	end := m.tail + len([]rune(w))
	return end >= len(s.r) || slices.Contains([]rune("：，。；"), s.r[end])
}

// capacity gives the words of a project that a size names, when it is the
// project that is promised: 30万千瓦风电项目上半年并网.
func (s *sentence) capacity(m *mention) string {
	if m.unit.dim != dimQuantity || m.tail > m.j {
		return ""
	}
	c := s.clauses[s.clauseAt(m.i)]
	behind := s.text(m.tail, c.j)
	work := firstOf(behind, []string{"项目", "电站", "工程", "生产线", "机组", "码头", "公路", "基地", "管线", "泊位"})
	if work == "" || deedIn(behind, firmDeeds) == "" || realWord(s.text(c.i, m.i), imperatives) != "" {
		return ""
	}
	return m.text + work
}
