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
	if suffixOf(lead, toVerbs) && firstOf(lead, []string{"总投资", "占地", "概算", "全长", "设计", "建筑面积"}) == "" {
		e.drop("attribute") // 装机容量达到100万千瓦
	}
	if suffixOf(lead, upVerbs) || firstOf(lead, []string{"发放", "投放", "筹集", "争取", "安排", "新增"}) != "" && firstOf(lead, []string{"每人", "每户", "每月", "最高"}) == "" {
		e.drop("threshold")
	}
}
