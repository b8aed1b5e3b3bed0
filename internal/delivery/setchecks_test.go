package delivery_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery"
)

// sensors makes the bench's city one with checks over sets of rows: stations
// are a register, hours their series.
func sensors(b *bench) *city.Dataset {
	stations := &city.Dataset{
		Name: "env.stations", Owner: "hrss", Key: []string{"station"},
		Delivery: city.DeliverySpec{Mode: city.ModeUpsert, Period: "since", RejectAbove: 1, Header: city.HeaderNone},
		Fields: []*city.Field{
			{Name: "station", Type: city.TypeString, Source: []string{"站点"}, Column: 1},
			{Name: "since", Type: city.TypeDate, Source: []string{"启用"}, Column: 2},
			{Name: "keeper", Type: city.TypePerson, Source: []string{"负责人"}, Column: 3, Optional: true},
		},
	}
	hours := &city.Dataset{
		Name: "env.hours", Owner: "hrss", Key: []string{"station", "day", "hour"},
		Delivery: city.DeliverySpec{Mode: city.ModeUpsert, Period: "day", RejectAbove: 1, Header: city.HeaderAuto},
		Fields: []*city.Field{
			{Name: "station", Type: city.TypeString, Source: []string{"站点"}, Column: 1},
			{Name: "day", Type: city.TypeDate, Source: []string{"日期"}, Column: 2},
			{Name: "hour", Type: city.TypeInt, Source: []string{"时"}, Column: 3},
			{Name: "pm25", Type: city.TypeNumber, Source: []string{"PM2.5"}, Column: 4, Optional: true},
			{Name: "keeper", Type: city.TypePerson, Source: []string{"负责人"}, Column: 5, Optional: true},
		},
		SetChecks: []city.SetCheck{
			{Code: "unknown_station", Kind: city.CheckReference, Fields: []string{"station"}, Dataset: "env.stations", To: "station"},
			{Code: "unknown_keeper", Kind: city.CheckReference, Fields: []string{"keeper"}, Dataset: "env.stations", To: "keeper", Notice: true},
			{Code: "stuck_sensor", Kind: city.CheckStuck, Fields: []string{"pm25"}, By: []string{"station"}, Order: []string{"day", "hour"}, Run: 3},
			{Code: "hours_missing", Kind: city.CheckGap, By: []string{"station"}, Order: []string{"day", "hour"}, Every: city.StepHour, Notice: true},
		},
	}
	c := *b.city
	c.Datasets = append(slices.Clone(c.Datasets), stations, hours)
	c.Index()
	b.city = &c
	return hours
}

// series writes hours of a station, one per value; empty values leave the hour
// out.
func hourly(station string, from int, values ...string) string {
	var out strings.Builder
	for i, v := range values {
		if v != "" {
			fmt.Fprintf(&out, "%s,2020-04-%02d,%d,%s,\n", station, 1+(from+i)/24, (from+i)%24, v)
		}
	}
	return out.String()
}

const hoursHead = "站点,日期,时,PM2.5,负责人\n"

func TestSetChecks(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	sensors(b)
	b.deliver("env.stations", "上兰,2018-01-01,"+anna+"\n巨轮,2018-01-01,\n")
	r := b.deliver("env.hours", hoursHead+hourly("上兰", 0, "5", "25", "25", "25", "7")+hourly("巨轮", 0, "1", "", "", "4", "5")+
		"涧河,2020-04-01,0,9,\n上兰,2020-04-01,9,9,"+bruno+"\n上兰,2020-04-01,10,8,"+anna+"\n")
	if got, want := brief(r), "committed 11=7+4+0 stuck_sensor:3 unknown_station:1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if x := r.Reasons[0]; x.Code != "stuck_sensor" || x.Field != "pm25" || x.Sample[0].Row != 2 || x.Sample[0].Text != "上兰,2020-04-01,1,25," {
		t.Errorf("the first reason is %+v", x)
	}
	if x := r.Reasons[1]; !strings.Contains(x.Sample[0].Message, "snapshot ") {
		t.Errorf("the reference does not name what it saw: %+v", x)
	}
	wantFindings(t, r,
		"unknown_keeper keeper 1 [10]",
		"hours_missing day 22 [station 涧河: 2020-04-01 01 to 2020-04-01 10, 10 hours; station 巨轮: 2020-04-01 05 to 2020-04-01 10, 6 hours; "+
			"station 上兰: 2020-04-01 05 to 2020-04-01 08, 4 hours; station 巨轮: 2020-04-01 01 to 2020-04-01 02, 2 hours]")

	// The run goes on across the deliveries, and what is stuck already is known.
	r = b.deliver("env.hours", hoursHead+hourly("巨轮", 5, "5", "5"))
	if got, want := brief(r), "committed 2=0+2+0 stuck_sensor:2"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	wantFindings(t, r)
}

