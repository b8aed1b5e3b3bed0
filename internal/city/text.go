package city

import "fmt"

// Text is a short text in the two languages of the console.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// In gives the text in the language "zh" or "en", falling back to the other
// when it is empty.
func (t Text) In(lang string) string {
	if (lang == "en" && t.EN != "") || t.ZH == "" {
		return t.EN
	}
	return t.ZH
}

// Pos is the place in a pack where something was declared.
type Pos struct {
	File string `json:"file"` // path relative to the pack's folder
	Line int    `json:"line"` // from 1
}

// String gives file:line.
func (p Pos) String() string {
	if p.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}
