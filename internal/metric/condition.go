package metric

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/jinyang-city/jinyang/internal/city"
)

// conditions writes declared and asked conditions over the fields of a dataset.
//
// A row without a value satisfies no condition but a negated one: a person of
// whom no kind is known is not an exit, so "kind is not exit" keeps the row.
type conditions struct {
	city    *city.City
	dataset *city.Dataset
}

// all writes conditions that must hold together; the text is empty when there
// are none.
func (c conditions) all(list []city.Condition) (text, error) {
	parts := make([]text, 0, len(list))
	for _, cond := range list {
		t, err := c.one(cond)
		if err != nil {
			return text{}, err
		}
		parts = append(parts, t)
	}
	return join(" AND ", parts...), nil
}

func (c conditions) one(cond city.Condition) (text, error) {
	f, ok := c.dataset.Readable(cond.Field)
	if !ok {
		return text{}, city.Errorf(city.CodeInvalid, "dataset %s has no field %q", c.dataset.Name, cond.Field).
			WithHint("its fields are %s", fieldNames(c.dataset))
	}
	if len(cond.Values) == 0 && cond.Min == "" && cond.Max == "" {
		return text{}, city.Errorf(city.CodeInvalid, "the condition on %q names no value", cond.Field).
			WithHint("give a value, a list of values or a range")
	}
	values, err := c.values(f, cond.Values)
	if err != nil {
		return text{}, err
	}
	low, err := c.bound(f, ">=", cond.Min)
	if err != nil {
		return text{}, err
	}
	high, err := c.bound(f, "<=", cond.Max)
	if err != nil {
		return text{}, err
	}
	t := join(" AND ", values, low, high)
	if cond.Not {
		t.sql = "(" + quote(f.Name) + " IS NULL OR NOT (" + t.sql + "))"
	}
	return t, nil
}

func (c conditions) values(f *city.Field, values []string) (text, error) {
	var list []text
	for _, v := range values {
		t, err := c.value(f, v)
		if err != nil {
			return text{}, err
		}
		list = append(list, t)
	}
	t := join(", ", list...)
	switch len(list) {
	case 0:
	case 1:
		t.sql = operand(f) + " = " + t.sql
	default:
		t.sql = operand(f) + " IN (" + t.sql + ")"
	}
	return t, nil
}

func (c conditions) bound(f *city.Field, op, value string) (text, error) {
	if value == "" {
		return text{}, nil
	}
	switch f.Type {
	case city.TypeInt, city.TypeNumber, city.TypeDecimal, city.TypeDate, city.TypeDateTime, city.TypeMonth:
	default:
		return text{}, city.Errorf(city.CodeInvalid, "field %q is a %s and has no range", f.Name, f.Type).
			WithHint("give values; only numbers and dates take min and max")
	}
	t, err := c.value(f, value)
	if err == nil {
		t.sql = operand(f) + " " + op + " " + t.sql
	}
	return t, err
}

// operand writes a field as conditions compare it: a moment by its day.
func operand(f *city.Field) string {
	if f.Type == city.TypeDateTime {
		return "CAST(" + quote(f.Name) + " AS DATE)"
	}
	return quote(f.Name)
}

// decimalText is what may be cast to DECIMAL without a surprise.
var decimalText = regexp.MustCompile(`^-?[0-9]{1,18}(\.[0-9]{1,18})?$`)

// value reads a value by the type of its field and binds it.
func (c conditions) value(f *city.Field, v string) (text, error) {
	switch f.Type {
	case city.TypeInt:
		n, err := strconv.ParseInt(v, 10, 64)
		return bind("?", n), mismatch(f, v, err == nil, "write a whole number")
	case city.TypeNumber:
		n, err := strconv.ParseFloat(v, 64)
		return bind("?", n), mismatch(f, v, err == nil && n-n == 0, "write a number")
	case city.TypeDecimal:
		// Cast by the engine, because a double would blur the last decimal.
		return bind("CAST(? AS DECIMAL(38, 18))", v), mismatch(f, v, decimalText.MatchString(v), "write a number")
	case city.TypeBool:
		return bind("?", v == "true"), mismatch(f, v, v == "true" || v == "false", "write true or false")
	case city.TypeDate, city.TypeDateTime, city.TypeMonth:
		d, err := parseDay(f, v)
		return bind("CAST(? AS DATE)", d.String()), err
	case city.TypeEnum:
		return bind("?", v), enumValue(f, v)
	case city.TypeRegion:
		_, err := c.city.Region(v)
		return bind("?", v), err
	}
	return bind("?", v), nil
}

func bind(sql string, v any) text { return text{sql, []any{v}} }

func mismatch(f *city.Field, v string, ok bool, hint string) error {
	if ok {
		return nil
	}
	return city.Errorf(city.CodeInvalid, "%q is not a value of the %s %q", v, f.Type, f.Name).WithHint("%s", hint)
}

// parseDay reads a day; a month field also takes 2024-01 and keeps the first
// day of the month.
func parseDay(f *city.Field, v string) (city.Date, error) {
	if f.Type == city.TypeMonth && len(v) == len("2024-01") {
		v += "-01"
	}
	d, err := city.ParseDate(v)
	if f.Type == city.TypeMonth {
		return d.MonthStart(), mismatch(f, v, err == nil, "write YYYY-MM")
	}
	return d, mismatch(f, v, err == nil, "write YYYY-MM-DD")
}

func enumValue(f *city.Field, v string) error {
	codes := make([]string, len(f.Values))
	for i, e := range f.Values {
		if e.Code == v {
			return nil
		}
		codes[i] = e.Code
	}
	return mismatch(f, v, false, "use "+strings.Join(codes, ", "))
}

func fieldNames(ds *city.Dataset) string {
	names := make([]string, len(ds.Fields))
	for i, f := range ds.Fields {
		names[i] = f.Name
	}
	return strings.Join(names, ", ")
}
