package plantext

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// inChinese writes a number below 10^8 in Chinese characters.
func inChinese(n int64) string {
	digits := []rune("零一二三四五六七八九")
	small := func(n int64) string {
		var b strings.Builder
		zero := false
		for _, p := range []struct {
			value int64
			sign  string
		}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
			d := n / p.value % 10
			if d == 0 {
				zero = b.Len() > 0
				continue
			}
			if zero {
				b.WriteRune('零')
				zero = false
			}
			b.WriteString(string(digits[d]) + p.sign)
		}
		return b.String()
	}
	high, low := n/10_000, n%10_000
	if high == 0 {
		return small(low)
	}
	out := small(high) + "万"
	if low > 0 && low < 1000 {
		out += "零"
	}
	return out + small(low)
}

func TestNumeralsRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 99_999_999).Draw(t, "n")
		text := inChinese(n)
		got, ok := readNumeral([]rune(text+"户"), 0)
		if !ok || got.value != float64(n) || got.end != utf8.RuneCountInString(text) {
			t.Fatalf("%s: %v %v, want %d", text, got, ok, n)
		}
	})
}

func TestDigitsRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, 999_999_999).Draw(t, "hundredths")
		text := strconv.FormatInt(n/100, 10) + fmt.Sprintf(".%02d", n%100)
		scale := rapid.SampledFrom([]string{"", "万", "亿", "万亿"}).Draw(t, "scale")
		got, ok := readNumeral([]rune(text+scale+"元"), 0)
		want, err := strconv.ParseFloat(text+map[string]string{"": "", "万": "e4", "亿": "e8", "万亿": "e12"}[scale], 64)
		if err != nil || !ok || got.value != want {
			t.Fatalf("%s%s: %v, want %v", text, scale, got.value, want)
		}
	})
}

func TestNumerals(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{
		"八万": 8e4, "二十五": 25, "百分之五": 5, "两成": 20, "二〇二五": 2025, "1.2万": 1.2e4, "3000余": 3000, "293.97万": 2939700, "1,250.5亿": 1250.5e8, "10万亿": 1e13,
		"三十二亿五千万": 3.25e9, "千分之四": 4, "八成五": 80, "一千三百余": 1300, "两百零五": 205, "3千": 3000, "万亿": 1e12,
	} {
		if got, ok := readNumeral([]rune(text), 0); !ok || got.value != want {
			t.Errorf("%s: %v %v, want %v", text, got.value, ok, want)
		}
	}
	for _, text := range []string{"十四五", "三五", "第", ""} {
		if got, ok := readNumeral([]rune(text), 0); ok {
			t.Errorf("%s is read as %v", text, got.value)
		}
	}
}

// pieces are words of official texts, of which rapid makes texts.
var pieces = strings.Fields("今年 去年 2024年 确保 力争 新增 城镇就业 8万人 增长 5%—6% 左右 ， 。 、 ； ： （ ） “ ” 《 》 年底前 建成 完工 全覆盖 分别达 和 已 了 各 第 1版 百分之 万 亿 十四五 从 提高到 2.94 \n \n\n 一、 （一） 1. | \t <sub> 由市人社局 清溪县 与经济增长同步 高于 翻一番 记者 \uFFFD 🙂 é")

func TestSameTextSameProposals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 60).Draw(t, "pieces"), "")
		a, b := Read(text, Options{Year: 2024}), Read(text, Options{Year: 2024})
		if !reflect.DeepEqual(a, b) {
			t.Fatal("two readings differ")
		}
		checkPlaces(t, text, a)
	})
}

// TestTimeIsLinear reads texts of 1 and 4 MB that look hard, and holds the
// longer to far less than the square.
func TestTimeIsLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("it reads megabytes")
	}
	for _, unit := range []string{"增长5%、", "第一", "（", "新建学校3所，", "年底前完成", "一二三四", "区", "\n", "、", "从2到", "|"} {
		const small = 40_000
		took := func(size int) time.Duration {
			text := strings.Repeat(unit, size/len(unit))
			begun := time.Now()
			Read(text, Options{Year: 2024})
			return time.Since(begun)
		}
		first, second := took(small), took(4*small)
		if second > 12*first+2*time.Second {
			t.Errorf("%q: %v for %d bytes, %v for %d", unit, first, small, second, 4*small)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"确保全年新增就业8万人，增长5%左右。", "一、2023年工作回顾\n完成了\n二、2024年工作安排\n新建学校3所、医院两所。", "指标\t单位\t2024年目标\n人口\t万人\t5", "从2.92提高到2.94", "\xff\xfe第1版"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "\uFFFD")
		checkPlaces(t, text, Read(text, Options{}))
	})
}
