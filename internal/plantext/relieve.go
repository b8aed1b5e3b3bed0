package plantext

import "strings"

// condition gives the words by which a clause says whom or what a rule is for,
// or what the rule then grants: 吸纳10人以上就业的，给予…; 对增长10%以上的企业.
func (s *sentence) condition(k int, m *mention) string {
	c := s.clauses[k]
	if last := s.text(c.j-1, c.j); last == "的" && m.tail < c.j {
		return last
	}
	if k > 0 && s.text(s.clauses[k-1].j-1, s.clauses[k-1].j) == "的" {
		return s.text(s.clauses[k-1].i, s.clauses[k-1].j)
	}
	if w := startOf(s.text(c.i, c.j), []string{"对", "凡", "凡是"}); w != "" && m.tail < c.j {
		behind := s.text(m.tail, c.j)
		if i := strings.LastIndex(behind, "的"); i >= 0 && suffixOf(behind[i:], []string{"企业", "单位", "个人", "家庭", "人员", "项目", "机构", "农户", "毕业生", "用户"}) {
			return w + behind[i:]
		}
	}
	return ""
}

// graded gives the words by which a number counts what is there already and is
// only pushed on: 支持3个国家级基地, 推动4个千亿级集群提质.
func (s *sentence) graded(m *mention) string {
	c := s.clauses[s.clauseAt(m.i)]
	verb := startOf(s.text(c.i, m.i), []string{"支持", "鼓励", "推动", "推进"})
	if verb == "" || m.tail > m.j {
		return ""
	}
	return verb + startOf(s.text(m.tail, m.tail+4), grades)
}

// reachingWords stand between what is measured and its number.
var reachingWords = []string{"达到", "达", "超", "超过", "突破"}

// grades are ranks that something has been given.
var grades = []string{"国家级", "省级", "市级", "世界级", "万亿级", "千亿级", "百亿级"}

// described gives the words by which a sentence is told to describe a building,
// of which a number of storeys, blocks or rooms is an attribute: 拟建1栋教学楼，
// 总建筑面积4900平方米.
func (s *sentence) described(m *mention) string {
	const most = 10
	if m.tail > m.j || m.num.value > most || !strings.Contains("栋幢层座班", m.unit.name) || m.unit.name == "" {
		return ""
	}
	return firstOf(s.text(0, len(s.r)), []string{"建筑面积", "占地面积", "用地面积", "容积率"})
}

// relieve drops evidence that does not bear on the number: a comparison with
// last year is a result only where results are told, a share is no attribute of
// a project, and a sum that is to be raised, or a loan that is to be granted,
// limits nothing.
func (e *evidence) relieve(s *sentence, k int, m *mention) {
	c := s.clauses[k]
	if e.has("goal_bound") || e.has("commitment") || (s.section.mode == modePlan || s.para.goal) && s.clauses[k].tense != tensePast {
		e.drop("compared")
	}
	if m.unit.dim == dimShare || m.unit.dim == dimPoint {
		e.drop("attribute")
	}
	if m.unit.dim == dimCount && m.tail == m.j {
		e.drop("category") // 60个项目, 12个便民服务点
	}
	lead := s.text(c.i, m.i)
	if m.tail == m.j && suffixOf(lead, []string{"常住人口", "总人口"}) {
		e.add("fact", lead, -0.5)
	}
	if e.has("imperative") && m.unit.dim == dimQuantity && suffixWord(strings.TrimSuffix(lead, suffixWord(lead, reachingWords)), []string{"装机", "装机容量", "总长度", "总长", "处理能力"}) != "" {
		e.drop("attribute") // 新增风电装机40万千瓦: the size is what is promised
	}
	if e.has("reaching") {
		e.drop("share_fact") // 占比超85%
	}
	if suffixOf(lead, toVerbs) && firstOf(lead, []string{"总投资", "占地", "概算", "全长", "设计", "建筑面积"}) == "" {
		e.drop("attribute") // 装机容量达到100万千瓦
	}
	if suffixOf(lead, upVerbs) || firstOf(lead, []string{"发放", "投放", "筹集", "争取", "安排", "新增"}) != "" && firstOf(lead, []string{"每人", "每户", "每月", "最高"}) == "" {
		e.drop("threshold")
	}
}
