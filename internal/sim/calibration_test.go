package sim_test

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
)

// simulated is a generated city, its sound rows in the order sent, by dataset.
// Of the insurance ledger only the months of ledgerMonths are read.
type simulated struct {
	c    *city.City
	rows map[string][]row
}

// The figures must not depend on the seed; any may stand here.
const (
	calibrationScale = 0.005
	calibrationSeed  = 1
)

var ledgerMonths = []string{"opening-2022-12-31", "2023-12", "2024-10"}

// read generates two years and reads them back, checking on the way that
// exactly the rows are bad or repeated that the summary says.
func read(t *testing.T) simulated {
	t.Helper()
	s := simulated{c: taiyuan(t), rows: map[string][]row{}}
	out, sum := generate(t, s.c, calibrationScale, "2023-01", "2024-12", calibrationSeed)
	bad, repeated := map[string]int64{}, map[string]int64{}
	for _, b := range batches(t, out) {
		if b.Dataset == "hrss.insurance" && !slices.Contains(ledgerMonths, b.Batch) {
			continue
		}
		d, err := s.c.Dataset(b.Dataset)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, r := range b.rows(t, s.c) {
			if !sound(s.c, d, r) {
				bad[d.Name]++
				continue
			}
			key := ""
			for _, k := range d.Key {
				key += "|" + r[k]
			}
			if seen[key] {
				repeated[d.Name]++
				continue
			}
			seen[key] = true
			s.rows[d.Name] = append(s.rows[d.Name], r)
		}
	}
	for _, d := range sum.Datasets {
		if d.Dataset == "hrss.insurance" {
			continue // not all months are read
		}
		if bad[d.Dataset] != d.Defects || repeated[d.Dataset] != d.Duplicates {
			t.Errorf("%s: %d bad and %d repeated rows, the summary says %d and %d", d.Dataset, bad[d.Dataset], repeated[d.Dataset], d.Defects, d.Duplicates)
		}
	}
	if n := bad["hrss.insurance"]; n == 0 || repeated["hrss.insurance"] == 0 {
		t.Errorf("the ledger has %d bad and %d repeated rows", n, repeated["hrss.insurance"])
	}
	return s
}

// where keeps the rows that have one of the values in a field.
func (s simulated) where(dataset string, conditions ...[2]string) []row {
	var out []row
	for _, r := range s.rows[dataset] {
		ok := true
		for _, c := range conditions {
			ok = ok && strings.HasPrefix(r[c[0]], c[1])
		}
		if ok {
			out = append(out, r)
		}
	}
	return out
}

func total(rows []row, field string) (sum float64) {
	for _, r := range rows {
		v, _ := strconv.ParseFloat(r[field], 64)
		sum += v
	}
	return sum
}

func distinct(rows []row, field string) float64 {
	set := map[string]bool{}
	for _, r := range rows {
		set[r[field]] = true
	}
	return float64(len(set))
}

// last keeps the last row sent for each value of a key.
func last(rows []row, key string) []row {
	m := map[string]row{}
	for _, r := range rows {
		m[r[key]] = r
	}
	return slices.Collect(maps.Values(m))
}

func (s simulated) insured(month, scheme string) float64 {
	rows := s.where("hrss.insurance", [2]string{"month", month})
	var of []row
	for _, r := range rows {
		if strings.Contains(r["scheme"], scheme) {
			of = append(of, r)
		}
	}
	return distinct(of, "person") / calibrationScale
}

func (s simulated) newUrban(period string) float64 {
	rows := s.where("hrss.employment", [2]string{"event_date", period})
	rows = last(rows, "record_no")
	hired := slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return r["kind"] == "自然减员" })
	return (distinct(hired, "person") - float64(len(rows)-len(hired))) / calibrationScale
}

// upToOctober keeps the rows of January to October 2024.
func upToOctober(rows []row, field string) []row {
	return slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return r[field] < "2024-01" || r[field] > "2024-10-31" })
}

func (s simulated) closingRate(rows []row) float64 {
	return 100 * total(rows, "closed") / total(rows, "caseload")
}

func yes(rows []row, field string) float64 {
	n := 0
	for _, r := range rows {
		if r[field] == "是" {
			n++
		}
	}
	return 100 * float64(n) / float64(len(rows))
}

func (s simulated) retailGrowth(category string, lastMonth string) float64 {
	sum := func(year string) float64 {
		rows := s.where("commerce.retail", [2]string{"month", year}, [2]string{"category", category})
		return total(slices.DeleteFunc(rows, func(r row) bool { return r["month"] > year+"-"+lastMonth }), "amount")
	}
	return 100 * (sum("2024")/sum("2023") - 1)
}

