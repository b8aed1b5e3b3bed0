package validate_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jinyang-city/jinyang/internal/city"
	"github.com/jinyang-city/jinyang/internal/delivery/format"
	"github.com/jinyang-city/jinyang/internal/delivery/validate"
)

func number(x float64) *float64 { return &x }

// typed is one field of every kind that the tables speak of.
func typed() map[string]*city.Field {
	fields := []*city.Field{
		{Name: "string", Type: city.TypeString},
		{Name: "short", Type: city.TypeString, MaxLen: 4},
		{Name: "code", Type: city.TypeString, Pattern: "[A-Z]+[0-9]+|X"},
		{Name: "opt", Type: city.TypeString, Optional: true, Null: []string{"-", "无"}},
		{Name: "def", Type: city.TypeString, Default: "fallback", Null: []string{"无"}},
		{Name: "int", Type: city.TypeInt},
		{Name: "ranged", Type: city.TypeInt, Min: number(0), Max: number(9007199254740994)},
		{Name: "number", Type: city.TypeNumber},
		{Name: "share", Type: city.TypeNumber, Min: number(0), Max: number(100)},
		{Name: "money", Type: city.TypeDecimal, Scale: 2, Min: number(0.07)},
		{Name: "signed", Type: city.TypeDecimal, Scale: 2, Min: number(-12.34)},
		{Name: "whole", Type: city.TypeDecimal},
		{Name: "date", Type: city.TypeDate},
		{Name: "day", Type: city.TypeDate, Formats: []string{"20060102", "2006年1月2日"}},
		{Name: "month", Type: city.TypeMonth},
		{Name: "moment", Type: city.TypeDateTime},
		{Name: "clock", Type: city.TypeDateTime, Formats: []string{"2006/1/2 15:04", "2006-01-02 15:04:05+00:00"}},
		{Name: "bool", Type: city.TypeBool},
		{Name: "sealed", Type: city.TypeBool, True: []string{"已签"}, False: []string{"未签"}},
		{Name: "kind", Type: city.TypeEnum, Values: []city.EnumValue{
			{Code: "hire", Sources: []string{"单位就业", "就业"}}, {Code: "exit", Sources: []string{"退出"}},
		}},
		{Name: "region", Type: city.TypeRegion},
		{Name: "person", Type: city.TypePerson},
		{Name: "credit", Type: city.TypeCredit},
	}
	out := map[string]*city.Field{}
	for _, f := range fields {
		f.Source = []string{f.Name}
		out[f.Name] = f
	}
	return out
}

// someCity has regions whose codes were in force at different times: 北郊区 was
// dissolved, and 尖草坪区 has the name and the code of one that was.
func someCity(ds *city.Dataset) *city.City {
	region := func(code, name, parent string, from, to city.Date) *city.Region {
		return &city.Region{Code: code, Name: city.Text{ZH: name}, Parent: parent, From: from, To: to}
	}
	var open city.Date
	c := &city.City{
		Code: "140100", Name: city.Text{ZH: "太原市"}, TimeZone: "Asia/Shanghai", Datasets: []*city.Dataset{ds},
		Regions: []*city.Region{
			region("140100", "太原市", "", open, open),
			region("140105", "小店区", "140100", open, open),
			region("140107", "杏花岭区", "140100", city.NewDate(1997, 5, 8), open),
			region("140108", "尖草坪区", "140100", city.NewDate(1997, 5, 8), open),
			region("140113", "尖草坪区", "140100", open, city.NewDate(1997, 5, 7)),
			region("140112", "北郊区", "140100", open, city.NewDate(1997, 5, 7)),
		},
	}
	c.Index()
	return c
}

func compile(t testing.TB, ds *city.Dataset) *validate.Checker {
	t.Helper()
	k, err := validate.Compile(someCity(ds), ds, validate.Options{
		Today: city.NewDate(2024, 10, 31), Token: func(id string) string { return "token(" + id + ")" },
	})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func record(fields ...string) *format.Record {
	rec := &format.Record{Number: 1, Raw: []byte(strings.Join(fields, ","))}
	for _, f := range fields {
		rec.Fields = append(rec.Fields, []byte(f))
	}
	return rec
}

func header(names ...string) [][]byte { return record(names...).Fields }

func bind(t testing.TB, ds *city.Dataset, names ...string) *validate.Binding {
	t.Helper()
	b, err := compile(t, ds).Bind(header(names...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// shown prints a value as the tables write it.
func shown(f *city.Field, v any) string {
	switch v := v.(type) {
	case nil:
		return "-"
	case time.Time:
		if f.Type == city.TypeDateTime {
			return v.Format("2006-01-02 15:04:05.999999999")
		}
		return v.Format(time.DateOnly)
	case int64:
		if f.Type != city.TypeDecimal || f.Scale == 0 {
			return fmt.Sprint(v)
		}
		sign := ""
		if v < 0 {
			sign, v = "-", -v
		}
		digits := fmt.Sprintf("%0*d", f.Scale+1, v)
		return sign + digits[:len(digits)-f.Scale] + "." + digits[len(digits)-f.Scale:]
	}
	return fmt.Sprint(v)
}
