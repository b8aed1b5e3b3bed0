package plantext

import "strings"

// dimension groups units by what they measure; it decides how a number before
// one is read.
type dimension string

const (
	dimCount    dimension = "count"
	dimPeople   dimension = "people"
	dimMoney    dimension = "money"
	dimShare    dimension = "share"  // %
	dimPoint    dimension = "point"  // 个百分点
	dimTimes    dimension = "times"  // 倍
	dimTime     dimension = "time"   // 天, 小时: of procedures as well as of names (15分钟生活圈)
	dimAge      dimension = "age"    // 岁
	dimYears    dimension = "years"  // 年: mostly a duration, and then no value
	dimQuantity dimension = "amount" // physical quantities
	dimRank     dimension = "rank"   // 位, 名 behind 前
	dimNone     dimension = ""       // a pure number, of an index
)

// unitWords are the units by what they measure, each list in the form in which
// texts write them. Longer ones win.
var unitWords = map[dimension]string{
	dimShare:  "% ‰ 个百分比",
	dimPoint:  "个百分点 百分点",
	dimTimes:  "倍",
	dimMoney:  "元 美元 元人民币 港元 欧元 块钱",
	dimPeople: "人 名 人次 万人次 位 户 家庭 户次 对 人份 例 代表",
	dimAge:    "岁 周岁",
	dimYears:  "年",
	dimTime:   "天 小时 个小时 分钟 个工作日 工作日 日 个月 秒 年以内",
	dimCount: "个 家 所 座 条 项 套 间 辆 台 件 宗 张 册 处 株 棵 只 头 口 部 场 批 种 篇 段 艘 架 列 组 支 对 份 幅 眼 站 盏 根 枚 块 片 " +
		"门 款 本 类 村 镇 乡 街道 社区 学校 企业 床 床位 张床位 个床位 盏灯 标段 趟 班 班次 车次 架次 标箱 标准箱 TEU 件次 家次 " +
		"羽 尾 匹 孔 泊位 个泊位 车位 个车位 端口 个端口 项次 道 课时 次 轮 桩 枪 幢 栋 尊 门次 席 柜 笔 单 组团 亿次 颗 则 路 棒 点位 个点位 场次 批次 双 井 棚 线 棵树 期 起",
	dimQuantity: "吨 公斤 千克 克 斤 公里 千米 米 里 厘米 毫米 平方米 平方公里 平方千米 公顷 亩 立方米 立方 方 升 千瓦 千瓦时 度 兆瓦 吉瓦 瓦 MW GW kW KW kWh " +
		"蒸吨 千伏 千伏安 伏 微克 毫克 重量箱 μg ug mg g kg t L m m2 m3 m² m³ km² ㎡ ㎥ km 吨标准煤 吨标煤 标准煤 焦 GJ TB GB PB EB P Gbps Mbps 兆 吨位 载重吨 ℃ 摄氏度 分贝 dB PFlops 车公里 平米 ㎞ 担 " +
		"吨公里 人公里 标准立方米 亿立方 千卡 片区 分 EFlops",
}

// unitDef is a unit as found.
type unitDef struct {
	name string
	dim  dimension
}

// unitTable maps a unit's words to it, built once from the lists.
var unitTable = buildUnits()

// longestUnit bounds the look for a unit, in characters.
const longestUnit = 6

func buildUnits() map[string]unitDef {
	out := map[string]unitDef{}
	for dim, words := range unitWords {
		for _, w := range strings.Fields(words) {
			if old, ok := out[w]; ok && old.dim < dim {
				continue
			}
			out[w] = unitDef{w, dim}
		}
	}
	return out
}

