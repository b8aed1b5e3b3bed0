package city

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var someDay = Date{2000, time.June, 1}

// vectors reads "input | expected" lines.
func vectors(t *testing.T, file string) [][2]string {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out [][2]string
	for sc := bufio.NewScanner(f); sc.Scan(); {
		if strings.HasPrefix(sc.Text(), "#") {
			continue
		}
		in, want, ok := strings.Cut(sc.Text(), "|")
		if !ok {
			t.Fatalf("%s: no | in %q", file, sc.Text())
		}
		out = append(out, [2]string{strings.TrimSpace(in), strings.TrimSpace(want)})
	}
	return out
}

func outcome(got string, err error) string {
	if err != nil {
		return string(CodeOf(err))
	}
	return got
}

func TestCheckPersonID(t *testing.T) {
	t.Parallel()
	for _, v := range vectors(t, "person_ids.txt") {
		if got := outcome(CheckPersonID(v[0], someDay)); got != v[1] {
			t.Errorf("CheckPersonID(%q) = %s, want %s", v[0], got, v[1])
		}
	}
	if got := outcome(CheckPersonID("440524188001010014", Date{2026, 3, 1})); got != string(CodeIDAge) {
		t.Errorf("an age of 146 gives %s", got)
	}
	if got := outcome(CheckPersonID("440524188001010014", Date{})); got != "440524188001010014" {
		t.Errorf("without a day the age is checked: %s", got)
	}
}

func TestCheckCreditCode(t *testing.T) {
	t.Parallel()
	for _, v := range vectors(t, "credit_codes.txt") {
		if got := outcome(CheckCreditCode(v[0])); got != v[1] {
			t.Errorf("CheckCreditCode(%q) = %s, want %s", v[0], got, v[1])
		}
	}
	// The code's own check character fits, the one of the entity does not.
	wrong := "91350100M000100Y5"
	wrong += string(CreditCodeCheckDigit(wrong))
	if got := outcome(CheckCreditCode(wrong)); got != string(CodeCreditEntity) {
		t.Errorf("a wrong entity code gives %s", got)
	}
}

func TestSharedVectors(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../../shared/data/codes/id_test_vectors.json")
	if err != nil {
		t.Skip("the shared identifier vectors are not at hand")
	}
	type set struct {
		Valid   []string
		Invalid map[string]string
	}
	var all struct {
		USCC    set
		Citizen set `json:"citizen_id_18"`
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	check := func(s set, f func(string) (string, error)) {
		for _, c := range s.Valid {
			if got, err := f(c); got != c {
				t.Errorf("valid %s: %q, %v", c, got, err)
			}
		}
		for c := range s.Invalid {
			if _, err := f(c); err == nil {
				t.Errorf("invalid %s passes", c)
			}
		}
	}
	check(all.USCC, CheckCreditCode)
	check(all.Citizen, func(s string) (string, error) { return CheckPersonID(s, someDay) })
}

func TestCheckDigits(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "1401061965011500", "1401061965011500A", "1401061965011500中"} {
		if c := PersonIDCheckDigit(bad); c != 0 {
			t.Errorf("PersonIDCheckDigit(%q) = %q", bad, c)
		}
		if c := CreditCodeCheckDigit(bad + "I"); c != 0 {
			t.Errorf("CreditCodeCheckDigit(%q) = %q", bad+"I", c)
		}
	}
	if c := EntityCodeCheckDigit("M000100Y"); c != '4' {
		t.Errorf("entity check character = %q, want 4", c)
	}
	if c := EntityCodeCheckDigit("M000100y"); c != 0 {
		t.Errorf("entity check character of a lower-case code = %q", c)
	}
}

// Every single wrong digit is found: that is what the check digit is for.
func TestPersonIDFindsOneWrongDigit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day := Date{1900, 1, 1}.AddDays(rapid.IntRange(0, 36000).Draw(t, "day"))
		first := fmt.Sprintf("%06d%04d%02d%02d%03d", rapid.IntRange(0, 999999).Draw(t, "region"), day.Year, int(day.Month), day.Day, rapid.IntRange(0, 999).Draw(t, "order"))
		id := first + string(PersonIDCheckDigit(first))
		if got, err := CheckPersonID(id, someDay); err != nil || got != id {
			t.Fatalf("%s: %v", id, err)
		}
		at := rapid.IntRange(0, 16).Draw(t, "at")
		other := byte('0' + (int(id[at]-'0')+rapid.IntRange(1, 9).Draw(t, "by"))%10)
		if _, err := CheckPersonID(id[:at]+string(other)+id[at+1:], Date{}); err == nil {
			t.Fatalf("%s with a wrong digit at %d passes", id, at)
		}
	})
}

func TestCheckPersonIDDoesNotAllocate(t *testing.T) {
	n := testing.AllocsPerRun(100, func() {
		if _, err := CheckPersonID("140105199003072317", someDay); err != nil {
			t.Error(err)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations for a valid number", n)
	}
}

func FuzzCheckPersonID(f *testing.F) {
	f.Add("11010519491231002X")
	f.Add("110105491231002")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := CheckPersonID(s, someDay)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Code.Root() != CodeInvalid {
				t.Fatalf("not a coded error: %v", err)
			}
			if len(s) >= 6 && digits(s) && strings.Contains(err.Error(), s) {
				t.Fatalf("the message holds the number: %v", err)
			}
			return
		}
		if again, err := CheckPersonID(got, someDay); err != nil || again != got || len(got) != 18 {
			t.Fatalf("%q is not stable: %q, %v", got, again, err)
		}
	})
}

func FuzzCheckCreditCode(f *testing.F) {
	f.Add("91350100M000100Y43")
	f.Add("91140100MA0TEST0..")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := CheckCreditCode(s)
		if err != nil {
			return
		}
		if again, err := CheckCreditCode(got); err != nil || again != got || len(got) != 18 {
			t.Fatalf("%q is not stable: %q, %v", got, again, err)
		}
	})
}
