package words

import "strconv"

// Sample writes a sentence of a form, with values that are no words of the catalogue.
func Sample(format string) (sentence string, values []string) {
	sentence = verb.ReplaceAllStringFunc(format, func(v string) string {
		shown := strconv.Itoa(len(values) + 100)
		switch v[len(v)-1] {
		case '%':
			return "%"
		case 'd':
		case 'q':
			values = append(values, "“甲"+shown+"”")
			return strconv.Quote("甲" + shown)
		default:
			shown = "乙" + shown
		}
		values = append(values, shown)
		return shown
	})
	return sentence, values
}

// Filled is what a form becomes with values.
func (c *Catalogue) Filled(format string, values []string) string {
	p := pattern{said: c.exact[format]}
	return p.fill(values)
}