func TestCalibration(t *testing.T) {
	t.Parallel()
	s := read(t)
	oneRow := 1 / calibrationScale
	air := func(period string) []row { return s.where("env.air_daily", [2]string{"date", period}) }
	air2024 := upToOctober(air("2024"), "date")
	renewal := last(s.rows["housing.renewal"], "neighbourhood")
	started := func(rows []row) float64 { return float64(len(rows)) }
	startedIn := func(year string) []row {
		return slices.DeleteFunc(slices.Clone(renewal), func(r row) bool { return !strings.HasPrefix(r["started_on"], year) })
	}
	arbitration := s.rows["hrss.arbitration_monthly"]
	status := func(field string) float64 {
		n := 0.0
		for _, r := range s.where("commerce.consumption_status", [2]string{"month", "2024-10"}) {
			if r[field] >= "3" {
				n++
			}
		}
		return n
	}
	institutions := func(month, level string) []row {
		return s.where("ybj.institutions", [2]string{"month", month}, [2]string{"level", level})
	}
	for _, c := range []struct {
		what              string
		got, want, within float64
	}{
		{"pension 2023-12", s.insured("2023-12", "养老"), 2_939_700, oneRow / 2},
		{"unemployment 2023-12", s.insured("2023-12", "失业"), 1_289_500, oneRow / 2},
		{"injury 2023-12", s.insured("2023-12", "工伤"), 1_450_000, oneRow / 2},
		{"pension 2022-12", s.insured("2022-12", "养老"), 2_881_500, oneRow / 2},
		{"pension 2024-10", s.insured("2024-10", "养老"), 2_980_283, oneRow / 2},
		{"new urban employment 2023", s.newUrban("2023"), 86_960, oneRow / 2},
		{"new urban employment 2024", s.newUrban("2024"), 83_000, oneRow / 2},
		{"trained 2023", distinct(s.where("hrss.training", [2]string{"completed_on", "2023"}, [2]string{"subsidised", "是"}), "person") / calibrationScale, 30_640, oneRow},
		{"closing rate 2023", s.closingRate(s.where("hrss.arbitration_monthly", [2]string{"month", "2023"})), 92.1, 0.05},
		{"closing rate 2024 to October", s.closingRate(upToOctober(arbitration, "month")), 90.8, 0.5},
		{"carried into 2024", total(s.where("hrss.arbitration_monthly", [2]string{"month", "2024"}), "carried_in"), 515, 0},
		{"PM2.5 2024 to October", total(air2024, "pm25") / float64(len(air2024)), 40.6, 0.01},
		{"PM10 2024 to October", total(air2024, "pm10") / float64(len(air2024)), 81.4, 0.01},
		{"days of 2023", float64(len(air("2023"))), 365, 0},
		{"samples worse than III in 2024", float64(len(s.where("env.water_monthly", [2]string{"month", "2024"}, [2]string{"class", "Ⅳ"}))), 1, 0},
		{"started 2023", started(startedIn("2023")), 437, 0},
		{"started 2024 to October", started(upToOctober(startedIn("2024"), "started_on")), 376, 0},
		{"canteens 2024 to October", float64(len(upToOctober(last(s.rows["civil.canteens"], "canteen"), "certified_on"))), 20, 0},
		{"embedded childcare 2024-10", yes(s.where("health.childcare", [2]string{"month", "2024-10"}), "embedded"), 54, 0.1},
		{"online retail to October", s.retailGrowth("互联网", "10"), 16.1, 0.7},
		{"new-energy vehicles to October", s.retailGrowth("新能源", "10"), 18, 0.7},
		{"counties with a public market 2023-12", yes(s.where("hrss.gig_markets", [2]string{"month", "2023-12"}), "has_public"), 100, 0},
		{"residents enrolled 2023-12", 100 * total(s.where("ybj.enrolment", [2]string{"month", "2023-12"}), "enrolled") / total(s.where("ybj.enrolment", [2]string{"month", "2023-12"}), "eligible"), 95.8, 0.01},
		{"institutions opened 2023", float64(len(s.where("ybj.crossregion_openings", [2]string{"opened_on", "2023"}, [2]string{"kind", "定点医疗"}))), 436, 0},
		{"pharmacies opened 2023", float64(len(s.where("ybj.crossregion_openings", [2]string{"opened_on", "2023"}, [2]string{"kind", "定点零售"}))), 268, 0},
		{"tertiary hospitals connected 2023-12", yes(institutions("2023-12", "三级"), "erx_connected"), 100, 0},
		{"drugs procured by the end of 2024", float64(len(s.where("ybj.procurement", [2]string{"kind", "药品"}))), 702, 0},
		{"districts with three scenes 2024-10", status("new_scenes"), 4, 0},
		{"districts with three landmarks 2024-10", status("landmarks"), 5, 0},
		{"night landmarks 2024-10", total(s.where("commerce.consumption_status", [2]string{"month", "2024-10"}), "night_landmarks"), 4, 0},
		{"GDP 2022", total(s.where("stats.economy", [2]string{"month", "2022-12"}), "gdp"), 557_117_000_000, 0},
		{"retrofitted 2024 to October", total(upToOctober(last(s.rows["energy.retrofits"], "unit_no"), "completed_on"), "capacity"), 85_000, 0},
	} {
		if math.Abs(c.got-c.want) > c.within+1e-9 {
			t.Errorf("%s: %v, want %v (within %v)", c.what, c.got, c.want, c.within)
		}
	}
}
