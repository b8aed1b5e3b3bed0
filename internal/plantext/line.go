package plantext

import (
	"strings"
	"unicode"
)

// lineKind says what a line of the text is.
type lineKind int

const (
	lineBlank lineKind = iota
	lineFurniture
	lineHeading
	lineItem // begins with a number or a bullet: a block of its own
	lineTable
	lineBody
)

// line is one line of the text: characters [start, end) without white space at
// both ends.
type line struct {
	kind       lineKind
	start, end int
	level      int  // of a heading or item: 1 一、 2 （一） 3 1. 4 （1）; 0 without a number
	paragraph  bool // the raw line is indented: a paragraph begins
}

// maxHeading is the length of the longest heading, in characters.
const maxHeading = 32

// splitLines cuts a text into lines and says of each what it is by itself;
// what depends on its neighbours is decided by blocks.
func splitLines(text []rune) []line {
	var out []line
	for i := 0; i <= len(text); {
		j := i
		for j < len(text) && text[j] != '\n' && text[j] != '\f' {
			j++
		}
		out = append(out, classify(text, i, j))
		i = j + 1
	}
	return out
}

func classify(text []rune, start, end int) line {
	indent := end-start > 1 && (text[start] == '　' || text[start] == ' ' && text[start+1] == ' ')
	for start < end && blank(text[start]) {
		start++
	}
	for end > start && blank(text[end-1]) {
		end--
	}
	l := line{kind: lineBody, start: start, end: end, paragraph: indent}
	if start == end {
		l.kind = lineBlank
		return l
	}
	body := text[start:end]
	switch {
	case isTableRow(body):
		l.kind = lineTable
	case isFurniture(body):
		l.kind = lineFurniture
	default:
		l.level = numbering(body)
		if body[0] == '#' {
			l.kind, l.level = lineHeading, 1
		} else if l.level > 0 || strings.ContainsRune("—●■◆★▲·•○□※-*", body[0]) {
			l.kind = lineItem
		}
	}
	return l
}

func blank(r rune) bool { return unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' || r == '\x00' }

// isTableRow says that a line holds cells: two tabs, or bars.
func isTableRow(r []rune) bool {
	tabs, bars := 0, 0
	for _, c := range r {
		switch c {
		case '\t':
			tabs++
		case '|', '｜', '│':
			bars++
		}
	}
	return tabs >= 1 || bars >= 2
}

// numbering is the level of the number that a line begins with, or 0.
func numbering(r []rune) int {
	i := 0
	open := r[0] == '（' || r[0] == '('
	if open {
		i++
	}
	j := i
	for j < len(r) && j-i < 4 && (isDigit(r[j]) || isChineseNumeral(r[j])) {
		j++
	}
	if j == i || j >= len(r) {
		return 0
	}
	chineseNumber := !isDigit(r[i])
	switch {
	case open && (r[j] == '）' || r[j] == ')'):
		if chineseNumber {
			return 2
		}
		return 4
	case open:
		return 0
	case chineseNumber && (r[j] == '、' || r[j] == '．'):
		return 1
	case !chineseNumber && (r[j] == '.' || r[j] == '．' || r[j] == '、') && j+1 < len(r) && !isDigit(r[j+1]):
		return 3
	}
	return 0
}

// furnitureWords are lines of a page that say nothing of its subject, whole or
// by their beginning (ending in …).
var furnitureWords = []string{"（上接…", "(上接…", "（下转…", "(下转…", "上接第…", "下转第…", "记者…", "本报记者…", "通讯员…", "责任编辑…", "责编…", "编辑…", "版式…", "校对…", "美编…",
	"见习记者…", "实习生…", "图片…", "摄影…", "国内统一刊号…", "国内统一连续出版物号…", "邮发代号…", "广告热线…", "新闻热线…", "热线电话…", "联系电话…", "电话…", "网址…", "http…", "www.…", "来源…", "作者…", "发布时期…", "当前位置…", "您现在的位置…", "首页>…", "首页 >…", "[返回…", "[关闭…", "上一篇…", "下一篇…", "上一页…", "相关新闻…", "相关报道…", "关键词：…", "标签：…", "扫一扫…", "阅读：…", "字体：…", "加载中…", "官方微信", "官方微博", "下载", "收藏", "打印", "全屏", "（资料图片…", "发布时间…", "浏览次数…",
	"本版编辑…", "值班编委…", "值班…", "打印…", "字号…", "分享到…", "【打印】…", "抄送…", "主办单位…", "版权所有…", "索引号…", "发文字号…", "发布日期…", "成文日期…", "要闻", "综合新闻", "目录", "目 录"}

// isFurniture says that a line is furniture: page numbers, bylines, dates,
// running heads.
func isFurniture(r []rune) bool {
	if len(r) > 60 {
		return false
	}
	s := string(r)
	for _, w := range furnitureWords {
		if start, open := strings.CutSuffix(w, "…"); open && strings.HasPrefix(s, start) && len(r) < 40 && !strings.ContainsAny(s, "。；") || s == w {
			return true
		}
	}
	return isPageMark(r) || isByline(r) || isDateline(r)
}

// isPageMark says that a line is a page number in some dress: 12, — 12 —,
// 第12页 共30页, 第1版.
func isPageMark(r []rune) bool {
	marks, digits := 0, 0
	for _, c := range r {
		switch {
		case isDigit(c) || c >= '０' && c <= '９':
			digits++
		case strings.ContainsRune("—–-－·/第页版共 　～~.|Pagepageof", c):
			marks++
		default:
			return false
		}
	}
	return digits > 0 && digits <= 8 && len(r) <= 24 && (digits <= 4 || marks > 0)
}

// isByline says that a line names who wrote or photographed: 王 明 摄, 文/图.
func isByline(r []rune) bool {
	s := string(r)
	return len(r) <= 40 && !strings.ContainsAny(s, "，,；") && (strings.HasSuffix(s, " 摄") || strings.HasSuffix(s, "　摄") || strings.HasSuffix(s, "/摄") || strings.HasSuffix(s, " 文/图") ||
		strings.Contains(s, "日报记者 ") || strings.Contains(s, "社记者 "))
}

// isDateline says that a line is a date: 2023年3月29日 星期三, （2024年1月10日）.
func isDateline(r []rune) bool {
	if at := dateline.FindStringIndex(string(r)); at != nil && (at[0] == 0 || firstOf(string(r), []string{"来源", "时间", "发布"}) != "") && !inSentence(r) {
		return true // 2024-06-11 10:04 来源
	}
	digits := 0
	for _, c := range r {
		switch {
		case isDigit(c) || isChineseNumeral(c):
			digits++
		case strings.ContainsRune("年月日星期农历初廿癸甲乙丙丁戊己庚辛壬子丑寅卯辰巳午未申酉戌亥 　（）()-/:：", c):
		default:
			return false
		}
	}
	return digits > 3 && strings.ContainsRune(string(r), '年')
}

// numberEnd is the index behind the number or bullet that a block begins with.
func numberEnd(r []rune) int {
	i := 0
	if len(r) > 2 && numbering(r) > 0 {
		for i < 6 && i < len(r)-1 && !strings.ContainsRune("、.．）)", r[i]) {
			i++
		}
		i++
	}
	for i < len(r)-1 && strings.ContainsRune(" —–●■◆★▲•○□※*#·-", r[i]) {
		i++
	}
	return i
}
