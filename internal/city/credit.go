package city

import "strings"

// creditAlphabet is the alphabet of GB 32100-2015: a character's value is its
// place. I, O, S, V and Z are left out because they look like digits.
const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// CheckCreditCode checks a unified social credit code by GB 32100-2015, with
// the check character of the entity code inside it (GB 11714-1997), and
// returns it in upper case. The error is an *Error; a credit code is public
// but the message does not repeat it, because receipts are kept for years.
func CheckCreditCode(s string) (string, error) {
	if len(s) != 18 {
		return "", Errorf(CodeCreditLength, "the credit code has %d characters", len(s)).WithHint("18 are needed")
	}
	s = strings.ToUpper(s)
	if len(s) != 18 || !inCreditAlphabet(s) {
		return "", Errorf(CodeCreditAlphabet, "the credit code holds a character that is not in its alphabet").WithHint("digits and capital letters other than I, O, S, V and Z")
	}
	if !digits(s[2:8]) {
		return "", Errorf(CodeCreditAlphabet, "the region part of the credit code is not six digits")
	}
	if CreditCodeCheckDigit(s[:17]) != s[17] {
		return "", Errorf(CodeCreditCheck, "the check character of the credit code does not fit").WithHint("a character was mistyped or two were swapped")
	}
	if EntityCodeCheckDigit(s[8:16]) != s[16] {
		return "", Errorf(CodeCreditEntity, "the check character of the entity code (position 17) does not fit")
	}
	return s, nil
}

// CreditCodeCheckDigit computes the last character of a unified social credit
// code from the first 17 (GB 32100-2015). It gives 0 when they are not 17
// characters of the code's alphabet.
func CreditCodeCheckDigit(first17 string) byte {
	if len(first17) != 17 {
		return 0
	}
	sum, weight := 0, 1
	for i := range len(first17) {
		v := strings.IndexByte(creditAlphabet, first17[i])
		if v < 0 {
			return 0
		}
		sum += v * weight
		weight = weight * 3 % 31
	}
	return creditAlphabet[(31-sum%31)%31]
}

// EntityCodeCheckDigit computes the ninth character of an organisation's
// entity code from the first eight, digits or capital letters (GB 11714-1997).
// It gives 0 for a text of another form.
func EntityCodeCheckDigit(first8 string) byte {
	const weights = "\x03\x07\x09\x0a\x05\x08\x04\x02"
	const checks = "0X987654321"
	if len(first8) != len(weights) {
		return 0
	}
	sum := 0
	for i := range len(first8) {
		switch c := first8[i]; {
		case c >= '0' && c <= '9':
			sum += int(c-'0') * int(weights[i])
		case c >= 'A' && c <= 'Z':
			sum += int(c-'A'+10) * int(weights[i])
		default:
			return 0
		}
	}
	return checks[sum%11]
}

func inCreditAlphabet(s string) bool {
	for i := range len(s) {
		if strings.IndexByte(creditAlphabet, s[i]) < 0 {
			return false
		}
	}
	return true
}
