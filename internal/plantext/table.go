package plantext

import "strings"

// tableHead says which column of a table holds what; -1 where there is none.
type tableHead struct {
	name, unit, value int
	other             int // where the value stands when its own cell is empty: 年均
	columns           int
}

// Words in the heads of columns.
var (
	nameHeads  = []string{"指标", "项目", "名称", "任务", "内容"}
	unitHeads  = []string{"单位"}
	valueHeads = []string{"目标", "计划", "预期", "安排"}
	pastHeads  = []string{"完成", "实际", "上年", "执行", "实绩"}
)

// cell is the part [i, j) of a row.
type cell struct{ i, j int }

func cells(r []rune) []cell {
	var out []cell
	from := 0
	for i := 0; i <= len(r); i++ {
		if i < len(r) && !strings.ContainsRune("\t|｜│", r[i]) {
			continue
		}
		a, b := from, i
		for a < b && blank(r[a]) {
			a++
		}
		for b > a && blank(r[b-1]) {
			b--
		}
		out = append(out, cell{a, b})
		from = i + 1
	}
	if len(out) > 0 && out[0].i == out[0].j { // | a | b |
		out = out[1:]
	}
	return out
}

// tableRow reads a row: the head, or a line of a table of aims.
func (rd *reader) tableRow(head *tableHead, b *block, sec *section) *tableHead {
	cs := cells(b.r)
	text := func(n int) string {
		if n < 0 || n >= len(cs) {
			return ""
		}
		return string(b.r[cs[n].i:cs[n].j])
	}
	if h := rd.headOf(cs, text); h != nil {
		return h
	}
	if head != nil && valueEnd(text(head.value)) == 0 && valueEnd(text(head.other)) > 0 {
		h := *head
		h.value, h.other = head.other, -1
		rd.aim(b, sec, cs, &h, text)
		return head
	}
	if head == nil || text(head.value) == "" {
		if head == nil {
			rd.looseRow(b, sec, cs)
		}
		return head
	}
	rd.aim(b, sec, cs, head, text)
	return head
}

// headOf reads a row as the head of a table; nil when it is none.
func (rd *reader) headOf(cs []cell, text func(int) string) *tableHead {
	h := &tableHead{name: -1, unit: -1, value: -1, other: -1, columns: len(cs)}
	latest := rd.year - 1
	for n := range cs {
		t := text(n)
		past := firstOf(t, pastHeads) != ""
		for _, y := range yearsIn(t) {
			past = past || rd.year > 0 && y < rd.year
			if rd.year > 0 && y > latest && len([]rune(t)) <= len("2030年") && h.name >= 0 {
				h.value, latest = n, y // a column headed by its year alone
			}
		}
		switch {
		case firstOf(t, unitHeads) != "" && h.unit < 0 && len([]rune(t)) <= 6 && !strings.Contains(t, "责任"):
			h.unit = n
		case firstOf(t, valueHeads) != "" && !past && h.value < 0 && !strings.HasSuffix(t, "名称") && t != "目标任务名称":
			h.value = n
		case firstOf(t, nameHeads) != "" && h.name < 0:
			h.name = n
		case firstOf(t, []string{"年均", "累计", "五年"}) != "" && h.other < 0:
			h.other = n
		}
	}
	if h.name < 0 || h.value < 0 || len(cs) < 2 {
		return nil
	}
	return h
}

// aim reads the aim of a row, as the sentence "name value unit".
func (rd *reader) aim(b *block, sec *section, cs []cell, head *tableHead, text func(int) string) {
	r := head.sentence(b, cs, text)
	plan := &section{title: sec.title, mode: modePlan, level: sec.level, at: sec.at}
	start, end := b.at[cs[0].i], b.at[len(b.at)-1]+1
	for i := range r.at {
		r.at[i] = start // cells are read in another order than they stand in
	}
	before, refused := len(rd.out.Targets), len(rd.out.Rejected)
	rd.row(r, plan)
	for i := refused; i < len(rd.out.Rejected); i++ {
		x := &rd.out.Rejected[i]
		x.Span, x.Quote = rd.span(start, end), string(rd.text[start:end])
	}
	for i := before; i < len(rd.out.Targets); i++ { // a quote is one piece of the text
		t := &rd.out.Targets[i]
		t.Span = rd.span(start, end)
		t.Quote = string(rd.text[start:end])
	}
}

// sentence puts the cells of a row into the order in which one would say them,
// with the unit of the unit's column or of the brackets behind the name.
func (h *tableHead) sentence(b *block, cs []cell, text func(int) string) flow {
	var r flow
	add := func(i, j int) {
		for ; i < j; i++ {
			r.add(b.r[i], b.at[i])
		}
	}
	at := func(n int) cell {
		if n < 0 || n >= len(cs) {
			return cell{}
		}
		return cs[n]
	}
	value := text(h.value)
	name, inName, end := at(h.name), unitOfName(text(h.name)), valueEnd(value)
	add(name.i, name.j-inName)
	add(at(h.value).i, at(h.value).i+end)
	if end > 0 && !withUnit(value) {
		add(at(h.unit).i, at(h.unit).j)
		if inName > 0 {
			add(name.j-inName+1, name.j-1)
		}
	}
	add(at(h.value).i+end, at(h.value).j)
	return r
}

// unitOfName is the length of the brackets at the end of a name that hold the
// unit (森林覆盖率（%）), or 0.
func unitOfName(name string) int {
	r := []rune(name)
	if len(r) == 0 || r[len(r)-1] != '）' {
		return 0
	}
	i := len(r) - 1
	for i > 0 && r[i] != '（' {
		i--
	}
	inside := r[i+1 : len(r)-1]
	if strings.HasPrefix(string(inside), "万") || strings.HasPrefix(string(inside), "亿") {
		inside = inside[1:]
	}
	if _, end, ok := readUnit(inside, 0); !ok || end != len(inside) {
		return 0
	}
	return len(r) - i
}

// valueEnd is the index behind the last digit of a cell.
func valueEnd(value string) int {
	end := 0
	for i, r := range []rune(value) {
		if isDigit(r) {
			end = i + 1
		}
	}
	return end
}

// withUnit says that a cell brings its own unit.
func withUnit(value string) bool {
	r := []rune(value)
	end := valueEnd(value)
	_, _, ok := readUnit(r, end)
	return ok || end < len(r) && strings.ContainsRune("万亿", r[end])
}

// looseRow reads the cells of a table without a head of its own as sentences.
func (rd *reader) looseRow(b *block, sec *section, cs []cell) {
	for _, c := range cs {
		if c.j > c.i {
			rd.row(b.flow.cut(c.i, c.j), sec)
		}
	}
}

func (rd *reader) row(f flow, sec *section) {
	if len(f.r) > 0 {
		rd.paragraph(&block{kind: lineTable, flow: f}, sec)
	}
}
