package sim

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
)

func testWorld() *world {
	w := &world{seed: mix64(1), scale: 1, areas: newAreas([]string{"140105", "140106", "140107", "140171"})}
	w.workers = newIDSpace("990100", city.Date{Year: 1966, Month: 1, Day: 1}, city.Date{Year: 2005, Month: 12, Day: 31}, 12345)
	return w
}

func TestNumbersAreValidAndNobodys(t *testing.T) {
	t.Parallel()
	w := testWorld()
	seen := map[string]bool{}
	var id [18]byte
	for k := range uint64(200_000) {
		w.workers.put(&id, k)
		n := string(id[:])
		if k%1000 == 0 {
			if got, err := city.CheckPersonID(n, city.Date{Year: 2026, Month: 1, Day: 1}); err != nil || got != n {
				t.Fatalf("number %d: %v", k, err)
			}
		}
		if seen[n] || !strings.HasPrefix(n, "99") {
			t.Fatalf("number %d is taken or looks real", k)
		}
		seen[n] = true
	}
	for n := range 2000 {
		code := creditCode(creditMedical, n*7)
		if got, err := city.CheckCreditCode(code); err != nil || got != code || code[2:8] != creditPrefix {
			t.Fatalf("credit code %d %s: %v", n, code, err)
		}
	}
}

// The vectors of domain/rules.md 1.3, edition of 2012.
func TestAQI(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		points breakpoints
		c, iaq int
	}{
		{pm25Points, 0, 0}, {pm25Points, 1, 2}, {pm25Points, 35, 50}, {pm25Points, 36, 52}, {pm25Points, 55, 75},
		{pm25Points, 60, 82}, {pm25Points, 61, 83}, {pm25Points, 75, 100}, {pm25Points, 76, 102}, {pm25Points, 115, 150},
		{pm25Points, 116, 152}, {pm25Points, 150, 200}, {pm25Points, 151, 201}, {pm25Points, 500, 500}, {pm25Points, 620, 500},
		{pm10Points, 120, 85}, {pm10Points, 121, 86}, {pm10Points, 150, 100}, {pm10Points, 151, 101}, {pm10Points, 600, 500},
		{o3Points, 100, 50}, {o3Points, 160, 100}, {o3Points, 161, 101}, {o3Points, 215, 150}, {o3Points, 265, 200}, {o3Points, 800, 300},
		{coPoints, 12, 30}, {coPoints, 40, 100}, {coPoints, 41, 101},
	} {
		if got := subIndex(v.points, v.c); got != v.iaq {
			t.Errorf("IAQI of %d by %v = %d, want %d", v.c, v.points, got, v.iaq)
		}
	}
	for _, v := range []struct {
		day   airDay
		aqi   int
		level string
	}{
		{airDay{so2: 18, no2: 46, pm10: 132, pm25: 75, co: 120, o3: 92}, 100, "good"},
		{airDay{so2: 12, no2: 30, pm10: 45, pm25: 22, co: 60, o3: 88}, 45, "excellent"},
		{airDay{so2: 20, no2: 60, pm10: 120, pm25: 60, co: 100, o3: 70}, 85, "good"},
		{airDay{so2: 35, no2: 78, pm10: 265, pm25: 188, co: 230, o3: 60}, 238, "heavy"},
		{airDay{so2: 9, no2: 25, pm10: 80, pm25: 34, co: 70, o3: 187}, 125, "light"},
		{airDay{so2: 10, no2: 20, pm10: 1500, pm25: 620, co: 100, o3: 50}, 500, "severe"},
	} {
		if got := v.day.aqi(); got != v.aqi || airLevel(got) != v.level {
			t.Errorf("%+v: AQI %d %s, want %d %s", v.day, got, airLevel(got), v.aqi, v.level)
		}
	}
}

// The vectors W1 to W4 of domain/rules.md 2.2, without fluoride.
func TestWaterClass(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		sample waterSample
		class  string
	}{
		{waterSample{do: 810, codmn: 320, cod: 1400, bod5: 240, nh3n: 310, tp: 80}, "II"},
		{waterSample{do: 640, codmn: 510, cod: 1960, bod5: 380, nh3n: 920, tp: 190}, "III"},
		{waterSample{do: 560, codmn: 640, cod: 2300, bod5: 420, nh3n: 1300, tp: 210}, "IV"},
		{waterSample{do: 410, codmn: 500, cod: 1800, bod5: 300, nh3n: 2600, tp: 450}, "worse_than_V"},
		{waterSample{do: 900, codmn: 200, cod: 1500, bod5: 300, nh3n: 150, tp: 20}, "I"},
	} {
		if got := v.sample.class(); got != v.class {
			t.Errorf("%+v is class %s, want %s", v.sample, got, v.class)
		}
	}
}

func TestPartsSumToTheWhole(t *testing.T) {
	t.Parallel()
	w := testWorld()
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(0, 10_000_000).Draw(t, "total")
		percent := rapid.Float64Range(0, 100).Draw(t, "percent")
		key := rapid.Uint64().Draw(t, "key")
		wholes := w.apportion(w.areas, float64(total), tagShare, key, 0.3)
		parts := w.part(wholes, percent, key, 0.5)
		sum, partSum := int64(0), int64(0)
		for i := range wholes {
			if parts[i] < 0 || parts[i] > wholes[i] {
				t.Fatalf("part %d of %d", parts[i], wholes[i])
			}
			sum += wholes[i]
			partSum += parts[i]
		}
		if want := int64(float64(total)*percent/100 + 0.5); sum != total || partSum < want-1 || partSum > want+1 {
			t.Fatalf("the parts sum to %d of %d and %d of %d", sum, total, partSum, want)
		}
	})
}

func TestPermuteIsOneToOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 3000).Draw(t, "n")
		seen := make([]bool, n)
		for i := range n {
			p := permute(i, n)
			if seen[p] {
				t.Fatalf("two of %d have the place %d", n, p)
			}
			seen[p] = true
		}
	})
}

func TestGB18030RoundTrip(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"小店区", "山西转型综合改革示范区", "零售额（元）", "PM2.5", "㐀𠀀", `a "b", c`, ""} {
		b, err := form{gb18030: true}.encode(s)
		if err != nil {
			t.Fatal(err)
		}
		back, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b)
		if err != nil || string(back) != quote(s) {
			t.Errorf("%q comes back as %q, %v", s, back, err)
		}
	}
}

func TestQuote(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"a": "a", "": "", "a,b": `"a,b"`, `a"b`: `"a""b"`, "a\nb": "\"a\nb\""} {
		if got := quote(in); got != want {
			t.Errorf("quote(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestAppendFixed(t *testing.T) {
	t.Parallel()
	for want, v := range map[string]struct {
		n        int64
		decimals int
	}{"0": {0, 0}, "12.00": {1200, 2}, "0.05": {5, 2}, "-0.7": {-7, 1}, "3.140": {3140, 3}} {
		if got := string(appendFixed(nil, v.n, v.decimals)); got != want {
			t.Errorf("%d/10^%d = %s, want %s", v.n, v.decimals, got, want)
		}
	}
}

// testDataset is a dataset of two columns for the tests of sheet.
func testDataset() *city.Dataset {
	return &city.Dataset{Name: "a.b", Fields: []*city.Field{
		{Name: "x", Type: city.TypeInt, Source: []string{"数"}, Column: 1},
		{Name: "k", Type: city.TypeEnum, Source: []string{"类"}, Column: 2, Values: []city.EnumValue{{Code: "one", Sources: []string{"一"}}}},
	}}
}

func testSheet(t *testing.T, f form, maxRows int64) *sheet {
	t.Helper()
	s, err := newSheet(testDataset(), []string{"x", "k"}, f)
	if err != nil {
		t.Fatal(err)
	}
	s.ctx, s.dir, s.base, s.maxRows = context.Background(), t.TempDir(), "a.b-1", maxRows
	return s
}

func TestSheetSplitsFiles(t *testing.T) {
	t.Parallel()
	s := testSheet(t, form{bom: true, crlf: true}, 2)
	for i := range int64(5) {
		s.integer(i)
		s.enum("k", "one")
		s.end()
	}
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
	want := []string{"0,一\r\n1,一\r\n", "2,一\r\n3,一\r\n", "4,一\r\n"}
	names := []string{"a.b-1.csv", "a.b-1-2.csv", "a.b-1-3.csv"}
	if len(s.files) != len(want) {
		t.Fatalf("%d files, want %d", len(s.files), len(want))
	}
	for i, f := range s.files {
		raw, err := os.ReadFile(filepath.Join(s.dir, names[i]))
		if err != nil || f.Name != names[i] {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if got := string(raw); got != "\xef\xbb\xbf数,类\r\n"+want[i] {
			t.Errorf("%s holds %q", f.Name, got)
		}
	}
}

func TestSheetWithoutRowsHasAHeader(t *testing.T) {
	t.Parallel()
	s := testSheet(t, form{gb18030: true}, 10)
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(s.dir, "a.b-1.csv"))
	if err != nil || !bytes.Equal(raw, []byte("\xca\xfd,\xc0\xe0\n")) || *s.files[0].Rows != 0 {
		t.Errorf("%q, %v", raw, err)
	}
}

func TestSheetKeepsTheFirstError(t *testing.T) {
	t.Parallel()
	s := testSheet(t, form{}, 10)
	s.enum("k", "two")
	s.end()
	if err := s.close(); err == nil || !strings.Contains(err.Error(), `a.b.k declares no value "two"`) {
		t.Errorf("an undeclared word: %v", err)
	}
	s = testSheet(t, form{}, 10)
	s.integer(1)
	s.end()
	if err := s.close(); city.CodeOf(err) != city.CodeInternal {
		t.Errorf("a short row: %v", err)
	}
	if _, err := newSheet(testDataset(), []string{"k", "x"}, form{noHeader: true}); err == nil {
		t.Error("columns at other positions than declared pass")
	}
}

// The sizes of the ledger's windows are the sampled stocks at every scale.
func TestMembersHaveTheStocksOfTheMonth(t *testing.T) {
	t.Parallel()
	fixed := testWorld()
	rapid.Check(t, func(t *rapid.T) {
		w := *fixed
		w.scale = rapid.Float64Range(0.0005, 1).Draw(t, "scale")
		month := city.NewDate(2022, 12, 1)
		for range rapid.IntRange(0, 36).Draw(t, "months") {
			month = city.GrainMonth.Next(month)
		}
		m, in := w.membersIn(month), insuredIn(month)
		size := func(x window) int { return int(x.to - x.from) }
		if got := size(m.workers) + size(m.retirees) + size(m.residents); got != w.sample(in.pension) {
			t.Fatalf("%d pension members, want %d", got, w.sample(in.pension))
		}
		if got := int(m.workers.to - m.unemployment); got != w.sample(in.unemployment) {
			t.Fatalf("%d members of unemployment insurance, want %d", got, w.sample(in.unemployment))
		}
		if got := int(m.workers.to - m.injury); got != w.sample(in.injury) {
			t.Fatalf("%d members of injury insurance, want %d", got, w.sample(in.injury))
		}
	})
}
