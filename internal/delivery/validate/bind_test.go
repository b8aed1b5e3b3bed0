package validate_test

import (
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
)

// registrations is a dataset with a column of each kind of presence.
func registrations(mode city.HeaderMode) *city.Dataset {
	return &city.Dataset{
		Name: "hrss.employment",
		Delivery: city.DeliverySpec{
			Mode: city.ModeUpsert, Header: mode, Ignore: []string{"备注"},
		},
		Key: []string{"no"},
		Pos: city.Pos{File: "hrss.yaml", Line: 7},
		Fields: []*city.Field{
			{Name: "no", Type: city.TypeString, Source: []string{"业务流水号"}, Column: 1},
			{Name: "person", Type: city.TypePerson, Source: []string{"公民身份号码", "身份证号"}, Column: 2, Optional: true},
			{Name: "wage", Type: city.TypeDecimal, Scale: 2, Source: []string{"工资"}, Column: 3, Optional: true},
			{Name: "place", Type: city.TypeRegion, Source: []string{"登记地"}, Column: 4, Default: "140100"},
		},
	}
}

func TestBind(t *testing.T) {
	t.Parallel()
	const (
		all = "业务流水号,公民身份号码,工资,登记地"
		row = "A1,11010519491231002X,12.50,小店区"
	)
	cases := []struct {
		name  string
		mode  city.HeaderMode
		first string
		// header, and what a row of the same width gives; or what the error says
		header    bool
		data, got string
		err       string
	}{
		{name: "all columns", mode: city.HeaderAuto, first: all, header: true, data: row, got: "A1 token(11010519491231002X) 12.50 140105"},
		{name: "another order", mode: city.HeaderAuto, first: "登记地,工资,业务流水号", header: true, data: "小店区,1,A1", got: "A1 - 1.00 140105"},
		{name: "the other name", mode: city.HeaderAuto, first: "身份证号,业务流水号", header: true, data: "11010519491231002X,A1", got: "A1 token(11010519491231002X) - 140100"},
		{name: "space around names", mode: city.HeaderAuto, first: " 业务流水号 ,工资　", header: true, data: "A1,1", got: "A1 - 1.00 140100"},
		{name: "an ignored column", mode: city.HeaderAuto, first: "业务流水号,备注", header: true, data: "A1,anything", got: "A1 - - 140100"},
		{name: "nameless at the end", mode: city.HeaderAuto, first: all + ", ,", header: true, data: row + ",, ", got: "A1 token(11010519491231002X) 12.50 140105"},
		{name: "nameless at the end of an error file", mode: city.HeaderAuto, first: all + ",,错误代码,错误说明", header: true, data: row + ",,code,why", got: "A1 token(11010519491231002X) 12.50 140105"},
		{name: "a value without a name", mode: city.HeaderAuto, first: all + ",", header: true, data: row + ",x", got: "!field_count"},
		{name: "required and there", mode: city.HeaderRequired, first: all, header: true, data: row, got: "A1 token(11010519491231002X) 12.50 140105"},

		{name: "by position", mode: city.HeaderAuto, first: row, data: row, got: "A1 token(11010519491231002X) 12.50 140105"},
		{name: "never a header", mode: city.HeaderNone, first: all, data: row, got: "A1 token(11010519491231002X) 12.50 140105"},
		{name: "optional and default columns cut off", mode: city.HeaderNone, first: "A1", data: "A1", got: "A1 - - 140100"},

		{name: "missing", mode: city.HeaderAuto, first: "工资,登记地", err: `missing "业务流水号"`},
		{name: "unknown", mode: city.HeaderAuto, first: all + ",手机号", err: `not declared "手机号"`},
		{name: "twice", mode: city.HeaderAuto, first: all + ",工资", err: `given twice "工资"`},
		{name: "two names of one field", mode: city.HeaderAuto, first: all + ",身份证号", err: `given twice "身份证号"`},
		{name: "nameless", mode: city.HeaderAuto, first: "业务流水号,,身份证号", err: `without a name, column "2"`},
		{name: "several mistakes at once", mode: city.HeaderAuto, first: "工资,x", err: `missing "业务流水号"; not declared "x"`},
		{name: "required and not there", mode: city.HeaderRequired, first: row, err: `names none of the declared columns: "业务流水号"`},
		{name: "garbled", mode: city.HeaderRequired, first: "涓氬姟娴佹按鍙�", err: "another encoding"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ds := registrations(c.mode)
			b, err := compile(t, ds).Bind(header(strings.Split(c.first, ",")...))
			if c.err != "" {
				if city.CodeOf(err) != "invalid.header" || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("got %v, want %s", err, c.err)
				}
				return
			}
			if err != nil || b.Header != c.header {
				t.Fatalf("header %v, %v", b != nil && b.Header, err)
			}
			values, fail := b.Row(record(strings.Split(c.data, ",")...))
			if fail != nil {
				if got := "!" + fail.Code; got != c.got {
					t.Errorf("got %s, %s; want %s", got, fail.Message, c.got)
				}
				return
			}
			var got []string
			for i, v := range values {
				got = append(got, shown(ds.Fields[i], v))
			}
			if g := strings.Join(got, " "); g != c.got {
				t.Errorf("got %s, want %s", g, c.got)
			}
		})
	}
}

