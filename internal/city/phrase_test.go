package city_test

import (
	"strings"
	"testing"

	"github.com/jinyang-city/jinyang/internal/city"
)

func TestPhrases(t *testing.T) {
	t.Parallel()
	got, err := city.ParsePhrases("1—{month}月{value a.b region=140105}，{yoy a.b | 增加 | 减少 | 持平}；{top a.b region 2}{target a.b lag}")
	if err != nil {
		t.Fatal(err)
	}
	var verbs []string
	for _, p := range got {
		verbs = append(verbs, string(p.Verb)+p.Literal)
	}
	if s := strings.Join(verbs, " "); s != "1— month 月 value ， yoy ； top target" {
		t.Errorf("the pieces are %q", s)
	}
	if w := got[3].Where; len(w) != 1 || w[0].Field != "region" || w[0].Values[0] != "140105" {
		t.Errorf("the condition is %+v", w)
	}
	if got[5].Words[1] != "减少" || got[7].Aspect != "region" || got[7].Count != 2 || got[8].Aspect != "lag" {
		t.Errorf("the arguments are %+v", got)
	}
}

func TestPhrasesThatAreNone(t *testing.T) {
	t.Parallel()
	for text, hint := range map[string]string{
		"{value a.b":                      "close it",
		"value a.b}":                      "write {value",
		"{}":                              "write {value",
		"{values a.b}":                    "begin it with one of",
		"{value}":                         "write {value INDICATOR}",
		"{value a b}":                     "write {value INDICATOR}",
		"{year a}":                        "write {year}",
		"{top a.b}":                       "N from 1 to 20",
		"{top a.b region 21}":             "N from 1 to 20",
		"{target a.b colour}":             "the aspect being one of",
		"{target a.b lag kind=x}":         "conditions narrow",
		"{yoy a.b | more | less}":         "up | down",
		"{value a.b | x | y | z}":         "up | down",
		"{value a.b {yoy a.b}}":           "close it",
		strings.Repeat("{year}", 3) + "}": "write {value",
	} {
		_, err := city.ParsePhrases(text)
		if err == nil || !strings.Contains(err.Error(), hint) {
			t.Errorf("%s: %v, want a hint with %q", text, err, hint)
		}
	}
}

// FuzzPhrases: whatever a pack's author writes is read or refused, and what is
// read holds no braces.
func FuzzPhrases(f *testing.F) {
	f.Add("{value a.b region=1}")
	f.Add("{yoy a | b | c | d}x{")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := city.ParsePhrases(text)
		if err != nil {
			return
		}
		for _, p := range list {
			if strings.ContainsAny(p.Literal, "{}") || p.Verb == "" && p.Literal == "" {
				t.Errorf("%q gives %+v", text, p)
			}
		}
	})
}
