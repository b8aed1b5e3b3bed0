package monthly

import (
	"strings"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/explore"
)

// The words of tables and charts.
var (
	tableNumber     = city.Text{ZH: "表%d", EN: "Table %d"}
	chartNumber     = city.Text{ZH: "图%d", EN: "Figure %d"}
	wordTotal       = city.Text{ZH: "合计", EN: "Total"}
	wordOther       = city.Text{ZH: "未分列", EN: "not told apart"}
	columnIndicator = city.Text{ZH: "指标", EN: "Indicator"}
	columnUnit      = city.Text{ZH: "单位", EN: "Unit"}
	ranksUp         = city.Text{ZH: "上升%d位", EN: "up %d"}
	ranksDown       = city.Text{ZH: "下降%d位", EN: "down %d"}
	ranksSame       = city.Text{ZH: "持平", EN: "same"}
	markProvisional = city.Text{ZH: "（暂定）", EN: " (p)"}

	remarkWithheld    = city.Text{ZH: "*：涉及不足%d人的分组，或可据以推算，不予公布。", EN: "*: withheld, because groups of fewer than %d persons could be told from it."}
	remarkProvisional = city.Text{ZH: "暂定：数据尚未到齐，不参加排名和比较。", EN: "(p): provisional, not all data have come; neither ranked nor compared."}
	remarkNone        = city.Text{ZH: "—：无数据或不可比。", EN: "—: no data, or not to be compared."}

	seriesThis = city.Text{ZH: "%d年", EN: "%d"}
	seriesPace = city.Text{ZH: "序时进度", EN: "pace"}
	axisMonth  = city.Text{ZH: "月份", EN: "month"}
)

// showWords head the columns that show something of an indicator.
var showWords = map[explore.Show]city.Text{
	explore.ShowValue:      {ZH: "本期", EN: "Value"},
	explore.ShowPrevious:   {ZH: "上年同期", EN: "Year before"},
	explore.ShowYoY:        {ZH: "同比", EN: "On year"},
	explore.ShowYoYDiff:    {ZH: "同比增减", EN: "Difference on year"},
	explore.ShowBefore:     {ZH: "上期", EN: "Month before"},
	explore.ShowMoM:        {ZH: "环比", EN: "On month"},
	explore.ShowMoMDiff:    {ZH: "环比增减", EN: "Difference on month"},
	explore.ShowYTD:        {ZH: "本年累计", EN: "Since January"},
	explore.ShowShare:      {ZH: "占比", EN: "Share"},
	explore.ShowRank:       {ZH: "位次", EN: "Rank"},
	explore.ShowRankChange: {ZH: "位次变化", EN: "Ranks won on year"},
}

func monthsBack(months int) time.Month { return time.Month(months - 1) }

func hasMark(text, mark string) bool { return strings.HasSuffix(text, mark) }
