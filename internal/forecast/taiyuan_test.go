package forecast

import (
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"strconv"
	"testing"
	"time"
)

// taiyuanAir is the real daily air of Taiyuan, 2013-10-28 to 2019-12-10: no
// heading, newest month first, with days missing and days repeated.
const taiyuanAir = "/work/shared/data/air/taiyuan_daily_2013-10_2019-12.tianqihoubao.csv"

// The columns that are looked at.
var pollutants = map[string]int{"AQI": 3, "PM2.5": 5, "PM10": 6, "SO2": 7, "NO2": 8, "CO": 9, "O3": 10}

// monthlyMeans reads one column as the means of whole months, from November
// 2013 to November 2019; false where the file is not there.
func monthlyMeans(t *testing.T, column int) (Series, bool) {
	t.Helper()
	f, err := os.Open(taiyuanAir)
	if errors.Is(err, fs.ErrNotExist) {
		return Series{}, false
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sums, days, seen := make([]float64, 73), make([]float64, 73), map[string]bool{}
	for r := csv.NewReader(f); ; {
		row, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		day, err := time.Parse(time.DateOnly, row[1])
		v, bad := strconv.ParseFloat(row[column], 64)
		if err != nil || bad != nil || seen[row[1]] || v <= 0 {
			continue
		}
		seen[row[1]] = true
		if at := (day.Year()-2013)*12 + int(day.Month()) - 11; at >= 0 && at < len(sums) {
			sums[at], days[at] = sums[at]+v, days[at]+1
		}
	}
	s := Series{Values: make([]float64, len(sums)), Season: 12, Phase: 10}
	for i := range sums {
		s.Values[i] = math.NaN()
		if days[i] >= 20 {
			s.Values[i] = sums[i] / days[i]
		}
	}
	return s, true
}

// TestTaiyuanAir backtests on the real air of Taiyuan and prints the errors: of
// single months, and of the mean of the year foretold from each distance.
// Everything is judged by what was known at the time.
func TestTaiyuanAir(t *testing.T) {
	t.Parallel()
	saved, worse, within, judged := 0.0, 0, 0, 0
	for name, column := range pollutants {
		s, ok := monthlyMeans(t, column)
		if !ok {
			t.Skip("the shared data are not here: " + taiyuanAir)
		}
		for _, h := range []int{1, 3, 6, 9, 12} {
			for what, a := range map[string]Total{"month": Last(h), "year": {Weights: path(h, func(int) float64 { return 1.0 / 12 })}} {
				m, ok := New(s, a)
				if !ok {
					t.Fatal("six years are too short")
				}
				r := m.Record(a, 0.8)
				t.Logf("%-5s %-5s %2d months ahead: MAE %6.2f (seasonal naive %6.2f), MAPE %5.1f %% (%5.1f %%), skill %+.2f, %d folds, 80 %% interval held %d of %d, now %s",
					name, what, h, r.Model.MAE, r.Floor.MAE, *r.Model.MAPE, *r.Floor.MAPE, r.Skill, r.Folds, r.Within, r.Judged, m.Method)
				saved += r.Skill
				within, judged = within+r.Within, judged+r.Judged
				if r.Skill < -0.1 {
					worse++
				}
			}
		}
	}
	t.Logf("mean skill %.2f; 80 %% intervals held %.0f %% of the time", saved/float64(10*len(pollutants)), 100*float64(within)/float64(judged))
	if worse > 2 {
		t.Errorf("clearly worse than seasonal naive in %d of 70", worse)
	}
	if share := float64(within) / float64(judged); share < 0.65 {
		t.Errorf("80 %% intervals held the truth in %.0f %%", 100*share)
	}
}
