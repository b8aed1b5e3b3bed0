package sim

import "github.com/jinyang-city/jinyang/internal/city"

// The figures that the simulated city must show. Those with a quote are from
// the two texts (documents "work-2023" of 2023-03-29 and "economy-2024" of
// 2024-01-11 in the Taiyuan pack); all others are invented to make a believable
// mix of promises that hold, are at risk and break.

// figures are the totals of one year at full scale.
type figures struct {
	// newUrban is 城镇新增就业: distinct persons less natural decrease.
	newUrban, decrease float64
	trained            float64 // persons in subsidised training
	// carried, accepted and closed are arbitration cases of the year.
	carried, accepted, closed float64
	renewalPlan, renewalStart int // neighbourhoods planned and started in the year
	canteens                  int // certified in the year
}

// yearly holds the figures of the years that the texts speak about. Years
// outside take those of the nearest.
var yearly = [...]struct {
	year int
	figures
}{
	{2022, figures{newUrban: 84_100, decrease: 5_300, trained: 33_400, carried: 560, accepted: 5_480, closed: 5_420, renewalPlan: 300, renewalStart: 306, canteens: 6}},
	// "城镇新增就业人数完成全年目标任务的108.7%" of "城镇新增就业8万人" = 86,960;
	// "完成补贴性职业技能培训3万人"; "劳动人事争议仲裁结案率90%以上"; "老旧小区改造开工率达115%".
	{2023, figures{newUrban: 86_960, decrease: 5_600, trained: 30_640, carried: 620, accepted: 5_900, closed: 6_005, renewalPlan: 380, renewalStart: 437, canteens: 9}},
	// "确保全年新增就业8万人"; "今年启动实施438个老旧小区改造"; "打造22个社区食堂示范店".
	{2024, figures{newUrban: 83_000, decrease: 5_900, trained: 31_200, carried: 515, accepted: 6_120, closed: 6_160, renewalPlan: 438, renewalStart: 428, canteens: 22}},
}

// yearFigures gives the figures of a year.
func yearFigures(year int) figures {
	best := yearly[0]
	for _, y := range yearly {
		if abs(y.year-year) < abs(best.year-year) {
			best = y
		}
	}
	return best.figures
}

// The share of a year's total that is reached by the end of each month, in
// percent. Hiring peaks in spring and, with the graduates, in July.
var (
	hiringCurve   = curve{6, 12, 23.5, 33.5, 42.5, 52, 63.5, 72.5, 80.5, 88, 94.5, 100}
	trainingCurve = curve{3, 6, 13, 23, 33, 44, 53, 62, 73, 84, 93, 100}
	caseCurve     = curve{8, 13, 22, 31, 40, 49, 58, 66, 75, 83, 91, 100}
	// Arbitrators close last year's cases first and clear the shelf in December.
	closingCurve = curve{7, 12, 21, 30, 39, 48, 57, 65, 74, 82.5, 90, 100}
	renewalCurve = curve{0, 1, 6, 17, 31, 45, 57, 68, 78, 87.8, 95.3, 100}
	// "打造22个社区食堂示范店": 20 of them by October.
	canteenCurve = curve{0, 0, 10, 19, 28, 46, 55, 68, 82, 91, 96, 100}
)

type curve [12]float64

// upTo is the part of total that is reached by the end of the month (0 for
// month 0), rounded half up.
func (c curve) upTo(total float64, month int) int {
	if month < 1 {
		return 0
	}
	return int(total*c[month-1]/100 + 0.5)
}

// insured are the stocks of the social insurance ledger at the end of a year.
type insured struct {
	year int
	// pension counts a person once who is in both schemes.
	pension, unemployment, injury float64
	// workers and retirees are the members of the employees' pension scheme,
	// both the members who also pay into the residents' scheme.
	workers, retirees, both float64
}

