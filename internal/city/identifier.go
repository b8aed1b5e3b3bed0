package city

import "time"

// The codes of identifier errors. They are reasons of quarantine, so they are
// as fine as the sender needs to mend a row.
const (
	CodeIDLength       Code = "invalid.id_length"       // not 15 or 18 characters
	CodeIDDigits       Code = "invalid.id_digits"       // a character that may not stand there
	CodeIDDate         Code = "invalid.id_date"         // the birth date is not in the calendar
	CodeIDCheck        Code = "invalid.id_check"        // the check digit does not fit
	CodeIDAge          Code = "invalid.id_age"          // born in the future or over 130 years ago
	CodeCreditLength   Code = "invalid.credit_length"   // not 18 characters
	CodeCreditAlphabet Code = "invalid.credit_alphabet" // a character that may not stand there
	CodeCreditCheck    Code = "invalid.credit_check"    // the last character does not fit
	CodeCreditEntity   Code = "invalid.credit_entity"   // the check character of the entity code does not fit
)

// maxAge is the highest plausible age in years (domain/rules.md 5.5).
const maxAge = 130

// CheckPersonID checks a citizen's identity number by GB 11643-1999 and returns
// its 18-character form: a final x becomes X, and a number of 15 digits gets
// its century and check digit. The birth date is checked before the check
// digit, and the age on the day today last; a zero today leaves the age
// unchecked. Whether the region part ever existed is not checked, because
// retired codes stay legal for those who hold them.
//
// The error is an *Error that never contains the number or a part of it.
func CheckPersonID(s string, today Date) (string, error) {
	switch len(s) {
	case 18:
	case 15:
		return upgradePersonID(s, today)
	default:
		return "", Errorf(CodeIDLength, "the ID number has %d characters", len(s)).WithHint("18 are needed, or 15 for an old number")
	}
	if !digits(s[:17]) || !isIDCheck(s[17]) {
		return "", Errorf(CodeIDDigits, "the ID number holds a character that is not a digit").WithHint("only the 18th character may be X")
	}
	birth, ok := birthDate(s[6:14])
	if !ok {
		return "", Errorf(CodeIDDate, "the birth date in the ID number is not in the calendar")
	}
	check := PersonIDCheckDigit(s[:17])
	if check != s[17] && (check != 'X' || s[17] != 'x') {
		return "", Errorf(CodeIDCheck, "the check digit of the ID number does not fit").WithHint("a digit was mistyped or two were swapped")
	}
	if err := checkAge(birth, today); err != nil {
		return "", err
	}
	if s[17] == 'x' {
		s = s[:17] + "X"
	}
	return s, nil
}

// upgradePersonID turns a 15-digit number into one of 18. Such numbers were
// issued until 1999 and leave out the century, which is always the 20th.
func upgradePersonID(s string, today Date) (string, error) {
	if !digits(s) {
		return "", Errorf(CodeIDDigits, "the ID number holds a character that is not a digit").WithHint("an old number of 15 characters has digits only")
	}
	first17 := s[:6] + "19" + s[6:]
	return CheckPersonID(first17+string(PersonIDCheckDigit(first17)), today)
}

// PersonIDCheckDigit computes the last character of an identity number from
// the first 17, which must be digits (GB 11643-1999, ISO 7064 MOD 11-2). It
// gives 0 for a text of another form.
func PersonIDCheckDigit(first17 string) byte {
	const weights = "\x07\x09\x0a\x05\x08\x04\x02\x01\x06\x03\x07\x09\x0a\x05\x08\x04\x02"
	const checks = "10X98765432"
	if len(first17) != len(weights) || !digits(first17) {
		return 0
	}
	sum := 0
	for i := range len(weights) {
		sum += int(first17[i]-'0') * int(weights[i])
	}
	return checks[sum%11]
}

func isIDCheck(c byte) bool { return c >= '0' && c <= '9' || c == 'X' || c == 'x' }

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// birthDate reads eight digits as a day of the calendar.
func birthDate(s string) (Date, bool) {
	n := 0
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	y, m, d := n/10000, n/100%100, n%100
	if y == 0 || m < 1 || m > 12 || d < 1 {
		return Date{}, false
	}
	date := Date{y, time.Month(m), d}
	return date, d <= 28 || d <= date.MonthEnd().Day
}

// checkAge refuses births in the future and ages that nobody reaches.
func checkAge(birth, today Date) error {
	if today.IsZero() {
		return nil
	}
	if years := today.Year - birth.Year; years > 0 && years <= maxAge {
		return nil // whatever the days: quicker for nearly all
	}
	if birth.After(today) {
		return Errorf(CodeIDAge, "the birth date in the ID number lies in the future")
	}
	if !birth.AddYears(maxAge + 1).After(today) {
		return Errorf(CodeIDAge, "the birth date in the ID number makes its holder older than %d", maxAge)
	}
	return nil
}
