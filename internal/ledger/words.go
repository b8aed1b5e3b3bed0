package ledger

import (
	"fmt"

	"github.com/jinyang-city/jinyang/internal/city"
)

// wordsOf says in a sentence what a cause did; without a number of rows when
// that is not told.
func wordsOf(c Cause, rows int64) city.Text {
	n := func(zh, en string) city.Text {
		if rows == 0 {
			return c.Name()
		}
		return city.Text{ZH: fmt.Sprintf(zh, rows), EN: fmt.Sprintf(en, rows)}
	}
	switch c {
	case CauseLate:
		return n("发布后送达的新记录 %d 条", "rows that came after the figure was published: %d")
	case CauseRegion:
		if rows == 0 {
			return city.Text{ZH: "地区范围的划分有变动", EN: "the list of regions was changed"}
		}
		return n("改属其他地区的记录 %d 条", "rows that belong to another region now: %d")
	case CauseCorrections:
		return n("被更正的记录 %d 条", "rows that were corrected: %d")
	case CauseVanished:
		return n("重报整期数据时不再出现的记录 %d 条", "rows that were left out when the whole period was delivered again: %d")
	case CauseRollback:
		return n("撤回批次，涉及记录 %d 条", "deliveries were taken back; their rows: %d")
	case CauseSample:
		return city.Text{ZH: "样本占总体的比例有变动", EN: "the share of the population that the rows are has changed"}
	case CauseCoverage:
		return city.Text{ZH: "数据完整程度或统计日期有变动", EN: "the data are complete to another day now"}
	case CauseTogether:
		return city.Text{ZH: "涉及人数过少的变动，合并列示", EN: "changes that concern too few persons to be told apart"}
	case CauseStandard:
		return city.Text{ZH: "所依据的标准或规则有变动", EN: "a rule or standard that the indicator goes by has changed"}
	case CauseDefinition:
		return city.Text{ZH: "指标口径有变动", EN: "the indicator is defined otherwise now"}
	case CauseRest:
		return city.Text{ZH: "以同样的数据和口径重算时的差异", EN: "the same rows and definition, computed again"}
	case CauseRounding:
		return city.Text{ZH: "显示位数的舍入差", EN: "what the displayed decimals round away"}
	}
	return city.Text{ZH: string(c), EN: string(c)}
}

// The notes of an explanation.
var (
	noteWithheld = city.Text{ZH: "涉及人数过少，不予列示", EN: "it stands for too few persons to be told"}
	noteTogether = city.Text{ZH: "有的变动涉及人数过少，合并列示，不列记录数", EN: "some changes concern too few persons: they are taken together, and their rows are not counted"}
	noteGone     = city.Text{ZH: "指标已不在城市包中", EN: "the indicator is no longer declared"}
)

func noteMerged(commits int) city.Text {
	return city.Text{ZH: fmt.Sprintf("有 %d 次提交的中间状态已过期，合并为一步计算", commits),
		EN: fmt.Sprintf("the states between %d commits have expired, they are taken as one step", commits)}
}

func noteCapped(hops int) city.Text {
	return city.Text{ZH: fmt.Sprintf("发布后的提交较多，分为 %d 步合并计算", hops),
		EN: fmt.Sprintf("there are many commits since, they are taken together in %d steps", hops)}
}

// Name is what people call a cause.
func (c Cause) Name() city.Text {
	switch c {
	case CauseLate:
		return city.Text{ZH: "迟到记录", EN: "late rows"}
	case CauseRegion:
		return city.Text{ZH: "区划变动", EN: "regions"}
	case CauseCorrections:
		return city.Text{ZH: "更正", EN: "corrections"}
	case CauseVanished:
		return city.Text{ZH: "重报剔除", EN: "vanished rows"}
	case CauseRollback:
		return city.Text{ZH: "撤回批次", EN: "rollbacks"}
	case CauseSample:
		return city.Text{ZH: "样本比例", EN: "sample"}
	case CauseCoverage:
		return city.Text{ZH: "完整程度", EN: "coverage"}
	case CauseTogether:
		return city.Text{ZH: "合并列示", EN: "taken together"}
	case CauseStandard:
		return city.Text{ZH: "标准规则", EN: "standards"}
	case CauseDefinition:
		return city.Text{ZH: "口径", EN: "definition"}
	case CauseRest:
		return city.Text{ZH: "重算差异", EN: "computed again"}
	case CauseRounding:
		return city.Text{ZH: "舍入", EN: "rounding"}
	}
	return city.Text{ZH: string(c), EN: string(c)}
}
