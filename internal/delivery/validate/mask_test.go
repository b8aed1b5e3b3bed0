package validate_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/jinyang-city/jinyang/internal/city"
)

var idNumber = regexp.MustCompile(`[0-9]{17}[0-9Xx]|[0-9]{15}`)

// findID gives an ID number that a reader could pick out of a cell of text,
// however its digits are written and whatever but letters stands between them.
func findID(text string) string {
	for _, cell := range strings.Split(text, ",") {
		for _, stretch := range strings.FieldsFunc(cell, func(r rune) bool { return r == '*' }) {
			bare := strings.Map(func(r rune) rune {
				switch {
				case r >= '０' && r <= '９':
					return r - '０' + '0'
				case r == 'ｘ' || r == 'Ｘ':
					return 'X'
				case r == ' ' || r == '-' || r == '.' || r == '_' || r == utf8.RuneError || r == '　':
					return -1
				}
				return r
			}, stretch)
			if id := idNumber.FindString(bare); id != "" {
				return id
			}
		}
	}
	return ""
}

func TestMask(t *testing.T) {
	t.Parallel()
	b := bind(t, registrations(city.HeaderAuto), "业务流水号", "公民身份号码", "工资", "登记地")
	for _, c := range []struct{ row, want string }{
		{"A1,11010519491231002X,12.50,小店区", "A1,******************,12.50,小店区"},
		{"A1, 张三 ,12.50,小店区", "A1,**,12.50,小店区"},
		{"A1,,12.50,小店区", "A1,,12.50,小店区"},
		{"11010519491231002X,,,", "1101************2X,,,"},
		{"身份证11010519491231002X，电话13800138000,,,", "身份证1101************2X，电话1380*****00,,,"},
		{"电话138 0013 8000,,,", "电话138 *******00,,,"},
		{"2024-10-31 10:15:00,,1234567890.12,2024-10-31", "2024-10-31 10:15:00,,1234567890.12,2024-10-31"},
		{"１１０１０５１９４９１２３１００２Ｘ,,,", "１１０１************２Ｘ,,,"},
		{"1\x1b[2J\x00,,,", "1\ufffd[2J\ufffd,,,"},
		{"one\ntwo,,,", "one two,,,"},
	} {
		if got := b.Mask(record(strings.Split(c.row, ",")...)); got != c.want {
			t.Errorf("%q: got %q, want %q", c.row, got, c.want)
		}
	}
	if got, want := b.Mask(record("A1", "x", "1,000.00", `小"店区`)), `A1,*,"1,000.00","小""店区"`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if line := `{"a":"b,c"`; b.Mask(record(line)) != line {
		t.Error("a line that could not be taken apart is shown as it is")
	}
	long := b.Mask(record(strings.Repeat("长", 5000)))
	if len(long) > 2100 || !utf8.ValidString(long) || !strings.HasSuffix(long, "…") {
		t.Errorf("a long record gives %d bytes", len(long))
	}
}

// TestMaskHidesIDs hides ID numbers in rows of any shape: in any column, with
// text around, written full-width, broken by spaces, signs or lost bytes.
func TestMaskHidesIDs(t *testing.T) {
	t.Parallel()
	b := bind(t, registrations(city.HeaderAuto), "业务流水号", "公民身份号码", "工资", "登记地")
	rapid.Check(t, func(t *rapid.T) {
		row := rapid.SliceOfN(cell(), 1, 8).Draw(t, "row")
		if masked := b.Mask(record(row...)); findID(masked) != "" {
			t.Fatalf("%q of %q shows %s", masked, row, findID(masked))
		}
	})
}

func cell() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		text := rapid.StringMatching(`[小店区a-z0-9. -]{0,12}`)
		return text.Draw(t, "before") + disguised().Draw(t, "id") + text.Draw(t, "after")
	})
}

// disguised makes a number of 15 or 18 places, plain or written as senders do.
func disguised() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		digits := rapid.StringMatching(`[1-9][0-9]{16}[0-9xX]|[1-9][0-9]{14}`).Draw(t, "digits")
		wide := rapid.Bool().Draw(t, "wide")
		gaps := rapid.SampledFrom([]string{"", "", " ", "-", " - ", "\xff", ".", "　", "_"}).Draw(t, "gap")
		every := rapid.IntRange(1, 9).Draw(t, "every")
		var out strings.Builder
		for i, c := range digits {
			if i > 0 && i%every == 0 {
				out.WriteString(gaps)
			}
			switch {
			case wide && c <= '9':
				c += '０' - '0'
			case wide:
				c = 'Ｘ'
			}
			out.WriteRune(c)
		}
		return out.String()
	})
}
