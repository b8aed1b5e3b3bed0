package format

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// mostStyles is more than the 65,490 cell styles that Excel allows.
const mostStyles = 1 << 17

// readStyles learns which cell styles show a number as a date.
func (b *workbook) readStyles(name string) error {
	if name == "" {
		return nil
	}
	formats := map[string]string{}
	in := false
	return b.each(name, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			if len(formats) < mostStyles {
				formats[attr(e, "numFmtId")] = attr(e, "formatCode")
			}
		case "cellXfs":
			in = true
		case "cellStyles", "dxfs":
			in = false
		case "xf":
			if in && len(b.dates) < mostStyles {
				id := attr(e, "numFmtId")
				code, custom := formats[id]
				b.dates = append(b.dates, custom && datePattern(code) || !custom && dateID(id))
			}
		}
		return nil
	})
}

// dateID says whether a built-in number format shows dates or times (ISO/IEC
// 29500-1, 18.8.30, with those of Chinese).
func dateID(id string) bool {
	n, err := strconv.Atoi(id)
	return err == nil && (n >= 14 && n <= 22 || n >= 27 && n <= 36 || n == 45 || n == 47 || n >= 50 && n <= 58)
}

// datePattern says whether a number format shows a date or time: it has one of
// the letters y, m, d, h and s outside quotes, escapes and brackets. Elapsed
// times such as [h]:mm are numbers.
func datePattern(code string) bool {
	code, _, _ = strings.Cut(code, ";")
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '"', '[':
			stop := byte('"')
			if c == '[' {
				stop = ']'
			}
			end := strings.IndexByte(code[i+1:], stop)
			if end < 0 {
				return false
			}
			if inside := strings.Trim(strings.ToLower(code[i+1:i+1+end]), "hms"); c == '[' && inside == "" && end > 0 {
				return false
			}
			i += end + 1
		case '\\', '_', '*':
			i++
		case 'y', 'Y', 'm', 'M', 'd', 'D', 'h', 'H', 's', 'S':
			return true
		}
	}
	return false
}