// wantFindings compares the findings, each as code, field, count and sample.
func wantFindings(t *testing.T, r *delivery.Receipt, want ...string) {
	t.Helper()
	got := []string{}
	for _, f := range r.Findings {
		var sample []string
		for _, s := range f.Sample {
			if s.Row > 0 {
				s.Message = fmt.Sprint(s.Row)
			}
			sample = append(sample, s.Message)
		}
		got = append(got, fmt.Sprintf("%s %s %d [%s]", f.Code, f.Field, f.Count, strings.Join(sample, "; ")))
	}
	if !slices.Equal(got, want) {
		t.Errorf("findings\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if r.Findings == nil {
		t.Error("the findings are null")
	}
}

// TestSetChecksKeepText holds that rows which fail late keep the text that the
// sender wrote, in every form of file, and are counted against reject_above.
func TestSetChecksKeepText(t *testing.T) {
	t.Parallel()
	const csv = `上兰,2020-04-01,0,"5",` + anna + "\n" + `上兰,2020-04-01,1,6,` + "\n"
	for name, c := range map[string]struct{ content, text string }{
		"header":     {hoursHead + csv, "上兰,2020-04-01,0,5,******************"},
		"no header":  {csv, "上兰,2020-04-01,0,5,******************"},
		"JSON Lines": {`{"站点":"上兰","日期":"2020-04-01","时":0,"PM2.5":5.0,"负责人":"` + anna + "\"}\n", "上兰,2020-04-01,0,5.0,******************"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			ds := sensors(b)
			r := b.deliver("env.hours", c.content)
			if r.Quarantined != r.Received || r.Reasons[0].Code != "unknown_station" || r.Reasons[0].Sample[0].Text != c.text {
				t.Errorf("%+v", r.Reasons)
			}
			if !strings.Contains(r.Reasons[0].Sample[0].Message, "holds nothing yet") {
				t.Errorf("the message is %s", r.Reasons[0].Sample[0].Message)
			}
			ds.Delivery.RejectAbove = 0.5
			if r = b.deliver("env.hours", c.content); r.Code != "invalid.too_many_failures" {
				t.Errorf("got %s", brief(r))
			}
		})
	}
}

// drifts writes the drift of a receipt in one line.
func drifts(r *delivery.Receipt) string {
	out := []string{}
	for _, d := range r.Drift {
		s := fmt.Sprintf("%s %s", d.Kind, d.Column)
		if d.Was != "" {
			s += " was " + d.Was
		}
		out = append(out, fmt.Sprintf("%s %d<%d", s, d.Position, d.WasPosition))
	}
	return strings.Join(out, ", ")
}

// TestDrift delivers headers one after the other: each is compared with the
// last one that was accepted.
func TestDrift(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	row := 0
	for i, c := range []struct{ header, data, code, drift, message string }{
		{header: "业务流水号,公民身份号码,登记地,登记日期,工资", data: "%d,,,2024-01-01,"},
		{header: "业务流水号,公民身份号码,登记地,登记日期,工资", data: "%d,,,2024-01-01,"},
		{header: "业务流水号,登记地,登记日期,公民身份号码,工资", data: "%d,,2024-01-01,,", drift: "moved 公民身份号码 4<2"},
		{header: "业务流水号,登记地,登记日期,备注,公民身份号码", data: "%d,,2024-01-01,,", drift: "new 备注 4<0, missing 工资 0<5"},
		{header: "业务流水号,登记地,备注,公民身份号码,登记时间", code: "invalid.header",
			drift:   "renamed 登记时间 was 登记日期 5<3",
			message: `renamed "登记日期 → 登记时间"; if "登记时间" is "登记日期", add it to source of the field day at`},
		{header: "业务流水号,登记地,登记日期,备注,公民身份号码,工资（元）", code: "invalid.header",
			drift: "renamed 工资（元） was 工资 6<0", message: `add it to source of the field wage at`},
		{header: "业务流水号,登记地,登记日期,备注,公民身份号码", data: "%d,,2024-01-01,,"},
		{header: "业务流水号,登记日期,手机", code: "invalid.header", drift: "new 手机 3<0, missing 登记地 0<2, missing 备注 0<4, missing 公民身份号码 0<5",
			message: `not declared "手机"`},
		{header: "业务流水号,登记地,登记日期,备注,公民身份号码,错误代码,错误说明", data: "%d,,2024-01-01,,,,"},
	} {
		row++
		content := c.header + "\n"
		if c.data != "" {
			content += fmt.Sprintf(c.data, row) + "\n"
		}
		r := b.deliver("hrss.jobs", content)
		message := strings.ReplaceAll(strings.ReplaceAll(r.Message, "(", ""), ")", "")
		if string(r.Code) != c.code || drifts(r) != c.drift || r.Drift == nil {
			t.Errorf("%d: %s %s\nwant %s %s", i, r.Code, drifts(r), c.code, c.drift)
		}
		for _, part := range strings.Split(c.message, "; ") {
			if !strings.Contains(message, part) {
				t.Errorf("%d: the message is %s", i, r.Message)
			}
		}
		if (r.Status == delivery.Committed) != (len(r.Columns) > 0) {
			t.Errorf("%d: columns %q", i, r.Columns)
		}
	}
}

// TestDriftOfOtherForms: keys of JSON Lines have no order, and a file without
// header is compared by its width.
func TestDriftOfOtherForms(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for i, c := range []struct{ dataset, content, drift string }{
		{"hrss.jobs", `{"业务流水号":"1","登记日期":"2024-01-01","工资":1}` + "\n", ""},
		{"hrss.jobs", `{"工资":2,"登记日期":"2024-01-01","业务流水号":"1"}` + "\n", ""},
		{"hrss.jobs", `{"登记日期":"2024-01-01","业务流水号":"1","登记地":"小店区"}` + "\n", "new 登记地 3<0, missing 工资 0<1"},
		{"env.air", "2024-01-01,1\n", ""},
		{"env.air", "2024-01-02,1,2\n", "new  3<0"},
		{"env.air", "2024-01-03\n", "missing pm25 0<2"},
	} {
		r := b.deliver(c.dataset, c.content)
		if r.Status != delivery.Committed || drifts(r) != c.drift {
			t.Errorf("%d: %s %s %s, want %s", i, r.Status, r.Message, drifts(r), c.drift)
		}
	}
}