// insuredAt holds the stocks at the ends of years; months between are on the
// straight line, months outside on its continuation. "基本养老保险、失业保险、
// 工伤保险参保人数分别达293.97万人、128.95万人、145万人" is the end of 2023.
var insuredAt = [...]insured{
	{2022, 2_881_500, 1_236_200, 1_391_000, 1_452_000, 489_000, 6_100},
	{2023, 2_939_700, 1_289_500, 1_450_000, 1_497_000, 506_000, 5_300},
	{2024, 2_988_400, 1_331_000, 1_498_000, 1_541_000, 524_000, 4_600},
}

// insuredIn gives the stocks at the end of a month.
func insuredIn(month city.Date) insured {
	// Position in years from the end of the first year, for example 10/12.
	x := float64(monthIndex(month)-monthIndex(city.Date{Year: insuredAt[0].year, Month: 12})) / 12
	i := min(max(int(x), 0), len(insuredAt)-2)
	a, b, t := insuredAt[i], insuredAt[i+1], x-float64(i)
	line := func(p, q float64) float64 { return p + (q-p)*t }
	return insured{
		pension: line(a.pension, b.pension), unemployment: line(a.unemployment, b.unemployment), injury: line(a.injury, b.injury),
		workers: line(a.workers, b.workers), retirees: line(a.retirees, b.retirees), both: line(a.both, b.both),
	}
}

// churn is the share of members who leave each month and are replaced.
const churn = 0.004

// Shares of rows that are added to the registers of persons to be turned away.
const (
	defectRate    = 0.003
	duplicateRate = 0.0005
)

// airMean is the mean of a pollutant over a part of a year, µg/m³.
type airMean struct{ early, late float64 } // January to October; November and December

// airAt: "PM2.5降至40μg/m3以下,PM10降至76μg/m3以下" for 2024. PM2.5 stands
// just above its limit at the end of October, PM10 well above.
var airAt = [...]struct {
	year       int
	pm25, pm10 airMean
}{
	{2022, airMean{45.1, 56}, airMean{86.5, 104}},
	{2023, airMean{42.8, 52}, airMean{83.0, 98}},
	{2024, airMean{40.6, 46}, airMean{81.4, 92}},
}

// ramps give shares in percent at the ends of Decembers; months between are on
// the straight line, months outside take the nearest end.
var (
	// "全市居民医保参保率稳定在95%以上"
	enrolmentShare = ramp{2022: 94.6, 2023: 95.8, 2024: 96.1}
	// "医保电子凭证激活率72%、结算率达到50%以上"
	activatedShare = ramp{2022: 63.0, 2023: 73.4, 2024: 79.0}
	byCodeShare    = ramp{2022: 42.0, 2023: 53.2, 2024: 61.0}
	// "医保电子凭证在就医购药环节的全流程应用占比达80%以上"
	flowShare = ramp{2022: 67.5, 2023: 81.3, 2024: 85.0}
	// "全市移动支付结算率达到30%以上"
	mobileShare = ramp{2022: 21.0, 2023: 32.6, 2024: 39.0}
	// "定点零售药店医保电子处方结算占比达到10%以上": missed in 2023
	erxShare = ramp{2022: 0, 2023: 9.1, 2024: 13.5}
	// "异地就医直接结算率要达75%以上"
	directShare = ramp{2022: 70.5, 2023: 82.0, 2024: 86.0}
	// "力争年内六城区60%社区开展嵌入式托育服务,家庭式托育服务实现全覆盖"
	embeddedShare = ramp{2022: 24.0, 2023: 41.0, 2024: 56.6}
	familyShare   = ramp{2022: 58.0, 2023: 76.0, 2024: 97.0}
)

type ramp map[int]float64

// at is the share at the end of the month, in percent.
func (r ramp) at(month city.Date) float64 {
	a, okA := r[month.Year-1]
	b, okB := r[month.Year]
	switch {
	case okA && okB:
		return a + (b-a)*float64(month.Month)/12
	case okB: // the first known year: as at its end
		return b
	case okA: // the year after the last known one
		return a
	case month.Year < 2022:
		return r[2022]
	}
	return r[2024]
}

func abs(n int) int { return max(n, -n) }