// unitNames are the spellings that stand for another.
var unitNames = map[string]string{
	"百分点": "个百分点", "μg/m3": "μg/m³", "微克/立方米": "μg/m³", "ug/m3": "μg/m³", "m2": "平方米", "m²": "平方米", "m³": "立方米", "km²": "平方公里", "㎡": "平方米", "平米": "平方米", "m3": "立方米", "㎥": "立方米", "立方": "立方米",
	"㎞": "公里", "km": "公里", "千米": "公里", "mg/L": "mg/L", "毫克/升": "mg/L", "mg/m3": "mg/m³", "毫克/立方米": "mg/m³", "名": "人", "平方千米": "平方公里", "度": "千瓦时", "KW": "千瓦", "kW": "千瓦", "kWh": "千瓦时", "工作日": "个工作日",
	"吨标煤": "吨标准煤", "个小时": "小时", "床": "张", "床位": "张", "张床位": "张", "个床位": "张",
}

// readUnit reads the unit that begins at i: the longest of the table, with
// others per which it is counted (元/平方米).
func readUnit(r []rune, i int) (u unitDef, end int, ok bool) {
	u, end, ok = oneUnit(r, i)
	for ok && end+1 < len(r) && (r[end] == '/' || r[end] == '每' && u.dim == dimQuantity) {
		per, next, found := oneUnit(r, end+1)
		if !found && r[end] == '/' && (r[end+1] == '万' || r[end+1] == '亿') {
			per, next, found = oneUnit(r, end+2)
			per.name = string(r[end+1]) + per.name
		}
		if !found {
			break
		}
		u, end = unitDef{u.name + "/" + per.name, dimQuantity}, next
	}
	if name, other := unitNames[u.name]; other {
		u.name = name
	}
	return u, end, ok
}

func oneUnit(r []rune, i int) (unitDef, int, bool) {
	for n := min(longestUnit, len(r)-i); n > 0; n-- {
		u, ok := unitTable[string(r[i:i+n])]
		if !ok || falseUnit(r, i, n) {
			continue
		}
		return u, i + n, true
	}
	return unitDef{}, i, false
}

// notUnit are words that begin like a unit and are another thing.
var notUnit = map[string]string{
	"位": "于置", "人": "才民均类工力口大员社物事文为", "名": "称单为", "年": "轻", "日": "常报前", "分": "别类级布", "度": "假夏",
	"项": "目", "里": "程头河塘屯店山台", "处": "理置", "片": "", "方": "面向案式", "口": "岸径", "部": "署分门队", "组": "织建成", "代表": "性",
	"门": "类店诊户槛峡", "家": "渠", "列": "入", "单": "位", "场": "所景馆", "条": "件例", "本": "市省县区级地年月次轮", "节": "能约水点", "块": "", "对": "接口于", "次": "产级", "点": "", "米": "", "克": "服", "例": "如", "道": "路街里外巷", "台": "阶账河山县", "批": "准复", "村": "庄民", "班": "子", "支": "持撑付部", "站": "点", "户": "籍", "份": "额", "头": "部", "张": "家", "种": "植业子", "升": "级", "间": "", "类": "别型似", "只": "有要是", "段": "", "伏": "", "根": "据本", "架": "构", "立方": "", "路": "线公口灯网径由面段街巷", "线": "上下路索", "双": "向方边千重碳拥随", "井": "然", "棚": "户改", "分钟": "", "册": "", "期": "间末待货刊中后房工项建扩限", "起": "降升来步始源重草吊飞到，至、",
}

// falseUnit says that the word at i only looks like a unit: 位于, 项目.
func falseUnit(r []rune, i, n int) bool {
	next, ok := notUnit[string(r[i:i+n])]
	return ok && i+n < len(r) && strings.ContainsRune(next, r[i+n])
}

// scaled gives the value in the unit that people would write it in: money keeps
// 万 and 亿 in the unit, everything else has them multiplied out.
func (m *mention) scaled() (value float64, unit string) {
	if m.unit.dim != dimMoney {
		return m.num.value, m.unit.name
	}
	switch {
	case m.num.exp >= 8:
		return m.num.shifted(-8), "亿" + m.unit.name
	case m.num.exp >= 4:
		return m.num.shifted(-4), "万" + m.unit.name
	}
	return m.num.value, m.unit.name
}

// shifted is the number times a power of ten, without rounding twice.
func (n numeral) shifted(by int) float64 {
	n.exp += by
	n, _ = n.settle()
	return n.value
}