// TestBindByPositionNeedsColumns holds that a file without header is refused
// when the declaration does not say where its fields stand.
func TestBindByPositionNeedsColumns(t *testing.T) {
	t.Parallel()
	ds := registrations(city.HeaderNone)
	ds.Fields[0].Column = 9
	_, err := compile(t, ds).Bind(header("A1", "", ""))
	if city.CodeOf(err) != "invalid.header" || !strings.Contains(err.Error(), "3 columns") {
		t.Errorf("a column beyond the file: %v", err)
	}
	ds.Fields[0].Column = 0
	_, err = compile(t, ds).Bind(header("A1", "", ""))
	if city.CodeOf(err) != "invalid.header" || !strings.Contains(err.Error(), "declares no column") {
		t.Errorf("a field without column: %v", err)
	}
	ds.Delivery.Header = city.HeaderAuto
	_, err = compile(t, ds).Bind(header("A1", "", ""))
	if city.CodeOf(err) != "invalid.header" || !strings.Contains(err.Error(), "begin the file with the header") {
		t.Errorf("without header or columns: %v", err)
	}
}

// TestHeaderErrorsHidePersons delivers rows where a header should be: the
// error goes into the receipt and the log.
func TestHeaderErrorsHidePersons(t *testing.T) {
	t.Parallel()
	for _, mode := range []city.HeaderMode{city.HeaderAuto, city.HeaderRequired} {
		ds := registrations(mode)
		for i := range ds.Fields {
			ds.Fields[i].Column = 0
		}
		for _, first := range []string{
			"A1,11010519491231002X,12.50,小店区",
			"业务流水号,11010519491231002X,110105 19491231 002x,１１０１０５１９４９１２３１００２Ｘ",
		} {
			_, err := compile(t, ds).Bind(header(strings.Split(first, ",")...))
			if err == nil {
				t.Fatal("a row passed for a header")
			}
			if id := findID(err.Error()); id != "" {
				t.Errorf("the error shows %s: %v", id, err)
			}
		}
	}
}

// FuzzRow holds that no header and no record breaks the checks, that what is
// accepted has a value for every field, and that no ID number gets past Mask.
func FuzzRow(f *testing.F) {
	f.Add("业务流水号,公民身份号码,工资", "A1,11010519491231002X,12.50")
	f.Add("A1,11010519491231002X,12.50,小店区", "A2,,")
	f.Add("\xff,\x00", "\xff\x00,１１０１０５１９４９１２３１００２Ｘ")
	f.Fuzz(func(t *testing.T, first, row string) {
		ds := registrations(city.HeaderAuto)
		b, err := compile(t, ds).Bind(header(strings.Split(first, ",")...))
		if err != nil {
			if city.CodeOf(err) != "invalid.header" {
				t.Fatal(err)
			}
			return
		}
		rec := record(strings.Split(row, ",")...)
		values, fail := b.Row(rec)
		if fail == nil && len(values) != len(ds.Fields) {
			t.Fatalf("%d values", len(values))
		}
		if masked := b.Mask(rec); findID(masked) != "" {
			t.Fatalf("%q shows an ID number", masked)
		}
	})
}
