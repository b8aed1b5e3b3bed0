package words

import "strings"

// Told gives an error as it is kept in receipts and logs, "where: message
// (hint): cause", in the catalogue's language; false when it does not know the
// message. Where and hint stay as they are when there are no words for them.
func (c *Catalogue) Told(text string) (string, bool) {
	if said, ok := c.hinted(text); ok {
		return said, true
	}
	for at := 0; ; {
		i := strings.Index(text[at:], ": ")
		if i < 0 || len(text) > longest {
			return "", false
		}
		at += i + len(": ")
		if said, ok := c.hinted(text[at:]); ok {
			return text[:at-len(": ")] + "：" + said, true
		}
		if said, ok := c.hinted(text[:at-len(": ")]); ok {
			return said + "：" + text[at:], true
		}
	}
}

// hinted says "message (hint)", the hint being there or not.
func (c *Catalogue) hinted(text string) (string, bool) {
	if said, ok := c.Say(text); ok {
		return said, true
	}
	inner, ok := strings.CutSuffix(text, ")")
	if !ok {
		return "", false
	}
	for at := 0; ; {
		i := strings.Index(inner[at:], " (")
		if i < 0 {
			return "", false
		}
		at += i
		if said, ok := c.Say(inner[:at]); ok {
			hint := inner[at+len(" ("):]
			if known, ok := c.Say(hint); ok {
				hint = known
			}
			return said + "（" + hint + "）", true
		}
		at += len(" (")
	}
}
