package forecast

import (
	"compress/gzip"
	"encoding/csv"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// sharedData holds real files that are not part of the project.
const sharedData = "/work/shared/data"

// monthly gathers values by month from a first one on.
type monthly struct {
	first time.Time
	sums  []float64
	rows  []float64
}

func newMonthly(year, month, n int) *monthly {
	return &monthly{time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC), make([]float64, n), make([]float64, n)}
}

func (m *monthly) put(year, month int, v float64) {
	at := 12*(year-m.first.Year()) + month - int(m.first.Month())
	if at >= 0 && at < len(m.sums) && !unknown(v) {
		m.sums[at] += v
		m.rows[at]++
	}
}

// means leaves out months with fewer rows than asked for.
func (m *monthly) means(fewest float64) Series {
	s := Series{Season: 12, Phase: int(m.first.Month()) - 1}
	for i := range m.sums {
		v := math.NaN()
		if m.rows[i] >= fewest {
			v = m.sums[i] / m.rows[i]
		}
		s.Values = append(s.Values, v)
	}
	return s
}

func (m *monthly) counts() Series {
	return Series{Values: m.rows, Season: 12, Phase: int(m.first.Month()) - 1}
}

// eachRow reads a CSV file, plain or gzip; a file that is not there has no rows.
func eachRow(t *testing.T, path string, row func(cells []string)) {
	t.Helper()
	f, err := os.Open(path)
	if os.IsNotExist(err) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var in io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if in, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	r := csv.NewReader(in)
	r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = -1, true, true
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		row(cells)
	}
}

// beijing are the twelve stations of Beijing, March 2013 to February 2017.
func beijing(t *testing.T) []sample {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(sharedData, "air/beijing_prsa/*.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	items := map[string]int{"PM2.5": 5, "PM10": 6, "SO2": 7, "NO2": 8, "CO": 9, "O3": 10, "TEMP": 11, "RAIN": 14, "WSPM": 16}
	var out []sample
	for _, file := range files {
		all := map[string]*monthly{}
		for item := range items {
			all[item] = newMonthly(2013, 3, 48)
		}
		eachRow(t, file, func(cells []string) {
			year, err := strconv.Atoi(cells[1])
			month, bad := strconv.Atoi(cells[2])
			if err != nil || bad != nil {
				return
			}
			for item, column := range items {
				if v, err := strconv.ParseFloat(cells[column], 64); err == nil {
					all[item].put(year, month, v)
				}
			}
		})
		for item, m := range all {
			out = append(out, sample{"beijing", strings.Split(filepath.Base(file), "_")[2] + " " + item, m.means(240)})
		}
	}
	return byName(out)
}

// byName sorts samples, so that each run takes the same moments of them.
func byName(list []sample) []sample {
	slices.SortFunc(list, func(a, b sample) int { return strings.Compare(a.name, b.name) })
	return list
}

// requests are the service requests of San Francisco by month, all of them and by
// agency, July 2008 to December 2017.
func requests(t *testing.T) []sample {
	t.Helper()
	by := map[string]*monthly{}
	eachRow(t, filepath.Join(sharedData, "311/sf311_10k.csv.gz"), func(cells []string) {
		day, err := time.Parse(time.DateTime, strings.TrimSuffix(cells[1], "+00:00"))
		if err != nil {
			return
		}
		for _, key := range []string{"all", cells[7]} {
			if by[key] == nil {
				by[key] = newMonthly(2008, 7, 114)
			}
			by[key].put(day.Year(), int(day.Month()), 1)
		}
	})
	var out []sample
	for key, m := range by {
		if total(m.rows) >= 200 {
			out = append(out, sample{"requests", key, m.counts()})
		}
	}
	return byName(out)
}

// taiyuan is its air.
func taiyuan(t *testing.T) []sample {
	t.Helper()
	var out []sample
	for name, column := range pollutants {
		if s, ok := monthlyMeans(t, column); ok {
			out = append(out, sample{"taiyuan", name, s})
		}
	}
	return byName(out)
}

// given are the series of a CSV file that the environment names, to try the
// methods on something that nobody here has seen: a name, the steps of a year,
// which of them the first value is (from 0), and the values, empty where unknown.
func given(t *testing.T) []sample {
	t.Helper()
	path := os.Getenv("JINYANG_SERIES")
	if path == "" {
		return nil
	}
	var out []sample
	eachRow(t, path, func(cells []string) {
		if len(cells) < 4 {
			t.Fatalf("%s: a row has %d cells", path, len(cells))
		}
		season, err := strconv.Atoi(cells[1])
		phase, bad := strconv.Atoi(cells[2])
		if err != nil || bad != nil || season < 1 {
			t.Fatalf("%s: %q is no season and phase", path, cells[1:3])
		}
		s := sample{"given", cells[0], Series{Season: season, Phase: phase}}
		for _, cell := range cells[3:] {
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				v = math.NaN()
			}
			s.Values = append(s.Values, v)
		}
		out = append(out, s)
	})
	return out
}
