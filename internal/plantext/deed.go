package plantext

import (
	"slices"
	"strings"
)

// The words of something that is done or not.
//
//   - firmDeeds can be seen by anybody;
//   - datedDeeds can be seen too, but are as often the name of a concern (对外开放,
//     供水问题, 落实到位): they tell with a date or a word of commitment;
//   - softDeeds are also said of intentions.
var (
	firmDeeds = []string{"建成", "完工", "竣工", "通车", "投用", "投入使用", "投产", "投运", "开工", "动工", "封顶", "结顶", "开园", "开业", "并网", "试运营", "试运行", "贯通", "出台", "关停", "创成", "复流", "全线", "开馆", "开诊", "通水", "通气", "通航", "达产", "首飞", "投入运营", "正式运营", "施行", "交付使用", "启用", "合龙",
		"送电", "通电", "试生产", "蓄水", "洞通", "交工", "建成投用", "办结", "完成置换", "主体完工", "摘帽", "拆除", "揭牌", "竣工验收", "达Ⅲ", "达到Ⅲ", "达到Ⅱ", "达到Ⅳ", "消除劣", "全面再现", "开建", "复工", "完建", "开航", "首航", "复航", "开街", "开市", "开营", "落成", "截流", "铺轨", "联调联试", "架通", "下线", "量产", "破土", "奠基", "免费开放", "开放运营", "正式开放", "建成开放", "开放使用"}
	datedDeeds = []string{"打通", "开放", "关闭", "到位", "招生", "供水", "供气", "供暖", "供热", "供电", "通过验收", "总体验收", "列入", "纳入", "入选", "获批", "批复", "上报", "报批", "开学", "进场", "销号", "清退", "腾退", "开行", "上市", "入住", "交房", "开幕", "开赛", "面世", "亮相", "封关", "回迁"}
	softDeeds  = []string{"完成", "实现", "启动", "建立", "设立", "上线", "开通", "交付", "创建", "推出", "淘汰", "达标", "落地", "打造", "组建", "成立", "运营", "取缔", "验收", "形成", "搬迁", "签约", "入驻", "实施", "建设", "退出", "整治", "脱贫", "全面消除", "挂牌", "移交", "印发", "申报", "举办", "置换", "取消", "推行", "实行", "执行", "免费", "召开", "迁建", "修订", "编制", "发布", "具备"}
)

// startingDeeds begin a work, endingDeeds end it: the date of the one is not that
// of the other.
var (
	startingDeeds = []string{"开工", "动工", "开建", "启动", "奠基", "破土", "复工", "进场"}
	endingDeeds   = []string{"完工", "竣工", "建成", "投用", "投产", "通车", "交付"}
)

// deedTails stand behind a deed that only says when something else happens
// (投产后), or names it: an attribute (通车的铁路), a measure (开工率), a concern
// (建设水平, 竣工时间表). nounTails do so behind nounDeeds, which are nouns as
// often as verbs (实施方案). What is aimed at may stand so (建成通车的目标).
var (
	deedTails = []string{"后", "以来", "以后", "率", "之后", "的", "水平", "时间表", "条件", "一批、", "一批”", "力度", "不少于", "不低于", "年限", "区绿", "区面积", "区路网", "区黑臭", "区内", "区的"}
	nounTails = []string{"竞争力", "维度", "能级", "格局", "成效", "战略", "机制", "大局", "高地", "型", "区域", "面积", "成果", "经验", "理念", "门户", "前沿", "平台", "步伐", "环境", "规模", "开局", "项目", "用地", "资金", "任务", "标准", "周期", "进度", "单位", "方案", "规划", "意见", "细则", "成本", "模式", "持续", "工作"}
	nounDeeds = []string{"建设", "实施", "开放", "整治", "运营", "验收", "创建", "置换", "搬迁", "执行", "招生", "开工", "竣工", "封关"}
	aimTails  = []string{"的目标", "的要求", "的任务", "的标准"}
	// deedHeads stand before a deed that is none (未开工), past its time (已建成) or
	// a slogan (早开工).
	deedHeads = []string{"未", "早", "早日", "适时", "拿地即", "待"}
	// deedNames are longer words that hold a deed.
	deedNames = []string{"改革开放", "扩大开放", "全线路", "交付能力", "落地生根", "落地见效", "新开工建筑", "创建成", "组建成", "扩大对外开放"}
)

// deed finds what a clause promises to be done, with the weight of its kind;
// dated says that it tells only with a date or a word of commitment.
func deed(text string) (word string, weight float64, dated bool) {
	const firm, soft = 0.3, 0.12
	if word = deedIn(text, firmDeeds); word != "" {
		return word, firm, false
	}
	if word = deedIn(text, datedDeeds); word != "" {
		return word, firm, true
	}
	return deedIn(text, softDeeds), soft, true
}

// deedful says that a clause promises a deed.
func deedful(text string) bool {
	word, _, _ := deed(text)
	return word != ""
}

// deedIn finds a deed that is itself promised, outside brackets and titles.
func deedIn(text string, words []string) string {
	text = outsideBrackets(text)
	for _, w := range words {
		for from := 0; ; {
			i := strings.Index(text[from:], w)
			if i < 0 {
				break
			}
			i += from
			from = i + len(w)
			if promisedDeed(text, i, from) {
				return w
			}
		}
	}
	return ""
}

// promisedDeed says that the deed at bytes [i, j) is said of what will be done.
func promisedDeed(text string, i, j int) bool {
	before, after := text[:i], text[j:]
	if tail := startOf(after, deedTails); tail != "" && !slices.ContainsFunc(aimTails, func(w string) bool { return strings.HasPrefix(after, w) }) {
		return false
	}
	if text[i:j] == "建设" && suffixWord(before, startingDeeds) != "" {
		return false // 开工建设 is one deed
	}
	if slices.Contains(nounDeeds, text[i:j]) && startOf(after, nounTails) != "" {
		return false
	}
	if slices.ContainsFunc(deedHeads, func(w string) bool { return strings.HasSuffix(before, w) }) || partOfName(text, i) {
		return false
	}
	named := before == "" || strings.HasSuffix(before, "、") || strings.HasSuffix(before, "分")
	return !named || !strings.HasPrefix(after, "、") // 分续建、开工、预备: names of classes
}

// partOfName says that the deed at byte i stands in a longer word.
func partOfName(text string, i int) bool {
	for _, name := range deedNames {
		for at := max(0, i-len(name)); at <= i; at++ {
			if strings.HasPrefix(text[at:], name) && at+len(name) > i {
				return true
			}
		}
	}
	return false
}

// outsideBrackets is a text without what stands in brackets, in quotation marks
// and in the titles of papers.
func outsideBrackets(text string) string {
	if !strings.ContainsAny(text, "（《“") {
		return text
	}
	var b strings.Builder
	depth := 0
	for i, c := range text {
		switch c {
		case '（', '《', '“':
			depth += boolInt(c != '“' || strings.ContainsRune(text[i:], '”'))
		case '）', '》', '”':
			if depth > 0 {
				depth--
				b.WriteRune(c) // what stands before and behind are not one word
				continue
			}
		}
		if depth == 0 {
			b.WriteRune(c)
		}
	}
	return b.String()
}
